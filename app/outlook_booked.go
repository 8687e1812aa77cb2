package app

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/purchase"
)

// stepped is what the ledger has booked of one value of a budget, by the beginning of a
// step.
type stepped struct {
	used  map[int64]money.Amount
	ahead map[int64]money.Amount // of products that have days of service to come, earlier days included
}

// at is all that is booked of a step.
func (p *stepped) at(from time.Time) (money.Amount, error) {
	return p.used[from.UnixNano()].Add(p.ahead[from.UnixNano()])
}

// product is what was bought of whom, zero for a call.
type product struct{ seller, name string }

func productOf(line *budget.Line) product {
	if !slices.Contains(purchase.Kinds(), purchase.Kind(line.Subject.Kind)) {
		return product{}
	}
	return product{line.Subject.Seller, line.Subject.Tags[purchase.TagProduct]}
}

// past counts what the ledger has booked by step, for each value of each budget.
func (s *Server) past(ctx context.Context, steps []budget.Budget, now time.Time) (map[string]stepped, error) {
	set, err := budget.Compile(steps, nil, func(string) bool { return true })
	if err != nil {
		return nil, err
	}
	u := usesOf(&policy.Limits{Budgets: steps}, now.Add(-longestPast))
	u.Apart = s.apart(steps)
	lookAt(&u, &budget.Budget{Each: []string{"seller", "kind", "tags." + purchase.TagProduct}})
	bought, err := s.boughtAhead(ctx, u, presentOf(steps, now))
	if err != nil {
		return nil, err
	}
	var failed error
	var ahead []budget.Line
	others := func(yield func(budget.Line) bool) {
		for line := range s.lines(ctx, s.Lake, u, &failed) {
			if bought[productOf(&line)] {
				ahead = append(ahead, line)
			} else if !yield(line) {
				return
			}
		}
	}
	used := budget.New(set, s.converted, &budget.Opening{At: now, Lines: others}).Standings()
	if failed != nil {
		return nil, failed
	}
	booked := budget.New(set, s.converted, &budget.Opening{At: now, Lines: slices.Values(ahead)}).Standings()
	return together(used, booked), nil
}

// presentOf is when the first of the present steps began.
func presentOf(steps []budget.Budget, now time.Time) time.Time {
	first := now
	for i := range steps {
		if from, _ := steps[i].Window.Around(now); from.Before(first) {
			first = from
		}
	}
	return first
}

// boughtAhead are the products with days of service from an instant on.
func (s *Server) boughtAhead(ctx context.Context, u lake.Uses, from time.Time) (map[product]bool, error) {
	var failed error
	u.From = from
	bought := map[product]bool{}
	for line := range s.lines(ctx, s.Lake, u, &failed) {
		if p := productOf(&line); p != (product{}) {
			bought[p] = true
		}
	}
	return bought, failed
}

// together puts what is booked of products with days to come beside all else.
func together(used, ahead []budget.Standing) map[string]stepped {
	values := map[string]stepped{}
	for i, w := range slices.Concat(used, ahead) {
		p := values[valueOf(&w)]
		if p.used == nil {
			p = stepped{map[int64]money.Amount{}, map[int64]money.Amount{}}
			values[valueOf(&w)] = p
		}
		into := p.used
		if i >= len(used) {
			into = p.ahead
		}
		into[w.From.UnixNano()] = w.Booked
	}
	return values
}

// sure is what is known of a window: what the steps that have ended come to, and what is
// booked ahead of the others.
//
// Example: on the morning of the 11th of a month of 30 days, 2 a day of calls beside a seat
// of 1 a day until its end are 30, and 20 are booked ahead: 50.
func (o *outlook) sure() (sum money.Amount, err error) {
	present, _ := o.budget.Window.Around(o.now)
	for _, part := range []struct {
		of map[int64]money.Amount
		to time.Time
	}{{o.past.used, present}, {o.past.ahead, o.window.To}} {
		for n, amount := range part.of {
			if from := time.Unix(0, n); from.Before(o.window.From) || !from.Before(part.to) {
				continue
			}
			if sum, err = sum.Add(amount); err != nil {
				return sum, err
			}
		}
	}
	return sum, nil
}
