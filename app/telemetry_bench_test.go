package app_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	commonv1 "go.opentelemetry.io/proto/slim/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/otlp"
)

// BenchmarkTelemetry sends requests of 512 spans from four clients for a while, a minute
// with BURSAR_BENCH_SECONDS=60, as fast as they can or so many spans a second with
// BURSAR_BENCH_RATE=16000, one call of a trace of its own in each span, and waits until all
// of it is booked: spans a second until then, the CPU of clients and server together for
// each span, and the most memory that the process had. The ledger holds every span.
func BenchmarkTelemetry(b *testing.B) {
	length := time.Duration(fromEnv("BURSAR_BENCH_SECONDS", 10)) * time.Second
	rate := float64(fromEnv("BURSAR_BENCH_RATE", 0))
	admin := serve(b, app.Door{Telemetry: &otlp.Config{}}, nil)
	r := admin.as(b, "telemetry")
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // as a server does
	var next atomic.Int64
	defer watched(b, admin)()
	for b.Loop() {
		was, before, start := next.Load(), cpu(), time.Now()
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for time.Since(start) < length && !b.Failed() {
					if ahead := float64((next.Load()-was)*512) - rate*time.Since(start).Seconds(); rate > 0 && ahead > 0 {
						time.Sleep(time.Millisecond)
						continue
					}
					if err := r.tellSpans(b, int(next.Add(1))*512, 512); err != nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
		waiting := admin.Ingest.Waiting()
		for admin.Ingest.Waiting() > 0 {
			time.Sleep(time.Millisecond)
		}
		spans := float64((next.Load() - was) * 512)
		b.ReportMetric(spans/time.Since(start).Seconds(), "spans/s")
		b.ReportMetric(float64((cpu()-before).Microseconds())/spans, "cpu-µs/span")
		b.ReportMetric(float64(waiting), "waiting-at-end")
	}
	b.ReportMetric(status(b, "VmHWM:"), "peak-MiB")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "go-MiB")
	_, bill := admin.ask(b, http.MethodGet, "/api/v1/spend?since=2026-01-01&until=2028-01-01&measures=calls&format=csv", "")
	if want := fmt.Sprintf("TOTAL,%d,", next.Load()*512); !strings.Contains(bill, want) {
		b.Errorf("%s is not in\n%s", want, bill)
	}
}

// watched prints every 20 seconds, until it is ended, what memory the process has: all that
// is resident, what of it is Go's, and what of that is in use; the rest is the lake's.
func watched(b *testing.B, r *running) (end func()) {
	b.Helper()
	start, done := time.Now(), make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(20 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.Logf("%4.0f s: %5.0f MiB resident, %5d of Go, %5d in use; %d records wait", time.Since(start).Seconds(), status(b, "VmRSS:"),
					(m.Sys-m.HeapReleased)>>20, m.HeapInuse>>20, r.Ingest.Waiting())
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		watch.Wait()
	}
}

// status is a figure of what this process has, in MiB: VmRSS: is all that is resident now,
// VmHWM: the most that ever was.
func status(b *testing.B, name string) (mib float64) {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0 // on another system nobody knows
	}
	_, rest, _ := strings.Cut(string(text), name)
	if _, err := fmt.Sscan(rest, &mib); err != nil {
		b.Error(err)
	}
	return mib / 1024
}

func (r *running) tellSpans(b *testing.B, first, n int) error {
	var spans []*tracev1.Span
	for i := range n {
		s := &tracev1.Span{TraceId: make([]byte, 16), SpanId: make([]byte, 8), StartTimeUnixNano: uint64(1_795_600_000_000_000_000 + first + i), EndTimeUnixNano: 1_795_600_001_000_000_000}
		binary.BigEndian.PutUint64(s.TraceId, uint64(first+i))
		binary.BigEndian.PutUint64(s.SpanId, uint64(first+i))
		for name, v := range map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5", "gen_ai.response.model": "gpt-5", "gen_ai.agent.name": "router",
			"gen_ai.response.id": fmt.Sprint("chatcmpl-", first+i), "gen_ai.usage.input_tokens": int64(1000), "gen_ai.usage.output_tokens": int64(100), "gen_ai.conversation.id": fmt.Sprint("c", (first+i)/8),
		} {
			held := &commonv1.AnyValue{}
			switch v := v.(type) {
			case string:
				held.Value = &commonv1.AnyValue_StringValue{StringValue: v}
			case int64:
				held.Value = &commonv1.AnyValue_IntValue{IntValue: v}
			}
			s.Attributes = append(s.Attributes, &commonv1.KeyValue{Key: name, Value: held})
		}
		spans = append(spans, s)
	}
	body, err := proto.Marshal(&collector.ExportTraceServiceRequest{ResourceSpans: []*tracev1.ResourceSpans{{ScopeSpans: []*tracev1.ScopeSpans{{Spans: spans}}}}})
	if err != nil {
		return err
	}
	for {
		q, err := http.NewRequestWithContext(b.Context(), http.MethodPost, r.url+"/otlp/v1/traces", bytes.NewReader(body))
		if err != nil {
			return err
		}
		q.Header.Set("Authorization", "Bearer "+r.token)
		q.Header.Set("Content-Type", "application/x-protobuf")
		answer, err := r.http.Do(q)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(answer.Body)
		if err := answer.Body.Close(); err != nil {
			return err
		}
		switch {
		case err != nil:
			return err
		case answer.StatusCode == http.StatusOK:
			return nil
		case answer.StatusCode != http.StatusServiceUnavailable && answer.StatusCode != http.StatusTooManyRequests:
			return fmt.Errorf("%d %s", answer.StatusCode, text)
		}
		time.Sleep(50 * time.Millisecond) // as an exporter does
	}
}

// fromEnv reads a number of the environment, for longer runs.
func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}
