package market_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/pricebook"
)

// BenchmarkMarketOfThirteenMonths collects the basket of the shipped book and links it.
func BenchmarkMarketOfThirteenMonths(b *testing.B) {
	book, err := pricebook.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	var months []market.Month
	for i := range 13 {
		months = append(months, market.Month{At: time.Date(2025, time.Month(10+i), 1, 0, 0, 0, 0, time.UTC)})
	}
	for b.Loop() {
		basket := market.NewBasket(book)
		if _, err := basket.Index(months); err != nil {
			b.Fatal(err)
		}
	}
}
