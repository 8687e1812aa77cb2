package agentlog

import (
	"slices"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

// Program is a coding agent whose local files tell usage.
type Program struct {
	Name    string                    // "claude-code"; the source of its events too
	Title   string                    // what people call it, "Claude Code"
	Folders func(Env) []string        // where its files lie by default, existing or not
	Takes   func(path string) bool    // whether a file below a folder is one of its logs, by its relative slash path
	Whole   func(path string) bool    // whether a file is one JSON document instead of JSON Lines; nil for never
	New     func(path string) Session // for one file, by its relative slash path
	Resumes bool                      // lines stand alone, so that reading may go on in the middle of a file

	// Marks are texts of which each line that a session needs holds one, so that
	// all others are passed over unread; nil hands it every line.
	Marks []string
}

// Env is what of its surroundings a program's default folders depend on.
type Env struct {
	Home string
	Get  func(name string) string // an environment variable, "" when it is not set
}

// Session makes records of one file's lines; it keeps what later lines need.
//
// A record says SourceKey, UsedAt, model and usage, and Response, Seller and Scope
// where they are told. The Reader adds the source, its rank, the plan, and, where
// they are empty, Status, UsageSource and Scope.Agent. Event.Revision is the
// preference of the line among all lines of one SourceKey, from 0 to MaxPreference:
// the highest counts.
type Session interface {
	// Read takes a line without its newline, or a whole document. It may keep
	// nothing of the bytes. A mistake is a record with Problems, which repeat no text.
	Read(line []byte, emit func(*connect.Record))
}

// Payer is a Session whose log says who pays for its tokens. It is asked when a
// record is emitted.
type Payer interface {
	// Paid gives the plan that the log tells, "" when it tells none.
	Paid() Plan
}

// MaxPreference is the highest Event.Revision that a Session may give.
const MaxPreference = 1<<50 - 1

// MaxEra is the highest Options.Era.
const MaxEra = 1<<13 - 1

// Plan says how the tokens of a program are paid.
type Plan string

// The plans.
const (
	Seat Plan = "seat" // by a subscription: list prices are an estimate, marked notional
	API  Plan = "api"  // by the token
)

// Plans lists the plans.
func Plans() []Plan { return []Plan{Seat, API} }

// ParsePlan reads the name of a plan.
func ParsePlan(s string) (Plan, error) {
	if !slices.Contains(Plans(), Plan(s)) {
		return "", spend.Errorf(spend.KindInvalid, "read plan", "%.40q is no plan", s).
			WithHint("seat, when a subscription pays, or api, when each token is paid for")
	}
	return Plan(s), nil
}
