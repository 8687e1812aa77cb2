package report_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// line is a booked cost of a team at an hour of November, without a team in its first minute.
// A team that is called unpriced makes a call without a price, of which it is the exposure.
type line struct {
	hour int
	team string
	cost money.Amount
}

func (l *line) unpriced() bool { return l.team == "unpriced" }

// books answer by day, hour, minute or whole, by team or not, with as many teams as are asked for.
type books []line

func (b books) ask(_ context.Context, q *spend.Query) (spend.Table, error) {
	t := spend.Table{Query: *q, Currency: "USD"}
	named := b.teams()
	if q.Top > 0 && q.Top < len(named) {
		named = named[:q.Top]
	}
	at := map[string]int{}
	for _, l := range b {
		when := start().Add(time.Duration(l.hour)*time.Hour + time.Duration(7*len(l.team))*time.Minute)
		if when.Before(q.From) || !when.Before(q.To) || !keeps(q.Where, l.team) {
			continue
		}
		row := spend.Row{Bucket: bucket(q.Grain, when), Keys: []string{}}
		switch {
		case len(q.By) > 0 && slices.Contains(named, l.team):
			row.Keys = []string{l.team}
		case len(q.By) > 0:
			row.Other = true
		}
		id := fmt.Sprint(row.Bucket, row.Keys, row.Other)
		i, found := at[id]
		if !found {
			i, at[id] = len(t.Rows), len(t.Rows)
			row.Values = make([]money.Null, len(q.Measures))
			t.Rows = append(t.Rows, row)
		}
		add(t.Rows[i].Values, q.Measures, &l)
		if !l.unpriced() {
			t.Totals.Cost, _ = t.Totals.Cost.Add(l.cost)
		}
		if l.team == "" {
			t.Totals.Unattributed, _ = t.Totals.Unattributed.Add(l.cost)
		}
	}
	t.Totals.Values = make([]money.Null, len(q.Measures))
	for _, r := range t.Rows {
		for i := range r.Values {
			t.Totals.Values[i].Amount, _ = t.Totals.Values[i].Amount.Add(r.Values[i].Amount)
			t.Totals.Values[i].Valid = true
		}
	}
	return t, nil
}

func (b books) teams() (all []string) {
	for _, l := range b {
		all = append(all, l.team)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func keeps(where []spend.Filter, team string) bool {
	for _, f := range where {
		if f.By == "team" && !slices.Contains(f.Values, team) {
			return false
		}
	}
	return true
}

func add(values []money.Null, measures []spend.Measure, l *line) {
	for i, m := range measures {
		more := money.FromInt(1)
		switch {
		case m == spend.Exposed, m == spend.Cost && !l.unpriced():
			more = l.cost
		case m == spend.Cost, m == spend.UnpricedCalls && !l.unpriced():
			more = money.Amount{}
		}
		sum, _ := values[i].Amount.Add(more)
		values[i] = money.Known(sum)
	}
}

func start() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }

func bucket(g spend.Grain, at time.Time) time.Time {
	switch g {
	case spend.Minute:
		return at.Truncate(time.Minute)
	case spend.Hour:
		return at.Truncate(time.Hour)
	case spend.Day:
		return at.Truncate(24 * time.Hour)
	case spend.Month:
		return start()
	}
	return time.Time{}
}

// someRates are of every other day, and none is old enough to be left out but the last.
func someRates() *exchange.Rates {
	var facts []exchange.Rate
	for n, rate := range []string{"0.9", "0.8", "0.123456789012", "1.7"} {
		day, _ := exchange.ParseDay(start().AddDate(0, 0, 2*n).Format(time.DateOnly))
		facts = append(facts, exchange.Rate{ID: rate, From: "USD", To: "CHF", Rate: money.Must(rate), Day: day, Basis: exchange.DayRate, Source: "x"})
	}
	return exchange.New(facts, time.Time{})
}

func (b books) in(to money.Currency) *report.Currency {
	return &report.Currency{To: to, Rates: someRates(), Now: start().AddDate(0, 0, 12), Ask: b.ask, Before: func(q spend.Query) spend.Query {
		q.From, q.To, q.Previous = q.From.AddDate(0, 0, -3), q.From, false
		return q
	}}
}

func about(by []spend.Dimension, g spend.Grain, top int) *spend.Query {
	return &spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, From: start(), To: start().AddDate(0, 0, 12), By: by, Grain: g, Top: top,
		Measures: []spend.Measure{spend.Cost, spend.Calls}, Zone: time.UTC,
	}
}

func TestDaysConvertByTheirOwnRate(t *testing.T) {
	t.Parallel()
	b := books{{1, "a", money.Must("10")}, {50, "a", money.Must("10")}, {51, "b", money.Must("1")}}
	got, err := b.in("CHF").Answer(t.Context(), about([]spend.Dimension{"team"}, spend.Whole, 0))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a": "17", "b": "0.8"}
	for _, r := range got.Rows {
		if r.Values[0].String() != want[r.Keys[0]] {
			t.Errorf("%s has %s CHF, want %s", r.Keys[0], r.Values[0], want[r.Keys[0]])
		}
	}
	if got.Currency != "CHF" || got.Totals.Cost != money.Must("17.8") || got.Totals.Values[1].String() != "3" {
		t.Errorf("the total is %s %s for %s calls, want 17.8 CHF for 3", got.Totals.Cost, got.Currency, got.Totals.Values[1])
	}
	b = append(b, line{hour: -30, team: "a", cost: money.Must("5")}, line{hour: 11*24 + 1, team: "c", cost: money.Must("2")},
		line{hour: 11*24 + 2, team: "unpriced", cost: money.Must("0.5")})
	q := about([]spend.Dimension{"team"}, spend.Whole, 0)
	asks := b.in("GBP")
	got, err = asks.Answer(t.Context(), q)
	if err != nil || got.Totals.Values[0].Valid || got.Rows[0].Values[0].Valid || got.Totals.Unconverted != 4 {
		t.Errorf("without a rate there are %+v (%v), want unknown amounts and 4 priced calls beside them", got.Totals, err)
	}
	if diff := cmp.Diff([]money.Money{{Amount: money.Must("23.5"), Currency: "USD"}}, got.Totals.ExposureLeft); diff != "" {
		t.Errorf("the exposure that has no rate (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]money.Money{{Amount: money.Must("23"), Currency: "USD"}}, got.Totals.WithoutRate); diff != "" {
		t.Errorf("what has no rate (-want +got):\n%s", diff)
	}
}

func TestWhatHasNoDayIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*spend.Query){
		"periods":   func(q *spend.Query) { q.Axis = spend.ByPeriod },
		"people":    func(q *spend.Query) { q.Measures = append(q.Measures, spend.People) },
		"quantiles": func(q *spend.Query) { q.Measures = append(q.Measures, spend.CostP95) },
		"both":      func(q *spend.Query) { q.Previous, q.Grain = true, spend.Day },
	} {
		q := about(nil, spend.Whole, 0)
		change(q)
		if _, err := (books{}).in("CHF").Answer(t.Context(), q); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%s: %v, want an error of kind invalid", name, err)
		}
	}
}

// TestEveryCutSumsToTheSame: rows and other sum to the total, which is the same however
// the window is cut.
func TestEveryCutSumsToTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := books(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) line {
			return line{
				rapid.IntRange(0, 11*24).Draw(t, "hour"), rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(t, "team"),
				money.FromUnits(rapid.Int64Range(-9, 99).Draw(t, "cost")),
			}
		}), 1, 40).Draw(t, "lines"))
		whole, err := b.in("CHF").Answer(context.Background(), about(nil, spend.Whole, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range []spend.Grain{spend.Whole, spend.Minute, spend.Hour, spend.Day, spend.Month} {
			for _, top := range []int{0, 1, 3} {
				got, err := b.in("CHF").Answer(context.Background(), about([]spend.Dimension{"team"}, g, top))
				if err != nil {
					t.Fatal(err)
				}
				var sum money.Amount
				for _, r := range got.Rows {
					sum, _ = sum.Add(r.Values[0].Amount)
				}
				if sum != got.Totals.Cost || got.Totals.Cost != whole.Totals.Cost || got.Totals.Cost != got.Totals.Values[0].Amount {
					t.Fatalf("by %q and the top %d: rows sum to %s, the total is %s, by nothing %s", g, top, sum, got.Totals.Cost, whole.Totals.Cost)
				}
			}
		}
	})
}
