package telemetry

import (
	"slices"
	"strings"
)

// Table is the dialects made ready for reading. It never changes, and is for any number
// of goroutines.
type Table struct {
	rows    []*row
	slots   map[string]int // of each attribute that any row reads
	objects map[string]bool
	inside  map[string]member // attributes of which one member is read
	classes map[string]Class
	service int   // slot of service.name
	http    []int // slots that a request of HTTP has
	share   int   // slot of the share of traces that are kept
	oneOf   int   // slot of how many a trace stands for
}

// member is one member of an object, and its slot.
type member struct {
	name string
	slot int
}

// row is a dialect with the slots of its attributes, the preferred ones first.
type row struct {
	Dialect
	at    [fields][]int
	marks []int
}

// NewTable makes dialects ready.
func NewTable(dialects []Dialect) *Table {
	t := &Table{slots: map[string]int{}, objects: map[string]bool{}, inside: map[string]member{}, classes: classes()}
	for _, name := range objects() {
		t.objects[name] = true
	}
	for i := range dialects {
		r := &row{Dialect: dialects[i]}
		for _, names := range []map[Field][]string{saidForUs(), r.Names, common()} {
			t.add(r, names)
		}
		for _, name := range r.Marks {
			r.marks = append(r.marks, t.slot(name))
		}
		t.rows = append(t.rows, r)
	}
	t.service = t.slot("service.name")
	share, oneOf := samplingNames()
	t.share, t.oneOf = t.slot(share), t.slot(oneOf)
	for _, name := range common()[HTTPMethod] {
		t.http = append(t.http, t.slot(name))
	}
	return t
}

// add gives a row names behind those that it has.
func (t *Table) add(r *row, names map[Field][]string) {
	for f := range fields {
		for _, name := range names[f] {
			r.at[f] = append(r.at[f], t.slot(name))
		}
	}
}

func (t *Table) slot(name string) int {
	at, known := t.slots[name]
	if !known {
		at = len(t.slots)
		t.slots[name] = at
		if attribute, of, within := strings.Cut(name, "\x00"); within {
			t.inside[attribute] = member{of, at}
		}
	}
	return at
}

// named gives the row of a signal by the name of whoever writes the record.
func (t *Table) named(s Signal, scope, service string) *row {
	for _, r := range t.rows {
		if r.Signal != s {
			continue
		}
		if slices.Contains(r.Services, service) || slices.ContainsFunc(r.Scopes, func(begin string) bool { return begins(scope, begin) }) {
			return r
		}
	}
	return nil
}

// begins says that a scope is a name or stands below it: "ai" is not the beginning of
// "airline".
func begins(scope, name string) bool {
	rest, found := strings.CutPrefix(scope, name)
	return found && (rest == "" || strings.ContainsRune(".-_/:", rune(rest[0])) || strings.ContainsRune(".-_/:v", rune(name[len(name)-1])))
}
