package purchase

import (
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Kind is what was bought.
type Kind string

// The kinds of purchase.
const (
	Seat         Kind = "seat"         // licences of people
	Subscription Kind = "subscription" // a plan of the organisation
	OneOff       Kind = "one_off"      // paid once
	Credit       Kind = "credit"       // money back; its amount is below zero
)

// Kinds lists the kinds of purchase.
func Kinds() []Kind { return []Kind{Seat, Subscription, OneOff, Credit} }

// Cycle is how often a purchase recurs.
type Cycle string

// The cycles.
const (
	Once    Cycle = ""
	Monthly Cycle = "month"
	Yearly  Cycle = "year"
)

// Purchase is what a vendor asks for beside usage.
type Purchase struct {
	ID       string         `json:"id"` // the buyer's own name of it, unique
	Vendor   string         `json:"vendor"`
	Account  string         `json:"account,omitempty"` // at the vendor
	Product  string         `json:"product"`
	Kind     Kind           `json:"kind"`
	Amount   money.Amount   `json:"amount"` // of each cycle; below zero for a credit alone
	Currency money.Currency `json:"currency"`
	From     Day            `json:"from"`                    // first day of service
	Through  Day            `json:"through,omitzero"`        // last day of service, included; the first when there is none
	Cycle    Cycle          `json:"cycle,omitempty"`         // the amount comes again each month or year
	Assigned money.Amount   `json:"seats_assigned,omitzero"` // seats that are paid for
	Active   money.Amount   `json:"seats_active,omitzero"`   // of them, those in use
	Owner    spend.Scope    `json:"owner,omitzero"`          // who answers for it
	Revision int64          `json:"revision,omitempty"`      // higher is later
}

const (
	maxDays = 4000    // ten years and some
	maxText = 512     // bytes
	maxPart = 900_000 // of one line, which holds amounts below a million
)

// Validate lists every mistake of the purchase at once, none for a sound one.
func (p *Purchase) Validate() []spend.Problem {
	var found []spend.Problem
	check := func(wrong bool, field, format string, args ...any) {
		if wrong {
			found = append(found, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
		}
	}
	for _, t := range [][2]string{{"id", p.ID}, {"vendor", p.Vendor}, {"product", p.Product}} {
		check(t[1] == "" || len(t[1]) > maxText, t[0], "must be a text of 1 to %d bytes", maxText)
	}
	check(!slices.Contains(Kinds(), p.Kind), "kind", "must be one of %v", Kinds())
	check(!slices.Contains([]Cycle{Once, Monthly, Yearly}, p.Cycle), "cycle", "must be month, year or nothing")
	check(p.Currency.Validate() != nil, "currency", "must be three capital letters such as USD")
	check(p.Kind == Credit && p.Amount.Sign() > 0, "amount", "of a credit must be below zero")
	check(p.Kind != Credit && p.Amount.Sign() < 0, "amount", "is below zero; money back is of the kind credit")
	check(p.Assigned.Sign() < 0, "seats_assigned", "is below zero")
	check(p.Active.Sign() < 0 || p.Active.Cmp(p.Assigned) > 0, "seats_active", "must be from 0 to seats_assigned")
	check(p.From.IsZero(), "from", "is missing")
	check(p.days() < 1, "through", "lies before from")
	check(!p.From.IsZero() && p.days() > maxDays, "through", "makes %d days of service; at most %d are spread", p.days(), maxDays)
	return found
}

// through is the last day of service.
func (p *Purchase) through() Day {
	if p.Through.IsZero() {
		return p.From
	}
	return p.Through
}

// days is the number of days of service.
func (p *Purchase) days() int { return p.From.days(p.through()) }
