package exchange_test

import (
	"fmt"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
)

// The worked example of the package comment: two rates of Friday convert a call
// of Sunday.
func Example() {
	friday, _ := exchange.ParseDay("2026-11-20")
	rates := exchange.New([]exchange.Rate{
		{ID: "a", From: "EUR", To: "USD", Rate: money.Must("1.0813"), Day: friday, Basis: exchange.DayRate, Source: "ecb"},
		{ID: "b", From: "EUR", To: "CHF", Rate: money.Must("0.9342"), Day: friday, Basis: exchange.DayRate, Source: "ecb"},
	}, time.Time{})
	quote, found := rates.On(exchange.Want{From: "USD", To: "CHF", Day: friday + 2})
	fmt.Println(quote.Fact, quote.Day, found)
	fmt.Println(quote.Convert(money.Must("0.0213")))
	_, found = rates.On(exchange.Want{From: "USD", To: "GBP", Day: friday + 2})
	fmt.Println(found)
	// Output:
	// cross:b/a 2026-11-20 true
	// 0.018402349024 <nil>
	// false
}
