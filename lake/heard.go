package lake

import (
	"context"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Heard is what a source told of usage.
type Heard struct {
	Source              string
	Calls               int64
	First, Last, Booked time.Time
	Hours               []time.Time // that have usage, since an instant; in order
}

// mostSources bounds what is read of sources and of their hours.
const mostSources, mostHours = 1000, 200_000

// HeardOf lists sources by name, with the hours since an instant in which each was
// heard.
func HeardOf(ctx context.Context, r Reader, since time.Time) (all []Heard, err error) {
	d := r.Dialect()
	used := d.Micros("used_at")
	hours := Statement{Text: fmt.Sprintf(`SELECT source, %s FROM (
	SELECT source, %[2]s - %[2]s %% 3600000000 AS started FROM charges WHERE category = 'usage' AND book = 'metered' AND used_at >= %[3]s
) AS used GROUP BY source, started ORDER BY source, started LIMIT %[4]d`, d.AsText("started"), used, d.Moment(micros(since)), mostHours)}
	at := map[string]int{}
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: d, ask: ask}
		if err := a.daysMark(ctx); err != nil {
			return err
		}
		err := ask(ctx, a.sources(), func(cells []*string) error {
			h, err := heardOf(cells)
			at[h.Source] = len(all)
			all = append(all, h)
			return err
		})
		if err != nil {
			return err
		}
		return ask(ctx, hours, func(cells []*string) error {
			started, err := wholeOf(cells[1])
			if i, known := at[textOf(cells[0])]; known {
				all[i].Hours = append(all[i].Hours, time.UnixMicro(started).UTC())
			}
			return err
		})
	})
	return all, err
}

// sources sums the usage of every source, of the roll-up where there is one.
func (a *answer) sources() Statement {
	c, used, booked := a.rolled(&compiler{dialect: a.dialect, query: &spend.Query{}}), "used_at", "booked_at"
	if c.days != nil {
		used, booked = "last_used", "last_booked"
	}
	d := a.dialect
	return Statement{Text: fmt.Sprintf("SELECT source, %s, %s, %s, %s\nFROM %s WHERE category = 'usage' AND book = 'metered' GROUP BY source ORDER BY source LIMIT %d",
		d.AsText("sum(calls)"), d.AsText(d.Micros("min(used_at)")), d.AsText(d.Micros("max("+used+")")), d.AsText(d.Micros("max("+booked+")")), c.source(), mostSources)}
}

func heardOf(cells []*string) (h Heard, err error) {
	h.Source = textOf(cells[0])
	if h.Calls, err = wholeOf(cells[1]); err != nil {
		return h, err
	}
	for i, into := range []*time.Time{&h.First, &h.Last, &h.Booked} {
		micros, err := wholeOf(cells[2+i])
		if err != nil {
			return h, err
		}
		*into = time.UnixMicro(micros).UTC()
	}
	return h, nil
}
