package lake

import (
	"cmp"
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Alike asks for the sums of lines that are alike: of one day, book, source, seller,
// account, model, tier, region, team, category and currency, all with an amount or none, all
// of a seat or none. What is no usage or names no model, and what vendors tell, is alike only
// with the same values of some tags too, and of one partition.
type Alike struct {
	From, To time.Time // midnights of UTC; of a seller with another zone, those of the same dates in it
	Seller   string    // "" for all
	Tags     []string
	Zones    map[string]*time.Location // of the days of sellers; UTC of those that it does not name
	Exact    bool                      // From and To are these instants for every seller

	zone    *time.Location // of this part of the question, UTC when nil
	sellers []spend.Filter // that it asks of
}

// alikePart is how much of the lines is asked at once: what is small is remembered.
const alikePart = 4 * utcDay

// modelled are the lines that the roll-up tells apart as far as is asked.
const modelled = "book = 'metered' AND category = 'usage' AND (model <> '' OR served_model <> '' OR requested_model <> '')"

// EachAlike calls f for the sums of lines that are alike, in no order, of one state of the
// ledger. A charge has the dimensions that its lines share, the beginning of their day, and
// the sums of calls, usage, costs and what is contracted. Lines and their reversals are a
// sum of nothing. The first error of f ends it.
func EachAlike(ctx context.Context, r Reader, q Alike, f func(*spend.Charge) error) error {
	return r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		if err := a.daysMark(ctx); err != nil {
			return err
		}
		parts, err := a.zoned(ctx, q)
		if err != nil {
			return err
		}
		rolled := a.days
		for _, part := range parts {
			a.days = rolled
			if err := a.modelled(ctx, part, f); err != nil {
				return err
			}
			a.days = nil // which tells no tags apart
			if err := a.alike(ctx, &part, "NOT ("+modelled+")", f); err != nil {
				return err
			}
		}
		return nil
	})
}

// modelled sums what names a model: of the roll-up at once, of the lines by parts of the
// window that are small enough to be remembered.
func (a *answer) modelled(ctx context.Context, q Alike, f func(*spend.Charge) error) error {
	q.Tags = nil
	if a.days.inDays(q.query()) {
		return a.alike(ctx, &q, modelled, f)
	}
	part := q
	for part.From.Before(q.To) {
		part.To = part.From.Add(alikePart)
		if part.To.After(q.To) {
			part.To = q.To
		}
		if err := a.alike(ctx, &part, modelled, f); err != nil {
			return err
		}
		part.From = part.To
	}
	return nil
}

// query is the question that lines answer.
func (q *Alike) query() *spend.Query {
	return &spend.Query{From: q.midnight(q.From), To: q.midnight(q.To), Grain: spend.Day, Zone: cmp.Or(q.zone, time.UTC), Where: q.sellers}
}

// alike sums the lines of which a condition holds.
func (a *answer) alike(ctx context.Context, q *Alike, condition string, f func(*spend.Charge) error) error {
	asked := q.query()
	c := a.rolled(&compiler{dialect: a.dialect, query: asked, from: asked.From, to: asked.To})
	rows := newRowSet(asked)
	return a.ask(ctx, c.alike(q.Tags, condition), func(cells []*string) error {
		one, err := q.read(rows, cells)
		if err != nil {
			return err
		}
		return f(&one)
	})
}
