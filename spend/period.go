package spend

import (
	"time"
)

// Period is a finance month, "2026-11". Periods compare as text.
type Period string

// PeriodOf gives the calendar month of an instant in a zone.
func PeriodOf(t time.Time, zone *time.Location) Period { return Period(t.In(zone).Format("2006-01")) }

// Post gives the period in which a line is booked: that of its origin while it
// is open, else the first open one. closedThrough is the last closed period, ""
// when none is closed.
//
// Example: with 2026-09 closed, usage of August is posted in 2026-10.
func (p Period) Post(closedThrough Period) Period {
	if p > closedThrough {
		return p
	}
	return closedThrough.Next()
}

// Next is the month after.
func (p Period) Next() Period {
	t, err := time.Parse("2006-01", string(p))
	if err != nil {
		return p
	}
	return PeriodOf(t.AddDate(0, 1, 0), time.UTC)
}

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
