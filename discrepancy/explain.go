package discrepancy

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// CachedTag is the tag of a line that a product answered out of its own cache; any value sets it.
const CachedTag = "response_cache"

// Prices is what an explainer prices with.
type Prices struct {
	Book    *pricebook.Book
	Call    func(*spend.Charge) pricebook.Call   // what the book is asked of a line, as when it was booked
	Changes func(seller, sku string) []time.Time // when prices of a model began, tried as other days; nil for none
}

// Explainer finds reasons by one price book. It is for one goroutine.
type Explainer struct {
	prices Prices
	known  map[[2]string][]time.Time // what Changes gave
	clues  clues
	counts []variation
	rating pricebook.Rating
	call   pricebook.Call    // at hand
	usage  spend.Usage       // of it
	puzzle map[spend.ID]bool // lines that nothing explained when they were learned
}

// New makes an explainer.
func New(p Prices) *Explainer {
	return &Explainer{prices: p, known: map[[2]string][]time.Time{}, clues: clues{}, counts: counted(), puzzle: map[spend.ID]bool{}}
}

// Finding is why the figures of a line differ.
type Finding struct {
	Reason Reason
	Detail string // the day, the tier, the factor or the rate, "" for reasons that have none
}

// Explain says why what was reported of a line is not its list price. A reversal is to be
// asked about as the line that it takes back.
//
// Example: 600 fresh, 400 cached and 200 output tokens of a model at 1.25, 0.125 and 10 per
// million come to 0.0028. A reported 0.00325 is 1,000 × 1.25/10⁶ + 200 × 10/10⁶: no cache
// read rate.
func (x *Explainer) Explain(c *spend.Charge) Finding {
	found := Finding{Reason: Unexplained}
	if !x.puzzle[c.ID] {
		found = x.alone(c)
	}
	if found.Reason != Unexplained {
		return found
	}
	if common, ok := x.clues.common(x.traces(c)); ok {
		return common
	}
	return found
}

// alone is what the line shows by itself.
func (x *Explainer) alone(c *spend.Charge) Finding {
	theirs, ours := c.Reported.Amount, c.List.Amount
	_, cached := c.Scope.Tags[CachedTag]
	switch {
	case cached && c.UsageSource == spend.UsageNone && c.Reported.Valid:
		return Finding{Reason: CachedResponse}
	case !c.Reported.Valid:
		return Finding{Reason: NoFigure}
	case !c.List.Valid && c.UsageSource == spend.UsageUnobserved:
		return Finding{Reason: MissingUsage}
	case !c.List.Valid:
		return Finding{Reason: UnpricedHere}
	case c.ReportedCurrency != c.Currency && !(theirs.IsZero() && ours.IsZero()):
		return Finding{Reason: OtherCurrency}
	case theirs == ours:
		return Finding{Reason: Same}
	case c.UsageSource == spend.UsageNone:
		return Finding{Reason: FailedCall}
	case near(ours, theirs):
		return Finding{Reason: Rounding}
	case theirs.IsZero():
		return Finding{Reason: PricedAtZero}
	}
	return x.varied(c)
}

// varied tries every variation: first alone, then two together; first to the billionth,
// then to the digits of the other figure.
func (x *Explainer) varied(c *spend.Charge) Finding {
	t := trial{x: x, c: c, digits: decimals(c.Reported.Amount)}
	if t.asWritten(c.List.Amount) {
		t.written = &Finding{Reason: Rounding}
	}
	if t.fits(&variation{reason: PriceCorrected, change: func(*pricebook.Call) bool { return true }}, nil) {
		return t.found
	}
	conditions := x.conditions(c)
	for _, list := range [2][]variation{x.counts, conditions} {
		for i := range list {
			if t.fits(&list[i], nil) {
				return t.found
			}
		}
	}
	for i := range x.counts {
		for k := range conditions {
			if t.fits(&x.counts[i], &conditions[k]) {
				return t.found
			}
		}
	}
	if t.written != nil {
		return *t.written
	}
	return Finding{Reason: Unexplained}
}

// trial tries variations on one line.
type trial struct {
	x       *Explainer
	c       *spend.Charge
	digits  int // behind the point of the other figure
	found   Finding
	written *Finding // the first that gives the other figure as it was written, nil for none
}

// fits says that a variation, or two together, give the other figure.
func (t *trial) fits(v, w *variation) bool {
	amount, ok := t.x.price(t.c, v, w)
	if !ok || near(amount, t.c.List.Amount) {
		return false
	}
	exact := near(amount, t.c.Reported.Amount)
	if !exact && (t.written != nil || !t.asWritten(amount)) {
		return false
	}
	f := Finding{v.reason, v.detail}
	if w != nil {
		f = Finding{v.reason + "+" + w.reason, w.detail}
	}
	if !exact {
		t.written = &f
		return false
	}
	t.found = f
	return true
}

// days are those on which other prices of the model began.
func (x *Explainer) days(c *spend.Charge) []time.Time {
	call := x.prices.Call(c)
	x.prices.Book.Rate(&call, &x.rating)
	key := [2]string{x.rating.Seller, x.rating.SKU}
	if days, known := x.known[key]; known || x.prices.Changes == nil {
		return days
	}
	x.known[key] = x.prices.Changes(key[0], key[1])
	return x.known[key]
}

// near says that two amounts are one to the billionth of a unit, which is what binary
// fractions of small amounts keep.
func near(a, b money.Amount) bool {
	gap, err := a.Sub(b)
	return err == nil && gap.Abs().Cmp(money.FromUnits(1000)) <= 0
}

// asWritten says that an amount comes to the digits of another one, which says it to a
// hundredth of itself and has at least four decimals.
func (t *trial) asWritten(a money.Amount) bool {
	written := t.c.Reported.Amount
	gap, err := a.Sub(written)
	percent, errPercent := gap.Abs().MulInt(100)
	return err == nil && errPercent == nil && t.digits >= 4 && a.Round(t.digits) == written && percent.Cmp(a.Abs()) <= 0
}

func decimals(a money.Amount) int {
	_, fraction, _ := strings.Cut(a.String(), ".")
	return len(fraction)
}
