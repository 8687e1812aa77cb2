package adoption

import (
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Tally is what the ledger holds of people and seats, counted and without a name. It
// tells single persons apart and is not to be shown: Show says what may be.
type Tally struct {
	Fewest int64 // people that a group must have to be shown
	Hidden bool  // the question is about a group that its own neighbours would give away

	From, To time.Time      // the window; From is the first instant of a day, zero for the beginning
	Zone     *time.Location // of the days

	Days   []Day           // with somebody, in order, up to the end of the window
	Spans  []Span          // of everybody who is known at the end of the window
	People []Person        // who was active in the window, in no order
	Groups *spend.Table    // people, calls and cost by one dimension, with small groups merged
	Uses   map[string]Span // of whole groups, by name
	Seats  []SeatDay       // in the window
}

// Day is a day with the people who were active.
type Day struct {
	Start  time.Time
	People int64
}

// Span holds the first and the last day of use, and of how many people.
type Span struct {
	First, Last time.Time
	People      int64
}

// Person is what one person did in the window.
type Person struct {
	Calls        int64
	Cost         money.Null
	Workflows    int64 // different ones that calls name
	Applications int64
}

// SeatDay are seats of one kind, of the same number and use, on one day.
type SeatDay struct {
	Seller, Product string
	Day             time.Time
	Seats           money.Null // of one purchase; null where the ledger does not tell
	Active          money.Null // of them, those in use; null where nobody says
	Purchases       int64      // of so many seats each
	Cost            money.Null // of the day, of all of them; null without an exchange rate
}
