package calendar

import (
	"time"

	"github.com/bursarhq/bursar/spend"
)

// ofWeeks says that the fiscal year is one of 52 or 53 whole weeks.
func (c Calendar) ofWeeks() bool {
	return c.Scheme == spend.Weeks445 || c.Scheme == spend.Weeks454 || c.Scheme == spend.Weeks544
}

func (c Calendar) first() time.Month { return max(c.Start, time.January) }

// offset is how many months of a calendar year go by before its fiscal year
// begins. Periods of weeks are numbered from the fiscal year itself.
func (c Calendar) offset() int {
	if c.ofWeeks() {
		return 0
	}
	return int(c.first()) - 1
}

// shift is what is to be added to the number of a year to have its name. Years
// of weeks are numbered by their name; years of months by their first month.
func (c Calendar) shift() int {
	if c.ofWeeks() || c.NamedByStart || c.first() == time.January {
		return 0
	}
	return 1
}

// weeksBefore counts the weeks of a year before a period, 0 to 11. The last
// period takes the 53rd week.
func (c Calendar) weeksBefore(period int) int {
	lengths := map[spend.Scheme][3]int{spend.Weeks445: {0, 4, 8}, spend.Weeks454: {0, 4, 9}, spend.Weeks544: {0, 5, 9}}
	return 13*(period/3) + lengths[c.Scheme][period%3]
}

// yearStart is the first day of a named fiscal year of weeks: the one behind the
// last day of the year before.
//
// Example: with a year that ends on the Saturday nearest to the end of January
// and is named by its start, 2023 begins on Sunday 2023-01-29 and has 53 weeks.
func (c Calendar) yearStart(name int) time.Time {
	if c.NamedByStart || c.first() == time.January {
		return c.after(name)
	}
	return c.after(name - 1)
}

// after is the first day of the week year that nominally begins with the start
// month of a calendar year.
func (c Calendar) after(year int) time.Time {
	end := date(year, c.first(), 1).AddDate(0, 0, -1)
	back := (int(end.Weekday()) - int(c.lastDay()) + 7) % 7 // days since the last such weekday of the month
	if c.Nearest && back > 3 {
		back -= 7
	}
	return end.AddDate(0, 0, 1-back)
}

// lastDay is the weekday that a week ends with.
func (c Calendar) lastDay() time.Weekday { return (c.WeekStart + 6) % 7 }
