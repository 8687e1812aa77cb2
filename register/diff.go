package register

import (
	"fmt"
	"slices"
)

// Difference is what one register says otherwise than another.
type Difference struct {
	Mark byte // + for what is new, - for what is gone, ~ for what changed
	What string
}

// Differences lists what a register changes over another, as people read it:
// entries first, then names.
func Differences(old, next *Declared) (found []Difference) {
	before, after := linesOf(old), linesOf(next)
	for _, l := range union(before, after) {
		was, now := before.said[l], after.said[l]
		switch {
		case was == now:
		case was == "":
			found = append(found, Difference{'+', l + now})
		case now == "":
			found = append(found, Difference{'-', l + was})
		default:
			found = append(found, Difference{'~', l + was + " ->" + now})
		}
	}
	return found
}

// lines are a register as people read it. What is said in one is never empty.
type lines struct {
	all  []string
	said map[string]string
}

func linesOf(d *Declared) lines {
	sorted, l := d.ordered(), lines{said: map[string]string{}}
	put := func(line, said string) {
		l.all = append(l.all, line)
		l.said[line] = said
	}
	for i := range sorted.Entries {
		e := &sorted.Entries[i]
		put(fmt.Sprintf("%s %s:", e.Kind, e.Name), " "+e.String())
	}
	for i := range sorted.Aliases {
		put(sorted.Aliases[i].String(), " ")
	}
	return l
}

func union(before, after lines) []string {
	all := slices.Clone(before.all)
	for _, l := range after.all {
		if before.said[l] == "" {
			all = append(all, l)
		}
	}
	return all
}

// String gives what is said of the entry as people read it.
func (e *Entry) String() string {
	text := string(e.Status())
	if e.Team != "" {
		text += ", team " + e.Team
	}
	if e.Contact != "" {
		text += ", contact " + e.Contact
	}
	if e.Purpose != "" {
		text += fmt.Sprintf(", %q", e.Purpose)
	}
	return text
}
