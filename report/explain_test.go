package report_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// thirds is a bill of three slices whose cents do not add up by themselves.
func thirds() *report.Explanation {
	e := &report.Explanation{By: []spend.Dimension{"team"}, After: spend.Table{Currency: "USD"}}
	e.Bill.Total = variance.Slice{Before: money.Must("10"), After: money.Must("20.01"), Effects: make([]money.Amount, len(variance.Drivers()))}
	for i, team := range []string{"=claims", "sales", ""} {
		s := variance.Slice{Keys: []string{team}, Before: money.Must("3.333333333333"), After: money.Must("6.67"), Effects: make([]money.Amount, len(variance.Drivers()))}
		if i == 0 {
			s.Before = money.Must("3.333333333334")
		}
		change, _ := s.Change()
		s.Effects[0], _ = change.Add(money.Must("0.125"))
		s.Effects[slices.Index(variance.Drivers(), variance.ListPrice)] = money.Must("-0.125")
		e.Bill.Slices = append(e.Bill.Slices, s)
	}
	return e
}

func TestShownCentsOfAnExplanationAddUp(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.ExplainText(&out, thirds()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	want := []string{
		"Spend rose by 10.01 USD, from 10.00 to 20.01: 10.39 more by volume, 0.38 less by price.", "",
		"  TEAM     BEFORE USD  AFTER  CHANGE  VOLUME   MIX  PRICE  PURCHASES",
		"  =claims        3.34   6.67    3.33    3.46  0.00  -0.13       0.00",
		"  sales          3.33   6.67    3.34    3.47  0.00  -0.13       0.00",
		"  (none)         3.33   6.67    3.34    3.46  0.00  -0.12       0.00",
		"  TOTAL         10.00  20.01   10.01   10.39  0.00  -0.38       0.00",
	}
	if diff := cmp.Diff(want, lines[:len(want)]); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	out.Reset()
	if err := report.ExplainCSV(&out, thirds()); err != nil || !strings.Contains(out.String(), "\n,'=claims,3.333333333334,6.67,3.336666666666,") {
		t.Errorf("%v:\n%s", err, &out)
	}
}

// TestNoRowOfAnExplanationTakesACentOfItsNeighbours: every figure but those of the dearest
// row is its own, rounded up or down, and one that needs no rounding is as it is.
func TestNoRowOfAnExplanationTakesACentOfItsNeighbours(t *testing.T) {
	t.Parallel()
	e := &report.Explanation{By: []spend.Dimension{"team"}, After: spend.Table{Currency: "USD"}}
	drivers := len(variance.Drivers())
	e.Bill.Total.Effects = make([]money.Amount, drivers)
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		s := variance.Slice{Keys: []string{fmt.Sprint("t", i)}, Before: money.FromUnits(dice.Int64N(9e12)), Effects: make([]money.Amount, drivers)}
		s.After = s.Before
		if i%4 == 0 {
			s.Before, s.After = money.Must("2.5"), money.Must("2.5") // nothing to round
		} else {
			for j := range s.Effects {
				s.Effects[j] = money.FromUnits(dice.Int64N(4e11))
				s.After, _ = s.After.Add(s.Effects[j])
			}
		}
		if i == 1 {
			s.Before, _ = s.Before.Add(money.FromInt(1000))
			s.After, _ = s.After.Add(money.FromInt(1000))
		}
		e.Bill.Slices = append(e.Bill.Slices, s)
		if err := e.Bill.Total.Add(&s); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := report.ExplainText(&out, e); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")[3:]
	columns := make([]money.Amount, 7)
	for i := range e.Bill.Slices {
		s := &e.Bill.Slices[i]
		change, _ := s.After.Sub(s.Before)
		own := []money.Amount{s.Before, s.After, change}
		for _, h := range variance.Headlines() {
			a, _ := s.Headline(h)
			own = append(own, a)
		}
		for j, text := range strings.Fields(lines[i])[1:] {
			told := money.Must(strings.ReplaceAll(text, ",", ""))
			columns[j], _ = columns[j].Add(told)
			off, _ := told.Sub(own[j])
			most := money.Must("0.01")
			if j == 2 {
				most = money.Must("0.02") // the change is of both costs as they are shown
			}
			if i != 1 && (off.Abs().Cmp(most) >= 0 || i%4 == 0 && !off.IsZero()) {
				t.Errorf("%s shows %s for %s", s.Keys[0], text, own[j])
			}
		}
	}
	for j, text := range strings.Fields(lines[len(e.Bill.Slices)])[1:] {
		if total := money.Must(strings.ReplaceAll(text, ",", "")); total != columns[j] {
			t.Errorf("column %d sums to %s, and its total is %s", j, columns[j], total)
		}
	}
}

func TestPeriodsOfAnExplanation(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	before, after, err := report.ExplainAsk{From: "2026-09", To: "2026-10-01..2026-10-08", Book: "metered", Zone: "Europe/Berlin"}.Base(now)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{before.From.Format(time.RFC3339), before.To.Format(time.RFC3339), after.From.Format(time.RFC3339), after.To.Format(time.RFC3339)}
	want := []string{"2026-09-01T00:00:00+02:00", "2026-10-01T00:00:00+02:00", "2026-10-01T00:00:00+02:00", "2026-10-08T00:00:00+02:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("periods (-want +got):\n%s", diff)
	}
	for _, bad := range []report.ExplainAsk{
		{From: "", To: "2026-10"}, {From: "2026-13", To: "2026-10"}, {From: "2026-10-02..2026-10-01", To: "2026-10"}, {From: "2026-09", To: "2026-10", By: "tema"},
	} {
		bad.Book = "metered"
		if _, _, err := bad.Base(now); spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" && bad.By == "" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// TestCreditsAreUnfolded pays 1,000 tokens with 10 credits of 0.01, and then with 20: the
// price rose, not the volume. Credits without tokens are counted as they are.
func TestCreditsAreUnfolded(t *testing.T) {
	t.Parallel()
	table := func(credits, tokens int64) *spend.Table {
		q := report.Detailed(spend.Query{Measures: []spend.Measure{spend.Cost}}, &report.Heads{})
		cost, _ := money.Must("0.01").MulInt(credits)
		row := spend.Row{Keys: make([]string, len(q.By)), Values: make([]money.Null, len(q.Measures))}
		for i, m := range q.Measures {
			row.Values[i] = money.Known(money.Amount{})
			switch m {
			case spend.Calls:
				row.Values[i] = money.Known(money.FromInt(1))
			case spend.Cost, spend.ListCost, spend.Contracted, "cost_other":
				row.Values[i] = money.Known(cost)
			case spend.Measure(spend.Credit.String()):
				row.Values[i] = money.Known(money.FromInt(credits))
			case spend.Measure(spend.InText.String()):
				row.Values[i] = money.Known(money.FromInt(tokens))
			}
		}
		row.Keys[slices.Index(q.By, "category")] = string(spend.CategoryUsage)
		return &spend.Table{Query: q, Currency: "USD", Rows: []spend.Row{row}}
	}
	for name, c := range map[string]struct {
		tokens int64
		driver string
	}{"with tokens": {1_000, variance.ListPrice}, "without": {0, variance.Meters}} {
		e, err := report.Explain(nil, nil, [2]spend.Table{*table(10, c.tokens), *table(20, c.tokens)}, report.Heads{})
		if err != nil {
			t.Fatal(err)
		}
		for j, driver := range variance.Drivers() {
			want := money.Amount{}
			if driver == c.driver {
				want = money.Must("0.1")
			}
			if got := e.Bill.Total.Effects[j]; got != want {
				t.Errorf("%s: %s is %v, want %v", name, driver, got, want)
			}
		}
	}
}

// TestExchangeRatesAreSettlement uses the same in both periods: a rate that moves is all of
// the change, and it is settlement; a rate that stays multiplies every effect.
func TestExchangeRatesAreSettlement(t *testing.T) {
	t.Parallel()
	effects := func(before, after [2]string) map[string]string {
		var tables [2]spend.Table
		for i, p := range [2][2]string{before, after} {
			q := report.Detailed(spend.Query{Measures: []spend.Measure{spend.Cost}}, &report.Heads{})
			row := spend.Row{Keys: make([]string, len(q.By)), Values: make([]money.Null, len(q.Measures))}
			for k, m := range q.Measures {
				row.Values[k] = money.Known(money.Amount{})
				switch m {
				case spend.Calls, spend.Measure(spend.InText.String()):
					row.Values[k] = money.Known(money.Must(p[0]))
				case spend.ListCost, spend.Contracted, "cost_in":
					row.Values[k] = money.Known(money.Must(p[0]))
				case spend.Cost:
					row.Values[k] = money.Known(money.Must(p[1]))
				}
			}
			row.Keys[slices.Index(q.By, "category")] = string(spend.CategoryUsage)
			tables[i] = spend.Table{Query: q, Currency: "CHF", Rows: []spend.Row{row}}
		}
		e, err := report.Explain(nil, nil, tables, report.Heads{})
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for i, name := range variance.Drivers() {
			if a := e.Bill.Total.Effects[i]; !a.IsZero() {
				found[name] = a.String()
			}
		}
		return found
	}
	for name, c := range map[string]struct {
		before, after [2]string // units of one dollar, and what they cost in francs
		want          map[string]string
	}{
		"the rate moves":             {[2]string{"10", "9"}, [2]string{"10", "8"}, map[string]string{variance.Settlement: "-1"}},
		"the volume moves":           {[2]string{"10", "9"}, [2]string{"20", "18"}, map[string]string{"calls": "9"}},
		"both: half of each, by two": {[2]string{"10", "9"}, [2]string{"20", "16"}, map[string]string{"calls": "8.5", variance.Settlement: "-1.5"}},
	} {
		if diff := cmp.Diff(c.want, effects(c.before, c.after)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
