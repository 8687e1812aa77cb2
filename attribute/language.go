package attribute

import (
	"slices"
	"strings"
	"unicode"
)

// maxWalk bounds a comparison of patterns, in states times the length of one; past
// it nothing is claimed.
const maxWalk = 1 << 20

// relation is how the values that two conditions hold for lie to each other.
type relation struct {
	covers bool // each value of b is one of a
	meets  bool // some value is of both
	empty  bool // b holds for no value
	known  bool // what is said above was decided, not guessed
}

// relate compares two conditions on one field; nil holds for every value. Globs and
// lists are compared exactly, by walking both at once over all texts. Of two
// different expressions nothing is known.
func relate(a, b *condition) relation {
	switch {
	case b != nil && b.finite():
		return relateFinite(a, b)
	case a != nil && b != nil && slices.Equal(a.said, b.said):
		r := walk(a, b)
		r.covers = true
		return r
	case a == nil:
		r := walk(nil, b)
		r.covers, r.meets = true, r.meets || !r.known
		return r
	}
	return walk(a, b)
}

// relateFinite tries every value of b.
func relateFinite(a, b *condition) relation {
	r := relation{covers: true, empty: true, known: true}
	for i := range b.yes {
		value := b.yes[i].literal
		if !b.match(value) {
			continue
		}
		r.empty = false
		if a == nil || a.match(value) {
			r.meets = true
		} else {
			r.covers = false
		}
	}
	return r
}

// machine is the automaton of several globs at once: a state is the set of places
// in each of them that the text so far leads to.
type machine struct {
	globs []glob
	signs []rune // one of each kind that the globs tell apart
}

// walk goes through all texts, as far as the globs tell them apart.
func walk(a, b *condition) relation {
	m := &machine{}
	holdsA, readable := m.add(a)
	holdsB, readableToo := m.add(b)
	if !readable || !readableToo {
		return relation{}
	}
	m.signs = m.alphabet()
	r := relation{covers: true, empty: true, known: true}
	start := m.start()
	seen, left := map[string]bool{string(start): true}, [][]byte{start}
	for len(left) > 0 {
		state := left[len(left)-1]
		left = left[:len(left)-1]
		ends := m.ends(state)
		inA, inB := holdsA(ends), holdsB(ends)
		r.covers, r.meets, r.empty = r.covers && (inA || !inB), r.meets || inA && inB, r.empty && !inB
		for _, c := range m.signs {
			if next := m.step(state, c); !seen[string(next)] {
				seen[string(next)] = true
				left = append(left, next)
			}
		}
		if len(seen)*len(start) > maxWalk {
			return relation{}
		}
	}
	return r
}

// add takes the globs of a condition in and gives the condition over which of them
// have matched, false when it has an expression.
func (m *machine) add(c *condition) (holds func(ends []bool) bool, readable bool) {
	if c == nil {
		return func([]bool) bool { return true }, true
	}
	first := len(m.globs)
	for _, p := range slices.Concat(c.yes, c.no) {
		if p.re != nil {
			return nil, false
		}
		m.globs = append(m.globs, p.glob)
	}
	yes, no := first+len(c.yes), len(m.globs)
	return func(ends []bool) bool {
		return (first == yes || slices.Contains(ends[first:yes], true)) && !slices.Contains(ends[yes:no], true)
	}, true
}

// alphabet gives a character of each stretch that every glob takes or refuses as
// a whole.
func (m *machine) alphabet() []rune {
	starts := []rune{0}
	for _, g := range m.globs {
		for i := range g {
			for _, r := range g[i].ranges {
				starts = append(starts, r[0], r[1]+1)
			}
		}
	}
	slices.Sort(starts)
	return slices.DeleteFunc(slices.Compact(starts), func(c rune) bool { return c > unicode.MaxRune })
}

// start is the state before any text. A byte stands for each place in each glob, its
// end too.
func (m *machine) start() []byte {
	var state []byte
	for _, g := range m.globs {
		places := make([]byte, len(g)+1)
		g.reach(places, 0)
		state = append(state, places...)
	}
	return state
}

// reach marks a place, and those behind stars, which may stand for nothing.
func (g glob) reach(places []byte, at int) {
	places[at] = 1
	for at < len(g) && g[at].star {
		at++
		places[at] = 1
	}
}

func (m *machine) step(state []byte, c rune) []byte {
	next, first := make([]byte, len(state)), 0
	for _, g := range m.globs {
		g.advance(state[first:first+len(g)], next[first:first+len(g)+1], c)
		first += len(g) + 1
	}
	return next
}

func (g glob) advance(from, to []byte, c rune) {
	for i := range from {
		switch {
		case from[i] == 0:
		case g[i].star:
			g.reach(to, i)
		case g[i].takes(c):
			g.reach(to, i+1)
		}
	}
}

// ends says which globs match the text that led to a state.
func (m *machine) ends(state []byte) []bool {
	ends, at := make([]bool, len(m.globs)), -1
	for i, g := range m.globs {
		at += len(g) + 1
		ends[i] = state[at] == 1
	}
	return ends
}

// covers says for sure that one rule holds wherever another does.
func (c *compiled) covers(d *compiled) bool {
	for i := range c.conditions {
		mine := &c.conditions[i]
		if r := relate(mine, d.on(mine.field)); !r.covers {
			return false
		}
	}
	return (c.From == "" || d.From != "" && c.From <= d.From) && (c.Until == "" || d.Until != "" && c.Until >= d.Until)
}

// meets says for sure that there can be an event for which both hold, when both
// read the same fields.
func (c *compiled) meets(d *compiled) bool {
	for i := range c.conditions {
		mine := &c.conditions[i]
		if r := relate(mine, d.on(mine.field)); !r.meets || !r.known {
			return false
		}
	}
	return before(c.From, d.Until) && before(d.From, c.Until)
}

// before says that a span that starts on a day starts before another ends.
func before(from, until string) bool {
	return from == "" || until == "" || strings.Compare(from, until) < 0
}
