//go:build data

package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/lake"
)

// BenchmarkPages prints how long each page of the dashboard waits for its answers, in
// milliseconds: the first load and the median of seven warm ones over HTTP, all requests
// of a page at once over six connections as a browser sends them, and the median of each
// request in that load; then how much memory server and test have taken.
// testdata/pages.txt says what a page asks. The ledger is the simulated company with a
// million calls, or BURSAR_BENCH_ROWS, up to now; BURSAR_BENCH_DIR keeps it for the next
// time. BURSAR_BENCH_PAGE measures one page alone.
func BenchmarkPages(b *testing.B) {
	dir := os.Getenv("BURSAR_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	dir = filepath.Join(dir, "pages")
	fillPages(b, dir, fromEnv("BURSAR_BENCH_ROWS", 1_000_000))
	r := serveWith(b, app.Config{Data: dir}, app.Door{}, nil)
	transport := &http.Transport{MaxConnsPerHost: 6, MaxIdleConnsPerHost: 6}
	defer transport.CloseIdleConnections()
	r.http = &http.Client{Transport: transport}
	names, asks := pagesAsk(b, r)
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r.load(b, name, asks[name])
			}
		})
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("after all pages: %s\n", regexp.MustCompile(`VmHWM.*|VmRSS.*`).FindAllString(string(status), -1))
}

// fillPages fills a folder that has no ledger yet.
func fillPages(b *testing.B, dir string, rows int) {
	b.Helper()
	a := open(b, dir)
	newest, err := lake.Newest(b.Context(), a.Lake)
	if err == nil && newest.IsZero() {
		end := time.Now().UTC().Truncate(time.Hour)
		c := company.New(company.Config{Seed: 1, Start: end.AddDate(0, -6, 0), End: end, Events: rows})
		if _, err = a.Demo(b.Context(), c, nil); err == nil {
			_, err = a.DemoOutcomes(b.Context(), c, end)
		}
	}
	if err == nil {
		err = a.Lake.RollDays(b.Context(), a.View().Location())
	}
	if err == nil {
		err = a.Lake.Checkpoint(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
}

var dayOrName = regexp.MustCompile(`\{(-?\d+|month|workflow|agent|run)\}`)

// pagesAsk gives the pages in their order, and what each asks of this ledger.
func pagesAsk(b *testing.B, r *running) (names []string, asks map[string][]string) {
	b.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "pages.txt"))
	if err != nil {
		b.Fatal(err)
	}
	known := map[string]string{}
	for _, kind := range []string{"workflow", "agent"} {
		known[kind] = r.first(b, "/api/v1/spend?since=30d&measures=cost&by="+kind, "rows", "keys", kind)
	}
	known["run"] = r.first(b, "/api/v1/runs?order=steps&limit=1", "items", "run")
	today := time.Now().UTC()
	known["month"] = today.AddDate(0, 0, -30).Format("2006-01")
	asks = map[string][]string{}
	for line := range strings.Lines(string(text)) {
		name, ask, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found || name == "#" {
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		asks[name] = append(asks[name], dayOrName.ReplaceAllStringFunc(ask, func(word string) string {
			word = strings.Trim(word, "{}")
			if n, err := strconv.Atoi(word); err == nil {
				return today.AddDate(0, 0, n).Format(time.DateOnly)
			}
			return url.QueryEscape(known[word])
		}))
	}
	if only := os.Getenv("BURSAR_BENCH_PAGE"); only != "" {
		names = []string{only}
	}
	return names, asks
}

// first is a text in the first element of a list that has it.
func (r *running) first(b *testing.B, ask, list string, path ...string) string {
	b.Helper()
	_, body := r.ask(b, http.MethodGet, ask, "")
	var answer map[string]any
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		b.Fatal(err)
	}
	rows, _ := answer[list].([]any)
	for _, at := range rows {
		for _, name := range path {
			fields, _ := at.(map[string]any)
			at = fields[name]
		}
		if text, _ := at.(string); text != "" {
			return text
		}
	}
	b.Fatalf("%s has no %v: %.200s", ask, path, body)
	return ""
}

// load reports the medians of seven warm loads of a page, and prints those of its requests.
func (r *running) load(b *testing.B, name string, asks []string) {
	b.Helper()
	const warm, times = 1, 7
	whole, each := []time.Duration{}, make([][]time.Duration, len(asks))
	for i := range warm + times {
		start := time.Now()
		took := r.together(b, asks)
		if i < warm {
			b.ReportMetric(milliseconds([]time.Duration{time.Since(start)}), "first-ms")
			continue
		}
		whole = append(whole, time.Since(start))
		for at, d := range took {
			each[at] = append(each[at], d)
		}
	}
	b.ReportMetric(milliseconds(whole), "p50-ms")
	b.ReportMetric(float64(len(asks)), "requests")
	b.ReportMetric(0, "ns/op")
	for at, ask := range asks {
		path, _ := url.QueryUnescape(ask)
		fmt.Printf("%8.1f ms  %s  %s\n", milliseconds(each[at]), name, path)
	}
}

// together asks everything at once and gives how long each answer took.
func (r *running) together(b *testing.B, asks []string) []time.Duration {
	took := make([]time.Duration, len(asks))
	var all sync.WaitGroup
	for at, ask := range asks {
		all.Go(func() {
			start := time.Now()
			if status, body, err := r.get(b.Context(), ask); err != nil || status != http.StatusOK {
				b.Errorf("%s: %d (%v) %.200s", ask, status, err, body)
			}
			took[at] = time.Since(start)
		})
	}
	all.Wait()
	return took
}

// get is ask for several goroutines at once.
func (r *running) get(ctx context.Context, path string) (int, []byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+path, nil)
	if err != nil {
		return 0, nil, err
	}
	q.Header.Set("Authorization", "Bearer "+r.token)
	answer, err := r.http.Do(q)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

func milliseconds(all []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return float64(sorted[len(sorted)/2].Microseconds()) / 1000
}
