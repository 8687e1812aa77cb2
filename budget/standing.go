package budget

import (
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Standing is how one window of a budget stands.
type Standing struct {
	Budget   string
	Each     []string
	From, To time.Time // the window, zero where it has no end; of a rolling one a slice
	Counts   Measure
	Currency money.Currency
	Amount   money.Amount // the limit, results included
	Booked   money.Amount // in the ledger, exposure included
	Settled  money.Amount // ended and not booked yet
	Held     money.Amount // of open calls, at their bounds
	Unknown  int64        // calls that nothing is known to stand for
}

// Standings lists every window that is counted, by budget and instant. Windows in
// which nothing counts are left out, so that an engine lists what a recount does.
func (e *Engine) Standings() []Standing {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Standing
	for key, a := range e.accounts {
		for _, c := range a.counters {
			if c.totals != (totals{}) {
				all = append(all, e.standing(key, c))
			}
		}
	}
	slices.SortFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Budget, b.Budget), slices.Compare(a.Each, b.Each), a.From.Compare(b.From))
	})
	return all
}

func (e *Engine) standing(key accountKey, c *counter) Standing {
	l := &e.set.limits[key.limit]
	s := Standing{
		Budget: l.budget.ID, Each: eachOf(key.each, len(l.each)), Counts: l.budget.Counts, Currency: l.budget.Currency,
		Amount: l.budget.limitOf(&c.totals), Booked: c.booked, Settled: c.settled, Held: c.held, Unknown: c.unknown,
	}
	if c.span != always() {
		s.From, s.To = time.Unix(0, c.from).UTC(), time.Unix(0, c.to).UTC()
	}
	return s
}
