package attribute

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/bursarhq/bursar/spend"
)

// Text writes an explanation for people, a line for each step and one for each
// field. Of a rule that does not match it says the first thing that does not hold.
func (x *Explanation) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "claimed: %s\n", scopeText(&x.Claimed))
	for i := range x.Steps {
		x.Steps[i].text(&b, i+1)
	}
	rule := x.Rule
	if rule == "" {
		rule = "nothing"
	}
	fmt.Fprintf(&b, "decided by %s: %s\n", rule, scopeText(&x.Scope))
	return b.String()
}

func (s *Step) text(b *strings.Builder, number int) {
	name := fmt.Sprintf("%d. %s", number, s.Rule)
	if s.Line > 0 {
		name += fmt.Sprintf(" (line %d)", s.Line)
	}
	switch {
	case s.Matched:
		fmt.Fprintf(b, "%s matches\n", name)
	case s.Rule == ByOrganisation:
		fmt.Fprintf(b, "%s adds nothing\n", name)
	default:
		fmt.Fprintf(b, "%s does not match: %s\n", name, s.against())
		return
	}
	for _, t := range s.Tried {
		fmt.Fprintf(b, "     %s\n", t.text())
	}
	for _, o := range s.Outcome {
		fmt.Fprintf(b, "     → %s\n", o.text())
	}
}

// against says what the event has that the rule does not want.
func (s *Step) against() string {
	for _, t := range s.Tried {
		if !t.Holds {
			return t.text()
		}
	}
	return s.Dates
}

func (t *Trial) text() string {
	verb, want := "is", strings.Join(t.Want, ", ")
	if !t.Holds {
		verb = "is not"
	}
	if len(t.Want) > 1 {
		verb, want = verb+" of", "["+want+"]"
	}
	return fmt.Sprintf("%s %q %s %s", printable(t.Field), t.Value, verb, printable(want))
}

// printable keeps control characters of a file from a terminal.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return '\uFFFD'
		}
		return c
	}, text)
}

func (o *Outcome) text() string {
	switch o.Fate {
	case Filled:
		return fmt.Sprintf("%s is %q", printable(o.Field), o.Value)
	case Refined:
		return fmt.Sprintf("%s is %q, over what was claimed", printable(o.Field), o.Value)
	case Kept:
		return fmt.Sprintf("%s stays %q: it was claimed, and the rule only sets (%q)", printable(o.Field), o.Stays, o.Value)
	case Held:
		return fmt.Sprintf("%s stays %q: the credential says so (%q is lost)", printable(o.Field), o.Stays, o.Value)
	case Lost:
		return fmt.Sprintf("%s stays %q: %s has decided it (%q is lost)", printable(o.Field), o.Stays, o.To, o.Value)
	}
	return fmt.Sprintf("%s stays as it is: the event gives the value nothing", printable(o.Field))
}

func scopeText(s *spend.Scope) string {
	var parts []string
	for i, field := range s.Fields() {
		if *field != "" {
			parts = append(parts, fmt.Sprintf("%s %q", spend.ScopeFields()[i], *field))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		parts = append(parts, fmt.Sprintf("%s%s %q", tagPrefix, printable(key), s.Tags[key]))
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
