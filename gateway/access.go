package gateway

import (
	"context"
	"log/slog"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// Access says which requests are written down, one record each. A record holds no
// path, no query, no field of a head, nothing of a body but the model, and nobody's
// name: of the key there is what lists of keys show.
type Access string

// The choices.
const (
	AccessOff     Access = "off"     // the same as ""
	AccessRefused Access = "refused" // what the gateway answered itself
	AccessAll     Access = "all"     // and attempts, and what passed without a meter
)

// logs says that a kind of record is written.
func (c *call) logs(kind Access) bool { return c.Access == AccessAll || c.Access == kind && kind != "" }

// settled counts an attempt that has ended, and keeps what its record will say: it is
// written when the client has its answer.
func (a *attempt) settled(e *spend.Event, cost *budget.Cost) {
	a.ended = a.Now()
	a.Meter.settled(a, e, cost)
	if a.logs(AccessAll) {
		final := *e
		a.final = &final
	}
}

// log writes down how an attempt ended.
func (a *attempt) log() {
	e := a.final
	if e == nil {
		return
	}
	a.final = nil
	about := append(a.about(),
		slog.String("attempt", a.id), slog.String("upstream", shown(a.door.Name)),
		slog.String("served", shown(e.ServedModel)), slog.String("status", string(e.Status)),
		slog.Int64("prompt_tokens", e.Usage.PromptTokens()), slog.Int64("completion_tokens", e.Usage.CompletionTokens()),
		slog.String("usage", string(e.UsageSource)), slog.Bool("gone", a.gone.Load()),
	)
	if !a.called.IsZero() {
		about = append(about, seconds("seconds", a.ended.Sub(a.since)), seconds("added_seconds", a.added()), seconds("queue_seconds", a.queued))
	}
	if !a.first.IsZero() {
		about = append(about, seconds("first_token_seconds", a.first.Sub(a.started)))
	}
	a.AccessLog.LogAttrs(context.Background(), slog.LevelInfo, "call", about...)
}

// turnedAway counts and writes down a request that the gateway answered itself.
func (c *call) turnedAway(r *protocol.Refusal) {
	c.Meter.refused(c, r.Reason)
	if c.logs(AccessRefused) {
		about := append(c.about(), slog.String("status", string(spend.StatusRefused)), slog.String("reason", string(r.Reason)), seconds("seconds", c.Now().Sub(c.began)))
		c.AccessLog.LogAttrs(context.Background(), slog.LevelInfo, "call", about...)
	}
}

// unmetered writes down what passed without a meter.
func (c *call) unmetered(d *door) {
	if c.logs(AccessAll) {
		about := append(c.about(), slog.String("upstream", shown(d.Name)), slog.String("status", "unmetered"), seconds("seconds", c.Now().Sub(c.began)))
		c.AccessLog.LogAttrs(context.Background(), slog.LevelInfo, "call", about...)
	}
}

// about is what is known of any request.
func (c *call) about() []slog.Attr {
	about := make([]slog.Attr, 0, 24)
	about = append(about,
		slog.String("route", c.Name), slog.String("operation", c.id), slog.String("key", c.caller.Scope.Credential),
		slog.String("kind", c.endpoint()), slog.String("model", shown(c.request.Model)), slog.String("verdict", word(c.verdict)),
		slog.Int("code", c.code), slog.Int("request_bytes", len(c.body)), slog.Int64("answer_bytes", c.given),
	)
	if trace := c.who.Tags[ingest.TraceTag]; trace != "" {
		about = append(about, slog.String("trace", trace))
	}
	return about
}

func seconds(name string, d time.Duration) slog.Attr { return slog.Float64(name, d.Seconds()) }
