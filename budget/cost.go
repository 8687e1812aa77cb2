package budget

import (
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Cost is what a call may cost, has cost or gives back, in every measure.
type Cost struct {
	List       money.Null // unknown when it has no price
	Contracted money.Null
	Effective  money.Null
	Currency   money.Currency // of the three

	Reporting money.Null     // effective, as the ledger converted it
	In        money.Currency // of Reporting
	Exposure  money.Money    // what stands for an amount that nobody knows

	Tokens int64
	Calls  int64

	Notional bool // a seat covers it
}

// AtMost is the cost of one call whose bound is the same in every measure of
// money, as that of a hold is. An unknown bound has no number.
func AtMost(bound money.Null, in money.Currency, tokens int64) Cost {
	return Cost{List: bound, Contracted: bound, Effective: bound, Currency: in, Tokens: tokens, Calls: 1}
}

// CostOf gives the cost of a ledger line, whose reporting amount and exposure
// are in the currency of the organisation.
func CostOf(c *spend.Charge, reporting money.Currency) Cost {
	return Cost{
		List: c.List, Contracted: c.Contracted, Effective: c.Effective, Currency: c.Currency,
		Reporting: c.Reporting, In: reporting, Exposure: money.Money{Amount: c.Exposure, Currency: reporting},
		Tokens: c.Usage.PromptTokens() + c.Usage.CompletionTokens(), Calls: c.Calls,
		Notional: c.Flags&spend.Notional != 0,
	}
}

// Neg gives the cost of a reversal.
func (c Cost) Neg() Cost {
	c.List, c.Contracted, c.Effective, c.Reporting = c.List.Neg(), c.Contracted.Neg(), c.Effective.Neg(), c.Reporting.Neg()
	c.Exposure.Amount, c.Tokens, c.Calls = c.Exposure.Amount.Neg(), -c.Tokens, -c.Calls
	return c
}

// Convert gives money in another currency by the facts of an instant, unknown
// without one. The same money at the same instant is always converted alike.
type Convert func(m money.Money, to money.Currency, at time.Time) money.Null

// AtPar converts nothing: money of another currency than the budget's is unknown.
func AtPar(m money.Money, to money.Currency, _ time.Time) money.Null {
	if m.Currency != to {
		return money.Null{}
	}
	return money.Known(m.Amount)
}

// in gives a cost as a budget counts it, unknown where there is no price, no
// bound or no rate.
func (c *Cost) in(b *Budget, at time.Time, convert Convert) money.Null {
	switch b.Counts {
	case Tokens:
		return money.Known(money.FromInt(c.Tokens))
	case Calls:
		return money.Known(money.FromInt(c.Calls))
	case Depth:
		return money.Known(money.Amount{})
	}
	amount := c.amount(b.Counts)
	switch {
	case c.Notional && !b.Notional:
		return money.Known(money.Amount{})
	case !amount.Valid && c.Exposure.Amount.IsZero():
		return money.Null{}
	case !amount.Valid:
		return convert(c.Exposure, b.Currency, at)
	case b.Counts == Effective && !c.Notional && c.In == b.Currency && c.Reporting.Valid:
		return c.Reporting
	}
	return convert(money.Money{Amount: amount.Amount, Currency: c.Currency}, b.Currency, at)
}

func (c *Cost) amount(counts Measure) money.Null {
	switch {
	case counts == List, c.Notional:
		return c.List
	case counts == Contracted:
		return c.Contracted
	}
	return c.Effective
}

// plus adds amounts. A sum beyond all amounts stays where it was; limits and
// lines are too small to come there.
func plus(a, b money.Amount) money.Amount {
	if sum, err := a.Add(b); err == nil {
		return sum
	}
	return a
}
