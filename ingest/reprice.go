package ingest

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Sales looks up what is booked, by what it was sold as.
type Sales interface {
	// SoldIn lists what the metered usage of a window was sold as.
	SoldIn(ctx context.Context, within lake.Window) ([]lake.Sold, error)
	// EachSold streams the metered usage of a window that was sold under some names,
	// reversals included; an error of f ends it.
	EachSold(ctx context.Context, within lake.Window, names []lake.Sold, f func(*spend.Charge) error) error
}

// Repriced asks what a price book would change in the past.
type Repriced struct {
	Book   *pricebook.Book
	Window lake.Window
	About  func(*lake.Sold) bool // of the names that are looked at
	Most   int                   // rows that may be told
}

// PreviewPrices says what it would change to price a window anew by a book. It books
// nothing, and no line waits for it.
func (p *Pipeline) PreviewPrices(ctx context.Context, past Sales, r Repriced) (Repricing, error) {
	total := Repricing{Rows: []RepricedRow{}}
	if err := p.Settle(ctx); err != nil {
		return total, err
	}
	names, err := r.names(ctx, past)
	if err != nil || len(names) == 0 {
		return total, err
	}
	c := p.inForce()
	c.Book = r.Book
	t := repricing{by: &Pipeline{Config: c, facts: map[string]string{}}, most: r.Most, rows: map[[2]string]*RepricedRow{}}
	if err := past.EachSold(ctx, r.Window, names, t.line); err != nil {
		return total, err
	}
	return t.all(), nil
}

// names are those of the window that are asked about.
func (r *Repriced) names(ctx context.Context, past Sales) ([]lake.Sold, error) {
	all, err := past.SoldIn(ctx, r.Window)
	return slices.DeleteFunc(all, func(s lake.Sold) bool { return !r.About(&s) }), err
}

// Reprice prices the metered usage of a window anew, by the book in force, and books
// what comes to another amount: a reversal and a replacement each, in the open period.
// Whose it is stays. Calls that are open, and those whose usage nobody saw, stay as they
// are. Twice changes nothing, and when it is interrupted it goes on where it was.
func (p *Pipeline) Reprice(ctx context.Context, past Sales, r Repriced) (Repricing, error) {
	t := repricing{most: r.Most, rows: map[[2]string]*RepricedRow{}}
	if err := p.Settle(ctx); err != nil {
		return t.all(), err
	}
	names, err := r.names(ctx, past)
	if err != nil || len(names) == 0 {
		return t.all(), err
	}
	err = eachDay(ctx, r.Window, p.inForce().Calendar.Location(), func(day lake.Window) error {
		attempts, err := p.mispriced(ctx, past, day, names)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(attempts, linesAtOnce) {
			if err := p.reprice(ctx, some, day, &t); err != nil {
				return err
			}
		}
		return nil
	})
	return t.all(), err
}

// mispriced gives the attempts of a day with a line that the book in force prices
// otherwise, or did before it was corrected.
func (p *Pipeline) mispriced(ctx context.Context, past Sales, day lake.Window, names []lake.Sold) (attempts []spend.ID, err error) {
	by := &Pipeline{Config: p.inForce(), facts: map[string]string{}}
	seen := map[spend.ID]bool{}
	err = past.EachSold(ctx, day, names, func(c *spend.Charge) error {
		if lake.Reverses(c) || seen[c.AttemptID] {
			return nil
		}
		due, err := by.priced(c)
		if err == nil && !pricedAlike(c, &due) {
			seen[c.AttemptID] = true
			attempts = append(attempts, c.AttemptID)
		}
		return err
	})
	return attempts, err
}

// reprice books the lines of attempts as they are due, in one transaction.
func (p *Pipeline) reprice(ctx context.Context, attempts []spend.ID, day lake.Window, t *repricing) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.commit(ctx); err != nil { // the ledger must hold all that is under way
		return err
	}
	lines, err := p.Ledger.Lines(ctx, attempts)
	if err != nil {
		return err
	}
	t.by = p
	b := newBatch(p, nil)
	for i := range lines {
		c := &lines[i]
		if !within(day, c) {
			continue
		}
		due, err := p.priced(c)
		if err != nil {
			return err
		}
		if pricedAlike(c, &due) {
			continue
		}
		due.BookedAt, due.Period = b.at, c.Origin.Post(p.Closed)
		b.Corrections++
		b.append(spend.Correct(*c, due, p.Closed)...)
		if err := t.count(c, &due); err != nil {
			return err
		}
	}
	if err := b.finish(ctx, &Delivery{}); err != nil {
		return err
	}
	return p.commit(ctx)
}

// priced is a line as it is due by the book: priced as if it came now, and attributed as
// it is. What has no usage to price stays.
func (p *Pipeline) priced(c *spend.Charge) (spend.Charge, error) {
	if !c.Category.IsUsage() || c.UsageSource == spend.UsageUnobserved {
		return *c, nil
	}
	said, err := sightingOf(c)
	if err != nil {
		return *c, spend.Errorf(spend.KindInternal, "price anew", "the claims of line %s: %w", c.ID, err)
	}
	due := *c
	fresh := spend.Charge{}
	p.charge(&fresh, &said, c.BookedAt)
	due.Flags, due.Canonical, due.Context, due.PriceState = fresh.Flags, fresh.Canonical, fresh.Context, fresh.PriceState
	due.Costs, due.List, due.Contracted, due.Effective, due.Currency = fresh.Costs, fresh.List, fresh.Contracted, fresh.Effective, fresh.Currency
	due.Reporting, due.RateFact, due.Exposure = fresh.Reporting, fresh.RateFact, fresh.Exposure
	due.PriceBook, due.Facts = fresh.PriceBook, fresh.Facts
	if oversized(&due) != nil {
		return *c, nil // no column can hold it: it stays as it is
	}
	return due, nil
}

// pricedAlike says that two lines come to the same amounts.
func pricedAlike(c, d *spend.Charge) bool {
	return c.PriceState == d.PriceState && c.Currency == d.Currency && c.Costs == d.Costs && c.List == d.List &&
		c.Contracted == d.Contracted && c.Effective == d.Effective && c.Reporting == d.Reporting && c.Exposure == d.Exposure
}
