package organisation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Mark says what becomes of a thing.
type Mark string

// The marks.
const (
	Added   Mark = "+"
	Removed Mark = "-"
	Changed Mark = "~"
)

// Change is one difference as people read it.
type Change struct {
	Mark    Mark   `json:"mark"` // +, - or ~
	What    string `json:"what"`
	Refused string `json:"refused,omitempty"` // why it may not be, and what may; "" when it may
}

// Ledger is what a difference must respect.
type Ledger struct {
	Lines bool   // there are some
	Open  string // the first day of the first open period, "" while none is closed
}

// Diff lists what applying a document over another changes, settings first. It
// refuses a change of the reporting currency or of the scheme of periods while
// the ledger holds lines, another zone under closed periods, a move without its
// day, and a change to a day in a closed period.
func Diff(old, new *Document, ledger Ledger) []Change {
	found := settings(old, new, ledger)
	moved := moves(old, new)
	for _, k := range keys(old, new) {
		before, after := at(old, k), at(new, k)
		if slices.Equal(before, after) {
			continue
		}
		c := Change{Mark: Changed, What: k.String() + ": " + spans(before) + " -> " + spans(after)}
		switch {
		case len(before) == 0:
			c = Change{Mark: Added, What: listed(after)}
		case len(after) == 0:
			c = Change{Mark: Removed, What: listed(before)}
		}
		c.Refused = moved[k]
		if first := firstChanged(before, after); c.Refused == "" && ledger.Open != "" && first < ledger.Open {
			c.Refused = fmt.Sprintf("%s is in a closed period; the first day that can change is %s", shown(first), ledger.Open)
		}
		found = append(found, c)
	}
	return found
}

func settings(old, new *Document, ledger Ledger) (found []Change) {
	add := func(what, before, after, refused string) {
		if before == after {
			return
		}
		c := Change{Mark: Changed, What: fmt.Sprintf("%s: %s -> %s", what, before, after)}
		if ledger.Lines {
			c.Refused = refused
		}
		found = append(found, c)
	}
	hours := ""
	if ledger.Open != "" {
		hours = "the periods before " + ledger.Open + " are closed, and would be other hours"
	}
	add("name", quoted(old.Name), quoted(new.Name), "")
	add("zone", old.Zone, new.Zone, hours)
	add("reporting currency", string(old.Currency), string(new.Currency),
		"the ledger holds lines whose amounts are in "+string(old.Currency)+"; start a new data folder for another currency")
	refused := ""
	if ofMonths(old.Fiscal) != ofMonths(new.Fiscal) || !ofMonths(old.Fiscal) {
		refused = "the ledger holds lines in periods that would be other days; start a new data folder for other periods"
	}
	add("fiscal year", fiscalText(old.Fiscal), fiscalText(new.Fiscal), refused)
	return found
}

func quoted(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func ofMonths(f spend.Fiscal) bool { return f.Scheme == "" || f.Scheme == spend.Months }

// fiscalText says all that a fiscal year consists of.
func fiscalText(f spend.Fiscal) string {
	text := "from " + max(f.Start, time.January).String()
	switch {
	case ofMonths(f):
		text += ", months"
	case f.Nearest:
		text += fmt.Sprintf(", %s, weeks from %s, ends nearest to the end of the month before", f.Scheme, f.WeekStart)
	default:
		text += fmt.Sprintf(", %s, weeks from %s, ends with the last of them in the month before", f.Scheme, f.WeekStart)
	}
	if f.NamedByStart {
		text += ", named by its start"
	}
	return text
}

// keys lists every place of both documents, once, in the order of their units.
func keys(old, new *Document) (all []key) {
	seen := map[key]bool{}
	units := ordered(slices.Concat(old.Units, new.Units))
	for i := range units {
		if k := keyOf(&units[i]); !seen[k] {
			seen[k] = true
			all = append(all, k)
		}
	}
	return all
}

// at lists when a document has something in a place, oldest first.
func at(d *Document, k key) (found []Unit) {
	for i := range d.Units {
		if keyOf(&d.Units[i]) == k {
			found = append(found, d.Units[i])
		}
	}
	return found
}

func listed(units []Unit) string {
	texts := make([]string, len(units))
	for i := range units {
		texts[i] = units[i].String()
	}
	return strings.Join(texts, "; ")
}

func spans(units []Unit) string {
	texts := make([]string, len(units))
	for i := range units {
		texts[i] = units[i].span()
	}
	return strings.Join(texts, "; ")
}

// firstChanged is the first day that is not as it was.
func firstChanged(before, after []Unit) string {
	var days []string
	for _, u := range slices.Concat(before, after) {
		days = append(days, u.From)
		if u.To != "" {
			days = append(days, u.To)
		}
	}
	slices.Sort(days)
	for _, day := range days {
		if on(before, day) != on(after, day) {
			return day
		}
	}
	return ""
}

func on(units []Unit, day string) string {
	for _, u := range units {
		if u.holds(day) {
			return "held " + u.CostCentre
		}
	}
	return ""
}

func shown(day string) string {
	if day == Beginning {
		return "a day long ago"
	}
	return day
}

// moves finds what left its place without a trace and stands in another over
// days that it was in the first, and says how to write it.
func moves(old, new *Document) map[key]string {
	left := map[[2]string][]Unit{}
	for _, u := range old.Units {
		if len(at(new, keyOf(&u))) == 0 {
			name := [2]string{string(u.Kind), u.Name}
			left[name] = append(left[name], u)
		}
	}
	refused := map[key]string{}
	for _, u := range new.Units {
		was := left[[2]string{string(u.Kind), u.Name}]
		i := slices.IndexFunc(was, func(w Unit) bool { return w.Overlaps(&u) })
		if i < 0 || len(at(old, keyOf(&u))) > 0 {
			continue
		}
		above, _ := u.Kind.Parent()
		refused[keyOf(&u)] = fmt.Sprintf("it stood in %s %s: keep it there with to: DAY, and begin it here with from: DAY, so that the days before stay as they were",
			above.word(), was[i].Parent)
	}
	return refused
}
