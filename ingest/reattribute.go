package ingest

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Reattribution says what rules and organisation did to lines that were booked
// before them.
type Reattribution struct {
	Looked lake.Sums `json:"looked_at"` // all lines of the window
	Moved  lake.Sums `json:"moved"`     // those that were booked anew
}

// Add adds another stretch of the past.
func (r *Reattribution) Add(s *Reattribution) error {
	if err := r.Looked.Add(&s.Looked); err != nil {
		return err
	}
	return r.Moved.Add(&s.Moved)
}

// Reattribute decides anew, by the rules and the organisation in force, for the
// metered lines that were used in a window, and books those that are decided
// otherwise: a reversal and a replacement each, in the open period. Open calls and
// all other lines stay as they are. Twice changes nothing, and when it is
// interrupted it goes on where it was: every transaction stands by itself.
//
// What has the same claims is decided once a day, so that few of many lines are
// read. New records are booked between two transactions.
func (p *Pipeline) Reattribute(ctx context.Context, past Past, w lake.Window) (total Reattribution, err error) {
	if err := p.Settle(ctx); err != nil { // the ledger must hold what was booked by an order before
		return total, err
	}
	zone := p.inForce().Calendar.Location()
	err = eachDay(ctx, w, zone, func(day lake.Window) error { return p.reattributeDay(ctx, past, day, &total) })
	return total, err
}

func (p *Pipeline) reattributeDay(ctx context.Context, past Past, day lake.Window, total *Reattribution) error {
	c := p.inForce()
	s := surveyBy(c, c.Order, past)
	var names []string
	err := s.day(ctx, day, func(kin *lake.Kin, d *decision) error {
		if d.changes() {
			names = append(names, kin.Name)
		}
		return total.Looked.Add(&kin.Sums)
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(names, namesAtOnce) {
		err := s.members(ctx, day, part, func(attempts []spend.ID) error {
			moved, err := p.reattribute(ctx, attempts, day)
			if err != nil {
				return err
			}
			return total.Moved.Add(&moved)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reattribute books the lines of attempts as they are due, in one transaction.
func (p *Pipeline) reattribute(ctx context.Context, attempts []spend.ID, day lake.Window) (moved lake.Sums, err error) {
	if err := context.Cause(ctx); err != nil {
		return moved, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.commit(ctx); err != nil { // the ledger must hold all that is under way
		return moved, err
	}
	lines, err := p.Ledger.Lines(ctx, attempts)
	if err != nil {
		return moved, err
	}
	b := newBatch(p, nil)
	for i := range lines {
		if !within(day, &lines[i]) {
			continue
		}
		corrections, err := p.attributedAnew(b, &lines[i])
		if err != nil {
			return moved, err
		}
		if len(corrections) == 0 {
			continue
		}
		b.Corrections++
		b.append(corrections...)
		sums := lake.SumsOf(&lines[i])
		if err := moved.Add(&sums); err != nil {
			return moved, err
		}
	}
	if err := b.finish(ctx, &Delivery{}); err != nil {
		return lake.Sums{}, err
	}
	return moved, p.commit(ctx)
}

// attributedAnew gives the lines that turn what is booked into what is due.
func (p *Pipeline) attributedAnew(b *batch, c *spend.Charge) ([]spend.Charge, error) {
	due, err := p.redecided(c)
	if err != nil || attributedAlike(c, &due) {
		return nil, err
	}
	due.BookedAt, due.Period = b.at, c.Origin.Post(p.Closed)
	return spend.Correct(*c, due, p.Closed), nil
}
