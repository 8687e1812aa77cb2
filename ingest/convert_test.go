package ingest_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// in makes a pipeline that reports in a currency, in a zone.
func in(t *testing.T, ledger *ingesttest.Memory, c ingest.Config) *ingest.Pipeline {
	t.Helper()
	c.Book, c.Ledger, c.Now = ingesttest.Book(t), ledger, ingesttest.Now
	return ingest.New(c)
}

func booked(t *testing.T, p *ingest.Pipeline, ledger *ingesttest.Memory, records ...ingest.Record) (ingest.Result, []spend.Charge) {
	t.Helper()
	result, err := p.Book(t.Context(), records, nil)
	if err = errors.Join(err, p.Settle(t.Context())); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	return result, lines
}

// rate is one of USD, so many days after the day of Now.
func rate(id string, to money.Currency, worth string, after exchange.Day) exchange.Rate {
	return exchange.Rate{ID: id, From: "USD", To: to, Rate: money.Must(worth), Day: exchange.DayOf(ingesttest.Now(), time.UTC) + after}
}

func TestAForeignLineIsConvertedOnItsDay(t *testing.T) {
	t.Parallel()
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	billed := rate("bill", "EUR", "0.5", 0)
	billed.Basis, billed.Seller, billed.Account, billed.Period = exchange.InvoiceRate, "acme", "eu", "2026-11"
	rates := exchange.New([]exchange.Rate{rate("today", "EUR", "0.8", 0), rate("tomorrow", "EUR", "0.9", 1), billed}, time.Time{})
	ofAccount := record("account")
	ofAccount.Event.Account = "eu"
	for _, c := range []struct {
		name            string
		zone            *time.Location
		record          ingest.Record
		fact, reporting string
	}{
		{"by day", time.UTC, record("day"), "today", "1.6"},
		{"by the organisation's day", auckland, record("zone"), "tomorrow", "1.8"},
		{"by invoice", time.UTC, ofAccount, "bill", "1"},
	} {
		ledger := ingesttest.NewMemory()
		result, lines := booked(t, in(t, ledger, ingest.Config{Order: ingest.Order{Reporting: "EUR", Calendar: calendar.Calendar{Zone: c.zone}}, Exchange: rates}), ledger, c.record)
		line := lines[0]
		want := money.Must(c.reporting)
		if line.RateFact != c.fact || line.Reporting != money.Known(want) || result.Cost != want || line.Flags&spend.Unconverted != 0 {
			t.Errorf("%s: %s EUR by %q, flags %s, %s in the result; want %s by %s", c.name, line.Reporting, line.RateFact, line.Flags, result.Cost, want, c.fact)
		}
		if line.Effective != money.Known(money.FromInt(2)) || line.Currency != "USD" {
			t.Errorf("%s: %s %s, want the 2 USD that are billed to stay", c.name, line.Effective, line.Currency)
		}
	}
}

func TestUnconvertedIsNeverZero(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	held := record("held")
	held.Event.RequestedModel = "enormous"
	result, lines := booked(t, in(t, ledger, ingest.Config{Order: ingest.Order{Reporting: "EUR"}}), ledger, record("1"), held)
	for i, unpriced := range []bool{false, true} {
		c := lines[i]
		if c.Reporting.Valid || c.Flags&spend.Unconverted == 0 || c.RateFact != "" || !c.Exposure.IsZero() || (c.PriceState == spend.Unpriced) != unpriced {
			t.Errorf("%s: %s EUR by %q, flags %s, exposure %s, %s", c.SourceKey, c.Reporting, c.RateFact, c.Flags, c.Exposure, c.PriceState)
		}
	}
	if !result.Cost.IsZero() || !result.Exposure.IsZero() {
		t.Errorf("%+v, want nothing counted that nobody can convert", result)
	}
	twice, err := result.Add(result)
	if want := (money.Money{Amount: money.FromInt(4), Currency: "USD"}); err != nil || result.UnconvertedLines != 1 || twice.UnconvertedLines != 2 || !slices.Equal(twice.WithoutRate, []money.Money{want}) || result.WithoutRate[0].Amount != money.FromInt(2) {
		t.Errorf("%v, %d lines of %v, twice %v; want one of 2 USD", err, result.UnconvertedLines, result.WithoutRate, twice.WithoutRate)
	}
}

func TestAHoldStandsInTheReportingCurrency(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	held := record("held")
	held.Event.RequestedModel = "enormous"
	rates := exchange.New([]exchange.Rate{rate("today", "EUR", "0.8", 0)}, time.Time{})
	_, lines := booked(t, in(t, ledger, ingest.Config{Order: ingest.Order{Reporting: "EUR"}, Exchange: rates}), ledger, held)
	if c := lines[0]; c.Exposure != money.Must("1.6") || c.RateFact != "today" || c.Currency != "EUR" || c.Reporting.Valid {
		t.Errorf("exposure %s %s by %q, want 1.6 EUR", c.Exposure, c.Currency, c.RateFact)
	}
}

// TestAConvertedAmountThatNoLineHolds: 20,000 USD are 3 million JPY, more than one line holds.
func TestAConvertedAmountThatNoLineHolds(t *testing.T) {
	t.Parallel()
	rates := exchange.New([]exchange.Rate{rate("today", "JPY", "150", 0)}, time.Time{})
	huge := record("huge")
	huge.Event.Usage.Tokens[spend.InText] = 10_000_000_000
	ledger := ingesttest.NewMemory()
	if result, _ := booked(t, in(t, ledger, ingest.Config{Order: ingest.Order{Reporting: "JPY"}, Exchange: rates}), ledger, huge); result.Quarantined != 1 {
		t.Errorf("%+v, want it in the quarantine", result)
	}
	late := in(t, ledger, ingest.Config{Order: ingest.Order{Reporting: "JPY"}})
	booked(t, late, ledger, huge, record("1"))
	late.UseRates(rates)
	done, err := late.Reconvert(t.Context(), ledger)
	if err != nil || done.Corrections != 1 || done.Left["USD"] != 1 {
		t.Errorf("%+v (%v), want the small line converted and the huge one left", done, err)
	}
}
