package telemetry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	logsv1 "go.opentelemetry.io/proto/slim/otlp/logs/v1"

	"github.com/bursarhq/bursar/spend"
)

// Log reads a log record. It is false for one that tells of no call. What its body says
// is not looked at.
func (r *Reader) Log(l *logsv1.LogRecord) (Call, bool) {
	r.record(l.GetAttributes())
	d := r.row(Logs)
	if d == nil {
		return Call{}, false
	}
	event := cmp.Or(l.GetEventName(), r.id(d, EventName))
	if !slices.Contains(d.Events, event) {
		return Call{}, false
	}
	if kind := r.id(d, EventKind); kind != "" && kind != "response.completed" {
		return Call{}, false // a piece of an answer
	}
	c := Call{Dialect: &d.Dialect, Class: Inference, Trace: hexOf(l.GetTraceId(), 16), Span: hexOf(l.GetSpanId(), 8)}
	if r.table.classes[strings.ToLower(r.word(d, Operation))] == Aggregate {
		return Call{}, false // its span tells it
	}
	e := &c.Event
	if c.Told, c.Problems = r.measure(d, e); !c.Told {
		return Call{}, false
	}
	r.fill(d, e)
	e.UsedAt = r.logged(d, l)
	if d.Rank == Library {
		c.tag()
		e.Scope.Run = cmp.Or(e.Scope.Run, c.Trace)
	}
	e.SourceKey = r.eventKey(d, &c)
	c.finish(false)
	c.Trace, c.Span = "", "" // it is no span: its tags say which one it is of
	return c, true
}

// logged is when the call was made. Some set no time of the record but one in an
// attribute.
func (r *Reader) logged(d *row, l *logsv1.LogRecord) time.Time {
	if at := instant(l.GetTimeUnixNano()); !at.IsZero() {
		return at
	}
	if at, err := time.Parse(time.RFC3339Nano, r.id(d, EventTime)); err == nil {
		return at.UTC().Truncate(time.Microsecond)
	}
	return instant(l.GetObservedTimeUnixNano())
}

// eventKey names the call by the strongest id that it has. Without any, a record that
// comes again has the same time and the same counts.
func (r *Reader) eventKey(d *row, c *Call) string {
	e := &c.Event
	switch request := e.Scope.Tags[RequestTag]; {
	case request != "":
		return "request/" + request
	case e.Response != "":
		return "response/" + e.Response
	case d.Rank == Library && c.Trace != "" && c.Span != "":
		return "event/" + c.Trace + "/" + c.Span
	}
	parts := []string{e.Scope.Run, r.id(d, Sequence), e.ServedModel, strconv.FormatInt(e.UsedAt.UnixMicro(), 10)}
	for _, n := range e.Usage.Tokens {
		parts = append(parts, strconv.FormatInt(n, 10))
	}
	return "event/" + spend.Digest(parts...).String()
}
