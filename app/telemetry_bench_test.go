package app_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"runtime"
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

// BenchmarkTelemetry sends requests of 512 spans from four clients, one call of a trace
// of its own in each span, and waits until all of it is booked: spans a second, the CPU of
// clients and server together for each span, and the memory that the process holds.
func BenchmarkTelemetry(b *testing.B) {
	admin := serve(b, app.Door{Telemetry: &otlp.Config{}}, nil)
	r := admin.as(b, "telemetry")
	var next atomic.Int64
	var all sync.WaitGroup
	before := cpu()
	b.ResetTimer()
	for range 4 {
		all.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				if err := r.tellSpans(b, int(i)*512, 512); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	for admin.Ingest.Waiting() > 0 {
		time.Sleep(time.Millisecond)
	}
	b.StopTimer()
	spans := float64(b.N * 512)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(spans/b.Elapsed().Seconds(), "spans/s")
	b.ReportMetric(float64((cpu()-before).Microseconds())/spans, "cpu-µs/span")
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "heap-MiB")
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
