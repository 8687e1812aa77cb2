package budget

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Bound gives the most that a call can cost of which the usage is the most that
// it can use, in the dearest meters that may be billed: a prompt that may be
// written to a cache counts as such. A call without a price is held at the highest
// public rates in force. Where nobody charges for one of its meters, nothing is
// proven and the bound is unknown. The rating is room to work in.
func Bound(book *pricebook.Book, call *pricebook.Call, r *pricebook.Rating) Cost {
	c := Cost{Calls: 1}
	if call.Usage == nil || call.Usage.IsZero() {
		return c
	}
	c.Tokens = call.Usage.PromptTokens() + call.Usage.CompletionTokens()
	book.Rate(call, r)
	if r.State != spend.Unpriced {
		c.List, c.Contracted, c.Effective, c.Currency = money.Known(r.List), money.Known(r.Contracted), money.Known(r.Contracted), r.Currency
		return c
	}
	highest := ceiling(book, call)
	c.List, c.Contracted, c.Effective, c.Currency = highest, highest, highest, pricebook.HoldCurrency
	return c
}

// ceiling sums the highest rates of the meters. Nearly nobody takes a fee for a
// request as such, so that one without a rate is none.
func ceiling(book *pricebook.Book, call *pricebook.Call) money.Null {
	sum := money.Known(money.Amount{})
	call.Usage.Each(func(m spend.Meter, q spend.Quantity) {
		rate, per, _ := book.Ceiling(call.Seller, m, call.At)
		if per == 0 {
			sum.Valid = sum.Valid && m == spend.Request
			return
		}
		amount, err := rate.Mul(q, per)
		if err == nil {
			amount, err = sum.Amount.Add(amount)
		}
		sum.Amount, sum.Valid = amount, sum.Valid && err == nil
	})
	if !sum.Valid {
		return money.Null{}
	}
	return sum
}
