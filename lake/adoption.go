package lake

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Adoption counts the people and seats of a question, grouped by its only dimension.
// What it gives tells single persons apart; package adoption says what may be shown.
func Adoption(ctx context.Context, r Reader, q *spend.Query) (t adoption.Tally, err error) {
	if err := q.Validate(); err != nil {
		return t, err
	}
	if len(q.By) != 1 || q.Axis != spend.ByUse || !q.Restated.IsZero() || q.To.IsZero() || q.Fewest < 1 {
		return t, spend.Errorf(spend.KindInternal, "count people", "the question has %d dimensions, and people are counted by one, to an end, by time of use", len(q.By))
	}
	t = adoption.Tally{Fewest: int64(q.Fewest), From: q.From, To: q.To, Zone: zoneOf(q), Uses: map[string]adoption.Span{}}
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := adopting{answer{dialect: r.Dialect(), ask: ask}, q, &t}
		for _, step := range []func(context.Context) error{a.hidden, a.days, a.people, a.groups, a.uses, a.seats} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

// adopting fills a tally.
type adopting struct {
	answer
	query *spend.Query
	tally *adoption.Tally
}

// byPeople is the question about lines that a person caused, by days.
func (a *adopting) byPeople(from time.Time, by []spend.Dimension) spend.Query {
	q := *a.query
	q.From, q.By, q.Grain, q.Top, q.Order, q.Fewest = from, by, spend.Day, 0, "", 0
	q.Measures = []spend.Measure{spend.People, spend.Calls, spend.Cost}
	q.Where = append(slices.Clone(q.Where), spend.Filter{By: "principal", Values: []string{""}, Not: true})
	return q
}

// days reads everybody's days since ever, once: how many were active on each day of the
// window, and the first and last day of how many.
func (a *adopting) days(ctx context.Context) error {
	q := a.byPeople(time.Time{}, nil)
	c, err := a.compiler(ctx, &q)
	if err != nil {
		return err
	}
	text := strings.TrimSuffix(c.lines(true), "\n") + `, days AS (
	SELECT principal, b FROM lines GROUP BY principal, b HAVING sum(calls) <> 0
)
SELECT 0 AS span, b AS first, b AS last, ` + c.dialect.AsText("count(*)") + ` FROM days GROUP BY b
UNION ALL
SELECT 1, first, last, ` + c.dialect.AsText("count(*)") + ` FROM (SELECT min(b) AS first, max(b) AS last FROM days GROUP BY principal) AS spans GROUP BY first, last
ORDER BY 1, 2, 3`
	return a.ask(ctx, c.finish(text), func(cells []*string) error {
		var numbers [4]int64
		for i := range numbers {
			if numbers[i], err = wholeOf(cells[i]); err != nil {
				return err
			}
		}
		first, last := bucketStart(&q, numbers[1]), bucketStart(&q, numbers[2])
		if numbers[0] == 0 {
			a.tally.Days = append(a.tally.Days, adoption.Day{Start: first, People: numbers[3]})
		} else {
			a.tally.Spans = append(a.tally.Spans, adoption.Span{First: first, Last: last, People: numbers[3]})
		}
		return nil
	})
}

// hidden asks whether a group that is asked for by itself stands alone among all of its
// kind. One that is merged with smaller ones there would tell, beside the total, of them.
func (a *adopting) hidden(ctx context.Context) error {
	for _, f := range a.query.Where {
		q := a.byPeople(a.query.From, []spend.Dimension{f.By})
		q.Where = []spend.Filter{q.Where[len(q.Where)-1]}
		q.Grain, q.Fewest = spend.Whole, a.query.Fewest
		table, err := a.table(ctx, &q)
		if err != nil {
			return err
		}
		merged := slices.ContainsFunc(table.Rows, func(r spend.Row) bool { return r.Few })
		alone := slices.ContainsFunc(table.Rows, func(r spend.Row) bool { return !r.Few && slices.Contains(f.Values, r.Keys[0]) })
		a.tally.Hidden = a.tally.Hidden || merged && !alone
	}
	return nil
}

// people reads what each person did in the window; who it was is not read.
func (a *adopting) people(ctx context.Context) error {
	q := a.byPeople(a.query.From, nil)
	c := &compiler{dialect: a.dialect, query: &q, from: q.From, to: q.To}
	different := func(column string) string {
		return c.dialect.AsText("count(DISTINCT " + column + ") FILTER (WHERE calls <> 0 AND " + column + " <> '')")
	}
	text := strings.TrimSuffix(c.lines(false), "\n") + `, uses AS (
	SELECT principal, workflow, application, sum(calls) AS calls, sum(reporting) AS cost FROM lines GROUP BY principal, workflow, application
)
SELECT ` + strings.Join([]string{c.dialect.AsText("sum(calls)"), c.dialect.AsText("sum(cost)"), different("workflow"), different("application")}, ", ") + `
FROM uses
GROUP BY principal
HAVING sum(calls) <> 0`
	return a.ask(ctx, c.finish(text), func(cells []*string) (err error) {
		var p adoption.Person
		for i, into := range map[int]*int64{0: &p.Calls, 2: &p.Workflows, 3: &p.Applications} {
			if *into, err = wholeOf(cells[i]); err != nil {
				return err
			}
		}
		p.Cost, err = amountOf(cells[1])
		a.tally.People = append(a.tally.People, p)
		return err
	})
}

// groups asks for people, calls and cost by the dimension, with small groups merged.
func (a *adopting) groups(ctx context.Context) error {
	q := a.byPeople(a.query.From, a.query.By)
	q.Grain, q.Top, q.Fewest = spend.Whole, a.query.Top, a.query.Fewest
	table, err := a.table(ctx, &q)
	a.tally.Groups = &table
	return err
}

// uses reads the first and the last day of whole groups.
func (a *adopting) uses(ctx context.Context) error {
	q := a.byPeople(time.Time{}, a.query.By)
	c, err := a.compiler(ctx, &q)
	if err != nil {
		return err
	}
	text := strings.TrimSuffix(c.lines(true), "\n") + `, days AS (
	SELECT g0, b FROM lines GROUP BY g0, b HAVING sum(calls) <> 0
)
SELECT g0, min(b), max(b) FROM days GROUP BY g0`
	return a.ask(ctx, c.finish(text), func(cells []*string) error {
		first, err := wholeOf(cells[1])
		if err != nil {
			return err
		}
		last, err := wholeOf(cells[2])
		a.tally.Uses[textOf(cells[0])] = adoption.Span{First: bucketStart(&q, first), Last: bucketStart(&q, last)}
		return err
	})
}

// seats reads the seats of each day: of as many purchases as have the same number.
func (a *adopting) seats(ctx context.Context) error {
	q := *a.query
	q.By, q.Grain, q.Top, q.Order, q.Fewest = []spend.Dimension{"seller", "tag:product", "tag:seats", "tag:seats_active"}, spend.Day, 0, "", 0
	q.Measures = []spend.Measure{spend.Cost}
	c, err := a.compiler(ctx, &q)
	if err != nil {
		return err
	}
	seated := c.dialect.MapDecimal("extra", "'"+spend.Seat.String()+"'")
	sign := "CASE WHEN " + seated + " < 0 THEN -1 WHEN " + seated + " > 0 THEN 1 ELSE 0 END"
	text := c.lines(true) + "SELECT g0, g1, g2, g3, b, " + c.dialect.AsText("sum("+sign+")") + ", " + c.dialect.AsText("sum(reporting)") + `
FROM lines
WHERE kind = 'seat' OR g2 <> ''
GROUP BY g0, g1, g2, g3, b
ORDER BY b, g0, g1, g2, g3`
	return a.ask(ctx, c.finish(text), func(cells []*string) error {
		day, err := wholeOf(cells[4])
		if err != nil {
			return err
		}
		one := adoption.SeatDay{Seller: textOf(cells[0]), Product: textOf(cells[1]), Day: bucketStart(&q, day), Seats: seatsOf(cells[2]), Active: seatsOf(cells[3])}
		if one.Purchases, err = wholeOf(cells[5]); err != nil {
			return err
		}
		one.Cost, err = amountOf(cells[6])
		if one.Purchases != 0 || !one.Cost.Amount.IsZero() {
			a.tally.Seats = append(a.tally.Seats, one)
		}
		return err
	})
}

// seatsOf reads a number of seats from its tag; a tag that holds none tells nothing.
func seatsOf(cell *string) money.Null {
	n, err := money.Parse(textOf(cell))
	if err != nil || n.Sign() < 0 {
		return money.Null{}
	}
	return money.Known(n)
}
