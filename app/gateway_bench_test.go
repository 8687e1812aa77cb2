package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const benchCall = `{"model":"gpt-5","max_tokens":200,"messages":[{"role":"user","content":"hello"}]}`

// answering gives what a small call gets, each under an id of its own.
func answering() http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) { answered(w, r, n.Add(1)) }
}

func answered(w http.ResponseWriter, r *http.Request, n int64) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"id":"c-`+strconv.FormatInt(n, 10)+`","model":"gpt-5","choices":[{"message":{"content":"hello"}}],"usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200,"prompt_tokens_details":{"cached_tokens":400}}}`)
}

// BenchmarkPassing sets a call through the gateway against a direct one and one
// through a plain reverse proxy; upstream and clients are in the same process.
func BenchmarkPassing(b *testing.B) {
	vendor := httptest.NewServer(answering())
	defer vendor.Close()
	target, err := url.Parse(vendor.URL)
	if err != nil {
		b.Fatal(err)
	}
	proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(target))
	defer proxy.Close()
	admin := passing(b, answering())
	caller := admin.as(b, "gateway")
	for _, way := range []struct{ name, url, key string }{
		{"direct", vendor.URL + "/v1/chat/completions", "x"},
		{"proxy", proxy.URL + "/v1/chat/completions", "x"},
		{"gateway", admin.url + "/openai/v1/chat/completions", caller.token},
	} {
		b.Run(way.name, func(b *testing.B) { passed(b, way.url, way.key) })
	}
}

func passed(b *testing.B, address, key string) {
	const clients = 32
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	start := cpu()
	work := make(chan struct{}, clients)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range work {
				q, _ := http.NewRequest(http.MethodPost, address, strings.NewReader(benchCall))
				q.Header.Set("Authorization", "Bearer "+key)
				answer, err := transport.RoundTrip(q)
				if err != nil || answer.StatusCode != http.StatusOK {
					b.Error(err, answer)
					continue
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		})
	}
	for b.Loop() {
		work <- struct{}{}
	}
	close(work)
	all.Wait()
	b.ReportMetric(float64((cpu()-start).Microseconds())/float64(b.N), "cpu-us/call")
}

// cpu is the time that this process has had of all cores.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
