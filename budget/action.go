package budget

import (
	"slices"
)

// Action is what becomes of a call, or what a budget does with one that does not
// fit.
type Action string

// The actions, from the mildest to the strongest. The first three let the call
// go on, the others do not.
const (
	Allow     Action = ""          // nothing to say
	Watch     Action = "watch"     // counted, nobody is told by the call
	Warn      Action = "warn"      // the answer says so
	Throttle  Action = "throttle"  // later, by a rate or at the pace that the budget names
	Approve   Action = "approve"   // only with the approval of a person, which nobody can give: no new budget says so
	Stop      Action = "stop"      // refused
	Downgrade Action = "downgrade" // asked again with the cheaper model that the budget names
)

// Admits says that the call goes on.
func (a Action) Admits() bool { return a == Allow || a == Watch || a == Warn }

// strength orders actions. A downgrade stands above a stop, since the cheaper
// call may fit where this one does not; asked again, it is decided anew.
func (a Action) strength() int {
	return slices.Index([]Action{Allow, Watch, Warn, Throttle, Approve, Stop, Downgrade}, a)
}

// Measure is what a budget counts.
type Measure string

// The measures. The first three are money.
const (
	Effective  Measure = "effective"  // after amortised commitments and credits
	Contracted Measure = "contracted" // after the vendor's terms
	List       Measure = "list"       // at list prices
	Tokens     Measure = "tokens"     // prompt and completion
	Calls      Measure = "calls"      // attempts
	Depth      Measure = "depth"      // of a run below the one that a trigger began, of each call on its own
)

func measures() []Measure { return []Measure{Effective, Contracted, List, Tokens, Calls, Depth} }

// IsMoney says that the measure has a currency.
func (m Measure) IsMoney() bool { return m == Effective || m == Contracted || m == List }
