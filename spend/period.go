package spend

import (
	"time"
)

// Period is a finance month, "2026-11": where the fiscal year has weeks, the
// period of that number, so that 2027-05 is the fifth of fiscal year 2027. Each
// year has twelve, and periods compare as text. Package calendar knows their days.
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

// Next is the period after.
func (p Period) Next() Period {
	t, err := time.Parse("2006-01", string(p))
	if err != nil {
		return p
	}
	return PeriodOf(t.AddDate(0, 1, 0), time.UTC)
}

// Scheme says what a period of the fiscal year is made of: months, or weeks of
// which three periods fill a quarter of thirteen.
type Scheme string

// The schemes.
const (
	Months   Scheme = "month"
	Weeks445 Scheme = "4-4-5"
	Weeks454 Scheme = "4-5-4"
	Weeks544 Scheme = "5-4-4"
)

// Fiscal says how an organisation divides its years, whatever its zone. The zero
// value is the calendar year and its months.
type Fiscal struct {
	Start  time.Month `json:"start,omitempty"`  // the month that the year nominally begins with; 0 is January
	Scheme Scheme     `json:"scheme,omitempty"` // "" is months

	// Of a year of weeks: it ends on the day before WeekStart that is the last one in
	// the month before Start, or the one nearest to the end of that month.
	WeekStart time.Weekday `json:"week_start,omitempty"` // 0 is Sunday
	Nearest   bool         `json:"nearest,omitempty"`

	// NamedByStart names a year by the calendar year of its nominal first day, not
	// by that of its last.
	NamedByStart bool `json:"named_by_start,omitempty"`
}
