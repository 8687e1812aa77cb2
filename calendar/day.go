package calendar

import (
	"time"

	"github.com/bursarhq/bursar/spend"
)

// DayStart is the first instant of a local date: not always midnight, for
// there are zones where clocks jump over it or show it twice.
func DayStart(year int, month time.Month, day int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	start, end := t.ZoneBounds()
	if t.Day() != time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Day() {
		return end // midnight is skipped and Go went back: the day begins with the new offset
	}
	if t.Hour() != 0 {
		return start // midnight is skipped and Go went forward
	}
	if start.IsZero() {
		return t
	}
	_, offset := t.Zone()
	_, before := start.Add(-time.Second).Zone()
	if first := t.Add(time.Duration(offset-before) * time.Second); first.Before(t) && first.Before(start) {
		return first // midnight comes twice
	}
	return t
}

// Preceding gives the start of the window just before another: as many buckets earlier where
// both ends begin one of months or longer, as many days where both begin a day, for a day may
// have 23 or 25 hours, and else as long.
func (c Calendar) Preceding(g spend.Grain, from, to time.Time) time.Time {
	zone := c.Location()
	if g == spend.Month || g == spend.Quarter || g == spend.Year {
		first, end := c.Number(g, from), c.Number(g, to)
		if c.Begin(g, first).Equal(from) && c.Begin(g, end).Equal(to) {
			return c.Begin(g, first-(end-first))
		}
	}
	first, end := dateOf(from, zone), dateOf(to, zone)
	if startOf(first, zone).Equal(from) && startOf(end, zone).Equal(to) {
		return startOf(first.AddDate(0, 0, -days(first, end)), zone)
	}
	return from.Add(-to.Sub(from))
}

// startOf is the instant at which a date begins.
func startOf(day time.Time, zone *time.Location) time.Time {
	return DayStart(day.Year(), day.Month(), day.Day(), zone)
}

// date is a day of the calendar, at midnight UTC, so that days can be added.
func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// dateOf is the local date of an instant.
func dateOf(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return date(year, month, day)
}

// days counts the days from one date to another.
func days(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }

// floorDiv divides and rounds down, also below zero.
func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
