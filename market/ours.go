package market

import (
	"errors"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/variance"
)

// Ours is the index of what was used: each month is linked to the last one before it
// that had usage. used holds the usage of each month, summed by seller and model.
//
//	Laspeyres = the earlier month's usage at later prices / at earlier prices
//	Paasche   = the later month's usage at later prices / at earlier prices
//	Fisher    = √(Laspeyres · Paasche)
//
// Example: 1 million tokens each of a model that fell from 2 to 1 and of one that stays
// at 1, then 3 million and 1: Laspeyres 2/3, Paasche 4/7.
func Ours(book *pricebook.Book, months []Month, used [][]pricebook.Call) ([]Point, error) {
	points := make([]Point, len(months))
	last := -1
	for i := range months {
		points[i].Month = months[i]
		switch {
		case len(used[i]) == 0:
		case last < 0:
			last, points[i].Level = i, money.Known(money.FromInt(1))
		default:
			link, err := linked(book, [2]Month{months[last], months[i]}, [2][]pricebook.Call{used[last], used[i]})
			if err != nil {
				return nil, err
			}
			if points[i].Link = link; link.Fisher.Valid {
				last = i
			}
		}
	}
	return points, chain(points)
}

// linked is the index between two months of what has a price at the end of both.
func linked(book *pricebook.Book, months [2]Month, used [2][]pricebook.Call) (variance.Index, error) {
	var sums [2][2]money.Amount // by month of the usage, then of the price
	models := 0
	for t := range used {
		for i := range used[t] {
			call, like := settled(book, used[t][i], months[0].At, months[1].At)
			then, priced := rated(book, call, months[0].At)
			now, still := rated(book, call, months[1].At)
			if !like || !priced || !still {
				continue
			}
			if t == 1 {
				models++
			}
			if err := addTo(&sums[t][0], then, &sums[t][1], now); err != nil {
				return variance.Index{}, err
			}
		}
	}
	return variance.IndexOf(sums, models), nil
}

func addTo(a *money.Amount, x money.Amount, b *money.Amount, y money.Amount) error {
	var errs [2]error
	*a, errs[0] = a.Add(x)
	*b, errs[1] = b.Add(y)
	return errors.Join(errs[:]...)
}

// Repriced is what usage costs by the list now, and would have cost then.
type Repriced struct {
	Now, Then money.Amount // of what has a price at both instants
	Models    int          // sellers' models in them
	Beyond    money.Amount // what it costs now of models that had no price then, or whose name moved
	Beside    int          // models in that
	Unpriced  int          // models without a price now; in neither
}

// Reprice rates usage at the list prices in force at two instants.
func Reprice(book *pricebook.Book, used []pricebook.Call, then, now time.Time) (r Repriced, err error) {
	for i := range used {
		call, like := settled(book, used[i], then, now)
		today, priced := rated(book, call, now)
		past, known := rated(book, call, then)
		switch {
		case !priced:
			r.Unpriced++
		case known && like:
			r.Models++
			err = addTo(&r.Now, today, &r.Then, past)
		default:
			r.Beside++
			r.Beyond, err = r.Beyond.Add(today)
		}
		if err != nil {
			return r, err
		}
	}
	return r, nil
}
