package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Line is what is planned of one scope.
type Line struct {
	Where    map[spend.Dimension]string // whose spend; everybody's when empty
	Currency money.Currency
	Months   map[spend.Period]money.Amount
}

// ID tells lines apart.
func (l *Line) ID() string {
	if l.Of() == "" {
		return "plan of everything"
	}
	return "plan of " + l.Of()
}

// Of says whose spend is planned, "" for everybody's: "team claims".
func (l *Line) Of() string {
	var parts []string
	for _, d := range slices.Sorted(maps.Keys(l.Where)) {
		parts = append(parts, string(d)+" "+l.Where[d])
	}
	return strings.Join(parts, ", ")
}

// Within is what is planned from one instant to another, a month spread evenly over its
// length; null when a month of the window is not planned.
//
// Example: of 310 for October, 20 days from its third on take 200. The window's ends are
// each rounded from the month's beginning, so that parts sum to the month.
func (l *Line) Within(c calendar.Calendar, from, to time.Time) (money.Null, error) {
	sum := money.FromInt(0)
	for at := from; at.Before(to); {
		month := c.Period(at)
		begin, end, err := c.Bounds(month)
		if err != nil {
			return money.Null{}, err
		}
		amount, planned := l.Months[month]
		if !planned {
			return money.Null{}, nil
		}
		until := end
		if to.Before(end) {
			until = to
		}
		before, err := upTo(amount, at.Sub(begin), end.Sub(begin))
		if err != nil {
			return money.Null{}, err
		}
		through, err := upTo(amount, until.Sub(begin), end.Sub(begin))
		if err != nil {
			return money.Null{}, err
		}
		if sum, err = money.Sum(sum, through, before.Neg()); err != nil {
			return money.Null{}, err
		}
		at = until
	}
	return money.Known(sum), nil
}

// upTo is the part of an amount that falls before a moment of its month.
func upTo(amount money.Amount, passed, whole time.Duration) (money.Amount, error) {
	return amount.MulRatio(int64(passed/time.Second), int64(whole/time.Second))
}

// Differences says what each month of each line is, by what tells it from the others.
func Differences(lines []Line) map[string]string {
	said := map[string]string{}
	for i := range lines {
		l := &lines[i]
		for month, amount := range l.Months {
			said[fmt.Sprintf("%s for %s", l.ID(), month)] = amount.String() + " " + string(l.Currency)
		}
	}
	return said
}
