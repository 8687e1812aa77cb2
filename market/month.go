package market

import (
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// Currency is that of all prices that are compared; nearly all of the book are in it.
const Currency = money.Currency("USD")

// Month is one step of an index.
type Month struct {
	Name string    // "2026-10"
	At   time.Time // the instant whose prices count: its last, or now
}

// Point is an index in a month.
type Point struct {
	Month Month
	Link  variance.Index // to the last month before it with a level; not known in the first
	Level money.Null     // chained by Fisher links: 1 in the first month, null where there is no link
}

// chain multiplies the links of points onto the level of the first point that has one.
//
// Example: links of 0.9 and 1.1 give levels of 1, 0.9 and 0.99.
func chain(points []Point) (err error) {
	level := money.FromInt(1)
	for i := range points {
		if link := points[i].Link.Fisher; link.Valid {
			if level, err = level.Mul(link.Amount, 1); err != nil {
				return err
			}
			points[i].Level = money.Known(level)
		}
	}
	return nil
}

// rated is what usage cost by the list at an instant, false without a price of it.
func rated(book *pricebook.Book, call pricebook.Call, at time.Time) (money.Amount, bool) {
	var out pricebook.Rating
	call.At = at
	book.Rate(&call, &out)
	return out.List, out.State != spend.Unpriced && out.Currency == Currency
}

// settled names what a call stood for at an instant by the seller's own id, which no
// alias moves; false for a name that went over to another model since an earlier one.
func settled(book *pricebook.Book, call pricebook.Call, then, now time.Time) (pricebook.Call, bool) {
	m := book.Match(call.Seller, call.Model, now)
	if m.SKU == "" {
		return call, false
	}
	call.Model = m.SKU
	if m.Region != "" {
		call.Region = m.Region
	}
	return call, !repointed(book, &call, then, now)
}

// repointed says that a seller's own id went over to another model between two instants.
func repointed(book *pricebook.Book, call *pricebook.Call, then, now time.Time) bool {
	earlier := pricebook.Span{From: then, To: then.Add(time.Microsecond)}
	return book.Moved(call.Seller, call.Model, earlier, pricebook.Span{From: then, To: now}) == pricebook.Repointed
}
