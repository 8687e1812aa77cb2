package budget

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// String says everything that the budget means, on one line:
//
//	500 USD effective a month of application support, for each workflow; at the limit stop; told at 50, 80, 100
func (b *Budget) String() string {
	parts := []string{strings.TrimSpace(b.Amount.String()+" "+string(b.Currency)) + " " + string(b.Counts) + b.Window.per() + ofWhat(b.Scope, b.Exempt, b.Each)}
	if b.PerOutcome.Outcome != "" {
		parts = append(parts, fmt.Sprintf("%s more for each %s", b.PerOutcome.Amount, b.PerOutcome.Outcome))
	}
	if b.Notional {
		parts = append(parts, "with what seats cover")
	}
	limit := "at the limit " + strings.TrimSpace(string(b.AtLimit)+" "+b.Fallback)
	if b.AtLimit == Throttle {
		limit += " to " + b.Pace.String()
	}
	if b.Grace != 0 {
		limit = fmt.Sprintf("%s after %d %% of grace", limit, b.Grace)
	}
	parts = append(parts, limit)
	if b.Unproven.Valid {
		parts = append(parts, "calls without a bound held at "+b.Unproven.Amount.String())
	}
	if len(b.Alerts) > 0 {
		told := make([]string, len(b.Alerts))
		for i, a := range b.Alerts {
			told[i] = a.String()
		}
		parts = append(parts, "told at "+strings.Join(told, ", "))
	}
	if b.Owner != "" {
		parts = append(parts, "owner "+b.Owner)
	}
	if !b.Override.Until.IsZero() {
		parts = append(parts, fmt.Sprintf("stops without results until %s: %s", b.Override.Until.AddDate(0, 0, -1).Format(time.DateOnly), b.Override.Reason))
	}
	return strings.Join(parts, "; ")
}

// String says everything that the rate means, on one line:
//
//	60 calls in 1m0s, 10 at once of team support, for each credential
func (r *Rate) String() string {
	text := fmt.Sprintf("%d %s", r.Amount, r.Counts)
	if r.Counts != Open {
		text = fmt.Sprintf("%s in %s, %d at once", text, r.Per, r.Burst)
	}
	text += ofWhat(r.Scope, r.Exempt, r.Each)
	if r.Owner != "" {
		text += "; owner " + r.Owner
	}
	return text
}

// per says over what a window sums, with its zone where it has days.
func (w *Window) per() string {
	zone := ""
	if w.Period != EachRun && w.Period != EachCall && w.Calendar.Location() != time.UTC {
		zone = " in " + w.Calendar.Location().String()
	}
	article := " a "
	if w.Period == Hour {
		article = " an "
	}
	return article + cmp.Or(string(w.Period), "rolling "+w.Rolls()) + zone
}

func ofWhat(scope Selector, exempt []Selector, each []string) string {
	text := " of all calls"
	if len(scope) > 0 {
		text = " of " + scope.String()
	}
	for _, e := range exempt {
		text += " but " + e.String()
	}
	if len(each) > 0 {
		text += ", for each " + strings.Join(each, " and ")
	}
	return text
}

// String names the dimensions with their values: "application support, environment production".
func (s Selector) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(s)) {
		values := slices.Clone(s[name])
		for i := range values {
			values[i] = cmp.Or(values[i], "(none)")
		}
		parts = append(parts, name+" "+strings.Join(values, " or "))
	}
	return strings.Join(parts, ", ")
}
