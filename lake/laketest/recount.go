package laketest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Recount answers a query the plain way: it walks over all lines, once per
// figure. It is what every engine must agree with.
func Recount(q spend.Query, charges []spend.Charge) spend.Table {
	all := selected(&q, charges)
	groups := group(&q, all, topGroups(&q, all))
	t := spend.Table{Query: q, Totals: totals(&q, all)}
	for _, g := range groups {
		t.Rows = append(t.Rows, g.row(&q))
		if g.other {
			t.Totals.Other = mustSum(t.Totals.Other.Add(measure(spend.Cost, g.lines).Amount))
		}
	}
	if q.Previous {
		before := lake.Before(q)
		earlier := selected(&before, charges)
		addPrevious(&q, &before, &t, group(&before, earlier, topGroups(&q, all)))
		t.Totals.Previous = totals(&before, earlier).Values
	}
	sortRows(&q, t.Rows)
	return t
}

type lines []*spend.Charge

func selected(q *spend.Query, charges []spend.Charge) (found lines) {
	for i := range charges {
		c := &charges[i]
		if c.Book == q.Book && inWindow(q, c) && (q.AsOf.IsZero() || !c.BookedAt.After(q.AsOf)) && passes(q, c) {
			found = append(found, c)
		}
	}
	return found
}

func inWindow(q *spend.Query, c *spend.Charge) bool {
	if q.Axis == spend.ByPeriod {
		first, last := q.Periods[0], q.Periods[1]
		if first == "" && !q.From.IsZero() {
			first = spend.PeriodOf(q.From, zone(q))
		}
		if last == "" && !q.To.IsZero() {
			last = spend.PeriodOf(q.To.Add(-1), zone(q))
		}
		return c.Period >= first && (last == "" || c.Period <= last)
	}
	return (q.From.IsZero() || !c.UsedAt.Before(q.From)) && (q.To.IsZero() || c.UsedAt.Before(q.To))
}

func passes(q *spend.Query, c *spend.Charge) bool {
	for _, f := range q.Where {
		has := slices.Contains(f.Values, Dimension(f.By, c))
		if f.Has != "" {
			has = strings.Contains(strings.ToLower(Dimension(f.By, c)), strings.ToLower(f.Has))
		}
		if has == f.Not {
			return false
		}
	}
	return true
}

// Dimension reads a dimension off a line, without the help of the column list.
func Dimension(d spend.Dimension, c *spend.Charge) string {
	if key, ok := d.Tag(); ok {
		return c.Scope.Tags[key]
	}
	if field := c.Scope.Field(string(d)); field != nil {
		return *field
	}
	model := ""
	if c.Canonical.Name != "" {
		model = c.Canonical.Developer + "/" + c.Canonical.Name
	}
	return map[spend.Dimension]string{
		"seller": c.Seller, "account": c.Account, "host": c.Host, "model": model, "developer": c.Canonical.Developer,
		"family": c.Canonical.Family, "requested_model": c.RequestedModel, "served_model": c.ServedModel,
		"service_tier": c.Tier(), "region": c.Region, "context_tier": c.Context, "kind": c.Kind,
		"status": string(c.Status), "source": c.Source, "usage_source": string(c.UsageSource),
		"price_state": string(c.PriceState), "price_book": c.PriceBook, "category": string(c.Category),
		"finality": string(c.Finality), "rule": c.Rule, "currency": string(c.Currency), "period": string(c.Period),
		"origin_period": string(c.Origin), "flags": c.Flags.String(),
	}[d]
}

func zone(q *spend.Query) *time.Location {
	if q.Zone == nil {
		return time.UTC
	}
	return q.Zone
}

type groupOf struct {
	bucket time.Time
	keys   []string
	other  bool
	lines  lines
}

// group sorts lines into groups; with top, all beyond it become "other". A
// question without groups has one, even of no lines.
func group(q *spend.Query, all lines, top map[string]bool) map[string]*groupOf {
	found := map[string]*groupOf{}
	if len(q.By) == 0 && q.Grain == spend.Whole {
		found[groupName(time.Time{}, []string{}, false)] = &groupOf{keys: []string{}}
	}
	starts := calendar(q)
	for _, c := range all {
		g := groupOf{bucket: bucket(q, starts, c), keys: keys(q, c)}
		if top != nil && !top[fmt.Sprintf("%q", g.keys)] {
			g.keys, g.other = make([]string, len(q.By)), true
		}
		name := groupName(g.bucket, g.keys, g.other)
		if found[name] == nil {
			found[name] = &g
		}
		found[name].lines = append(found[name].lines, c)
	}
	return found
}

func groupName(bucket time.Time, keys []string, other bool) string {
	return fmt.Sprintf("%d %q %t", bucket.UnixMicro(), keys, other)
}

func keys(q *spend.Query, c *spend.Charge) []string {
	all := make([]string, len(q.By))
	for i, d := range q.By {
		all[i] = Dimension(d, c)
	}
	return all
}

// bucket gives the start of the bucket that a line lies in.
func bucket(q *spend.Query, starts []time.Time, c *spend.Charge) time.Time {
	switch {
	case q.Grain == spend.Whole:
		return time.Time{}
	case q.Axis == spend.ByPeriod:
		month, _ := time.ParseInLocation("2006-01", string(c.Period), zone(q))
		return month
	}
	after, found := slices.BinarySearchFunc(starts, c.UsedAt, time.Time.Compare)
	if found {
		return starts[after]
	}
	return starts[after-1]
}

// calendar lists the starts of all buckets from two months before the lines to
// two months after them. It looks at every quarter of an hour (no clock has
// changed at another minute since 2015) and sees whether the local name of the
// bucket is a new one: slow, and free of calendar arithmetic. Where minutes are told,
// it looks at every minute of the window and of as much time before it.
func calendar(q *spend.Query) (starts []time.Time) {
	last := ""
	from, to, step := Start().AddDate(0, -2, 0), Start().Add(Span).AddDate(0, 2, 0), 15*time.Minute
	if q.Grain == spend.Minute {
		from, to, step = q.From.Add(q.From.Sub(q.To)).Truncate(time.Minute), q.To, time.Minute
	}
	for t := from; t.Before(to); t = t.Add(step) {
		if name := bucketName(q, t.In(zone(q))); name != last {
			starts, last = append(starts, t), name
		}
	}
	return starts
}

func bucketName(q *spend.Query, t time.Time) string {
	switch q.Grain {
	case spend.Minute:
		return t.Format("2006-01-02 15:04 -0700")
	case spend.Hour:
		return t.Format("2006-01-02 15 -0700")
	case spend.Day:
		return t.Format("2006-01-02")
	case spend.Week:
		year, week := t.ISOWeek()
		return fmt.Sprint(year, " ", week)
	case spend.Month:
		return monthName(q, t.Format(time.DateOnly))
	case spend.Quarter:
		return fmt.Sprint(t.Year(), " ", (t.Month()-1)/3)
	case spend.Year:
		return t.Format("2006")
	}
	return ""
}

// monthName is the calendar month of a day. The one fiscal year of weeks that
// questions name here, 4-4-5 from the last Sunday of September, is told by hand.
func monthName(q *spend.Query, day string) string {
	if q.Fiscal == (spend.Fiscal{}) {
		return day[:7]
	}
	periods := []string{"2026-07-26", "2026-08-23", "2026-09-27", "2026-10-25", "2026-11-22", "2026-12-27", "2027-01-24"}
	after, _ := slices.BinarySearch(periods, day+" ")
	return periods[max(0, after-1)]
}

func (g *groupOf) row(q *spend.Query) spend.Row {
	row := spend.Row{Bucket: g.bucket, Keys: g.keys, Other: g.other}
	for _, m := range q.Measures {
		row.Values = append(row.Values, measure(m, g.lines))
	}
	return row
}

// topGroups names the groups that keep their rows, nil when all do.
func topGroups(q *spend.Query, all lines) map[string]bool {
	whole := *q
	whole.Grain = spend.Whole
	groups := group(&whole, all, nil)
	if q.Top == 0 || len(q.By) == 0 || len(groups) <= q.Top {
		return nil
	}
	ranked := *q
	ranked.Measures = []spend.Measure{orderOf(q)}
	var rows []spend.Row
	for _, g := range groups {
		rows = append(rows, g.row(&ranked))
	}
	sortRows(&ranked, rows)
	top := map[string]bool{}
	for _, row := range rows[:q.Top] {
		top[fmt.Sprintf("%q", row.Keys)] = true
	}
	return top
}

func orderOf(q *spend.Query) spend.Measure {
	if q.Order != "" {
		return q.Order
	}
	return q.Measures[0]
}

func sortRows(q *spend.Query, rows []spend.Row) {
	by := slices.Index(q.Measures, orderOf(q))
	slices.SortFunc(rows, func(a, b spend.Row) int {
		c := a.Bucket.Compare(b.Bucket)
		if c == 0 && a.Other != b.Other {
			c = map[bool]int{true: 1, false: -1}[a.Other]
		}
		if c == 0 && by >= 0 {
			c = descending(a.Values[by], b.Values[by])
		}
		return cmp.Or(c, slices.Compare(a.Keys, b.Keys))
	})
}

func descending(a, b money.Null) int {
	if a.Valid != b.Valid {
		return map[bool]int{true: -1, false: 1}[a.Valid]
	}
	return b.Amount.Cmp(a.Amount)
}

// addPrevious sets the rows of the window before beside those of this one, by
// the number of the bucket in its window.
func addPrevious(q, before *spend.Query, t *spend.Table, earlier map[string]*groupOf) {
	at := map[string]int{}
	for i, row := range t.Rows {
		at[groupName(row.Bucket, row.Keys, row.Other)] = i
		for _, m := range q.Measures {
			t.Rows[i].Previous = append(t.Rows[i].Previous, measure(m, nil))
		}
	}
	for _, g := range earlier {
		there := groupOf{bucket: moved(q, before, g.bucket), keys: g.keys, other: g.other}
		i, known := at[groupName(there.bucket, there.keys, there.other)]
		if !known {
			i = len(t.Rows)
			t.Rows = append(t.Rows, there.row(q))
		}
		t.Rows[i].Previous = g.row(q).Values
	}
}

// moved gives the bucket of q that is as many buckets after its first as at is
// after the first of the window before.
func moved(q, before *spend.Query, at time.Time) time.Time {
	if q.Grain == spend.Whole {
		return at
	}
	starts := calendar(q)
	number := func(t time.Time) int {
		return slices.IndexFunc(starts, func(s time.Time) bool { return s.After(t) }) - 1
	}
	return starts[number(q.From)+number(at)-number(before.From)]
}

// mustSum stops a test whose own figures overflow.
func mustSum(a money.Amount, err error) money.Amount {
	if err != nil {
		panic(err)
	}
	return a
}
