package budget

import (
	"iter"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Call is a call that asks whether it may go on.
type Call struct {
	ID      spend.ID // the key of its attempt, as spend.Event.Keys has it
	At      time.Time
	Subject Subject
	Bound   Cost  // the most that it can cost; money is unknown where nothing is proven
	Depth   int64 // of its run, 0 for one that a trigger began or that names no parent

	Approved   []string // budgets under which a person approved it
	Downgraded bool     // it is asked again with the model that a verdict named
}

// Line is a line of the ledger.
type Line struct {
	Keys    []spend.ID // of its attempt: it takes the place of what is pending under any
	At      time.Time
	Subject Subject
	Cost    Cost

	// Outside says that no credential bounds what the line claims about its scope,
	// as of an import: budgets that do more than warn do not count it, and it takes
	// the place of nothing, so that a claim cannot end a hold.
	Outside bool
}

// LineOf gives what budgets count of a charge of the metered book, which the line
// of an open call is not. Reporting is the currency of the organisation.
func LineOf(c *spend.Charge, reporting money.Currency) Line {
	subject := SubjectOf(&c.Event)
	return Line{Keys: c.Keys(), At: c.UsedAt, Subject: subject, Cost: CostOf(c, reporting)}
}

// Earned is a change in the number of verified outcomes: above zero when some
// were verified, below when some were disputed or reversed. What a workflow says
// of itself is none.
type Earned struct {
	Outcome string // the definition
	At      time.Time
	Subject Subject
	Count   money.Amount
}

// Pending is a call that has been admitted and that the ledger has not booked.
type Pending struct {
	Call    Call
	Settled *Cost // what it cost, nil while it is open
}

// Opening is what an engine is made of: everything that its counters sum.
type Opening struct {
	Lines   iter.Seq[Line] // of every window that still counts; nil for none
	Earned  iter.Seq[Earned]
	Pending []Pending
	Told    []Crossing // of those windows
	At      time.Time  // now
}
