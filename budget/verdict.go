package budget

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Verdict is what is said of a call.
type Verdict struct {
	Action  Action        // the strongest of the reasons'
	Model   string        // to ask again with, of a downgrade
	Wait    time.Duration // until it may be asked again, of a throttle
	Reasons []Reason      // of every limit that the call does not fit, the strongest first
}

// Cause says why a call does not fit.
type Cause string

// The causes.
const (
	Full      Cause = "full"      // too little is left
	Unproven  Cause = "unproven"  // nothing bounds what it may cost
	Unrated   Cause = "unrated"   // no exchange rate into the budget's currency
	TooFast   Cause = "too_fast"  // a rate has to fill first
	Malformed Cause = "malformed" // the call has no id, no instant or a negative bound
)

// Reason is one limit that a call does not fit.
type Reason struct {
	Limit    string // its id, "" of a malformed call
	Each     []string
	Action   Action
	Cause    Cause
	Counts   Measure
	Currency money.Currency
	Amount   money.Amount  // the limit of the window, results included
	Grace    int           // percent of it that calls may use beyond it
	Left     money.Amount  // zero or more, grace included
	Needs    money.Null    // the bound of the call
	Resets   time.Time     // when room comes back by itself; zero for never, of a rolling window when all of it has
	Rolls    string        // how long a rolling window is, "30 days"; "" of others
	Per      time.Duration // in which a rate allows its amount; zero of open calls
	Wait     time.Duration // of a rate or a pace, until it has filled
	Pace     Pace          // of a throttle, how fast calls go on beyond the limit
	Owner    string
	Model    string // of a downgrade
}

// String says what a person needs to know, on one line:
//
//	budget support/month has 0.0004 of 0.05 USD left and the call may cost 0.0016; it resets at 2026-12-01T00:00:00Z; ask support
func (r *Reason) String() string {
	var text strings.Builder
	unit := string(cmp.Or(Measure(r.Currency), r.Counts))
	switch r.Cause {
	case Malformed:
		return "the call has no id, no instant from 1970 to 2200, or a bound below zero"
	case TooFast:
		text.WriteString(r.tooFast(unit))
	case Unproven:
		fmt.Fprintf(&text, "budget %s has %s and nothing bounds what the call may cost", r.Limit, r.left(unit))
	case Unrated:
		fmt.Fprintf(&text, "budget %s is in %s and no exchange rate is known for the currency of the call", r.Limit, unit)
	default:
		text.WriteString(r.full(unit))
	}
	if r.Pace != (Pace{}) {
		fmt.Fprintf(&text, "; beyond it go %s", r.Pace)
	}
	if r.Pace != (Pace{}) && r.Wait > 0 {
		fmt.Fprintf(&text, ", and the next in %s", r.Wait)
	}
	if r.Action == Approve {
		text.WriteString("; nobody can approve it: a higher amount lets it go on")
	}
	switch {
	case r.Rolls != "":
		fmt.Fprintf(&text, "; what was used in rolling %s comes back bit by bit, all of it by %s", r.Rolls, r.Resets.Format(time.RFC3339))
	case !r.Resets.IsZero():
		text.WriteString("; it resets at " + r.Resets.Format(time.RFC3339))
	}
	if r.Owner != "" {
		text.WriteString("; ask " + r.Owner)
	}
	return text.String()
}

// left says of how much there is how much is left, grace included in both.
func (r *Reason) left(unit string) string {
	if r.Grace == 0 {
		return fmt.Sprintf("%s of %s %s left", r.Left, r.Amount, unit)
	}
	return fmt.Sprintf("%s of %s %s left (%s and %d %% grace)", r.Left, withGrace(r.Amount, r.Grace), unit, r.Amount, r.Grace)
}

func (r *Reason) full(unit string) string {
	if r.Counts == Depth {
		return fmt.Sprintf("budget %s lets runs be %s deep and the call is of depth %s", r.Limit, withGrace(r.Amount, r.Grace), r.Needs)
	}
	return fmt.Sprintf("budget %s has %s and the call may cost %s", r.Limit, r.left(unit), r.Needs)
}

func (r *Reason) tooFast(unit string) string {
	if r.Counts == Open {
		return fmt.Sprintf("rate %s allows %s open calls at once", r.Limit, r.Amount)
	}
	return fmt.Sprintf("rate %s allows %s %s in %s; there is room in %s", r.Limit, r.Amount, unit, r.Per, r.Wait)
}

// judge makes the verdict of the reasons that were found.
func judge(found []Reason) Verdict {
	slices.SortStableFunc(found, func(a, b Reason) int {
		return cmp.Or(b.Action.strength()-a.Action.strength(), cmp.Compare(a.Limit, b.Limit))
	})
	v := Verdict{Reasons: found}
	if len(found) > 0 {
		v.Action, v.Model = found[0].Action, found[0].Model
	}
	return v
}
