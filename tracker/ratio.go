package tracker

import (
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// series gives the dated base prices that a token price moves with: those of
// fresh input or of output, in order of time.
func (c *compiler) series(f pricebook.Fact) []pricebook.Fact {
	if !tokenMeter(f.Meter) {
		return nil
	}
	root := spend.OutText
	if f.Meter.Prompt() {
		root = spend.InText
	}
	for _, when := range []pricebook.When{{}, {Regions: []string{"global"}}} {
		if s := c.owned[cell{f.Seller, f.SKU, root, plainConditions(when)}]; s != nil {
			s = slices.Clone(s)
			slices.SortStableFunc(s, func(a, b pricebook.Fact) int { return a.Valid.From.Compare(b.Valid.From) })
			return s
		}
	}
	return nil
}

// seenBeside finds the base price that a book's fact belongs to: the latest
// before its snapshot that the book itself carries, else the one in force then;
// -1 when there is none.
func (c *compiler) seenBeside(b Book, series []pricebook.Fact) int {
	seen := -1
	carries := c.carries(b, series)
	for i, base := range series {
		if base.Valid.From.After(OriginOf(b).Snapshot) {
			break
		}
		if said, _ := c.said(b, cellOf(base)); !carries || said == base.Price {
			seen = i
		}
	}
	return seen
}

// said gives a book's own price of a cell.
func (c *compiler) said(b Book, key cell) (money.Amount, bool) {
	for _, o := range c.cells[key] {
		if o.book == b {
			return o.now().Price, true
		}
	}
	return money.Amount{}, false
}

// carries says that the book's own base price is one of the series.
func (c *compiler) carries(b Book, series []pricebook.Fact) bool {
	if len(series) == 0 {
		return false
	}
	said, ok := c.said(b, cellOf(series[0]))
	return ok && slices.ContainsFunc(series, func(f pricebook.Fact) bool { return f.Price == said })
}

// keepRatio gives the price that keeps a fact's ratio to its base price.
func keepRatio(f, base, later pricebook.Fact) (pricebook.Fact, bool) {
	num, ok1 := f.Price.Units()
	den, ok2 := base.Price.Units()
	if !ok1 || !ok2 || den <= 0 {
		return f, false
	}
	price, err := later.Price.MulRatio(num, den)
	if err != nil {
		return f, false
	}
	f.Price, f.Valid, f.When.Window = price, within(later.Valid, limits(f)), later.When.Window
	f.PromoUntilAtLeast = later.PromoUntilAtLeast
	f.Basis, f.Confidence, f.Note = pricebook.Derived, pricebook.Low, "keeps its ratio to the base price "+later.Price.String()
	return f, true
}
