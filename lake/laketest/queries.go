package laketest

import (
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Zones lists zones whose clocks differ from UTC by hours, by half hours, by
// nothing, and change or do not change within the generated lines.
func Zones() []*time.Location {
	names := []string{"UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Auckland"}
	zones := make([]*time.Location, len(names))
	for i, name := range names {
		zones[i] = mustZone(name)
	}
	return zones
}

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// base asks for every additive measure of all lines of the metered book.
func base() spend.Query {
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse}
	for _, m := range spend.Measures() {
		if m.Additive() {
			q.Measures = append(q.Measures, m)
		}
	}
	return q
}

func everything() spend.Query {
	q := base()
	q.Measures = spend.Measures()
	return q
}

// bills are the additive measures whose amounts a currency tells apart.
func bills() []spend.Measure {
	return slices.DeleteFunc(base().Measures, func(m spend.Measure) bool { return m == spend.ReportedCost })
}

// Queries are the questions that every engine must answer alike.
func Queries() map[string]spend.Query {
	all := questions()
	maps.Copy(all, billed())
	maps.Copy(all, minutes())
	return all
}

// billed are the questions whose totals the rows tell.
func billed() map[string]spend.Query {
	byDay, one := base(), base()
	byDay.By, byDay.Grain, byDay.Measures = []spend.Dimension{"team", "currency"}, spend.Day, bills()
	one.By, one.Measures = []spend.Dimension{"currency", "model"}, bills()
	one.Where = []spend.Filter{{By: "currency", Values: []string{"EUR"}}}
	return map[string]spend.Query{"bills by currency and day": byDay, "bills of one currency": one}
}

// minutes are those of short windows, which the others are not.
func minutes() map[string]spend.Query {
	middle := Start().Add(Span / 2)
	short := func(from, to time.Time, zone string) spend.Query {
		q := everything()
		q.Grain, q.From, q.To, q.Zone = spend.Minute, from, to, mustZone(zone)
		return q
	}
	whole := short(middle.Add(20*time.Second), middle.Add(spend.MostMinutes), "Asia/Kolkata")
	clocks := time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)
	back := short(clocks.Add(-24*time.Hour), clocks.Add(24*time.Hour), "Europe/Berlin")
	back.By, back.Top = []spend.Dimension{"team"}, 2
	compared := short(middle, middle.Add(40*time.Hour), "America/St_Johns")
	compared.By, compared.Previous = []spend.Dimension{"workflow"}, true
	return map[string]spend.Query{
		"minutes in Kolkata": whole, "top two teams by minute over the change of clocks": back, "minutes compared in St John's": compared,
	}
}

func questions() map[string]spend.Query {
	from := Start().Add(5 * 24 * time.Hour)
	to := from.Add(14 * 24 * time.Hour)
	berlin, kolkata, johns, howe := mustZone("Europe/Berlin"), mustZone("Asia/Kolkata"), mustZone("America/St_Johns"), mustZone("Australia/Lord_Howe")
	ask := func(change func(q *spend.Query)) spend.Query { q := everything(); change(&q); return q }
	return map[string]spend.Query{
		"everything at once": everything(),
		"invoiced book":      ask(func(q *spend.Query) { q.Book = spend.Invoiced }),
		"team by day in Berlin": ask(func(q *spend.Query) {
			q.By, q.Grain, q.Zone, q.From, q.To = []spend.Dimension{"team"}, spend.Day, berlin, from, to
		}),
		"hours in Berlin, open window": ask(func(q *spend.Query) { q.Grain, q.Zone = spend.Hour, berlin }),
		"hours in Kolkata":             ask(func(q *spend.Query) { q.Grain, q.Zone = spend.Hour, kolkata }),
		"hours in St John's":           ask(func(q *spend.Query) { q.Grain, q.Zone, q.From = spend.Hour, johns, from }),
		"hours on Lord Howe":           ask(func(q *spend.Query) { q.Grain, q.Zone = spend.Hour, howe }),
		"days in St John's":            ask(func(q *spend.Query) { q.Grain, q.Zone = spend.Day, johns }),
		"weeks in Kolkata":             ask(func(q *spend.Query) { q.Grain, q.Zone, q.To = spend.Week, kolkata, to }),
		"months in Berlin by seller":   ask(func(q *spend.Query) { q.By, q.Grain, q.Zone = []spend.Dimension{"seller"}, spend.Month, berlin }),
		"quarters in Berlin":           ask(func(q *spend.Query) { q.Grain, q.Zone = spend.Quarter, berlin }),
		"periods of weeks in Kolkata": ask(func(q *spend.Query) {
			q.Grain, q.Zone, q.Fiscal = spend.Month, kolkata, spend.Fiscal{Start: time.October, Scheme: spend.Weeks445}
		}),
		"top three workflows": ask(func(q *spend.Query) {
			q.By, q.Top, q.Order = []spend.Dimension{"workflow"}, 3, spend.Cost
		}),
		"top two pairs by runs, by week": ask(func(q *spend.Query) {
			q.By, q.Top, q.Order, q.Grain = []spend.Dimension{"team", "model"}, 2, spend.Runs, spend.Week
		}),
		"top two agents by p95": ask(func(q *spend.Query) {
			q.By, q.Top, q.Order = []spend.Dimension{"agent"}, 2, spend.DurationP95
		}),
		"top two agents by cost quantile, by day": ask(func(q *spend.Query) {
			q.By, q.Top, q.Order, q.Grain = []spend.Dimension{"agent"}, 2, spend.CostP95, spend.Day
			q.Measures = append([]spend.Measure{spend.Runs}, q.Measures...)
		}),
		"top that keeps all": ask(func(q *spend.Query) { q.By, q.Top = []spend.Dimension{"seller"}, 99 }),
		"cost order without cost": {
			Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"run"}, Top: 5,
			Measures: []spend.Measure{spend.Calls, spend.CostP95}, Order: spend.Cost,
		},
		"tags": ask(func(q *spend.Query) {
			q.By = []spend.Dimension{"tag:project", "tag:unusual name: “é”"}
			q.Where = []spend.Filter{{By: "tag:project", Values: []string{"p1", "p2", ""}}}
		}),
		"filters": ask(func(q *spend.Query) {
			q.By = []spend.Dimension{"model", "service_tier"}
			q.Where = []spend.Filter{
				{By: "team", Values: []string{"team-1", "", "'; DROP TABLE charges; --"}},
				{By: "agent", Values: []string{"agent-1", "agent-2"}, Not: true},
				{By: "tag:project", Values: []string{"p3"}, Not: true},
			}
		}),
		"filter of a text": ask(func(q *spend.Query) {
			q.By, q.Top = []spend.Dimension{"tag:project"}, 2
			q.Where = []spend.Filter{{By: "team", Has: "AM-"}, {By: "tag:project", Has: "p"}, {By: "agent", Has: "2", Not: true}}
		}),
		"filter of nothing":     ask(func(q *spend.Query) { q.Where = []spend.Filter{{By: "team"}} }),
		"filter of not nothing": ask(func(q *spend.Query) { q.Where = []spend.Filter{{By: "team", Not: true}} }),
		"as of":                 ask(func(q *spend.Query) { q.By, q.AsOf = []spend.Dimension{"team"}, to }),
		"periods": ask(func(q *spend.Query) {
			q.Axis, q.Grain, q.By = spend.ByPeriod, spend.Month, []spend.Dimension{"category"}
		}),
		"periods, some closed": ask(func(q *spend.Query) { q.Axis, q.Closed = spend.ByPeriod, "2026-10" }),
		"one period":           ask(func(q *spend.Query) { q.Axis, q.Periods = spend.ByPeriod, [2]spend.Period{"2026-11", "2026-11"} }),
		"window on the period axis": ask(func(q *spend.Query) {
			q.Axis, q.From, q.To, q.Zone = spend.ByPeriod, from, to, berlin
		}),
		"compared": ask(func(q *spend.Query) {
			q.By, q.Previous, q.From, q.To = []spend.Dimension{"workflow", "region"}, true, to, to.Add(14*24*time.Hour)
		}),
		"compared with a window of its own": ask(func(q *spend.Query) {
			q.By, q.Previous, q.From, q.To = []spend.Dimension{"team"}, true, to, to.Add(14*24*time.Hour)
			q.Against = [2]time.Time{from, from.Add(9 * 24 * time.Hour)}
		}),
		"top compared by day over the change of clocks": ask(func(q *spend.Query) {
			q.By, q.Top, q.Previous, q.Grain, q.Zone = []spend.Dimension{"team"}, 2, true, spend.Day, berlin
			q.From, q.To = time.Date(2026, 10, 25, 22, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 23, 0, 0, 0, time.UTC)
		}),
	}
}
