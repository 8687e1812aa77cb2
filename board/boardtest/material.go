// Package boardtest gives tests a made-up period of the made-up company, small enough to
// be read.
package boardtest

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// Material is October 2026 of two teams, two vendors and two workflows: spend rose from
// 100.005 to 150.015.
func Material(t testing.TB) *board.Material {
	t.Helper()
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	m := &board.Material{
		Period:   board.Period{Name: "2026-10", From: day(2026, 10, 1), To: day(2026, 11, 1)},
		Before:   board.Period{Name: "2026-09", From: day(2026, 9, 1), To: day(2026, 10, 1)},
		Currency: "USD", Zone: "UTC", AsOf: day(2026, 11, 20), Demo: true,
		Telling: true, Answering: true,
	}
	for _, id := range []string{board.AskTeams, board.AskVendors, board.AskOutcomes, board.AskEarlier, board.AskForecast, board.AskLastYear, board.AskOwners, board.AskTold, board.AskBills, board.AskIndex, board.AskUnit, board.AskPlan, board.AskReported, board.AskModels, board.AskReasons} {
		m.Sources = append(m.Sources, board.Origin{ID: id, Question: "bursar … # " + id, Link: "/api/v1/" + id, Finality: "provisional"})
	}
	m.Teams = teams(t)
	m.Totals = [2]spend.Totals{{Cost: m.Teams.Total.Before}, {
		Cost: m.Teams.Total.After, Unattributed: money.Must("30.015"), Exposure: money.Must("4.2"), Provisional: m.Teams.Total.After,
		Unpriced: spend.Unknown{Calls: 12}, WithoutRate: []money.Money{{Amount: money.Must("7"), Currency: "GBP"}},
	}}
	m.Vendors = spend.Table{Currency: "USD", Rows: []spend.Row{
		{Keys: []string{"openai"}, Values: nulls("90.015"), Previous: nulls("60.005")},
		{Keys: []string{"anthropic"}, Values: nulls("60"), Previous: nulls("40")},
	}}
	m.Bills = &spend.Table{Currency: "USD", Rows: []spend.Row{{Keys: []string{"openai"}, Values: nulls("91")}}}
	m.Reasons = map[string][]board.Reason{"openai": {
		{Name: "coverage_gap", What: "the vendor saw calls that were not metered", Amount: money.Must("1.2")},
		{Name: "contract_term", What: "credits", Amount: money.Must("-0.215")},
	}}
	m.Outcomes = [2]outcome.Table{results(t, "50", "50.005", "20"), results(t, "90", "60.015", "40")}
	m.Equal = equal(t)
	m.LastYear = &variance.Index{Paasche: money.Known(money.Must("0.8")), Laspeyres: money.Known(money.Must("0.82")), Fisher: money.Known(money.Must("0.81")), Now: money.Known(money.Must("120")), Then: money.Known(money.Must("150"))}
	m.Plan = []board.Planned{{Amount: money.FromInt(200), Spent: money.Known(money.Must("150.015")), By: "budget all/month", Limit: true}, {Of: "claims", Amount: money.FromInt(100), Spent: money.Known(money.Must("120")), By: "budget claims/month", Limit: true}}
	m.Prices = prices(day)
	m.Usage = [2]board.UsageCost{
		{Cost: money.Known(money.Must("90")), List: money.Known(money.Must("95")), Tokens: money.FromInt(30_000_000), Prompt: money.FromInt(20_000_000), Cached: money.FromInt(5_000_000), Calls: 3_000},
		{Cost: money.Known(money.Must("125")), List: money.Known(money.Must("140")), Tokens: money.FromInt(50_000_000), Prompt: money.FromInt(40_000_000), Cached: money.FromInt(10_000_000), Calls: 5_000},
	}
	m.Ahead = &board.Ahead{
		Period: board.Period{Name: "2026-11-20 to 2026-12-19"}, Before: money.Must("140"), Mean: money.Must("155.5"),
		Low: money.Known(money.Must("130")), High: money.Known(money.Must("181.25")), Plan: money.Known(money.FromInt(150)),
	}
	m.Unowned = []board.Named{{Name: "nightly|digest", Cost: money.Known(money.Must("12.5"))}}
	m.Silent = []board.Silent{{Source: "litellm", Last: day(2026, 9, 28), Before: money.Known(money.Must("3.25"))}}
	return m
}

// equal is a workflow in which another model succeeds as often for 59.550562 less, and one
// with a single model.
func equal(t testing.TB) *outcome.Comparison {
	of := func(workflow, model string, won int64, cost string) outcome.ModelRuns {
		return outcome.ModelRuns{Workflow: workflow, Model: model, Runs: 1000, Won: won, Cost: money.Known(money.Must(cost))}
	}
	found, err := outcome.Compare([]outcome.ModelRuns{of("triage", "acme/large", 900, "100"), of("triage", "acme/small", 890, "40"), of("ask", "acme/large", 700, "7")},
		outcome.Bar{Margin: 5, LeastRuns: 100, Share: 90})
	if err != nil {
		t.Fatal(err)
	}
	return &found
}

// prices are three months in which ours fell to 0.9 and the market to 0.95; the newest of
// each line rose. Nothing of ours is known of the first.
func prices(day func(int, time.Month, int) time.Time) *board.Prices {
	p := &board.Prices{Currency: "USD", Models: 12, Checked: day(2026, 9, 23), Repriced: market.Repriced{Now: money.Must("100"), Then: money.Must("110"), Models: 3, Beyond: money.Must("25"), Beside: 1}}
	p.Families = []market.Family{{Line: "acme/large", Models: 2}}
	for i, name := range []string{"2025-10", "2026-09", "2026-10"} {
		point := func(level string) market.Point {
			point := market.Point{Month: market.Month{Name: name, At: day(2026, 10, i+1)}}
			if level != "" {
				point.Level = money.Known(money.Must(level))
			}
			return point
		}
		p.Ours = append(p.Ours, point([]string{"", "1", "0.9"}[i]))
		p.Market = append(p.Market, point([]string{"1", "0.96", "0.95"}[i]))
		f := &p.Families[0]
		f.Ours, f.Market = append(f.Ours, point([]string{"", "1", "0.9"}[i])), append(f.Market, point([]string{"1", "1", "0.8"}[i]))
		p.Newest = append(p.Newest, point([]string{"1", "1.2", "1.25"}[i]))
	}
	return p
}

func nulls(amount string) []money.Null { return []money.Null{money.Known(money.Must(amount))} }

// teams gives effects that sum to the change of each.
func teams(t testing.TB) variance.Bill {
	slice := func(name, before, calls, price string) variance.Slice {
		s := variance.Slice{Before: money.Must(before), Effects: make([]money.Amount, len(variance.Drivers()))}
		if name != "*" {
			s.Keys = []string{name}
		}
		for j, driver := range variance.Drivers() {
			switch driver {
			case variance.Calls:
				s.Effects[j] = money.Must(calls)
			case variance.ListPrice:
				s.Effects[j] = money.Must(price)
			}
		}
		change, err := money.Sum(s.Effects...)
		if err == nil {
			s.After, err = s.Before.Add(change)
		}
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return variance.Bill{
		Slices: []variance.Slice{slice("claims", "70.005", "60", "-10.005"), slice("", "30", "10.015", "-10")},
		Total:  slice("*", "100.005", "70.015", "-20.005"),
		Index:  variance.Index{Paasche: money.Known(money.Must("0.9")), Now: money.Known(money.Must("135")), Then: money.Known(money.Must("150"))},
	}
}

// results are those of a workflow with outcomes, and of one without.
func results(t testing.TB, with, without, outcomes string) outcome.Table {
	part := func(cost string) outcome.Part {
		return outcome.Part{Runs: 3, Calls: 9, Cost: money.Known(money.Must(cost))}
	}
	table := outcome.Table{Basis: spend.Cost, Currency: "USD", Rows: []outcome.Row{
		{Workflow: "triage", Outcomes: money.Must(outcomes), With: part("40"), Without: part("0"), All: part(with)},
		{Workflow: "", NoRun: part(without), All: part(without)},
	}}
	rest, err := money.Must(with).Sub(money.Must("40"))
	table.Rows[0].Without.Cost = money.Known(rest)
	if err == nil {
		err = table.Sum()
	}
	if err != nil {
		t.Fatal(err)
	}
	return table
}
