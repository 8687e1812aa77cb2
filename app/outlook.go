package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/spend"
)

const (
	// longestPast is how far back a forecast looks: seven times a month, since six
	// times what is left are needed to know how far off it may be.
	longestPast = 220 * 24 * time.Hour

	// mostForeseen is how many values of one budget are forecast.
	mostForeseen = 1000

	// evidence is the level, in percent, of which a forecast must know the interval.
	evidence = 80
)

// foresee compares with the thresholds on forecasts what each window is expected to
// have used at its end. Where there is not enough evidence nobody is told.
func (s *Server) foresee(ctx context.Context) error {
	var steps []budget.Budget // the same budgets by hour or day
	for _, b := range s.order.Load().limits.Budgets {
		step, has := stepOf(&b)
		if has && slices.ContainsFunc(b.Alerts, func(a budget.Alert) bool { return a.Forecast }) {
			steps = append(steps, step)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	now := s.Now()
	past, err := s.past(ctx, steps, now)
	if err != nil {
		return err
	}
	current := s.Budgets.Current(now)
	for i := range steps {
		windows := slices.DeleteFunc(slices.Clone(current), func(w budget.Standing) bool { return w.Budget != steps[i].ID })
		if len(windows) > mostForeseen {
			s.log.Warn("a budget is not forecast", "budget", steps[i].ID, "values", len(windows))
			continue
		}
		for j := range windows {
			w := outlook{budget: &steps[i], window: &windows[j], past: past[valueOf(&windows[j])], now: now}
			if err := s.foreseeOne(&w); err != nil {
				return err
			}
		}
	}
	return nil
}

// stepOf is a budget by the steps of its forecast, false for one whose windows have none:
// by hours of a day, and else by days.
func stepOf(b *budget.Budget) (budget.Budget, bool) {
	step := *b
	step.Alerts = nil
	switch b.Window.Period {
	case budget.Day:
		step.Window.Period = budget.Hour
	case budget.Week, budget.Month, budget.Quarter, budget.Year:
		step.Window.Period = budget.Day
	default:
		return step, false
	}
	return step, true
}

// valueOf names what a standing is of, whatever the window.
func valueOf(w *budget.Standing) string {
	return strings.Join(append([]string{w.Budget}, w.Each...), "\x00")
}

// outlook is one window with its past by steps.
type outlook struct {
	budget *budget.Budget // by the steps of its forecast
	window *budget.Standing
	past   stepped
	now    time.Time
}

func (s *Server) foreseeOne(o *outlook) error {
	e, err := o.expected(s.order.Load().known)
	if err != nil || e.unknown != "" {
		return err
	}
	err = s.Budgets.Foresee(o.now, &budget.Outlook{Budget: o.window.Budget, Each: o.window.Each, At: o.now, Total: e.total})
	if spend.KindOf(err) == spend.KindNotFound { // other limits came into force meanwhile
		return nil
	}
	return err
}

// expected is what a window will have used at its end.
type expected struct {
	total     money.Amount
	low, high money.Null // null where the past is too short for an interval of the whole
	unsure    string     // why it is
	unknown   string     // why nothing is expected, "" where something is
}

// expected is what the window will have used at its end, with the holidays and launches
// that are known and what is booked ahead, unknown where the past is too short to know how
// far off that may be. Where nothing but that is known it is told alone.
func (o *outlook) expected(known []occasion.Occasion) (e expected, err error) {
	values, left := o.series(), o.left()
	sure, err := o.sure()
	if err != nil {
		return e, err
	}
	if len(values) == 0 && !sure.IsZero() {
		e.unsure = "nothing was used before this " + string(o.budget.Window.Period) + " but what is booked ahead, which is told alone"
		e.total, err = o.reaching(sure, 0)
		return e, err
	}
	if len(values) == 0 || left == 0 {
		e.unknown = "nothing was used before this " + string(o.budget.Window.Period)
		return e, nil
	}
	season := 7
	if o.budget.Window.Period == budget.Hour {
		season = 24
	}
	answers, err := forecast.All([]forecast.Series{{Values: values, Occasions: o.occasions(known)}}, &forecast.Ask{Horizon: left, Periods: []int{season}, Levels: []int{evidence}})
	if err != nil {
		return e, err
	}
	if e.unknown = answers[0].Bounds[0].Refused; e.unknown != "" {
		return e, nil
	}
	rest := 0.0
	for _, mean := range answers[0].Mean {
		rest += max(mean, 0)
	}
	if e.total, err = o.reaching(sure, rest); err != nil {
		return e, err
	}
	around := answers[0].Total.Bounds[0]
	if e.unsure = around.Refused; e.unsure != "" {
		return e, nil
	}
	low, errLow := o.reaching(sure, min(around.Low, rest))
	high, errHigh := o.reaching(sure, max(around.High, rest))
	e.low, e.high = money.Known(low), money.Known(high)
	return e, cmp.Or(errLow, errHigh)
}

// reaching is what is known of the window and more to come, at least what is used by now.
func (o *outlook) reaching(sure money.Amount, more float64) (money.Amount, error) {
	coming, _, err := money.ParseRounded(strconv.FormatFloat(max(more, 0), 'f', 6, 64))
	if err != nil {
		return coming, err
	}
	total, err := sure.Add(coming)
	if used := o.window.Spent(); used.Cmp(total) > 0 {
		total = used
	}
	return total, err
}

// series gives the steps that have ended, from the first one in which anything was used,
// without what is booked ahead.
func (o *outlook) series() (values []float64) {
	for at := o.begins(); ; {
		from, to := o.budget.Window.Around(at)
		if to.After(o.now) {
			return values
		}
		values = append(values, o.past.used[from.UnixNano()].Approx())
		at = to
	}
}

// left is the number of steps until the window ends, the present one included.
func (o *outlook) left() (n int) {
	for at := o.now; at.Before(o.window.To); n++ {
		_, at = o.budget.Window.Around(at)
	}
	return n
}
