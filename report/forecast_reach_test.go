package report_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// told is a forecast of a whole of 5,000 and five parts of 1,000, of which each interval
// reaches as far as 80 % of errors with a deviation of 100 do.
func told(f *report.Foresight) report.Outlook {
	row := func(keys []string, mean, far int64) report.OutlookRow {
		return report.OutlookRow{Keys: keys, Mean: money.FromInt(mean), Bounds: []report.OutlookBounds{
			{Level: 80, Low: money.Known(money.FromInt(mean - far)), High: money.Known(money.FromInt(mean + far))}}}
	}
	o := report.Outlook{Foresight: *f, From: f.Past.To, To: f.Past.To.AddDate(0, 0, 7), Rows: []report.OutlookRow{row(nil, 5000, 287)}}
	for i := range 5 {
		o.Rows = append(o.Rows, row([]string{strconv.Itoa(i)}, 1000, 128))
	}
	return o
}

// came draws what five parts come to.
func came(r *rand.Rand, bias, deviation float64) *spend.Table {
	t := &spend.Table{}
	for i := range 5 {
		amount := money.FromUnits(int64((1000 + bias + deviation*r.NormFloat64()) * 1e12))
		t.Rows = append(t.Rows, spend.Row{Keys: []string{strconv.Itoa(i)}, Values: []money.Null{money.Known(amount)}})
	}
	return t
}

// TestCoverageComesBackAfterAShift: from the 20th week on the errors are half as large again
// and lie to one side, for good. Without learning 80 % hold half of what comes; with it four
// fifths again from the eighth week after that on, of the parts and of the whole.
func TestCoverageComesBackAfterAShift(t *testing.T) {
	t.Parallel()
	const companies, shift, settled, weeks = 60, 20, 28, 60
	f := ahead(t, report.ForecastAsk{By: "team", Horizon: "7d"})
	type share struct{ held, asked float64 }
	var before, parts, wholes, deaf share
	add := func(s *share, held bool) {
		if s.asked++; held {
			s.held++
		}
	}
	for seed := range uint64(companies) {
		r := rand.New(rand.NewPCG(seed, 11))
		var last *report.KeptForecast
		var lastCame *spend.Table
		for week := range weeks {
			o := told(&f)
			if last != nil {
				if err := o.Adapt(last, lastCame, 3); err != nil {
					t.Fatal(err)
				}
			}
			bias, deviation := 0.0, 100.0
			if week >= shift {
				bias, deviation = 60, 150
			}
			kept, table := o.Kept(), came(r, bias, deviation)
			plain := told(&f)
			for i := range o.Rows {
				held := holds(t, &o.Rows[i], table)
				switch {
				case week >= 5 && week < shift:
					add(&before, held)
				case week >= settled && i == 0:
					add(&wholes, held)
				case week >= settled:
					add(&parts, held)
					add(&deaf, holds(t, &plain.Rows[i], table))
				}
			}
			last, lastCame = &kept, table
		}
	}
	for name, s := range map[string]share{"before the shift": before, "parts after it": parts, "wholes after it": wholes} {
		if cover := s.held / s.asked; cover < 0.75 || cover > 0.85 {
			t.Errorf("%s: 80 %% cover %.1f %%", name, 100*cover)
		} else {
			t.Logf("%s: 80 %% cover %.1f %%", name, 100*cover)
		}
	}
	if cover := deaf.held / deaf.asked; cover > 0.65 {
		t.Errorf("without learning 80 %% cover %.1f %%: there was no shift", 100*cover)
	} else {
		t.Logf("without learning: 80 %% cover %.1f %%", 100*cover)
	}
}

func holds(t *testing.T, r *report.OutlookRow, table *spend.Table) bool {
	t.Helper()
	sum := money.Amount{}
	for _, row := range table.Rows {
		if len(r.Keys) == 0 || row.Keys[0] == r.Keys[0] {
			sum = plus(t, sum, row.Values[0].Amount)
		}
	}
	return r.Bounds[0].Low.Amount.Cmp(sum) <= 0 && sum.Cmp(r.Bounds[0].High.Amount) <= 0
}

// TestReachIsSafe: too few judged forecasts change nothing, what is refused stays so, a
// wider level stays wider, nothing falls below zero, and the same is learned again.
func TestReachIsSafe(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{Horizon: "7d"})
	f.Levels = []int{50, 80, 95}
	one := func() report.Outlook {
		known := func(n int64) money.Null { return money.Known(money.FromInt(n)) }
		return report.Outlook{Foresight: f, From: f.Past.To, To: f.Past.To.AddDate(0, 0, 7), Rows: []report.OutlookRow{{Mean: money.FromInt(100), Bounds: []report.OutlookBounds{
			{Level: 50, Low: known(90), High: known(110)}, {Level: 80, Low: known(80), High: known(120)}, {Level: 95, Refused: "too few"}}}}}
	}
	far := &spend.Table{Rows: []spend.Row{{Values: []money.Null{money.Known(money.FromInt(900))}}}}
	var last report.KeptForecast
	for n := range 8 {
		o := one()
		if n > 0 {
			if err := o.Adapt(&last, far, 3); err != nil {
				t.Fatal(err)
			}
			again := one()
			if err := again.Adapt(&last, far, 3); err != nil || !cmp.Equal(again.Kept(), o.Kept()) {
				t.Errorf("after %d: learned otherwise, %v", n, err)
			}
		}
		b := o.Rows[0].Bounds
		if adapted := b[1].Reach.Valid; adapted != (n >= 3) {
			t.Errorf("after %d judged: adapted %t, %+v", n, adapted, b[1])
		}
		if b[2].Refused == "" || b[2].Reach.Valid || b[0].Low.Amount.Cmp(b[1].Low.Amount) < 0 || b[1].Low.Amount.Sign() < 0 || b[1].High.Amount.Cmp(money.FromInt(180)) > 0 {
			t.Errorf("after %d: %+v", n, b)
		}
		last = o.Kept()
	}
}

// TestReach is the worked example.
func TestReach(t *testing.T) {
	t.Parallel()
	missed := forecast.Reach(1, 80, 1)
	back := missed
	for range 4 {
		back = forecast.Reach(back, 80, 0)
	}
	if missed < 1.491 || missed > 1.492 || back < 0.9999 || back > 1.0001 || forecast.Reach(4, 80, 1) != 4 || forecast.Reach(0.4, 80, 0) != 0.4 {
		t.Errorf("a miss gives %g, four hits %g", missed, back)
	}
}
