package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/spend"
)

// OccasionAhead is a holiday or a launch within the days that are forecast, and what it
// does to the smallest groups.
type OccasionAhead struct {
	Kind     occasion.Kind              `json:"kind"`
	Name     string                     `json:"name"`
	Where    map[spend.Dimension]string `json:"where"`    // whose it is; everybody's when empty
	Days     []string                   `json:"days"`     // that are forecast
	Like     string                     `json:"like"`     // what it begins as
	Factor   money.Null                 `json:"factor"`   // by which it multiplies, the mean of the groups by their size; null where nobody knows
	Declared bool                       `json:"declared"` // by the calendar, not learned from the past
	Groups   int                        `json:"groups"`   // smallest ones that are wholly its
	Unknown  int                        `json:"unknown"`  // of them, of which nobody knows what it does: it changes nothing there
}

// occasions are those of a series, by steps from its first value.
func (p *pastOf) occasions(b *branch) []forecast.Occasion {
	known := p.f.pinned(b)
	var out []forecast.Occasion
	for i := range p.f.Calendar {
		o := &p.f.Calendar[i]
		if o.Like != "" || !o.Applies(known) { // what it begins is no step of anything
			continue
		}
		at := forecast.Occasion{Name: o.ID(), Lasting: o.Kind == occasion.Launch, Effect: o.Effect.Amount.Approx()}
		for _, day := range o.Days {
			at.Steps = append(at.Steps, dateNumber(day)-p.start-b.first)
		}
		out = append(out, at)
	}
	return out
}

// pinned are the dimensions of which a series has one value, by its keys or the question's
// conditions.
func (f *Foresight) pinned(b *branch) map[spend.Dimension]string {
	known := map[spend.Dimension]string{}
	for _, w := range f.Past.Where {
		if !w.Not && w.Has == "" && len(w.Values) == 1 {
			known[w.By] = w.Values[0]
		}
	}
	for i, key := range b.keys {
		if !b.other {
			known[f.Past.By[i]] = key
		}
	}
	return known
}

// dateNumber numbers a date of a calendar as dayNumber does.
func dateNumber(date string) int {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return -1 << 30 // a calendar has only dates
	}
	return dayNumber(day)
}

// ahead says what the calendar holds of the days that are forecast.
func (p *pastOf) ahead(answers []forecast.Answer) ([]OccasionAhead, error) {
	from := p.start + p.days
	out := []OccasionAhead{}
	for i := range p.f.Calendar {
		o := &p.f.Calendar[i]
		shown := OccasionAhead{Kind: o.Kind, Name: o.Name, Where: o.Where, Like: o.Like, Days: []string{}}
		if shown.Where == nil {
			shown.Where = map[spend.Dimension]string{}
		}
		for _, day := range o.Days {
			if n := dateNumber(day); n >= from && n < from+p.f.Days {
				shown.Days = append(shown.Days, day)
			}
		}
		if len(shown.Days) == 0 {
			continue
		}
		if err := p.effect(&shown, o, answers); err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// effect counts the groups of an occasion, and averages what it does to them.
func (p *pastOf) effect(shown *OccasionAhead, o *occasion.Occasion, answers []forecast.Answer) (err error) {
	sum, weight := 0.0, 0.0
	for i := range answers {
		if len(p.branches[i].parts) > 0 {
			continue
		}
		for _, e := range answers[i].Effects {
			if e.Name != o.ID() {
				continue
			}
			if shown.Groups++; !e.Known {
				shown.Unknown++
				continue
			}
			size := max(answers[i].Total.Mean, 1e-9)
			sum, weight = sum+size*e.Factor, weight+size
			shown.Declared = e.Learned == 0
		}
	}
	if weight == 0 {
		return nil
	}
	factor, err := decimal(sum / weight)
	shown.Factor = money.Known(factor.Round(4))
	return err
}

// text says what an occasion does, for people.
func (o *OccasionAhead) text() string {
	var of strings.Builder
	for _, d := range spend.Dimensions() {
		if value, said := o.Where[d]; said {
			fmt.Fprintf(&of, " of %s %s", d, key(value))
		}
	}
	days := strings.Join(o.Days[:min(3, len(o.Days))], ", ")
	if more := len(o.Days) - 3; more > 0 {
		days += fmt.Sprintf(" and %d more", more)
	}
	line := fmt.Sprintf("%s %s%s on %s: ", o.Kind, o.Name, of.String(), days)
	how := "learned from its past"
	if o.Declared {
		how = "as declared"
	}
	switch {
	case o.Like != "":
		return line + "begins as " + o.Like + " did, where that is a group here"
	case o.Groups == 0:
		return line + "no group here is wholly its, or old enough; nothing is changed for it"
	case !o.Factor.Valid:
		return line + "nobody knows what it does; nothing is changed for it"
	}
	line += fmt.Sprintf("%d groups to %s of what they would be, %s", o.Groups-o.Unknown, percent(o.Factor), how)
	if o.Unknown > 0 {
		line += fmt.Sprintf("; of %d more nobody knows", o.Unknown)
	}
	return line
}
