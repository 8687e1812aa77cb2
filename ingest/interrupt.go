package ingest

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// interruption is the end of an open call of which nobody knows the cost but its hold.
func interruption(open *spend.Charge) (Record, error) {
	e, err := sightingOf(open)
	e.Status, e.Usage = spend.StatusInterrupted, spend.Usage{}
	return Record{Event: e, Hold: money.Known(open.Exposure), Revisions: spend.Immutable, Whole: true, Bound: true}, err
}

// interrupted stands behind the source key of an end that takes the place of a rejected
// one, so that the rejected one is another sighting when it is tried again.
const interrupted = "/interrupted"

// interrupt ends the calls of the gateway whose end was rejected, for no other end comes.
// What was told of them waits in the quarantine, and corrects the line when it is booked.
func (b *batch) interrupt(ctx context.Context) error {
	for _, attempt := range b.unended {
		o := b.p.open.calls[attempt]
		if o == nil {
			continue
		}
		line, err := b.lineOf(ctx, o)
		if err != nil {
			return err
		}
		r, err := interruption(&line)
		if err != nil {
			return err
		}
		r.Event.SourceKey += interrupted
		b.book(deferred{&r, r.Event.Keys(), r.Event.Content()})
	}
	return nil
}

// lineOf gives the line of an open call, which stays open.
func (b *batch) lineOf(ctx context.Context, o *opened) (spend.Charge, error) {
	if line, found := b.p.open.look(o.id); found {
		return line, nil
	}
	if err := b.p.commit(ctx); err != nil { // it may be under way
		return spend.Charge{}, err
	}
	lines, err := b.p.Annex.Opened(ctx, []spend.ID{o.attempt})
	if err != nil {
		return spend.Charge{}, err
	}
	i := slices.IndexFunc(lines, func(c spend.Charge) bool { return c.ID == o.id })
	if i < 0 {
		return spend.Charge{}, spend.Errorf(spend.KindInternal, "interrupt a call", "the ledger does not know the open call %s", o.id)
	}
	return lines[i], nil
}
