package lake

import (
	"fmt"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// Engines disagree about time zones and some need an extension for them, so Go's
// zone database is compiled into the statement: the offsets from UTC that hold
// within the window, each from an instant on.

const (
	minute = int64(time.Minute / time.Microsecond)
	hour   = 60 * minute
	day    = 24 * hour
	week   = 7 * day
	// monday is how long before 1970 the last week began.
	monday = 3 * day
)

// byClock gives the microseconds of a minute or an hour, 0 for a grain of the calendar.
func byClock(g spend.Grain) int64 {
	switch g {
	case spend.Minute:
		return minute
	case spend.Hour:
		return hour
	}
	return 0
}

// bucketSQL gives the number that names the bucket of a line: for minutes and hours
// the microsecond at which it begins, for days and weeks their count since 1970 in
// local time, for months and what is made of them their number in the calendar.
//
// Whole numbers are divided because calendar functions of engines cost three
// times the rest of a query.
func bucketSQL(d Dialect, q *spend.Query, from, to time.Time) string {
	micros, zone := d.Micros("used_at"), zoneOf(q)
	switch q.Grain {
	case spend.Month, spend.Quarter, spend.Year:
		return stepSQL(d, periods(q, from, to))
	case spend.Week:
		return d.Divide(plus(micros, monday, stretches(zone, from, to, 0), d), week)
	case spend.Day:
		return d.Divide(plus(micros, 0, stretches(zone, from, to, 0), d), day)
	}
	// Whole hours of offset do not move the start of an hour.
	long := byClock(q.Grain)
	parts := stretches(zone, from, to, long)
	start := d.Divide(plus(micros, 0, parts, d), long) + fmt.Sprintf(" * %d", long)
	if len(parts) == 1 && parts[0].number == 0 {
		return start
	}
	return start + " - " + stepSQL(d, parts)
}

func plus(micros string, more int64, parts []step, d Dialect) string {
	if len(parts) == 1 {
		return fmt.Sprintf("%s + %d", micros, parts[0].number+more)
	}
	return fmt.Sprintf("%s + %d + %s", micros, more, stepSQL(d, parts))
}

// A step is a number that holds from an instant on.
type step struct {
	from   time.Time
	number int64
}

// stretches gives the offset of a zone in microseconds wherever it changes in a
// window; a modulus, when not zero, drops its multiples.
func stretches(zone *time.Location, from, to time.Time, modulus int64) []step {
	var found []step
	for t := from; ; {
		_, seconds := t.In(zone).Zone()
		offset := int64(seconds) * 1_000_000
		if modulus != 0 {
			offset = ((offset % modulus) + modulus) % modulus
		}
		if len(found) == 0 || found[len(found)-1].number != offset {
			found = append(found, step{t, offset})
		}
		_, end := t.In(zone).ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			return found
		}
		t = end
	}
}

// periods gives the number of each month, quarter or year that a window touches,
// from its start.
func periods(q *spend.Query, from, to time.Time) []step {
	var found []step
	c := calendar.Of(q)
	for n := c.Number(q.Grain, from); len(found) == 0 || c.Begin(q.Grain, n).Before(to); n++ {
		found = append(found, step{c.Begin(q.Grain, n), int64(n)})
	}
	return found
}

// stepSQL gives the number of the step in which used_at lies, by halving.
func stepSQL(d Dialect, steps []step) string {
	if len(steps) == 1 {
		return strconv.FormatInt(steps[0].number, 10)
	}
	half := len(steps) / 2
	return fmt.Sprintf("CASE WHEN used_at >= %s THEN %s ELSE %s END",
		d.Moment(steps[half].from.UnixMicro()), stepSQL(d, steps[half:]), stepSQL(d, steps[:half]))
}

// bucketStart turns the number of a bucket into the instant at which it begins.
func bucketStart(q *spend.Query, number int64) time.Time {
	zone := zoneOf(q)
	switch q.Grain {
	case spend.Minute, spend.Hour:
		return time.UnixMicro(number).In(zone)
	case spend.Month, spend.Quarter, spend.Year:
		return calendar.Of(q).Begin(q.Grain, int(number))
	case spend.Week:
		number = number*7 - 3
	}
	return calendar.DayStart(1970, time.January, 1+int(number), zone)
}

// BucketOf gives the start of the bucket of a query in which an instant lies.
func BucketOf(q *spend.Query, t time.Time) time.Time {
	zone := zoneOf(q)
	local := t.In(zone)
	year, month, day := local.Date()
	switch q.Grain {
	case spend.Minute, spend.Hour:
		_, seconds := local.Zone()
		into := (t.UnixMicro() + int64(seconds)*1_000_000) % byClock(q.Grain)
		return time.UnixMicro(t.UnixMicro() - into).In(zone)
	case spend.Week:
		day -= (int(local.Weekday()) + 6) % 7
	case spend.Month, spend.Quarter, spend.Year:
		c := calendar.Of(q)
		return c.Begin(q.Grain, c.Number(q.Grain, t))
	}
	return calendar.DayStart(year, month, day, zone)
}

// nextBucket gives the start of the bucket after the one that begins at t.
func nextBucket(q *spend.Query, t time.Time) time.Time {
	year, month, day := t.In(zoneOf(q)).Date()
	switch q.Grain {
	case spend.Minute, spend.Hour:
		return BucketOf(q, t.Add(time.Duration(byClock(q.Grain))*time.Microsecond))
	case spend.Week:
		day += 7
	case spend.Month, spend.Quarter, spend.Year:
		c := calendar.Of(q)
		return c.Begin(q.Grain, c.Number(q.Grain, t)+1)
	default:
		day++
	}
	return calendar.DayStart(year, month, day, zoneOf(q))
}

func zoneOf(q *spend.Query) *time.Location {
	if q.Zone == nil {
		return time.UTC
	}
	return q.Zone
}
