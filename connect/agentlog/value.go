package agentlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// tally is a count of a log: a whole number, written 12, 12.0 or "12". Anything else
// but null is bad, and is told as a problem by whoever asks for the count.
type tally struct {
	n          int64
	given, bad bool
}

// UnmarshalJSON reads a count and never fails, so that one bad field does not hide
// the others.
func (t *tally) UnmarshalJSON(b []byte) error {
	*t = tally{}
	text := strings.Trim(string(b), `"`)
	if text == "null" || text == "" {
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(text, ".0"), 10, 64)
	*t = tally{n: n, given: true, bad: err != nil}
	return nil
}

// first gives the first count that is told under several spellings, and whether
// another one contradicts it.
func first(spellings ...tally) (t tally, contradicted bool) {
	for _, other := range spellings {
		switch {
		case other.given && !t.given:
			t = other
		case other.given && other != t:
			contradicted = true
		}
	}
	return t, contradicted
}

// moment is an instant of a log: a text in RFC 3339, a number of seconds or
// milliseconds since 1970, or a pair of seconds and nanoseconds. It is zero when it
// is none of these.
type moment struct{ time.Time }

// UnmarshalJSON reads an instant and never fails; who needs one asks IsZero.
func (m *moment) UnmarshalJSON(b []byte) error {
	const milliseconds = 100_000_000_000 // more seconds than the year 5000 has
	*m = moment{}                        // a member that comes twice says what it says last
	var text string
	var pair [2]int64
	var n int64
	switch {
	case json.Unmarshal(b, &text) == nil && text != "":
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			m.set(at)
		}
	case bytes.HasPrefix(b, []byte("[")):
		if json.Unmarshal(b, &pair) == nil && pair[0] > 0 && pair[0] < milliseconds && pair[1] >= 0 && pair[1] < int64(time.Second) {
			m.set(time.Unix(pair[0], pair[1]))
		}
	case json.Unmarshal(b, &n) != nil || n <= 0 || n >= 1000*milliseconds:
	case n < milliseconds:
		m.set(time.Unix(n, 0))
	default:
		m.set(time.UnixMilli(n))
	}
	return nil
}

func (m *moment) set(at time.Time) { m.Time = at.UTC().Round(time.Microsecond) }

// word is a text that is an identity or a name, as name takes it; anything else is none.
type word string

// UnmarshalJSON reads a word and never fails.
func (w *word) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*w = word(name(s))
	}
	return nil
}

// text is any other text, of which only a part may be kept; another kind of value is none.
type text string

// UnmarshalJSON reads a text and never fails.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = text(s)
	}
	return nil
}

// namedTally is a count with the name that a problem tells.
type namedTally struct {
	name string
	tally
}

// unread lists the counts that are none.
func unread(counts ...namedTally) (found []spend.Problem) {
	for _, c := range counts {
		if c.bad {
			found = append(found, spend.Problem{Field: c.name, Msg: "is not a whole number"})
		}
	}
	return found
}

// measure makes disjoint meters of totals. A total without parts is a problem: nobody
// knows what it is a total of.
func measure(e *spend.Event, t *wire.Totals) []spend.Problem {
	if t.Input == 0 && t.Output == 0 && t.Total != 0 {
		return []spend.Problem{{Field: "total_tokens", Msg: fmt.Sprintf("is %d, and none of its parts is told", t.Total)}}
	}
	usage, flags, problems := t.Disjoint()
	e.Usage, e.Flags = usage, e.Flags|flags
	return problems
}

// unlike is the problem of a line that holds usage in a form of which nothing is known.
func unlike(title string) []spend.Problem {
	return []spend.Problem{{Field: "record", Msg: "is not valid JSON of the form that " + title + " writes"}}
}

// undated is the problem of usage without an instant.
func undated(at time.Time) []spend.Problem {
	if !at.IsZero() {
		return nil
	}
	return []spend.Problem{{Field: "used_at", Msg: "is missing, or is no instant"}}
}
