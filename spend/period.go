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
