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
	rating pricebook.Rating
}

// New makes an explainer.
func New(p Prices) *Explainer {
	return &Explainer{prices: p, known: map[[2]string][]time.Time{}, clues: clues{}}
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
	found := x.alone(c)
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
	var written []Finding
	try := func(f Finding, changes ...func(*pricebook.Call) bool) bool {
		amount, ok := x.price(c, changes...)
		if !ok || len(changes) > 0 && near(amount, c.List.Amount) {
			return false
		}
		if written == nil && asWritten(amount, c.Reported.Amount) {
			written = append(written, f)
		}
		return near(amount, c.Reported.Amount)
	}
	if asWritten(c.List.Amount, c.Reported.Amount) {
		written = append(written, Finding{Reason: Rounding})
	}
	if f := (Finding{Reason: PriceCorrected}); try(f) {
		return f
	}
	counts, conditions := counted(), x.conditions(c)
	for _, v := range append(counts, conditions...) {
		if f := (Finding{v.reason, v.detail}); try(f, v.change) {
			return f
		}
	}
	for _, v := range counts {
		for _, w := range conditions {
			if f := (Finding{v.reason + "+" + w.reason, w.detail}); try(f, v.change, w.change) {
				return f
			}
		}
	}
	return append(written, Finding{Reason: Unexplained})[0]
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
func asWritten(a, written money.Amount) bool {
	_, fraction, _ := strings.Cut(written.String(), ".")
	gap, err := a.Sub(written)
	percent, errPercent := gap.Abs().MulInt(100)
	return err == nil && errPercent == nil && len(fraction) >= 4 && a.Round(len(fraction)) == written && percent.Cmp(a.Abs()) <= 0
}
