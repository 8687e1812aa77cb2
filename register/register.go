package register

import (
	"math"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Register is what people declared, made ready to look up; nil is the empty one.
// It is immutable.
type Register struct {
	names   chain
	entries map[Kind]map[string]Entry // by the last of their names, with what they inherit
}

// New makes a register, nil of nothing. The error is that of Declared.Validate.
func New(d Declared) (*Register, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	if len(d.Entries)+len(d.Aliases) == 0 {
		return nil, nil //nolint:nilnil // nothing declared is a valid register that says nothing
	}
	r := &Register{names: chains(d.Aliases), entries: map[Kind]map[string]Entry{}}
	for _, kind := range Kinds() {
		r.entries[kind] = map[string]Entry{}
	}
	for _, e := range d.Entries {
		r.entries[e.Kind][e.Name] = e
	}
	r.inherit(&d)
	return r, nil
}

// inherit gives an entry what it does not say itself, where the names that it has
// taken in agree on it. So whoever renames keeps the owner, and splitting again
// leaves nothing behind.
func (r *Register) inherit(d *Declared) {
	taken := map[key][]Entry{}
	for i := range d.Aliases {
		a := &d.Aliases[i]
		if e, said := r.entries[a.Kind][a.Name]; said {
			k := key{a.Kind, r.Resolve(a.Kind, a.Name, dayOf(a.From))}
			taken[k] = append(taken[k], e)
		}
	}
	for k, from := range taken {
		e := r.entries[k.kind][k.name]
		e.Kind, e.Name = k.kind, k.name
		fill(&e.Team, from, func(e *Entry) string { return e.Team })
		fill(&e.Contact, from, func(e *Entry) string { return e.Contact })
		fill(&e.Purpose, from, func(e *Entry) string { return e.Purpose })
		r.entries[k.kind][k.name] = e
	}
}

func fill(into *string, from []Entry, of func(*Entry) string) {
	agreed := ""
	for i := range from {
		switch said := of(&from[i]); {
		case said == "" || said == agreed:
		case agreed != "":
			return
		default:
			agreed = said
		}
	}
	if *into == "" {
		*into = agreed
	}
}

// Resolve gives what a name means on a day (counted from 1970-01-01), the name
// itself when it is no alias then.
func (r *Register) Resolve(kind Kind, name string, day int) string {
	if r == nil {
		return name
	}
	for next, ok := r.names.step(kind, name, day); ok; next, ok = r.names.step(kind, name, day) {
		name = next
	}
	return name
}

// Entry gives what is known of a name, with what it took over from the names that
// it goes by.
func (r *Register) Entry(kind Kind, name string) Entry {
	if r != nil {
		if e, said := r.entries[kind][name]; said {
			return e
		}
	}
	return Entry{Kind: kind, Name: name}
}

// Rename gives application, workflow and agent of a scope the names that they have
// on a day, and says whether that changed one.
func (r *Register) Rename(s *spend.Scope, day int) (changed bool) {
	if r == nil || len(r.names) == 0 {
		return false
	}
	for _, kind := range Kinds() {
		field := s.Field(string(kind))
		if name := r.Resolve(kind, *field, day); name != *field {
			*field, changed = name, true
		}
	}
	return changed
}

// Owner gives the team that answers for what a scope names: for its application,
// else for its workflow, else for its agent; "" when nobody does.
func (r *Register) Owner(s *spend.Scope) string {
	if r == nil {
		return ""
	}
	for _, kind := range Kinds() {
		if team := r.entries[kind][*s.Field(string(kind))].Team; team != "" {
			return team
		}
	}
	return ""
}

// chain finds what a name means on a day, one step at a time.
type chain map[Kind]map[string][]link

// link is what a name means over some days, counted from 1970-01-01.
type link struct {
	from, to int // to is not included
	of       string
}

func chains(aliases []Alias) chain {
	c := chain{}
	for i := range aliases {
		a := &aliases[i]
		if c[a.Kind] == nil {
			c[a.Kind] = map[string][]link{}
		}
		to := math.MaxInt
		if a.To != "" {
			to = dayOf(a.To)
		}
		c[a.Kind][a.Name] = append(c[a.Kind][a.Name], link{from: dayOf(a.From), to: to, of: a.Of})
	}
	return c
}

func (c chain) step(kind Kind, name string, day int) (string, bool) {
	links := c[kind][name]
	i := slices.IndexFunc(links, func(l link) bool { return l.from <= day && day < l.to })
	if i < 0 {
		return "", false
	}
	return links[i].of, true
}

// dayOf counts a day from 1970-01-01; Beginning is before every day.
func dayOf(day string) int {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil || day == Beginning {
		return math.MinInt
	}
	return int(at.Unix() / (24 * 60 * 60))
}
