package calendar

import "time"

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
