package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
)

func TestIndexIsToldByOneRate(t *testing.T) {
	t.Parallel()
	index := func() report.PriceIndex {
		months := []market.Point{{Month: market.Month{Name: "2026-09", At: start().AddDate(0, -1, 0)}}, {Month: market.Month{Name: "2026-10", At: start()}}}
		return report.PriceIndex{Currency: "USD", Market: months, Repriced: market.Repriced{Now: money.FromInt(90), Then: money.FromInt(100), Models: 2}}
	}
	day := exchange.DayOf(start(), time.UTC)
	rates := exchange.New([]exchange.Rate{{ID: "r", From: "USD", To: "CHF", Rate: money.Must("0.8"), Day: day, Basis: exchange.DayRate, Source: "x"}}, time.Time{})
	x := index()
	francs := report.Currency{To: "CHF", Rates: rates}
	if err := francs.Index(&x, time.UTC); err != nil {
		t.Fatal(err)
	}
	if x.Currency != "CHF" || x.Repriced.Now != money.FromInt(72) || x.Repriced.Then != money.FromInt(80) || x.Rate.Rate.String() != "0.8" {
		t.Errorf("%+v by %+v, want 72 instead of 80 CHF", x.Repriced, x.Rate)
	}
	if text := x.Sentence(); !strings.Contains(text, "80.00 CHF instead of 72.00. Both are converted by the rate of 2026-11-01, 1 USD for 0.800000 CHF.") {
		t.Error(text)
	}
	x = index()
	pounds := report.Currency{To: "GBP", Rates: rates}
	if err := pounds.Index(&x, time.UTC); err != nil || x.Currency != "USD" || x.Rate != nil || x.Repriced.Now != money.FromInt(90) {
		t.Errorf("without a rate: %+v (%v), want it as it was", x, err)
	}
	if text := x.Sentence(); !strings.Contains(text, "No exchange rate near 2026-11-01 says what that is in GBP.") {
		t.Error(text)
	}
}
