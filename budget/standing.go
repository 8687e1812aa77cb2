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
	Grace    int          // percent of it that calls may use beyond it
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
				all = append(all, e.standing(key, c.span, &c.totals))
			}
		}
	}
	slices.SortFunc(all, compareStandings)
	return all
}

// Current lists the windows in which an instant lies and that something counts in,
// by budget: a rolling one as its length up to the instant.
func (e *Engine) Current(at time.Time) []Standing {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Standing
	for key, a := range e.accounts {
		b := e.set.limits[key.limit].budget
		if b == nil || !sane(at) {
			continue
		}
		s := b.Window.slice(at)
		t := a.sum(&b.Window, s, at, at.UnixNano())
		if b.Window.Period == Rolling {
			s = span{at.UnixNano() - int64(b.Window.Length), at.UnixNano()}
		}
		if t != (totals{}) {
			all = append(all, e.standing(key, s, &t))
		}
	}
	slices.SortFunc(all, compareStandings)
	return all
}

func compareStandings(a, b Standing) int {
	return cmp.Or(cmp.Compare(a.Budget, b.Budget), slices.Compare(a.Each, b.Each), a.From.Compare(b.From))
}

// Spent is what is booked and settled: what thresholds look at.
func (s *Standing) Spent() money.Amount { return plus(s.Booked, s.Settled) }

// Used is what limits look at: holds count too.
func (s *Standing) Used() money.Amount { return plus(s.Spent(), s.Held) }

// Left is what may still be used of the limit and its grace, zero when nothing is.
func (s *Standing) Left() money.Amount {
	left, err := withGrace(s.Amount, s.Grace).Sub(s.Used())
	if err != nil || left.Sign() < 0 {
		return money.Amount{}
	}
	return left
}

func (e *Engine) standing(key accountKey, in span, t *totals) Standing {
	l := &e.set.limits[key.limit]
	s := Standing{
		Budget: l.budget.ID, Each: eachOf(key.each, len(l.each)), Counts: l.budget.Counts, Currency: l.budget.Currency,
		Amount: l.budget.limitOf(t), Grace: l.budget.Grace, Booked: t.booked, Settled: t.settled, Held: t.held, Unknown: t.unknown,
	}
	if in != always() {
		s.From, s.To = time.Unix(0, in.from).UTC(), time.Unix(0, in.to).UTC()
	}
	return s
}
