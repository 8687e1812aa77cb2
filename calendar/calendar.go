package calendar

import (
	"fmt"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Calendar is the zone and the fiscal year in which an organisation reads time.
// The zero value is UTC and the calendar year.
type Calendar struct {
	Zone *time.Location // UTC when nil
	spend.Fiscal
}

// New gives the calendar of a zone and a fiscal year.
func New(zone *time.Location, fiscal spend.Fiscal) Calendar { return Calendar{zone, fiscal} }

// Of gives the calendar that a question is asked in.
func Of(q *spend.Query) Calendar { return Calendar{q.Zone, q.Fiscal} }

// Validate refuses a month outside 1 to 12, a scheme that is none and a first day
// of the week that is none. The error is of kind invalid.
func (c Calendar) Validate() error {
	switch {
	case c.Start < 0 || c.Start > time.December:
		return spend.Errorf(spend.KindInvalid, "read the fiscal year", "it cannot begin in month %d", int(c.Start))
	case c.Scheme != "" && c.Scheme != spend.Months && !c.ofWeeks():
		return spend.Errorf(spend.KindInvalid, "read the fiscal year", "there is no scheme %.20q", string(c.Scheme)).
			WithHint("month, 4-4-5, 4-5-4 or 5-4-4")
	case c.WeekStart < time.Sunday || c.WeekStart > time.Saturday:
		return spend.Errorf(spend.KindInvalid, "read the fiscal year", "there is no weekday %d", int(c.WeekStart))
	}
	return nil
}

// Period gives the finance period of an instant.
//
// Example: where the year ends on the last Saturday of September, 4-4-5, the
// instant 2022-09-25 00:00 is in 2023-01.
func (c Calendar) Period(t time.Time) spend.Period {
	if !c.ofWeeks() {
		return spend.PeriodOf(t, c.Location()) // of every line: spare it the counting
	}
	n := c.Number(spend.Month, t)
	return spend.Period(fmt.Sprintf("%04d-%02d", floorDiv(n, 12), n-12*floorDiv(n, 12)+1))
}

// Bounds gives the first instant of a period and the first one after it.
func (c Calendar) Bounds(p spend.Period) (from, to time.Time, err error) {
	month, err := time.Parse("2006-01", string(p))
	if err != nil {
		return from, to, spend.Errorf(spend.KindInvalid, "read a period", "%.20q is none", string(p)).WithHint("write it like 2026-11")
	}
	n := month.Year()*12 + int(month.Month()) - 1
	return c.Begin(spend.Month, n), c.Begin(spend.Month, n+1), nil
}

// Name gives the finance name of the bucket in which an instant lies: "FY2027
// P05", "FY2027 Q2" or "FY2027".
func (c Calendar) Name(g spend.Grain, t time.Time) string {
	n := c.Number(spend.Month, t)
	into := n - c.offset()
	year := fmt.Sprintf("FY%04d", floorDiv(into, 12)+c.shift())
	part := into - 12*floorDiv(into, 12)
	switch g {
	case spend.Month:
		return fmt.Sprintf("%s P%02d", year, part+1)
	case spend.Quarter:
		return fmt.Sprintf("%s Q%d", year, part/3+1)
	}
	return year
}

// Number counts the buckets of a grain up to that of an instant, from a fixed
// one far away: periods by 12 × year + month, quarters and years alike. Only
// month, quarter and year are counted here.
func (c Calendar) Number(g spend.Grain, t time.Time) int {
	n := c.month(t)
	if width := width(g); width > 1 {
		return floorDiv(n-c.offset(), width)
	}
	return n
}

// Begin gives the first instant of a numbered bucket.
func (c Calendar) Begin(g spend.Grain, number int) time.Time {
	if width := width(g); width > 1 {
		number = number*width + c.offset()
	}
	year, month := floorDiv(number, 12), time.Month(number-12*floorDiv(number, 12)+1)
	if !c.ofWeeks() {
		return DayStart(year, month, 1, c.Location())
	}
	first := c.yearStart(year).AddDate(0, 0, 7*c.weeksBefore(int(month)-1))
	return DayStart(first.Year(), first.Month(), first.Day(), c.Location())
}

// month counts the periods up to that of an instant.
func (c Calendar) month(t time.Time) int {
	day := dateOf(t, c.Location())
	if !c.ofWeeks() {
		return day.Year()*12 + int(day.Month()) - 1
	}
	year := day.Year() + 1
	for day.Before(c.yearStart(year)) {
		year--
	}
	week, period := days(c.yearStart(year), day)/7, 11
	for week < c.weeksBefore(period) {
		period--
	}
	return year*12 + period
}

// width is the number of periods in a bucket.
func width(g spend.Grain) int {
	switch g {
	case spend.Quarter:
		return 3
	case spend.Year:
		return 12
	}
	return 1
}

// Location is the zone, never nil.
func (c Calendar) Location() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}
