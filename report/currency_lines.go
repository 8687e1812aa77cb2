package report

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Line is one line of a group of a question: a call of a step.
type Line struct {
	Keys           []string // of its group
	Used           time.Time
	Cost, Exposure money.Null // in the currency of the books
}

// Parted are the groups of a question and lines of them in the other currency.
type Parted struct {
	Books  money.Amount    // the cost of all groups as the books have it
	Groups map[string]Each // by GroupOf their keys
	Lines  []Each          // in the order in which they were given
}

// GroupOf names the group of keys.
func GroupOf(keys ...string) string { return keysOf(&spend.Row{Keys: keys}) }

// Parted converts the groups of a question, each of their days by its own rate, so that
// they sum to the converted total, and lines of them: where all lines of a group's day are
// given they sum to that day of it, to the last digit.
//
// Example: of two steps that cost 0.000000000005 each on a day at 0.5 the whole is
// 0.000000000005, so one step is 0.000000000003, as its only call is, and the other
// 0.000000000002.
func (c *Currency) Parted(ctx context.Context, q *spend.Query, lines []Line) (Parted, error) {
	if err := convertible(q); err != nil {
		return Parted{}, err
	}
	daily := *q
	daily.Measures, daily.Grain = byTheDay(), spend.Day
	daily.Order, daily.Top, daily.Previous, daily.Against = "", 0, false, [2]time.Time{}
	t, err := c.ask(ctx, &daily)
	if err != nil {
		return Parted{}, err
	}
	rows := make([]*spend.Row, len(t.Rows))
	for i := range t.Rows {
		rows[i] = &t.Rows[i]
	}
	d := c.gather(rows, t.Currency, q.Zone)
	found := Parted{Books: d.sum(rows, 0), Groups: map[string]Each{}}
	for _, r := range rows {
		values := d.cells[cellOf{bucket: r.Bucket, keys: keysOf(r)}]
		one := found.Groups[keysOf(r)]
		if r.Values[0].Valid && !values[0].Valid {
			one.Left += priced(r)
		}
		one.Cost, one.Exposure = d.add([]money.Null{one.Cost, values[0]}), d.add([]money.Null{one.Exposure, values[1]})
		found.Groups[keysOf(r)] = one
	}
	found.Lines = c.lines(d, rows, lines)
	return found, d.err
}

// lines converts lines of groups whose days are converted.
func (c *Currency) lines(d *days, groups []*spend.Row, lines []Line) []Each {
	out := make([]Each, len(lines))
	of := map[cellOf][]int{}
	for i := range lines {
		year, month, day := lines[i].Used.In(d.zone).Date()
		at := cellOf{bucket: calendar.DayStart(year, month, day, d.zone).UTC(), keys: GroupOf(lines[i].Keys...)}
		of[at] = append(of[at], i)
	}
	for _, group := range groups {
		at := cellOf{bucket: group.Bucket, keys: keysOf(group)}
		rows := make([]*spend.Row, len(of[at]))
		for n, i := range of[at] {
			rows[n] = &spend.Row{Bucket: group.Bucket, Values: []money.Null{lines[i].Cost, lines[i].Exposure}}
		}
		for k := range converted() {
			total := d.cells[at][k]
			parts := c.alone(rows, k, &total, d)
			if d.sum(rows, k) == group.Values[k].Amount {
				d.settle(rows, k, &total, parts)
			}
			for n, i := range of[at] {
				*[]*money.Null{&out[i].Cost, &out[i].Exposure}[k] = parts[n]
			}
		}
	}
	return out
}

// gather converts groups by day that sum to the whole of each day.
func (c *Currency) gather(rows []*spend.Row, from money.Currency, zone *time.Location) *days {
	d := &days{zone: zone, from: from, totals: map[time.Time][]money.Null{}, cells: map[cellOf][]money.Null{}}
	at, groups := map[time.Time]int{}, map[time.Time][]*spend.Row{}
	var whole []spend.Row
	for _, r := range rows {
		n, found := at[r.Bucket]
		if !found {
			n, at[r.Bucket] = len(whole), len(whole)
			whole = append(whole, spend.Row{Bucket: r.Bucket, Values: make([]money.Null, len(r.Values))})
		}
		for k, v := range r.Values {
			whole[n].Values[k] = d.add([]money.Null{whole[n].Values[k], v})
		}
		groups[r.Bucket] = append(groups[r.Bucket], r)
	}
	c.convertDays(d, whole)
	for i := range whole {
		c.convertGroups(d, &whole[i], groups[whole[i].Bucket])
	}
	return d
}
