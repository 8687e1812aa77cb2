package market

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// The tokens of a model in the basket: three of a prompt for one of an answer.
const (
	basketIn  = 3_000_000
	basketOut = 1_000_000
)

// Basket is a fixed set of sellers' models: all with dated, well founded, public list prices
// of text in and out that hold without conditions. What an organisation pays by a contract or
// has stated itself is in no basket.
type Basket struct {
	Models  []pricebook.Call
	Checked time.Time // the newest check of a price in it

	book *pricebook.Book
}

// NewBasket collects the models of a book.
func NewBasket(book *pricebook.Book) Basket {
	b := Basket{book: book}
	meters := map[[2]string][2]bool{}
	for _, f := range book.Facts() {
		if f.Currency != Currency || f.Confidence == pricebook.Low || f.Valid.From.IsZero() || f.When.Conditions() != "" || f.Layer != pricebook.List || !f.Public() {
			continue
		}
		key, has := [2]string{f.Seller, f.SKU}, meters[[2]string{f.Seller, f.SKU}]
		switch f.Meter {
		case spend.InText:
			has[0] = true
		case spend.OutText:
			has[1] = true
		}
		meters[key] = has
		if f.Source.Checked.After(b.Checked) {
			b.Checked = f.Source.Checked
		}
	}
	for key, has := range meters {
		if has[0] && has[1] {
			b.Models = append(b.Models, inBasket(key[0], key[1]))
		}
	}
	slices.SortFunc(b.Models, func(x, y pricebook.Call) int {
		return strings.Compare(x.Seller+"\x00"+x.Model, y.Seller+"\x00"+y.Model)
	})
	return b
}

func inBasket(seller, model string) pricebook.Call {
	usage := &spend.Usage{}
	usage.Tokens[spend.InText], usage.Tokens[spend.OutText] = basketIn, basketOut
	return pricebook.Call{Seller: seller, Model: model, Usage: usage, Aggregated: true, Public: true}
}

// Index links each month to the one before. Nobody knows what others use, so every model
// has the weight of one dollar: at its earlier price for Laspeyres, at its later one for
// Paasche.
//
// Example: of two models one halves its price and one stays: Laspeyres is (½+1)/2 = 0.75,
// Paasche 2/(2+1) = 0.666667, Fisher 0.707107.
func (b *Basket) Index(months []Month) ([]Point, error) {
	points := make([]Point, len(months))
	var before []money.Null
	for i := range months {
		prices := b.prices(months[i].At)
		points[i].Month = months[i]
		if i == 0 {
			points[i].Level, before = money.Known(money.FromInt(1)), prices
			continue
		}
		var err error
		if points[i].Link, err = b.link([2]time.Time{months[i-1].At, months[i].At}, before, prices); err != nil {
			return nil, err
		}
		before = prices
	}
	return points, chain(points)
}

// Between is the index from one instant to another, of the models with a price at both.
func (b *Basket) Between(then, now time.Time) (variance.Index, error) {
	return b.link([2]time.Time{then, now}, b.prices(then), b.prices(now))
}

// prices are those of the models at an instant, in their order.
func (b *Basket) prices(at time.Time) []money.Null {
	all := make([]money.Null, len(b.Models))
	for i := range b.Models {
		all[i].Amount, all[i].Valid = rated(b.book, b.Models[i], at)
	}
	return all
}

func (b *Basket) link(at [2]time.Time, past, today []money.Null) (variance.Index, error) {
	var d dollars
	for i := range b.Models {
		if !past[i].Valid || !today[i].Valid {
			continue
		}
		if past[i] != today[i] && repointed(b.book, &b.Models[i], at[0], at[1]) {
			continue
		}
		if err := d.add(past[i].Amount, today[i].Amount); err != nil {
			return variance.Index{}, err
		}
	}
	return variance.IndexOf(d.sums, d.models), nil
}

// dollars sums what one dollar's worth of each model costs at two instants.
type dollars struct {
	sums   [2][2]money.Amount // by instant of the worth, then of the price
	models int
}

func (d *dollars) add(past, today money.Amount) error {
	if past.Sign() <= 0 || today.Sign() <= 0 {
		return nil
	}
	d.models++
	one := money.FromInt(1)
	rise, err1 := one.MulQuotient(today, past)
	fall, err2 := one.MulQuotient(past, today)
	return errors.Join(err1, err2, addTo(&d.sums[0][0], one, &d.sums[0][1], rise), addTo(&d.sums[1][0], fall, &d.sums[1][1], one))
}
