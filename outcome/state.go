package outcome

import (
	"fmt"
	"slices"
)

// State is how far a business result has come.
type State string

// The states, weakest first: of two events at one instant the later one listed
// decides.
const (
	Claimed  State = "claimed"  // somebody says so, perhaps the agent itself
	Verified State = "verified" // a system of record agrees
	Matured  State = "matured"  // it survived its maturity without a reversal
	Disputed State = "disputed" // somebody objects, undecided
	Reversed State = "reversed" // it does not hold, or holds no longer
)

// States lists every state, weakest first.
func States() []State { return []State{Claimed, Verified, Matured, Disputed, Reversed} }

// Counts says that an outcome in this state is a result: verified or better.
func (s State) Counts() bool { return s == Verified || s == Matured }

// CountingStates lists the states of a result that counts.
func CountingStates() []State {
	return slices.DeleteFunc(States(), func(s State) bool { return !s.Counts() })
}

// then gives the state after s when an event tells a later one. A claim lifts
// nothing; a maturity lifts neither a dispute nor a reversal, of which its
// sender may not know; only a new verification does.
func (s State) then(told State) State {
	switch {
	case s == "", told == Reversed, told == Disputed && s != Reversed:
		return told
	case told == Verified && s != Matured:
		return Verified
	case told == Matured && (s == Claimed || s == Verified):
		return Matured
	}
	return s
}

// Level says how well a result is evidenced.
type Level uint8

// The levels of evidence.
const (
	SelfReported Level = iota // L0: the agent says so
	SystemState               // L1: a system changed state: merged, solved, closed
	Survived                  // L2: no reversal within the maturity
	Audited                   // L3: a person checked a sample
	Controlled                // L4: a control group shows the effect
)

// String gives "L0" to "L4".
func (l Level) String() string { return fmt.Sprintf("L%d", uint8(l)) }

// ParseLevel reads "L0" to "L4".
func ParseLevel(s string) (Level, error) {
	if len(s) == 2 && s[0] == 'L' && '0' <= s[1] && s[1] <= '4' {
		return Level(s[1] - '0'), nil
	}
	return 0, fmt.Errorf("level %.20q: want L0 to L4", s)
}

// MarshalText writes "L0" to "L4".
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *Level) UnmarshalText(b []byte) (err error) {
	*l, err = ParseLevel(string(b))
	return err
}

// least is the level that a state implies.
func (s State) least() Level {
	switch s {
	case Verified:
		return SystemState
	case Matured:
		return Survived
	}
	return SelfReported
}
