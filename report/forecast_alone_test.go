package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// TestWhatIsBookedAheadIsToldAloneWithoutAPast: team c has bought for 500 a day from
// tomorrow on. What was used before is too little to say anything of it.
func TestWhatIsBookedAheadIsToldAloneWithoutAPast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin func(l *ledger, f *report.Foresight)
		why   string
	}{
		"an empty ledger": {func(*ledger, *report.Foresight) {}, "the ledger knows nothing of the days before today"},
		"a new scope": {func(l *ledger, f *report.Foresight) {
			for day := 1; day <= 90; day++ {
				l.add(f, day, "10", "a")
			}
			l.past.Rows = nil
		}, "nothing that the question is about was booked before today"},
		"a young scope": {func(l *ledger, f *report.Foresight) {
			for day := 1; day <= 10; day++ {
				l.add(f, day, "10", "a")
			}
		}, "10 days of history are fewer than 28, and nothing is like it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, l := ahead(t, report.ForecastAsk{By: "team", Horizon: "7d"}), ledger{}
			c.begin(&l, &f)
			if _, err := report.Foresee(&f, &l.past, &l.fed, 28); spend.KindOf(err) != spend.KindNotFound || !strings.Contains(err.Error(), c.why) {
				t.Errorf("without anything ahead it is %v", err)
			}
			for day := 1; day < 7; day++ {
				pay(&f, day, "500", "c")
			}
			o := l.foresee(t, &f)
			if len(o.Rows) < 2 || o.Alone == "" || !o.From.Equal(f.Past.To) {
				t.Fatalf("from %s on %q: %+v", o.From, o.Alone, o.Rows)
			}
			booked := map[string]int64{"": 3000, "c": 3000} // and nothing of a
			for _, r := range o.Rows {
				b, want := r.Bounds[0], money.FromInt(booked[strings.Join(r.Keys, "")])
				if r.Mean != want || r.Booked != want || !r.Sure || b.Low.Valid || b.Refused != "not enough evidence yet: "+c.why+"; only what is booked ahead is told" {
					t.Errorf("%v: %+v", r.Keys, r)
				}
			}
			var text bytes.Buffer
			if err := report.ForecastText(&text, &report.ForecastShown{Outlook: &o}); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"booked ahead from 2026-11-20 to 2026-11-26; nothing of these days is forecast", "what is booked", "): not enough evidence yet"} {
				if !strings.Contains(text.String(), want) {
					t.Errorf("%q is missing:\n%s", want, &text)
				}
			}
		})
	}
}
