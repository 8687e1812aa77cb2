package purchase

import (
	"fmt"
	"time"
)

// Day is a date of the organisation's own calendar. The zero value is none.
type Day struct{ at time.Time } // midnight in UTC

// Date gives a day.
func Date(year int, month time.Month, day int) Day {
	return Day{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// ParseDay reads a day like 2026-11-25, and nothing that could be read in two
// ways.
func ParseDay(text string) (Day, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Day{}, fmt.Errorf("day %.20q: want one like 2026-11-25", text)
	}
	return Day{at}, nil
}

// String gives 2026-11-25, "" for no day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.at.Format(time.DateOnly)
}

// IsZero says that it is no day.
func (d Day) IsZero() bool { return d.at.IsZero() }

// Plus gives the day so many days later.
func (d Day) Plus(days int) Day { return Day{d.at.AddDate(0, 0, days)} }

// days is the number of days from d on, up to and with another.
func (d Day) days(through Day) int { return int(through.at.Sub(d.at)/(24*time.Hour)) + 1 }

// later is the day a number of months after, or the last of that month.
func (d Day) later(months int) Day {
	year, month, day := d.at.Date()
	first := time.Date(year, month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return Day{first.AddDate(0, 0, min(day, last.Day())-1)}
}

// MarshalText gives what String gives.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDay reads; an empty text is no day.
func (d *Day) UnmarshalText(text []byte) (err error) {
	if *d = (Day{}); len(text) > 0 {
		*d, err = ParseDay(string(text))
	}
	return err
}
