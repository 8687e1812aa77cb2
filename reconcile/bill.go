package reconcile

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// bill sums the rows of an account, with what tells how well they agree.
func (g *group) bill(pairs []*pair, rows []Row, sum *adder) Bill {
	b := Bill{Seller: g.seller, Account: g.account, Currency: g.currency, Basis: g.basis}
	var parts []Part
	for i := range rows {
		r := &rows[i]
		b.Metered, b.Reported, b.Invoiced = sum.of(b.Metered, r.Metered.Amount), sum.of(b.Reported, r.Reported.Amount), sum.of(b.Invoiced, r.Invoiced.Amount)
		b.Variance = sum.of(b.Variance, r.Variance)
		parts = append(parts, r.Reasons...)
	}
	b.Reasons = inOrder(parts, sum)
	billed := b.Reported
	if g.basis == spend.Invoiced {
		billed = b.Invoiced
	}
	_, invoice := Tolerances()
	b.Passes = g.basis != "" && invoice.holds(b.Variance, billed)
	for at, c := range g.cells {
		if c.reported.there || c.invoiced.there {
			b.Through = max(b.Through, at.day)
		}
	}
	g.measure(&b, pairs, sum)
	b.Unknown = share(unexplained(b.Reasons), billed)
	return b
}

func unexplained(parts []Part) money.Amount {
	for _, p := range parts {
		if p.Reason == Unknown {
			return p.Amount.Abs()
		}
	}
	return money.Amount{}
}

// measure says how much of the vendor's tokens was metered, and how well what was metered
// is priced.
func (g *group) measure(b *Bill, pairs []*pair, sum *adder) {
	var ours, theirs int64
	off, covered := money.Amount{}, money.Amount{}
	for _, p := range pairs {
		have, all := p.metered.tokens(), p.quantity().tokens()
		for k := range all {
			ours, theirs = ours+min(max(have[k], 0), max(all[k], 0)), theirs+max(all[k], 0)
		}
		if !p.metered.there || !p.billed().money {
			continue
		}
		covered = sum.of(covered, p.billed().usage)
		for _, part := range p.parts {
			switch part.Reason {
			case PriceVersion, TierOrMode, VendorError, Unknown:
				off = sum.of(off, part.Amount.Abs())
			}
		}
	}
	if theirs > 0 {
		b.Coverage = share(money.FromInt(ours), money.FromInt(theirs))
	}
	if wrong := share(off, covered); wrong.Valid {
		b.Accuracy = money.Known(sum.of(money.FromInt(1), wrong.Amount.Neg()))
	}
}

// share is what a is of b, to six digits; null of nothing.
func share(a, b money.Amount) money.Null {
	if b.Sign() <= 0 {
		return money.Null{}
	}
	s, err := money.FromInt(1).MulQuotient(a, b)
	if err != nil {
		return money.Null{}
	}
	return money.Known(s.Round(6))
}
