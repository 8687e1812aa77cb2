package report

import (
	"errors"
	"time"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// BoardAsk asks for the report of a board, as it is written on a command line.
type BoardAsk struct {
	Month    string // of finance, "2026-10"; the last whole one when all is empty
	From, To string // or a window of days, its end not included
	Zone     string // IANA name

	Fiscal spend.Fiscal // what a month is
}

// BoardPeriods are the period of a report, the one before, and the same one a year before.
type BoardPeriods struct {
	Now, Before, LastYear board.Period
	Base                  spend.Query // the cost of the period, as the ledger stands at the instant
}

// Periods reads what is asked for at an instant. A month is compared with the month
// before, a window with the one of equal length before.
func (a BoardAsk) Periods(now time.Time) (p BoardPeriods, err error) {
	ask := Ask{Measures: string(spend.Cost), Book: string(spend.Metered), Axis: string(spend.ByUse), Zone: a.Zone}
	if p.Base, err = ask.Query(now); err != nil {
		return p, err
	}
	p.Base.Fiscal, p.Base.AsOf = a.Fiscal, now
	switch {
	case a.Month != "" && (a.From != "" || a.To != ""):
		return p, spend.Errorf(spend.KindInvalid, "read --month", "a month and a window are both given").WithHint("one of them")
	case a.From != "" || a.To != "":
		err = p.window(a.From, a.To)
	default:
		err = p.month(a.Month, now)
	}
	p.Base.From, p.Base.To = p.Now.From, p.Now.To
	if err == nil && !p.Now.From.Before(now) {
		err = spend.Errorf(spend.KindInvalid, "make the board report", "%s has not begun", p.Now.Name).WithHint("ask for a period that has, or bursar forecast")
	}
	return p, err
}

func (p *BoardPeriods) month(name string, now time.Time) error {
	c := calendar.Of(&p.Base)
	if name == "" {
		from, _, err := c.Bounds(c.Period(now))
		if err != nil {
			return err
		}
		name = string(c.Period(from.Add(-time.Microsecond)))
	}
	var errs [3]error
	p.Now, errs[0] = monthOf(c, spend.Period(name))
	if errs[0] != nil {
		return spend.Errorf(spend.KindInvalid, "read --month", "%.20q is no month", name).WithHint("a month of finance like 2026-10")
	}
	p.Before, errs[1] = monthOf(c, c.Period(p.Now.From.Add(-time.Microsecond)))
	first, err := time.Parse("2006-01", name)
	errs[0] = err
	p.LastYear, errs[2] = monthOf(c, spend.Period(first.AddDate(-1, 0, 0).Format("2006-01")))
	return errors.Join(errs[:]...)
}

func monthOf(c calendar.Calendar, name spend.Period) (board.Period, error) {
	from, to, err := c.Bounds(name)
	return board.Period{Name: string(name), From: from, To: to}, err
}

func (p *BoardPeriods) window(start, end string) error {
	from, err1 := day(start, p.Base.Zone)
	to, err2 := day(end, p.Base.Zone)
	if err := errors.Join(err1, err2); err != nil || !from.Before(to) {
		return spend.Errorf(spend.KindInvalid, "read --from and --to", "%.40q to %.40q is no window", start, end).
			WithHint("two days like 2026-10-01 and 2026-10-15, the second not included")
	}
	days := int(to.Sub(from).Round(24*time.Hour) / (24 * time.Hour))
	p.Now, p.Before, p.LastYear = windowOf(from, to), windowOf(from.AddDate(0, 0, -max(days, 1)), from), windowOf(from.AddDate(-1, 0, 0), to.AddDate(-1, 0, 0))
	return nil
}

func windowOf(from, to time.Time) board.Period {
	return board.Period{Name: from.Format(time.DateOnly) + ".." + to.Format(time.DateOnly), From: from, To: to}
}
