package register

import (
	"fmt"
	"regexp"
	"slices"
)

const (
	mostName    = 256 // bytes
	mostPurpose = 500
	mostSteps   = 100 // renames of one name on one day
)

// Validate refuses what has no name or an unknown kind, an entry that stands
// twice, days that are none, a name that means two things on one day, and names
// that mean each other in a circle. All mistakes come in one error of kind invalid.
func (d *Declared) Validate() error {
	var problems []string
	if len(d.Entries) > Most || len(d.Aliases) > Most {
		return refused([]string{fmt.Sprintf("%d entries and %d names: at most %d of each", len(d.Entries), len(d.Aliases), Most)})
	}
	sorted := d.ordered()
	for i := range sorted.Entries {
		e := &sorted.Entries[i]
		for _, p := range e.problems() {
			problems = append(problems, fmt.Sprintf("%s %.60q: %s", e.Kind, shown(e.Name), p))
		}
		if i > 0 && sorted.Entries[i-1].Kind == e.Kind && sorted.Entries[i-1].Name == e.Name {
			problems = append(problems, fmt.Sprintf("%s %.60q stands there twice", e.Kind, shown(e.Name)))
		}
	}
	for i := range sorted.Aliases {
		a := &sorted.Aliases[i]
		for _, p := range a.problems() {
			problems = append(problems, fmt.Sprintf("%s %.60q: %s", a.Kind, shown(a.Name), p))
		}
		if i == 0 {
			continue
		}
		before := &sorted.Aliases[i-1]
		if before.Kind == a.Kind && before.Name == a.Name && before.overlaps(a) {
			problems = append(problems, fmt.Sprintf("%s and %s, on some of these days both", before, a))
		}
	}
	if len(problems) == 0 {
		problems = circles(&sorted)
	}
	return refused(problems)
}

func (e *Entry) problems() (found []string) {
	add := func(why string) {
		if why != "" {
			found = append(found, why)
		}
	}
	if !slices.Contains(Kinds(), e.Kind) {
		add(fmt.Sprintf("there is no kind %.40q; one of application, workflow, agent", e.Kind))
	}
	add(unnameable("its name", e.Name, mostName))
	if e.Team != "" {
		add(unnameable("its team", e.Team, mostName))
	}
	if e.Purpose != "" {
		add(unnameable("its purpose", e.Purpose, mostPurpose))
	}
	if e.Contact != "" && !isPrincipal(e.Contact) {
		add("its contact is no principal id of 26 characters (bursar person list has them)")
	}
	return found
}

func (a *Alias) problems() (found []string) {
	if !slices.Contains(Kinds(), a.Kind) {
		found = append(found, fmt.Sprintf("there is no kind %.40q; one of application, workflow, agent", a.Kind))
	}
	for _, why := range []string{unnameable("its name", a.Name, mostName), unnameable("the name that it means", a.Of, mostName)} {
		if why != "" {
			found = append(found, why)
		}
	}
	switch {
	case a.Name == a.Of:
		found = append(found, "it means itself")
	case !isDay(a.From) || a.To != "" && !isDay(a.To):
		found = append(found, fmt.Sprintf("from %.20q to %.20q are no days like 2026-11-25", a.From, a.To))
	case a.To != "" && a.To <= a.From:
		found = append(found, fmt.Sprintf("it ends on %s, before it begins on %s", a.To, a.From))
	}
	return found
}

// circles finds names that lead back to themselves. A circle of some day stands on
// the first day of one of its names, so that those days are all that is looked at.
func circles(d *Declared) (found []string) {
	all := chains(d.Aliases)
	for i := range d.Aliases {
		a := &d.Aliases[i]
		day, name, steps := dayOf(a.From), a.Of, 1
		for next, ok := all.step(a.Kind, name, day); ok && name != a.Name && steps < mostSteps; next, ok = all.step(a.Kind, name, day) {
			name = next
			steps++
		}
		switch {
		case name == a.Name:
			found = append(found, a.String()+", and leads back to itself")
		case steps >= mostSteps:
			found = append(found, a.String()+fmt.Sprintf(", and on through %d names or in a circle", mostSteps))
		}
	}
	return found
}

// IsAddress says that a text holds an e-mail address. Such a name is a person's, and
// people stand in no register.
func IsAddress(s string) bool { return addressShape.MatchString(s) }

var addressShape = regexp.MustCompile(`[^\s@/]+@[^\s@/]+\.[A-Za-z]{2,}`)

// isPrincipal says that a text has the shape of a principal id.
func isPrincipal(s string) bool {
	return len(s) == 26 && !slices.ContainsFunc([]byte(s), func(c byte) bool { return (c < 'a' || c > 'z') && (c < '2' || c > '7') })
}
