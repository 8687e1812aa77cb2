package otlp

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	metricsv1 "go.opentelemetry.io/proto/slim/otlp/collector/metrics/v1"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// Keys finds out who sends. The errors are the store's alone.
type Keys interface {
	// Sender gives whose credential it is, with a Refusal when it may not send.
	Sender(ctx context.Context, presented auth.Secret) (Sender, error)
}

// Sender is whose word telemetry is.
type Sender struct {
	Scope   spend.Scope // that bounds it: application and above
	Space   string      // in which its sources and runs live
	Refusal string      // why it may not send, "" when it may
}

// Ledger makes records safe.
type Ledger interface {
	// Accept returns when the records are on disk; what is wrong with one is noted in it.
	Accept(ctx context.Context, records []ingest.Record) error
}

// Config is what a receiver works with.
type Config struct {
	Keys   Keys
	Ledger Ledger
	Ready  func() error // why nothing can be kept, nil when it can
	Open   *Sender      // who sends without a credential from this machine; nil for nobody
	Hosts  []string     // names and addresses that it is reached under
	Now    func() time.Time
	Log    *slog.Logger
	Counts *Counts   // what receivers have done; nil for counts of its own
	Before *Receiver // whose place this one takes, and what it remembers; nil for none
	Notes  Notes     // of what counters told; nil when nothing of it outlives the process

	Body     int64         // bytes of one request as sent; 4 MiB when 0
	Inflated int64         // and unpacked; 16 MiB when 0
	Memory   int64         // bytes of all requests at the same time; 64 MiB when 0
	BodyTime time.Duration // for a request to arrive; 30 s when 0
	Metered  []string      // services whose calls all pass the gateway
	Spans    int           // that are remembered, for sums of traces; 16,384 when 0
}

// Receiver takes telemetry. It is made by New, and is for any number of goroutines.
type Receiver struct {
	Config
	table   *telemetry.Table
	room    *room
	woods   *woods
	tally   *tally
	samples *samples
	pool    sync.Pool // of readers
}

// woods is what is remembered of traces.
type woods struct {
	mu     sync.Mutex // guards the forest
	forest *telemetry.Forest
}

// New makes a receiver.
func New(ctx context.Context, c Config) *Receiver {
	c.Body, c.Inflated, c.Memory = or(c.Body, 4<<20), or(c.Inflated, 16<<20), or(c.Memory, 64<<20)
	c.BodyTime = or(c.BodyTime, 30*time.Second)
	if c.Counts == nil {
		c.Counts = &Counts{}
	}
	r := &Receiver{Config: c, table: telemetry.NewTable(telemetry.Dialects()), room: &room{most: c.Memory}}
	r.pool.New = func() any { return r.table.NewReader() }
	if r.Before == nil {
		r.woods = &woods{forest: telemetry.NewForest(or(c.Spans, 16_384), c.Now())}
		r.tally, r.samples = r.recall(ctx), &samples{by: map[[2]string]*Sample{}}
		return r
	}
	r.woods, r.tally, r.samples, r.Before = r.Before.woods, r.Before.tally, r.Before.samples, nil
	return r
}

func or[T int | int64 | time.Duration](n, otherwise T) T {
	if n > 0 {
		return n
	}
	return otherwise
}

// Passed notes a call that the gateway has counted, under the trace that it belongs to.
func (r *Receiver) Passed(e *spend.Event) {
	trace := e.Scope.Tags[ingest.TraceTag]
	if trace == "" || e.UsageSource != spend.UsageProvider {
		return
	}
	r.woods.mu.Lock()
	defer r.woods.mu.Unlock()
	r.woods.forest.Pass(cmp.Or(e.Scope.Application, e.Scope.Credential), trace, &e.Usage)
}

// Prefix is where the main port serves the receiver.
const Prefix = "/otlp"

// signals are the paths of HTTP behind the prefix, and those of gRPC.
func signals() map[string]signal {
	return map[string]signal{
		"/v1/traces": traces, "/v1/metrics": metrics, "/v1/logs": logs,
		"/opentelemetry.proto.collector.trace.v1.TraceService/Export":     traces,
		"/opentelemetry.proto.collector.metrics.v1.MetricsService/Export": metrics,
		"/opentelemetry.proto.collector.logs.v1.LogsService/Export":       logs,
	}
}

// ServeHTTP takes one request.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	path := strings.TrimPrefix(q.URL.Path, Prefix)
	s, known := signals()[path]
	media := mediaOf(q)
	a := answer{w: w, media: media, signal: s}
	switch {
	case !known:
		a.refuse(spend.Errorf(spend.KindNotFound, "find the signal", "there is nothing at %.100q", q.URL.Path).WithHint("send to /v1/traces, /v1/metrics or /v1/logs, or below %s on the main port", Prefix))
	case q.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		a.refuse(spend.Errorf(kindMethod, "find the signal", "%.20q is not for this path", q.Method).WithHint("POST"))
	default:
		rejected, err := r.take(q.Context(), &request{Request: q, w: w, signal: s, media: media})
		r.Counts.answered(err)
		if err != nil {
			r.tell(err)
			a.refuse(err)
			return
		}
		a.accept(rejected)
	}
}

// tell logs what an operator must see of a refusal.
func (r *Receiver) tell(err error) {
	if kind := spend.KindOf(err); kind == spend.KindInternal || kind == spend.KindExhausted {
		r.Log.Error("telemetry is refused", "error", err)
	}
}

// take keeps what a request tells, and says what of it cannot be booked.
func (r *Receiver) take(ctx context.Context, q *request) (rejected rejection, err error) {
	if err := auth.CheckOrigin(r.Hosts, q.Host, q.Header.Get("Origin")); err != nil {
		return rejected, err
	}
	sender, err := r.sender(ctx, q)
	if err != nil {
		return rejected, err
	}
	if err := r.Ready(); err != nil {
		return rejected, err
	}
	message, done, err := r.read(q)
	if err != nil {
		return rejected, err
	}
	defer done()
	if m, counters := message.(*metricsv1.ExportMetricsServiceRequest); counters {
		return r.points(ctx, &sender, m)
	}
	calls := r.calls(message)
	if len(calls) == 0 {
		return rejected, nil
	}
	r.samples.note(&sender, calls)
	records, keep := r.records(&sender, calls)
	if len(records) > 0 {
		if err := r.Ledger.Accept(ctx, records); err != nil {
			return rejected, err
		}
	}
	keep()
	r.Counts.kept(records)
	return rejectionOf(records), nil
}

// sender finds out who sends: by the key of ours, or the one in the field that the
// exporters call Authorization.
func (r *Receiver) sender(ctx context.Context, q *request) (Sender, error) {
	presented := strings.TrimSpace(q.Header.Get("X-Bursar-Key"))
	if presented == "" {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(q.Header.Get("Authorization")), " ")
		if strings.EqualFold(scheme, "Bearer") {
			presented = strings.TrimSpace(rest)
		}
	}
	if presented == "" {
		if peer, err := netip.ParseAddrPort(q.RemoteAddr); r.Open != nil && err == nil && peer.Addr().IsLoopback() {
			return *r.Open, nil
		}
		return Sender{}, spend.Errorf(kindUnauthenticated, "take telemetry", "no credential was sent").
			WithHint("OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%%20TOKEN, with a token of: bursar key create telemetry")
	}
	sender, err := r.Keys.Sender(ctx, auth.NewSecret(presented))
	if err == nil && sender.Refusal != "" {
		err = spend.Errorf(kindUnauthenticated, "take telemetry", "%s", sender.Refusal).WithHint("make a token with: bursar key create telemetry")
	}
	return sender, err
}
