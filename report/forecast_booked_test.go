package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// pay books a day of a purchase, 0 being the present one.
func pay(f *report.Foresight, ahead int, amount string, keys ...string) {
	f.Booked = append(f.Booked, spend.Row{Bucket: f.Past.To.AddDate(0, 0, ahead), Keys: keys, Values: []money.Null{money.Known(money.Must(amount))}})
}

// TestWhatIsBookedAheadIsInTheForecast: team a uses 10 a day beside a seat of 4 a day that
// ends in five days, and team c has bought for 500 a day from tomorrow on.
func TestWhatIsBookedAheadIsInTheForecast(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "team", Horizon: "7d"})
	l := ledger{}
	for day := 1; day <= 90; day++ {
		l.add(&f, day, "10", "a")
		l.add(&f, day, "20", "b")
	}
	for i := range 60 { // one row a day and group, as the ledger answers
		l.past.Rows[2*i].Values[0] = money.Known(money.FromInt(14))
		pay(&f, -i-1, "4", "a")
	}
	for day := range 5 {
		pay(&f, day, "4", "a")
	}
	for day := 1; day < 7; day++ {
		pay(&f, day, "500", "c")
	}
	o := l.foresee(t, &f)
	type row struct{ before, mean, booked, days string }
	got := map[string]row{}
	for i := range o.Rows {
		r := &o.Rows[i]
		got[strings.Join(r.Keys, "")] = row{r.Before.String(), r.Mean.String(), r.Booked.String(), r.Days[0].String() + " " + r.Days[6].String()}
		if sum, err := money.Sum(r.Days...); err != nil || sum != r.Mean {
			t.Errorf("days of %v sum to %v, not to %v (%v)", r.Keys, sum, r.Mean, err)
		}
	}
	for name, want := range map[string]row{
		"":  {"238", "3230", "3020", "34 530"},
		"a": {"98", "90", "20", "14 10"},
		"b": {"140", "140", "0", "20 20"},
		"c": {"0", "3000", "3000", "0 500"},
	} {
		if got[name] != want {
			t.Errorf("%q is %v, want %v", name, got[name], want)
		}
	}
	for i := range o.Rows {
		r := &o.Rows[i]
		if b := r.Bounds[0]; r.Sure != (b.Refused != "") || b.Refused == "" && (b.Low.Amount != r.Mean || b.High.Amount != r.Mean || r.Around[0].Low[0] != r.Days[0].Approx()) {
			t.Errorf("%v: around %v stands %+v by day %v", r.Keys, r.Mean, b, r.Around)
		}
	}
	var text bytes.Buffer
	if err := report.ForecastText(&text, &report.ForecastShown{Outlook: &o}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"OF IT BOOKED", "what is booked", "booked ahead: 3,020.00 USD of the total"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing:\n%s", want, &text)
		}
	}
}

// TestWhatIsPaidForIsAskedOfWhatHasDaysAhead: what else was bought goes on by its past, and
// calls are not bought.
func TestWhatIsPaidForIsAskedOfWhatHasDaysAhead(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "team", Where: []string{"environment=production"}, Top: 5})
	var l ledger
	l.add(&f, 1, "10", "a")
	bought, due := f.Bought(&l.fed)
	if want := f.Past.To.AddDate(0, 0, 14); !due || !bought.From.Equal(f.Past.To) || !bought.To.Equal(want) || bought.Grain != spend.Whole || len(bought.Where) != 3 {
		t.Errorf("asked %+v, %v", bought, due)
	}
	paid, due := f.Paid(&spend.Table{Rows: []spend.Row{{Keys: []string{"cursor", "Teams"}}}})
	if !due || !paid.From.Equal(f.Past.From) || paid.Grain != spend.Day || paid.Top != 0 || len(paid.Where) != 5 || paid.Where[4].Values[0] != "Teams" || paid.Validate() != nil {
		t.Errorf("asked %+v, %v", paid, due)
	}
	if _, due := f.Paid(&spend.Table{}); due {
		t.Error("asks what is paid for nothing")
	}
	f = ahead(t, report.ForecastAsk{Measure: "calls"})
	if _, due := f.Bought(&l.fed); due {
		t.Error("asks which calls are bought")
	}
}

// TestDaysOfServiceBeforeTodayAreAheadOfAFeedThatEndedBefore: what is forecast begins where
// the feed ends, ten days ago, and so does what is booked for it.
func TestDaysOfServiceBeforeTodayAreAheadOfAFeedThatEndedBefore(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "team"})
	var l ledger
	for day := 11; day <= 90; day++ {
		l.add(&f, day, "10", "a")
	}
	bought, due := f.Bought(&l.fed)
	if o := l.foresee(t, &f); !due || !bought.From.Equal(o.From) || !bought.From.Equal(f.Past.To.AddDate(0, 0, -10)) {
		t.Errorf("asks from %s on, and forecasts from %s on", bought.From, o.From)
	}
}

// TestWhatIsBookedAheadIsOfTheNewestRate as all that is to come.
func TestWhatIsBookedAheadIsOfTheNewestRate(t *testing.T) {
	t.Parallel()
	f, l, c := steady(t, "0.8")
	pay(&f, 3, "1000", "b")
	o := l.foresee(t, &f)
	if err := c.Foreseen(&o, &l.past); err != nil {
		t.Fatal(err)
	}
	if o.Rows[0].Booked != money.FromInt(800) || o.Rows[0].Mean != money.FromInt(1136) {
		t.Errorf("%v of %v are booked, want 800 of 1136", o.Rows[0].Booked, o.Rows[0].Mean)
	}
	if at := o.From.Add(72 * time.Hour); o.Rows[1].Days[3] != money.FromInt(816) {
		t.Errorf("%v of %s, want 816", o.Rows[1].Days[3], at)
	}
}
