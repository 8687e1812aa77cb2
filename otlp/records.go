package otlp

import (
	"slices"

	logsv1 "go.opentelemetry.io/proto/slim/otlp/collector/logs/v1"
	tracev1 "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	logv1 "go.opentelemetry.io/proto/slim/otlp/logs/v1"
	"google.golang.org/protobuf/proto"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// calls reads what a request tells of usage; what else it holds ends here.
func (r *Receiver) calls(message proto.Message) []telemetry.Call {
	reader := r.pool.Get().(*telemetry.Reader) //nolint:forcetypeassert // nothing else is in it
	defer r.pool.Put(reader)
	defer reader.Resource(nil) // it keeps nothing of the request
	switch m := message.(type) {
	case *tracev1.ExportTraceServiceRequest:
		return r.spans(reader, m)
	case *logsv1.ExportLogsServiceRequest:
		return r.logs(reader, m)
	}
	return nil
}

func (r *Receiver) spans(reader *telemetry.Reader, m *tracev1.ExportTraceServiceRequest) (calls []telemetry.Call) {
	for _, resource := range m.GetResourceSpans() {
		reader.Resource(resource.GetResource().GetAttributes())
		for _, scope := range resource.GetScopeSpans() {
			reader.Scope(scope.GetScope().GetName())
			r.Counts.Spans.Add(int64(len(scope.GetSpans())))
			for _, s := range scope.GetSpans() {
				call, _ := reader.Span(s)
				calls = append(calls, call)
			}
		}
	}
	return calls
}

func (r *Receiver) logs(reader *telemetry.Reader, m *logsv1.ExportLogsServiceRequest) (calls []telemetry.Call) {
	for _, resource := range m.GetResourceLogs() {
		reader.Resource(resource.GetResource().GetAttributes())
		for _, scope := range resource.GetScopeLogs() {
			reader.Scope(scope.GetScope().GetName())
			r.Counts.Logs.Add(int64(len(scope.GetLogRecords())))
			calls = appendLogs(calls, reader, scope.GetLogRecords())
		}
	}
	return calls
}

func appendLogs(calls []telemetry.Call, reader *telemetry.Reader, all []*logv1.LogRecord) []telemetry.Call {
	for _, l := range all {
		if call, told := reader.Log(l); told {
			calls = append(calls, call)
		}
	}
	return calls
}

// records makes records of calls, and of earlier ones that are seen otherwise now. What
// it gives stands when keep is called.
func (r *Receiver) records(sender *Sender, calls []telemetry.Call) (records []ingest.Record, keep func()) {
	r.woods.mu.Lock()
	told, stands := r.woods.forest.Add(sender.Space, calls)
	r.woods.mu.Unlock()
	records = make([]ingest.Record, 0, len(told))
	for i := range told {
		if slices.Contains(r.Metered, told[i].Event.Scope.Tags["service"]) && !nameAlone(&told[i]) {
			continue
		}
		records = append(records, recordOf(sender, &told[i]))
	}
	return records, func() {
		r.woods.mu.Lock()
		defer r.woods.mu.Unlock()
		stands()
	}
}

// nameAlone leaves of a call what names it, for one that the gateway has counted; false
// for a sum, which names nothing.
func nameAlone(c *telemetry.Call) bool {
	e := &c.Event
	if e.Kind == telemetry.Unobserved {
		return false
	}
	e.Usage, e.UsageSource, e.Bucket, e.CallCount = spend.Usage{}, spend.UsageUnobserved, true, 0
	e.Flags, e.Reported, e.ReportedCurrency = 0, money.Null{}, ""
	return true
}

// recordOf puts a call under its credential: application and above are the credential's,
// and runs and sources live in its space.
func recordOf(sender *Sender, c *telemetry.Call) ingest.Record {
	e := &c.Event
	own := &sender.Scope
	e.Source = "otlp:" + sender.Space + "/" + c.Dialect.Name
	s := &e.Scope
	s.BusinessUnit, s.Team, s.Application, s.Credential = own.BusinessUnit, own.Team, own.Application, own.Credential
	for _, run := range []*string{&s.Run, &s.ParentRun} {
		if *run != "" {
			*run = sender.Space + "/" + *run
		}
	}
	return ingest.Record{
		Event: *e, Revisions: spend.Growing, Digest: spend.Digest(e.Source, e.SourceKey), Problems: c.Problems, Bound: true,
	}
}

// rejection counts what of a request cannot be booked.
type rejection struct {
	records int64
	why     string
}

func rejectionOf(records []ingest.Record) (r rejection) {
	for i := range records {
		if problems := records[i].Problems; len(problems) > 0 {
			if r.records++; r.why == "" {
				r.why = problems[0].String() + "; rejected records are listed at /api/v1/quarantine"
			}
		}
	}
	return r
}
