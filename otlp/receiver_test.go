package otlp_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	commonv1 "go.opentelemetry.io/proto/slim/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/spend"
)

// keys let everybody in who shows anything.
type keys struct{}

func (keys) Sender(context.Context, auth.Secret) (otlp.Sender, error) {
	return otlp.Sender{Scope: spend.Scope{Application: "a"}, Space: "a"}, nil
}

// ledger keeps what it is given, or fails.
type ledger struct {
	records []ingest.Record
	fails   error
}

func (l *ledger) Accept(_ context.Context, records []ingest.Record) error {
	if l.fails == nil {
		l.records = append(l.records, records...)
	}
	return l.fails
}

func receiver(l otlp.Ledger, edit func(*otlp.Config)) *otlp.Receiver {
	c := otlp.Config{
		Keys: keys{}, Ledger: l, Ready: func() error { return nil }, Hosts: []string{"example.com"},
		Now: func() time.Time { return time.Unix(1, 0) }, Log: slog.New(slog.DiscardHandler),
	}
	edit(&c)
	return otlp.New(context.Background(), c)
}

func attribute(name string, v any) *commonv1.KeyValue {
	held := &commonv1.AnyValue{Value: &commonv1.AnyValue_StringValue{StringValue: fmt.Sprint(v)}}
	if n, whole := v.(int); whole {
		held.Value = &commonv1.AnyValue_IntValue{IntValue: int64(n)}
	}
	return &commonv1.KeyValue{Key: name, Value: held}
}

// batch is a request of so many calls, in traces of ten calls under an agent.
func batch(first, calls int) []byte {
	var spans []*tracev1.Span
	id := func(trace, span int) *tracev1.Span {
		s := &tracev1.Span{TraceId: make([]byte, 16), SpanId: make([]byte, 8), StartTimeUnixNano: 1_795_600_000_000_000_000, EndTimeUnixNano: 1_795_600_001_000_000_000}
		binary.BigEndian.PutUint64(s.TraceId, uint64(trace+1))
		binary.BigEndian.PutUint64(s.SpanId, uint64(span+1))
		if span > 0 {
			s.ParentSpanId = []byte{0, 0, 0, 0, 0, 0, 0, 1}
		}
		s.Attributes = []*commonv1.KeyValue{
			attribute("gen_ai.operation.name", "chat"), attribute("gen_ai.provider.name", "openai"), attribute("gen_ai.request.model", "gpt-5"), attribute("gen_ai.response.model", "gpt-5"),
			attribute("gen_ai.response.id", fmt.Sprintf("chatcmpl-%d-%d", trace, span)), attribute("gen_ai.usage.input_tokens", 1000), attribute("gen_ai.usage.output_tokens", 100),
			attribute("gen_ai.input.messages", strings.Repeat("a prompt ", 100)), attribute("gen_ai.agent.name", "router"),
		}
		return s
	}
	for i := range calls / 10 {
		for span := range 11 {
			s := id(first/10+i, span)
			if span == 0 {
				s.Attributes = []*commonv1.KeyValue{
					attribute("gen_ai.operation.name", "invoke_agent"), attribute("gen_ai.provider.name", "openai"), attribute("gen_ai.agent.name", "router"),
					attribute("gen_ai.usage.input_tokens", 10_000), attribute("gen_ai.usage.output_tokens", 1000),
				}
			}
			spans = append(spans, s)
		}
	}
	b, _ := proto.Marshal(&collector.ExportTraceServiceRequest{ResourceSpans: []*tracev1.ResourceSpans{{ScopeSpans: []*tracev1.ScopeSpans{{Spans: spans}}}}})
	return b
}

func send(r http.Handler, body []byte, media string) *httptest.ResponseRecorder {
	q := httptest.NewRequest(http.MethodPost, "/v1/traces", strings.NewReader(string(body)))
	if media == "application/grpc" {
		q.URL.Path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
	}
	q.Header.Set("Content-Type", media)
	q.Header.Set("Authorization", "Bearer x")
	w := httptest.NewRecorder()
	r.ServeHTTP(w, q)
	return w
}

// TestBackPressure says in the way of each protocol that a request is to come again, and
// gives the same records when it does.
func TestBackPressure(t *testing.T) {
	t.Parallel()
	l := &ledger{fails: spend.Errorf(spend.KindUnavailable, "accept events", "9 records wait to be booked")}
	r := receiver(l, func(*otlp.Config) {})
	body := batch(0, 10)
	w := send(r, body, "application/x-protobuf")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	frame := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(body))), body...)
	w = send(r, frame, "application/grpc")
	trailer := w.Result().Trailer
	if trailer.Get("Grpc-Status") != "8" || !strings.Contains(trailer.Get("Grpc-Message"), "9%20records%20wait") || trailer.Get("Grpc-Status-Details-Bin") == "" {
		t.Errorf("%v", trailer)
	}
	l.fails = nil
	if w = send(r, frame, "application/grpc"); w.Result().Trailer.Get("Grpc-Status") != "0" || len(l.records) != 10 {
		t.Errorf("%v, %d records, want the 10 calls and nothing of the agent", w.Result().Trailer, len(l.records))
	}
	l.fails = errors.New("a defect that names /a/path")
	if w = send(r, batch(10, 10), "application/json"); w.Code != http.StatusBadRequest {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = send(r, batch(10, 10), "application/x-protobuf"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "path") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestWithoutACredential lets nobody in who shows none, but from this machine where that is
// allowed.
func TestWithoutACredential(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		open   *otlp.Sender
		peer   string
		status int
	}{
		{nil, "127.0.0.1:4000", http.StatusUnauthorized}, {&otlp.Sender{Space: "demo"}, "127.0.0.1:4000", http.StatusOK}, {&otlp.Sender{Space: "demo"}, "[::1]:4000", http.StatusOK},
		{&otlp.Sender{Space: "demo"}, "192.0.2.1:4000", http.StatusUnauthorized}, {&otlp.Sender{Space: "demo"}, "nowhere", http.StatusUnauthorized},
	} {
		l := &ledger{}
		r := receiver(l, func(o *otlp.Config) { o.Open = c.open })
		q := httptest.NewRequest(http.MethodPost, "/v1/traces", strings.NewReader(string(batch(0, 10))))
		q.Header.Set("Content-Type", "application/x-protobuf")
		q.RemoteAddr = c.peer
		w := httptest.NewRecorder()
		r.ServeHTTP(w, q)
		if w.Code != c.status || (len(l.records) > 0) != (c.status == http.StatusOK) {
			t.Errorf("%v from %s: %d, %d records, want %d", c.open, c.peer, w.Code, len(l.records), c.status)
		}
	}
}

// TestRecords puts what is told under the credential.
func TestRecords(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	send(receiver(l, func(*otlp.Config) {}), batch(0, 10), "application/x-protobuf")
	e := l.records[0].Event
	want := spend.Scope{Application: "a", Agent: "router", Run: "a/" + e.Scope.Tags["trace_id"], Tags: e.Scope.Tags}
	if diff := cmp.Diff(want, e.Scope); diff != "" || e.Source != "otlp:a/genai-1.41" || !l.records[0].Bound {
		t.Errorf("%s (-want +got):\n%s", e.Source, diff)
	}
}

// FuzzBodies takes any bytes as any signal in any form: no panic, an answer of the
// protocol, and no text of theirs in it.
func FuzzBodies(f *testing.F) {
	f.Add(batch(0, 10), uint8(0))
	f.Add([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","attributes":[{"key":"gen_ai.usage.input_tokens","value":{"intValue":"5"}},{"key":"gen_ai.system","value":{"stringValue":"x"}}]}]}]}]}`), uint8(1))
	f.Add([]byte{0, 0, 0, 0, 0}, uint8(2))
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"event.name","value":{"stringValue":"api_request"}}]}]}]}]}`), uint8(4))
	f.Add([]byte(counted), uint8(7))
	f.Add(inBinary(f, counted), uint8(6))
	f.Fuzz(func(t *testing.T, body []byte, how uint8) {
		media := []string{"application/x-protobuf", "application/json", "application/grpc"}[how%3]
		path := []string{"/v1/traces", "/v1/logs", "/v1/metrics"}[how/3%3]
		l := &ledger{}
		q := httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(body)))
		q.Header.Set("Content-Type", media)
		q.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		r := receiver(l, func(*otlp.Config) {})
		r.ServeHTTP(w, q)
		for _, c := range r.Counted(time.Unix(1, 0)) {
			if c.Prompt < 0 || c.Completion < 0 || c.Hour.Unix() > 3600 {
				t.Errorf("counted %+v", c)
			}
		}
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for i := range l.records {
			r := &l.records[i]
			if len(r.Problems) > 0 && !r.Event.Usage.IsZero() {
				t.Errorf("usage beside problems: %+v", r)
			}
			r.Event.Usage.Each(func(m spend.Meter, q spend.Quantity) {
				if q.Sign() < 0 {
					t.Errorf("%s is %s", m, q)
				}
			})
		}
	})
}

// BenchmarkReceive takes requests of 512 spans into a ledger that keeps nothing: what the
// border itself costs, in microseconds of CPU for each span.
func BenchmarkReceive(b *testing.B) {
	r := receiver(discard{}, func(*otlp.Config) {})
	var bodies [64][]byte
	for i := range bodies {
		bodies[i] = batch(i*470, 470)
	}
	before := busy()
	b.ResetTimer()
	spans := 0
	for i := range b.N {
		if w := send(r, bodies[i%len(bodies)], "application/x-protobuf"); w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body)
		}
		spans += 517
	}
	b.ReportMetric(float64((busy()-before).Microseconds())/float64(spans), "cpu-µs/span")
	b.ReportMetric(float64(spans)/b.Elapsed().Seconds(), "spans/s")
}

type discard struct{}

func (discard) Accept(context.Context, []ingest.Record) error { return nil }

// busy is the CPU time of this process.
func busy() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // of oneself it never fails
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
