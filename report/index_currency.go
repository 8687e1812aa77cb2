package report

import (
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
)

// Index puts what an index says in money into the other currency, by the exchange rate of
// the instant whose prices count last: one for both months, so that what differs between
// them is prices alone. Without a rate of those days it stays in the currency of the
// prices, and says so. Levels have no currency.
//
// Example: usage that costs 90 USD now and would have cost 100 at the prices of the first
// month is 72 CHF instead of 80 at 0.8.
func (c *Currency) Index(x *PriceIndex, zone *time.Location) error {
	at := x.Market[len(x.Market)-1].Month.At
	quote, found := c.Rates.On(exchange.Want{From: x.Currency, To: c.To, Day: exchange.DayOf(at, zone)})
	if !found {
		x.Unrated = c.To
		return nil
	}
	rate := &OneRate{From: x.Currency, To: c.To, Day: quote.Day}
	r := &x.Repriced
	for _, part := range []struct{ into, of *money.Amount }{{&rate.Rate, one()}, {&r.Now, &r.Now}, {&r.Then, &r.Then}, {&r.Beyond, &r.Beyond}} {
		converted, err := quote.Convert(*part.of)
		if err != nil {
			return err
		}
		*part.into = converted
	}
	x.Currency, x.Rate = c.To, rate
	return nil
}

func one() *money.Amount { a := money.FromInt(1); return &a }
