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

	Maturity
	Suppressed
}

// Hearing asks what each source told.
type Hearing struct {
	Since  time.Time      // of its hours
	Zone   *time.Location // of days; nil is UTC
	Closed spend.Period   // the last closed period, "" when none is

	Elsewhere bool // with what of theirs is charged as another source tells it
}

// mostSources bounds what is read of sources and of their hours.
const mostSources, mostHours = 1000, 200_000

// HeardOf lists sources by name, with the hours since an instant in which each was
// heard. Those of which no line is, since others told all of their calls better, stand
// behind them where that is asked for; their instants are those of booking.
func HeardOf(ctx context.Context, r Reader, h Hearing) (all []Heard, err error) {
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		if all, err = a.heard(ctx, &h); err != nil {
			return err
		}
		if err := a.hoursHeard(ctx, all, h.Since); err != nil || !h.Elsewhere {
			return err
		}
		all, err = a.suppressed(ctx, all, h.Since)
		return err
	})
	return all, err
}

func (a *answer) heard(ctx context.Context, h *Hearing) (all []Heard, err error) {
	if err := a.daysMark(ctx); err != nil {
		return nil, err
	}
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	c, err := a.compiler(ctx, &spend.Query{Book: spend.Metered, Axis: spend.ByUse, Grain: spend.Day, Zone: zone})
	if err != nil {
		return nil, err
	}
	err = a.ask(ctx, c.sources(h.Closed), func(cells []*string) error {
		h, err := heardOf(cells)
		all = append(all, h)
		return err
	})
	return all, err
}

// hoursHeard adds the hours of use since an instant.
func (a *answer) hoursHeard(ctx context.Context, all []Heard, since time.Time) error {
	at := map[string]int{}
	for i := range all {
		at[all[i].Source] = i
	}
	add := func(cells []*string) error {
		started, err := wholeOf(cells[1])
		if i, known := at[textOf(cells[0])]; known {
			all[i].Hours = append(all[i].Hours, time.UnixMicro(started).UTC())
		}
		return err
	}
	for _, within := range daysApart(since, latest(all)) {
		if err := a.ask(ctx, heardIn(a.dialect, within), add); err != nil {
			return err
		}
	}
	return nil
}

// latest is when any source was heard last.
func latest(all []Heard) (last time.Time) {
	for i := range all {
		if all[i].Last.After(last) {
			last = all[i].Last
		}
	}
	return last
}

const utcDay = 24 * time.Hour

// daysApart parts the time since an instant at the beginning of its first full day and at
// that of a last one, so that what lies between is the same question all day long. No hour
// lies in two parts.
func daysApart(since, last time.Time) (parts []Window) {
	first, today := since.Truncate(utcDay), last.Truncate(utcDay)
	if first.Before(since) {
		first = first.Add(utcDay)
		parts = append(parts, Window{From: since, To: first})
	}
	if !first.Before(today) {
		return []Window{{From: since}}
	}
	return append(parts, Window{From: first, To: today}, Window{From: today})
}

// heardIn lists the hours of a window in which each source was heard. What begins within a
// day is not asked again, and not remembered.
func heardIn(d Dialect, within Window) Statement {
	used := d.Micros("used_at")
	condition := "used_at >= " + d.Moment(micros(within.From))
	if !within.To.IsZero() {
		condition += " AND used_at < " + d.Moment(micros(within.To))
	}
	s := Statement{Text: fmt.Sprintf(`SELECT source, %s FROM (
	SELECT source, %[2]s - %[2]s %% 3600000000 AS started FROM charges WHERE category = 'usage' AND book = 'metered' AND %[3]s
) AS used GROUP BY source, started ORDER BY source, started LIMIT %[4]d`, d.AsText("started"), used, condition, mostHours)}
	if within.From.Equal(within.From.Truncate(utcDay)) {
		s.Reads = &Reads{Window: within}
	}
	return s
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
	h.Maturity, err = maturityOf(cells[5:])
	return h, err
}
