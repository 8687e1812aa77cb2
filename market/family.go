package market

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
)

// Family is how the list prices of one product line moved: those of what was used of it,
// and those of the models of the market basket that are of it.
type Family struct {
	Line   string // "anthropic/claude-sonnet"
	Ours   []Point
	Market []Point
	Models int          // of the basket
	Cost   money.Amount // of the last month's usage of it, at that month's list prices
}

// Families parts the index of what was used, and the basket, by the product lines that were
// used in any month, the costliest of the last month first. Each is weighed as the whole is,
// so a family that nobody else sells has the level of its maker alone.
//
// Example: the one model of a line halves its price in February, that of another stays: the
// first is at 0.5 from then on, ours and the market's, and the second at 1.
func (b *Basket) Families(months []Month, used [][]pricebook.Call) ([]Family, error) {
	last := &months[len(months)-1]
	ours, baskets := map[string][][]pricebook.Call{}, map[string]*Basket{}
	for t := range used {
		for _, call := range used[t] {
			line := b.lineOf(call, &months[t])
			if ours[line] == nil {
				ours[line], baskets[line] = make([][]pricebook.Call, len(used)), &Basket{book: b.book, Checked: b.Checked}
			}
			ours[line][t] = append(ours[line][t], call)
		}
	}
	for i := range b.Models {
		if basket := baskets[b.lineOf(b.Models[i], last)]; basket != nil {
			basket.Models = append(basket.Models, b.Models[i])
		}
	}
	families := make([]Family, 0, len(ours))
	delete(ours, "")
	for line, calls := range ours {
		f := Family{Line: line, Models: len(baskets[line].Models)}
		var err error
		if f.Ours, err = Ours(b.book, months, calls); err != nil {
			return nil, err
		}
		if f.Market, err = baskets[line].Index(months); err != nil {
			return nil, err
		}
		if f.Cost, err = b.costs(calls[len(calls)-1], last); err != nil {
			return nil, err
		}
		families = append(families, f)
	}
	slices.SortFunc(families, func(x, y Family) int { return cmp.Or(y.Cost.Cmp(x.Cost), cmp.Compare(x.Line, y.Line)) })
	return families, nil
}

// lineOf is the product line of what a call names at its seller by the end of a month, "" of
// what the book does not know.
func (b *Basket) lineOf(call pricebook.Call, month *Month) string {
	var out pricebook.Rating
	call.At = month.At
	if b.book.Rate(&call, &out); out.Model == "" {
		return ""
	}
	return b.book.Line(out.Canonical.Developer, out.Canonical.Family, out.Model)
}

// costs sums the usage of a month at its list prices, as far as it has any.
func (b *Basket) costs(used []pricebook.Call, month *Month) (sum money.Amount, err error) {
	for i := range used {
		if cost, priced := rated(b.book, used[i], month.At); priced {
			if sum, err = sum.Add(cost); err != nil {
				return sum, err
			}
		}
	}
	return sum, nil
}
