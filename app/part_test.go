package app_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// TestAmountsFitTheReportingCurrency books dollars that come to millions of won: a day of a
// purchase, of a bill and of a vendor's costs takes as many lines as hold it.
func TestAmountsFitTheReportingCurrency(t *testing.T) {
	t.Parallel()
	s, err := app.OpenServer(t.Context(), app.Config{Data: t.TempDir(), Create: true, Reporting: "KRW", Now: noon}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	rate := exchange.Rate{From: "USD", To: "KRW", Rate: money.Must("1400"), Day: exchange.DayOf(noon(), time.UTC) - 1, Basis: exchange.DayRate, Source: "ecb"}
	if _, err := s.AddRates(t.Context(), auth.Local(), []exchange.Rate{rate}); err != nil {
		t.Fatal(err)
	}
	day := purchase.Date(2026, time.November, 19)
	commitment := purchase.Purchase{ID: "c", Vendor: "acme", Product: "x", Kind: purchase.Subscription, Amount: money.FromInt(3000), Currency: "USD", From: day, Through: day}
	bought(t, s, everybody(), []purchase.Purchase{commitment})
	tell(t, s, "focus", "BilledCost,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ServiceName,ServiceProviderName\n"+
		"3000,USD,2026-11-01T00:00:00Z,Usage,2026-11-19T09:00:00Z,API,ModelCo\n")
	tell(t, s, "openai", "start_time,end_time,amount_value,amount_currency,line_item,project_id\n1795046400,1795132800,3000,usd,other,p\n")
	for _, book := range []spend.Book{spend.Metered, spend.Invoiced, spend.Reported} {
		table, err := s.Answer(t.Context(), &spend.Query{Book: book, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost}})
		if err != nil || table.Totals.UnconvertedLines != 0 || table.Totals.Cost != money.FromInt(4_200_000) {
			t.Errorf("%s: %+v, %v; want 4,200,000 KRW", book, table, err)
		}
	}
	commitment.Amount = money.FromInt(1_000_000_000)
	result := bought(t, s, everybody(), []purchase.Purchase{commitment})
	if result.Quarantined != 1 || result.Booked != 0 {
		t.Errorf("%+v, want what takes too many lines rejected", result)
	}
}
