package app

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// demoSource names the simulated company among the sources. A ledger that holds
// one of its calls says DEMO wherever its figures are shown.
const demoSource = "company"

// settle does what a server would do first with many new lines: it rolls them up and
// looks whether they keep the laws.
func (a *App) settle(ctx context.Context) error {
	if err := a.Lake.RollDays(ctx, a.View().Location()); err != nil {
		return err
	}
	found, audit, err := lake.AuditAll(ctx, a.Lake, false)
	if err != nil || !lake.Sound(found) { // a server's doctor says what is broken
		return err
	}
	return a.Lake.MarkAudited(ctx, audit.Newest, a.Now())
}

// Demo fills a new ledger with a simulated company's calls, what it buys beside them, and
// what its vendors bill, through the same pipeline as real input; the result is that of
// the calls. The error is of kind conflict when the ledger holds anything: a second history
// under the same keys would contradict the first.
func (a *App) Demo(ctx context.Context, c *company.Company, progress func(ingest.Result)) (ingest.Result, error) {
	newest, err := lake.Newest(ctx, a.Lake)
	if err != nil {
		return ingest.Result{}, err
	}
	if !newest.IsZero() {
		return ingest.Result{}, spend.Errorf(spend.KindConflict, "fill a demo", "%s holds a ledger already", a.Data).
			WithHint("look at it with bursar serve --data %s, or name another folder", a.Data)
	}
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return ingest.Result{}, err
	}
	next, stop := iter.Pull(c.Events())
	defer stop()
	im := ingest.Import{Pipeline: pipeline, Reader: simulated(next), Progress: progress}
	result, err := im.Run(ctx)
	if err != nil {
		return result, err
	}
	if _, err = a.bookPurchases(ctx, pipeline, listed(c.Purchases())); err != nil {
		return result, err
	}
	if err = a.bookBills(ctx, pipeline, c); err != nil {
		return result, err
	}
	return result, a.settle(ctx)
}

// simulated reads the events of a company.
type simulated func() (spend.Event, bool)

func (next simulated) Next(out *ingest.Record) error {
	e, ok := next()
	if !ok {
		return io.EOF
	}
	*out = ingest.Record{Event: e, Revisions: spend.Immutable}
	return nil
}

// DemoOutcomes books what the company's runs brought about before an instant, into
// a ledger without outcomes, and gives the number of results.
func (a *App) DemoOutcomes(ctx context.Context, c *company.Company, until time.Time) (results int64, err error) {
	const chunk = 16_384
	var events []outcome.Event
	book := func() error { // each result comes once and whole: nothing of it is booked before
		lines := outcome.Book(nil, events, nil, a.Now().UTC().Truncate(time.Microsecond)).Lines
		events = events[:0]
		return a.Lake.Append(ctx, lake.Batch{Outcomes: lines})
	}
	for o := range c.Outcomes() {
		if !o.At.Before(until) {
			break
		}
		results++
		if events = append(events, told(&o, until)...); len(events) < chunk {
			continue
		}
		if err := book(); err != nil {
			return results, err
		}
	}
	if err := book(); err != nil {
		return results, err
	}
	return results, a.Lake.Checkpoint(ctx)
}

// reversedAfter is how long a result of the company stands that does not hold.
const reversedAfter = 4 * 24 * time.Hour

// told gives the events in which systems tell of a result: the agent's claim where
// nobody agreed, else the verification, and the reversal when it has come about.
func told(o *company.Outcome, until time.Time) []outcome.Event {
	e := outcome.Event{
		ID: o.Run, Source: demoSource, Definition: o.Kind, Subject: o.Run, Workflow: o.Workflow, State: outcome.Claimed, At: o.At,
		Runs: []outcome.Link{{Run: o.Run}}, RemediationMinutes: money.Known(money.FromInt(o.RemediationMinutes)),
	}
	if !o.Verified {
		return []outcome.Event{e}
	}
	e.State, e.Level, e.Value, e.Currency = outcome.Verified, outcome.SystemState, money.Known(o.Value), "USD"
	back := o.At.Add(reversedAfter)
	if !o.Reversed || !back.Before(until) {
		return []outcome.Event{e}
	}
	return []outcome.Event{e, {ID: o.Run + "/reversed", Source: demoSource, Definition: o.Kind, Subject: o.Run, Workflow: o.Workflow, State: outcome.Reversed, At: back}}
}
