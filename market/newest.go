package market

import (
	"errors"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/variance"
)

// Newest is the index of the newest model of each product line at its maker, every line
// with the weight of one dollar. It compares successors, which are not the same thing:
// it says what staying with the newest costs, not what a price did.
//
// Example: a line whose model of 1 is followed by one of 5, beside one that stays, rises
// to 3 by Laspeyres, 1.666667 by Paasche and 2.236068 by Fisher.
func Newest(book *pricebook.Book, months []Month) ([]Point, error) {
	points := make([]Point, len(months))
	steps := book.Lineage()
	var before map[string]money.Amount
	for i := range months {
		prices := newestPrices(book, steps, months[i].At)
		points[i].Month = months[i]
		if i == 0 {
			points[i].Level, before = money.Known(money.FromInt(1)), prices
			continue
		}
		d, err := dollarsOf(before, prices)
		if err != nil {
			return nil, err
		}
		points[i].Link, before = variance.IndexOf(d.sums, d.models), prices
	}
	return points, chain(points)
}

// dollarsOf weighs the lines that have a price on both days.
func dollarsOf(before, prices map[string]money.Amount) (d dollars, err error) {
	for line, today := range prices {
		if past, known := before[line]; known {
			err = errors.Join(err, d.add(past, today))
		}
	}
	return d, err
}

// newestPrices gives what the basket's tokens cost of the newest model of each line that
// its maker has a price of.
func newestPrices(book *pricebook.Book, steps []pricebook.Lineage, at time.Time) map[string]money.Amount {
	prices := map[string]money.Amount{}
	for i := range steps { // the first model of a line first
		if steps[i].Since.After(at) {
			continue
		}
		maker, name, _ := strings.Cut(steps[i].Model, "/")
		if price, known := rated(book, inBasket(maker, name), at); known {
			prices[steps[i].Line] = price
		}
	}
	return prices
}
