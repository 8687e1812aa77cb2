package purchase

import (
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
	Active   money.Null     `json:"seats_active,omitzero"`   // of them, those in use; null where nobody says
	Owner    spend.Scope    `json:"owner,omitzero"`          // who answers for it
	Revision int64          `json:"revision,omitempty"`      // higher is later
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
