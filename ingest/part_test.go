package ingest_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func TestAPartFitsTheReportingCurrency(t *testing.T) {
	t.Parallel()
	rates := exchange.New([]exchange.Rate{rate("today", "JPY", "150", 0), rate("before", "JPY", "100", -30), rate("euro", "EUR", "0.8", 0)}, time.Time{})
	for _, c := range []struct {
		from, to money.Currency
		used     time.Duration
		want     int64
	}{
		{"USD", "JPY", 0, 1_666}, {"USD", "JPY", -30 * 24 * time.Hour, 2_500}, {"USD", "JPY", 300 * 24 * time.Hour, 1_666},
		{"USD", "USD", 0, 250_000}, {"USD", "EUR", 0, 250_000}, {"GBP", "JPY", 0, 250_000}, {"", "JPY", 0, 250_000}, {"JPY", "JPY", 0, 250_000},
	} {
		p := in(t, ingesttest.NewMemory(), ingest.Config{Order: ingest.Order{Reporting: c.to}, Exchange: rates})
		if got := p.Part(&spend.Event{ReportedCurrency: c.from, UsedAt: ingesttest.Now().Add(c.used)}); got != c.want {
			t.Errorf("of %s in %s after %s it is %d, want %d", c.from, c.to, c.used, got, c.want)
		}
	}
}
