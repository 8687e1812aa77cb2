package reconcile

import (
	"github.com/bursarhq/bursar/money"
)

const (
	enoughRows  = 3 // of one factor before it is believed
	enoughSizes = 2 // that these rows have: a factor of one size shows nothing
)

// common finds one factor between what is billed and what is expected on several rows of
// an account, which is a term that nobody entered: a discount, or a surcharge.
func common(pairs []*pair) {
	type support struct {
		rows  int
		sizes map[money.Amount]bool
	}
	found := map[money.Amount]*support{}
	for _, p := range pairs {
		if f, ok := p.factor(); ok {
			if found[f] == nil {
				found[f] = &support{sizes: map[money.Amount]bool{}}
			}
			found[f].rows++
			found[f].sizes[p.expected] = true
		}
	}
	for _, p := range pairs {
		f, ok := p.factor()
		if s := found[f]; ok && s.rows >= enoughRows && len(s.sizes) >= enoughSizes {
			var sum adder // of what was an amount already
			p.take(ContractTerm, p.rest, &sum)
			p.vendor = false
		}
	}
}

// factor is what billed usage is of the expected one, to four digits.
func (p *pair) factor() (money.Amount, bool) {
	if p.rest.IsZero() || p.expected.Sign() <= 0 || !p.billed().money {
		return money.Amount{}, false
	}
	f, err := money.FromInt(1).MulQuotient(p.billed().usage, p.expected)
	return f.Round(4), err == nil
}

// timing finds days of a SKU whose unknown rests make up for each other: a call that one
// side counts before midnight and the other behind it.
func timing(pairs []*pair, sum *adder) {
	bySKU := map[string][]*pair{}
	for _, p := range pairs {
		if p.level == ByDay && !p.rest.IsZero() {
			bySKU[p.sku] = append(bySKU[p.sku], p)
		}
	}
	line, _ := Tolerances()
	for _, days := range bySKU {
		total, billed, up, down := money.Amount{}, money.Amount{}, false, false
		for _, p := range days {
			total, billed = sum.of(total, p.rest), sum.of(billed, p.billed().usage)
			up, down = up || p.rest.Sign() > 0, down || p.rest.Sign() < 0
		}
		if !up || !down || !line.holds(total, billed) {
			continue
		}
		for _, p := range days {
			p.take(Timing, p.rest, sum)
		}
	}
}

// row gives a pair with its last reasons: what is left is of the currency, the vendor's
// error, or unknown.
func (p *pair) row(g *group, sum *adder) Row {
	m, b, q := &p.metered, p.billed(), p.quantity()
	reason := Unknown
	switch {
	case p.converted && m.tokens() == q.tokens() && near20(p.rest, b.usage):
		reason = FX
	case p.vendor:
		reason = VendorError
	}
	p.take(reason, p.rest, sum)
	variance := sum.of(b.total(sum), m.total(sum).Neg())
	line, _ := Tolerances()
	r := Row{
		Level: p.level, Seller: g.seller, Account: g.account, Day: p.day, SKU: p.sku, Owner: p.owner, Shared: p.shared, Currency: g.currency, Basis: g.basis,
		Metered: m.shown(sum), Reported: p.reported.shown(sum), Invoiced: p.invoiced.shown(sum), Variance: variance, Reasons: inOrder(p.parts, sum),
		Late: p.late && m.there, Passes: line.holds(variance, b.total(sum)), Dispute: reason == VendorError && len(p.parts) > 0, Unpriced: m.unpriced,
		Tokens: m.quantity.PromptTokens() + m.quantity.CompletionTokens(), Billed: q.quantity.PromptTokens() + q.quantity.CompletionTokens(),
	}
	return r
}

// near20 says that an amount is at most a twentieth of another.
func near20(a, b money.Amount) bool {
	times, err := a.Abs().MulInt(20)
	return err == nil && times.Cmp(b.Abs()) <= 0
}

// shown is the money of a side, null when it says none.
func (s *side) shown(sum *adder) money.Null {
	if !s.money {
		return money.Null{}
	}
	return money.Known(s.total(sum))
}

// inOrder sums parts by reason, in the order of the reasons.
func inOrder(parts []Part, sum *adder) []Part {
	found := []Part{}
	for _, r := range Reasons() {
		total := money.Amount{}
		for _, p := range parts {
			if p.Reason == r {
				total = sum.of(total, p.Amount)
			}
		}
		if !total.IsZero() {
			found = append(found, Part{r, total})
		}
	}
	return found
}
