package reconcile

import (
	"cmp"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// explain finds the reasons of a pair in their order. What is left of the difference after
// one is what the next one looks at.
func (t *Tally) explain(g *group, p *pair, sum *adder) {
	m, b := &p.metered, p.billed()
	p.rest = sum.of(b.total(sum), m.total(sum).Neg())
	switch {
	case !m.there:
		p.take(CoverageGap, b.usage, sum)
	case !b.money:
		if p.late || g.basis == "" {
			p.take(Timing, m.usage.Neg(), sum)
		}
	default:
		t.usage(g, p, sum)
	}
	p.take(ContractTerm, sum.of(b.terms, m.terms.Neg()), sum)
	p.take(Tax, sum.of(b.tax, m.tax.Neg()), sum)
	if smallest, _ := Tolerances(); p.rest.Abs().Cmp(smallest.Amount) <= 0 && b.money {
		p.take(Rounding, p.rest, sum)
	}
}

// take puts an amount under a reason.
func (p *pair) take(r Reason, a money.Amount, sum *adder) {
	if !a.IsZero() {
		p.parts, p.rest = append(p.parts, Part{r, a}), sum.of(p.rest, a.Neg())
	}
}

// usage explains the usage of both sides: what was metered twice, what was missed, and
// then what has another price.
func (t *Tally) usage(g *group, p *pair, sum *adder) {
	m, b := &p.metered, p.billed()
	q := p.quantity()
	theirs, ours := q.tokens(), m.tokens()
	p.expected = m.usage
	if twice, found := m.twice(theirs); found {
		p.take(DuplicateEvent, twice.amount.Neg(), sum)
		p.expected = sum.of(p.expected, twice.amount.Neg())
		ours = theirs
	}
	missed := t.missed(g, p, missing{ours, theirs}, sum)
	reason := CoverageGap
	if m.calls == q.calls && q.calls > 0 || missed.Sign() < 0 {
		reason = TokenCount
	}
	p.take(reason, missed, sum)
	p.expected = sum.of(p.expected, missed)
	if !same(p.expected, b.usage) {
		t.priced(g, p, sum)
	}
}

// twice is the one source without which the tokens are the vendor's.
func (s *side) twice(theirs [spend.Components]int64) (found source, one bool) {
	all := s.tokens()
	for _, from := range s.sources {
		rest := all
		for k := range rest {
			rest[k] -= from.tokens[k]
		}
		if rest == theirs && from.tokens != [spend.Components]int64{} && theirs != [spend.Components]int64{} {
			if one {
				return *from, from.amount == found.amount // either of two alike
			}
			found, one = *from, true
		}
	}
	return found, one
}

// missing are tokens as we count them and as the vendor does.
type missing struct{ ours, theirs [spend.Components]int64 }

// missed prices the tokens that only the vendor counts, at the rates of those that were
// metered; calls at their average where it counts no tokens.
//
// Example: 1,000,000 tokens are metered at 100 USD; the vendor's 200,000 more are 20 USD.
func (t *Tally) missed(g *group, p *pair, n missing, sum *adder) (total money.Amount) {
	m, q := &p.metered, p.quantity()
	if n.theirs == [spend.Components]int64{} {
		if q.calls <= m.calls || m.calls <= 0 {
			return total
		}
		total, err := m.usage.MulRatio(q.calls-m.calls, m.calls)
		sum.keep(err)
		return total
	}
	list := sum.of(m.costs[:]...)
	for k, more := range n.theirs {
		more -= n.ours[k]
		switch {
		case more == 0:
		case n.ours[k] > 0:
			a, err := m.costs[k].MulRatio(more, n.ours[k])
			if err == nil && list.Sign() > 0 && list != m.usage {
				a, err = a.MulQuotient(m.usage, list) // at what is agreed with the seller
			}
			sum.keep(err)
			total = sum.of(total, a)
		default:
			total = sum.of(total, t.list(g, p, k).Amount)
		}
	}
	return total
}

// list is the list price of the vendor's tokens of one component.
func (t *Tally) list(g *group, p *pair, k int) money.Null {
	q := p.quantity()
	part := spend.Usage{}
	for m := range spend.ColumnMeters {
		if int(spend.ComponentOf(m)) == k {
			part.Tokens[m] = q.quantity.Tokens[m]
		}
	}
	return t.rate(g, p, q.tier, &part)
}

func (t *Tally) rate(g *group, p *pair, tier string, usage *spend.Usage) money.Null {
	day, err := time.Parse(time.DateOnly, p.day)
	if t.options.Rate == nil || err != nil || usage.IsZero() {
		return money.Null{}
	}
	return t.options.Rate(Asked{Seller: g.seller, Model: cmp.Or(p.quantity().model, p.metered.model), Tier: tier, Region: p.quantity().region, Day: day, Usage: usage, Currency: g.currency})
}

// priced asks which price of the vendor's tokens is what it bills.
func (t *Tally) priced(g *group, p *pair, sum *adder) {
	b, q := p.billed(), p.quantity()
	tiers := []string{q.tier, "", "batch", "flex", "priority"}
	for i, tier := range tiers {
		a := t.rate(g, p, tier, &q.quantity)
		if i == 0 && a.Valid {
			fifth, errLow := a.Amount.MulRatio(1, 5)
			most, errHigh := a.Amount.MulInt(5)
			p.vendor = errLow == nil && errHigh == nil && (b.usage.Cmp(fifth) < 0 || b.usage.Cmp(most) > 0)
		}
		if !a.Valid || !same(a.Amount, b.usage) {
			continue
		}
		reason := TierOrMode
		if tier == p.metered.tier && q.region == p.metered.region {
			reason = PriceVersion
		}
		p.take(reason, sum.of(a.Amount, p.expected.Neg()), sum)
		p.expected = a.Amount
		p.vendor = false
		return
	}
}

// same says that two amounts are within half a percent of the second.
func same(a, b money.Amount) bool {
	gap, err := a.Sub(b)
	times, errTimes := gap.Abs().MulInt(200)
	return err == nil && errTimes == nil && times.Cmp(b.Abs()) <= 0
}

func (s *adder) keep(err error) {
	if s.err == nil {
		s.err = err
	}
}
