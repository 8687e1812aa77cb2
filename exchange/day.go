package exchange

import (
	"fmt"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Day is a day of the calendar, in days since 1970-01-01, which is itself none:
// the zero value means that no day is known.
type Day int32

const secondsADay = 24 * 60 * 60

// DayOf gives the day of an instant in a zone.
func DayOf(at time.Time, zone *time.Location) Day {
	year, month, day := at.In(zone).Date()
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

// ParseDay reads a day from 1970-01-02 on, written "2026-11-25".
func ParseDay(s string) (Day, error) {
	at, err := time.Parse(time.DateOnly, s)
	if d := DayOf(at, time.UTC); err == nil && d > 0 {
		return d, nil
	}
	return 0, fmt.Errorf("day %.20q: want one like 2026-11-25", s)
}

// String gives "2026-11-25", "" for no day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return time.Unix(int64(d)*secondsADay, 0).UTC().Format(time.DateOnly)
}

// Start is the first instant of the day in a zone.
func (d Day) Start(zone *time.Location) time.Time {
	year, month, day := time.Unix(int64(d)*secondsADay, 0).UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// Period gives the month of the day.
func (d Day) Period() spend.Period {
	return spend.PeriodOf(time.Unix(int64(d)*secondsADay, 0), time.UTC)
}

// MarshalText gives what String gives.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDay reads.
func (d *Day) UnmarshalText(text []byte) (err error) { *d, err = ParseDay(string(text)); return err }
