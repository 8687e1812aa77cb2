package organisation

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// UnitKind is what a unit of the organisation is.
type UnitKind string

// The kinds of unit.
const (
	BusinessUnit UnitKind = "business_unit"
	Team         UnitKind = "team"        // in a business unit
	Application  UnitKind = "application" // owned by one team
	Workflow     UnitKind = "workflow"    // of one application; another may use the name
	PersonUnit   UnitKind = "person"      // in a team
)

// Parent gives the kind that a kind stands under, "" for the widest, and false
// for what is no kind.
func (k UnitKind) Parent() (UnitKind, bool) {
	switch k {
	case BusinessUnit:
		return "", true
	case Team:
		return BusinessUnit, true
	case Application, PersonUnit:
		return Team, true
	case Workflow:
		return Application, true
	}
	return "", false
}

// Beginning is the first day of what has stood always.
const Beginning = "0001-01-01"

// Unit is a unit of the organisation under its parent, from a day to the day
// before another. Days are "2026-11-25" in the organisation's zone.
type Unit struct {
	Kind       UnitKind
	Name       string // of a person the principal id
	Parent     string // name of the unit above, "" when it stands alone
	CostCentre string // of a team, "" for none
	From       string
	To         string // first day it no longer holds, "" while it does
}

// Validate refuses an unknown kind, an empty name, a parent of the widest kind, a
// cost centre of anything but a team, and days that are none or in the wrong
// order. The error is of kind invalid.
func (u *Unit) Validate() error {
	above, known := u.Kind.Parent()
	switch {
	case !known:
		return spend.Errorf(spend.KindInvalid, "keep a unit", "there is no kind of unit %.40q", u.Kind).
			WithHint("one of business_unit, team, application, workflow, person")
	case u.Name == "":
		return spend.Errorf(spend.KindInvalid, "keep a unit", "a %s needs a name", u.Kind)
	case above == "" && u.Parent != "":
		return spend.Errorf(spend.KindInvalid, "keep a unit", "a %s stands under nothing", u.Kind)
	case u.CostCentre != "" && u.Kind != Team:
		return spend.Errorf(spend.KindInvalid, "keep a unit", "a %s has no cost centre, its team has", u.Kind)
	case !isDay(u.From) || u.To != "" && !isDay(u.To):
		return spend.Errorf(spend.KindInvalid, "keep a unit", "from %.20q to %.20q are no days", u.From, u.To).
			WithHint("write them like 2026-11-25; leave the end empty while it holds")
	case u.To != "" && u.To <= u.From:
		return spend.Errorf(spend.KindInvalid, "keep a unit", "it ends on %s, before it begins on %s", u.To, u.From)
	}
	return nil
}

// Overlaps says that two units hold on a common day.
func (u *Unit) Overlaps(other *Unit) bool {
	return (other.To == "" || u.From < other.To) && (u.To == "" || other.From < u.To)
}

func (u *Unit) holds(day string) bool { return u.From <= day && (u.To == "" || day < u.To) }

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// key names a place: what stands where, whenever.
type key struct {
	kind         UnitKind
	name, parent string
}

func keyOf(u *Unit) key { return key{u.Kind, u.Name, u.Parent} }

// String gives the unit as people read it in a difference.
func (u *Unit) String() string {
	if span := u.span(); span != "always" {
		return keyOf(u).String() + ", " + span
	}
	return keyOf(u).String()
}

// span says since when and until when a unit holds, and its cost centre.
func (u *Unit) span() string {
	var parts []string
	if u.From != Beginning {
		parts = append(parts, "from "+u.From)
	}
	if u.To != "" {
		parts = append(parts, "until "+u.To)
	}
	if len(parts) == 0 && u.CostCentre == "" {
		parts = append(parts, "always")
	}
	if u.CostCentre != "" {
		parts = append(parts, "cost centre "+u.CostCentre)
	}
	return strings.Join(parts, ", ")
}

func (k key) String() string {
	text := k.kind.word() + " " + k.name
	if above, _ := k.kind.Parent(); k.parent != "" {
		text += " in " + above.word() + " " + k.parent
	}
	return text
}

func (k UnitKind) word() string {
	if k == BusinessUnit {
		return "business unit"
	}
	return string(k)
}
