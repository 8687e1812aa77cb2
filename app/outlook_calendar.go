package app

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/spend"
)

// pinned are the dimensions of which a budget's window has one value, by its scope or by
// what it counts apart.
func pinned(b *budget.Budget, each []string) map[spend.Dimension]string {
	known := map[spend.Dimension]string{}
	for d, values := range b.Scope {
		if len(values) == 1 {
			known[spend.Dimension(d)] = values[0]
		}
	}
	for i, d := range b.Each {
		if i < len(each) {
			known[spend.Dimension(d)] = each[i]
		}
	}
	return known
}

// occasions are those of the calendar that are the window's, by steps from its first one
// with usage. A holiday is all steps of its days, a launch the first of its day.
func (o *outlook) occasions(known []occasion.Occasion) (found []forecast.Occasion) {
	if len(known) == 0 {
		return nil
	}
	dates, of := o.dates(), pinned(o.budget, o.window.Each)
	for i := range known {
		c := &known[i]
		if c.Like != "" || !c.Applies(of) { // what it begins is no step of anything
			continue
		}
		at := forecast.Occasion{Name: c.ID(), Lasting: c.Kind == occasion.Launch, Effect: c.Effect.Amount.Approx()}
		for _, day := range c.Days {
			steps := dates[day]
			if at.Lasting && len(steps) > 1 {
				steps = steps[:1]
			}
			at.Steps = append(at.Steps, steps...)
		}
		if slices.Sort(at.Steps); len(at.Steps) > 0 {
			found = append(found, at)
		}
	}
	return found
}

// dates numbers the steps of each date, from the first one with usage to the window's end.
func (o *outlook) dates() map[string][]int {
	zone := o.budget.Window.Calendar.Zone
	if zone == nil {
		zone = time.UTC
	}
	dates := map[string][]int{}
	at := o.begins()
	for n := 0; at.Before(o.window.To); n++ {
		from, to := o.budget.Window.Around(at)
		date := from.In(zone).Format(time.DateOnly)
		dates[date] = append(dates[date], n)
		at = to
	}
	return dates
}

// begins is the instant of the first step in which anything was used that is not booked
// ahead, the present without one.
func (o *outlook) begins() time.Time {
	first := o.now.UnixNano()
	for from := range o.past.used {
		first = min(first, from)
	}
	return time.Unix(0, first).UTC()
}
