package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// steady spends 10 a day by team a and 20 by team b for ninety days, and has rates of the
// last days as they are given, the newest first.
func steady(t *testing.T, rates ...string) (report.Foresight, ledger, *report.Currency) {
	t.Helper()
	f := ahead(t, report.ForecastAsk{By: "team"})
	l := ledger{}
	for day := 1; day <= 90; day++ {
		l.add(&f, day, "10", "a")
		l.add(&f, day, "20", "b")
	}
	var facts []exchange.Rate
	for ago, rate := range rates {
		day := exchange.DayOf(f.Past.To.AddDate(0, 0, -ago), time.UTC)
		facts = append(facts, exchange.Rate{ID: rate, From: "USD", To: "CHF", Rate: money.Must(rate), Day: day, Basis: exchange.DayRate, Source: "x"})
	}
	return f, l, &report.Currency{To: "CHF", Rates: exchange.New(facts, time.Time{}), Now: f.Past.To.Add(12 * time.Hour)}
}

func TestDaysToComeAreOfTheNewestRate(t *testing.T) {
	t.Parallel()
	rates := make([]string, 20)
	for i := range rates {
		rates[i] = "0.9"
	}
	rates[0] = "0.8"
	f, l, c := steady(t, rates...)
	o := l.foresee(t, &f)
	was := o.Rows[0].Mean
	if err := c.Foreseen(&o, &l.past); err != nil {
		t.Fatal(err)
	}
	whole := &o.Rows[0]
	if o.Currency != "CHF" || o.Ahead == nil || o.Ahead.Rate.String() != "0.8" || o.Ahead.Day.String() != "2026-11-20" {
		t.Errorf("told in %s by %+v, want CHF by 0.8 of the present day", o.Currency, o.Ahead)
	}
	if want, _ := was.MulRatio(4, 5); whole.Before != money.FromInt(378) || whole.Mean != want.Round(6) {
		t.Errorf("%v before and %v to come, want 14 days of 30 at 0.9 and %v", whole.Before, whole.Mean, want)
	}
	before, mean := money.Amount{}, money.Amount{}
	for _, r := range o.Rows[1:] {
		before, mean = plus(t, before, r.Before), plus(t, mean, r.Mean)
		var days money.Amount
		for _, day := range r.Days {
			days = plus(t, days, day)
		}
		if days != r.Mean {
			t.Errorf("days of %v sum to %v, not to %v", r.Keys, days, r.Mean)
		}
	}
	if before != whole.Before || mean != whole.Mean {
		t.Errorf("parts are %v and %v, the whole is %v and %v", before, mean, whole.Before, whole.Mean)
	}
	for _, b := range whole.Bounds {
		if b.Refused == "" && (b.Low.Amount.Cmp(whole.Mean) > 0 || b.High.Amount.Cmp(whole.Mean) < 0) {
			t.Errorf("%+v does not hold %v", b, whole.Mean)
		}
	}
	var text strings.Builder
	if err := report.ForecastText(&text, &report.ForecastShown{Outlook: &o}); err != nil || !strings.Contains(text.String(), "by the rate of 2026-11-20, 1 USD for 0.800000, as if it held") {
		t.Errorf("the text does not name its assumption (%v):\n%s", err, text.String())
	}
}

func TestDaysBeforeWithoutRateAreNotZero(t *testing.T) {
	t.Parallel()
	f, l, c := steady(t, "0.8")
	o := l.foresee(t, &f)
	if err := c.Foreseen(&o, &l.past); err != nil {
		t.Fatal(err)
	}
	if !o.Rows[0].Unrated || !o.Rows[1].Unrated || o.Totals.UnconvertedLines < 14 {
		t.Errorf("%+v with %d lines beside, want days before that are not known", o.Rows[0], o.Totals.UnconvertedLines)
	}
	var csv strings.Builder
	if err := report.ForecastCSV(&csv, &report.ForecastShown{Outlook: &o}); err != nil || !strings.Contains(csv.String(), "2026-12-04T00:00:00Z,,") {
		t.Errorf("an empty cell is not known (%v):\n%s", err, csv.String())
	}
	f, l, c = steady(t)
	o = l.foresee(t, &f)
	if err := c.Foreseen(&o, &l.past); spend.KindOf(err) != spend.KindInvalid || o.Currency != "USD" {
		t.Errorf("without any rate: %v in %s, want it refused", err, o.Currency)
	}
}
