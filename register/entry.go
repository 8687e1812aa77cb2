package register

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Kind is what an entry is.
type Kind string

// The kinds of entry.
const (
	Application Kind = "application" // a deployable owned by one team
	Workflow    Kind = "workflow"    // a repeatable job of an application
	Agent       Kind = "agent"       // a named actor inside workflows
)

// Kinds lists every kind. Each is the name of a field of a scope.
func Kinds() []Kind { return []Kind{Application, Workflow, Agent} }

// Status is how far an entry is looked after.
type Status string

// The statuses.
const (
	Discovered Status = "discovered" // seen in traffic, and nobody's
	Claimed    Status = "claimed"    // a team answers for it
	Retired    Status = "retired"    // should be seen no more
)

// Statuses lists every status.
func Statuses() []Status { return []Status{Discovered, Claimed, Retired} }

// Beginning is the first day of what has held always.
const Beginning = "0001-01-01"

// Entry is what people said of a name. The names that only traffic told have none.
type Entry struct {
	Kind    Kind
	Name    string
	Team    string // who answers for it, "" while nobody does
	Contact string // principal id, "" for none
	Purpose string
	Retired bool
}

// Status says how far the entry is looked after.
func (e *Entry) Status() Status {
	switch {
	case e.Retired:
		return Retired
	case e.Team != "":
		return Claimed
	}
	return Discovered
}

// Alias is a name that means another one from a day to the day before another.
type Alias struct {
	Kind Kind
	Name string
	Of   string // the name that it means, which may be an alias itself
	From string // day, Beginning when always
	To   string // first day on which it is a name of its own again, "" while it is not
}

func (a *Alias) overlaps(other *Alias) bool {
	return (other.To == "" || a.From < other.To) && (a.To == "" || other.From < a.To)
}

// String gives the alias as people read it.
func (a *Alias) String() string {
	text := string(a.Kind) + " " + shown(a.Name) + " means " + shown(a.Of)
	if a.From != Beginning {
		text += " from " + a.From
	}
	if a.To != "" {
		text += " until " + a.To
	}
	return text
}

// shown is a name in a message, which repeats no address.
func shown(name string) string {
	if IsAddress(name) {
		return "(an e-mail address)"
	}
	return name
}

// Declared is all that people said. Its order means nothing; what this package
// gives is ordered.
type Declared struct {
	Entries []Entry
	Aliases []Alias
}

// key names an entry.
type key struct {
	kind Kind
	name string
}

// Most bounds the entries and the aliases of a register, each.
const Most = 10_000

// Entry finds what people said of a name, false when nobody said anything.
func (d *Declared) Entry(kind Kind, name string) (Entry, bool) {
	i := slices.IndexFunc(d.Entries, func(e Entry) bool { return e.Kind == kind && e.Name == name })
	if i < 0 {
		return Entry{Kind: kind, Name: name}, false
	}
	return d.Entries[i], true
}

// ordered is a copy that is sorted.
func (d *Declared) ordered() Declared {
	return Declared{
		Entries: slices.SortedFunc(slices.Values(d.Entries), func(a, b Entry) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
		}),
		Aliases: slices.SortedFunc(slices.Values(d.Aliases), func(a, b Alias) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.From, b.From))
		}),
	}
}

// Over puts a part of the register over a whole: each entry that the part names is
// as the part says, with the names that the part gives it. The rest stays, and
// an entry of which nothing is said is none.
func (d *Declared) Over(part Declared) Declared {
	named := map[key]bool{}
	for _, e := range part.Entries {
		named[key{e.Kind, e.Name}] = true
	}
	all := Declared{Entries: slices.Clone(part.Entries), Aliases: slices.Clone(part.Aliases)}
	for _, e := range d.Entries {
		if !named[key{e.Kind, e.Name}] {
			all.Entries = append(all.Entries, e)
		}
	}
	for _, a := range d.Aliases {
		if !named[key{a.Kind, a.Of}] {
			all.Aliases = append(all.Aliases, a)
		}
	}
	all.Entries = slices.DeleteFunc(all.Entries, func(e Entry) bool { return e == Entry{Kind: e.Kind, Name: e.Name} })
	return all.ordered()
}

// isDay says that a text is a day, written like 2026-11-25.
func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// unnameable says why a text is no name, "" when it is one.
func unnameable(what, name string, most int) string {
	switch {
	case name == "":
		return what + " is missing"
	case len(name) > most:
		return what + " is longer than it may be"
	case IsAddress(name):
		return what + " holds an e-mail address: people stand here by principal id, as a contact"
	case strings.TrimSpace(name) != name, strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\uFFFD' }):
		return what + " begins or ends with a blank, or holds control characters"
	}
	return ""
}

// refused gives mistakes as one error of kind invalid, nil without one.
func refused(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "keep the register", "%s", strings.Join(problems, "; ")).
		WithHint("the shape of entries and names is in docs/registers.md")
}
