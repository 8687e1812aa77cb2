package attribute

import (
	"fmt"
	"slices"
	"strings"
)

// Slip is a kind of finding.
type Slip string

// The slips.
const (
	Unreachable Slip = "unreachable" // nothing is left for the rule to decide
	Shadowed    Slip = "shadowed"    // another rule always decides part of it
	Ambiguous   Slip = "ambiguous"   // nothing but their order tells two rules apart
	Unknown     Slip = "unknown"     // it sets what the organisation does not have
	Unused      Slip = "unused"      // it captures what it does not use
)

// Wrong says that a rule with this slip cannot do what it says.
func (s Slip) Wrong() bool { return s == Unreachable || s == Unknown }

// Finding is one remark of the lint.
type Finding struct {
	Line  int    `json:"line,omitempty"` // of the rule in its file
	Rule  string `json:"rule"`           // its id
	Slip  Slip   `json:"slip"`
	Other string `json:"other,omitempty"` // the id of the rule that is in its way
	Msg   string `json:"message"`         // what is wrong, and what to do
}

// Known says whether the organisation has a unit of that name: a business unit,
// team, application or workflow.
type Known func(field, name string) bool

// Lint looks for rules that do not do what they say. What it says it has proven: of
// expressions it compares only equal ones. Known is nil where no organisation is
// declared.
func (r *Rules) Lint(known Known) (found []Finding) {
	if r == nil {
		return nil
	}
	for i := range r.rules {
		c := &r.rules[i]
		found = append(found, c.impossible()...)
		found = append(found, r.covered(i)...)
		found = append(found, r.ambiguous(i)...)
		found = append(found, c.unknown(known)...)
		found = append(found, c.unused()...)
	}
	return found
}

func (c *compiled) finding(slip Slip, format string, args ...any) Finding {
	return Finding{Line: c.Line, Rule: c.ID, Slip: slip, Msg: fmt.Sprintf(format, args...)}
}

// impossible finds conditions that hold for nothing, and fields that the rule's own
// conditions want to be claimed, which a set does not touch.
func (c *compiled) impossible() (found []Finding) {
	for i := range c.conditions {
		if r := relate(nil, &c.conditions[i]); r.known && r.empty {
			return []Finding{c.finding(Unreachable, "no value of %s satisfies %s", c.conditions[i].field, c.conditions[i].said)}
		}
	}
	var names []string
	for i := range c.acts {
		a := &c.acts[i]
		if on := c.on(a.name); !a.refine && on != nil && !on.match("") {
			names = append(names, a.name)
		}
	}
	switch {
	case len(names) == 0:
		return nil
	case len(names) == len(c.acts):
		return []Finding{c.finding(Unreachable, "it sets %s only where that is claimed already; write refine", strings.Join(names, ", "))}
	}
	return []Finding{c.finding(Shadowed, "it sets %s only where that is claimed already; write refine", strings.Join(names, ", "))}
}

// covered finds the fields that a rule tried before decides whenever this one holds.
func (r *Rules) covered(at int) []Finding {
	c := &r.rules[at]
	by := map[string]*compiled{}
	for i := range r.rules {
		earlier := &r.rules[i]
		before := i < at && earlier.Default == c.Default || c.Default && !earlier.Default
		if before && earlier.sharesWith(c) && earlier.covers(c) {
			earlier.takes(c, by)
		}
	}
	if len(by) == 0 {
		return nil
	}
	var names []string
	for i := range c.acts {
		if by[c.acts[i].name] != nil {
			names = append(names, c.acts[i].name)
		}
	}
	other, slip := by[names[0]], Shadowed
	if len(names) == len(c.acts) {
		slip = Unreachable
	}
	f := c.finding(slip, "rule %s is tried before it, holds wherever it holds, and decides %s; put the narrower rule first", other.ID, strings.Join(names, ", "))
	f.Other = other.ID
	return []Finding{f}
}

// sharesWith says that two rules act on a field: a cheap look before conditions are
// compared.
func (c *compiled) sharesWith(d *compiled) bool {
	return slices.ContainsFunc(c.acts, func(a act) bool { return d.acting(a.name) != nil })
}

func (c *compiled) acting(field string) *act {
	for i := range c.acts {
		if c.acts[i].name == field {
			return &c.acts[i]
		}
	}
	return nil
}

// takes notes the fields of a later rule that this one decides for sure. A value
// that an event may leave empty decides nothing; a set leaves what was claimed to
// a later refine.
func (c *compiled) takes(later *compiled, by map[string]*compiled) {
	for i := range c.acts {
		mine := &c.acts[i]
		theirs := later.acting(mine.name)
		if theirs != nil && by[mine.name] == nil && mine.fixed != "" && (mine.refine || !theirs.refine) {
			by[mine.name] = c
		}
	}
}

// ambiguous finds an earlier rule that reads the same fields, holds for some of the
// same events and not for all of either, and decides another value: whoever swaps
// the two changes what is decided. The first such rule is told.
func (r *Rules) ambiguous(at int) []Finding {
	c := &r.rules[at]
	for i := range r.rules[:at] {
		d := &r.rules[i]
		name := c.differsFrom(d)
		if name == "" || d.Default != c.Default || !sameFields(c, d) || !d.meets(c) || d.covers(c) || c.covers(d) {
			continue
		}
		f := c.finding(Ambiguous, "it and rule %s hold for some of the same events and decide %s otherwise; only their order tells them apart: except one from the other with !", d.ID, name)
		f.Other = d.ID
		return []Finding{f}
	}
	return nil
}

// differsFrom names a field that two rules decide otherwise, "" when there is none.
func (c *compiled) differsFrom(d *compiled) string {
	for i := range c.acts {
		theirs := d.acting(c.acts[i].name)
		if theirs != nil && theirs.fixed != c.acts[i].fixed && theirs.fixed != "" && c.acts[i].fixed != "" {
			return c.acts[i].name
		}
	}
	return ""
}

func sameFields(c, d *compiled) bool {
	return len(c.conditions) > 0 && slices.EqualFunc(c.conditions, d.conditions, func(a, b condition) bool { return a.field == b.field })
}

// units are the scope fields that name a part of the organisation.
func units() []string { return []string{"business_unit", "team", "application", "workflow"} }

func (c *compiled) unknown(known Known) (found []Finding) {
	for i := range c.acts {
		a := &c.acts[i]
		if known != nil && a.fixed != "" && slices.Contains(units(), a.name) && !known(a.name, a.fixed) {
			found = append(found, c.finding(Unknown, "the organisation has no %s %q; declare it, or mend the name", strings.ReplaceAll(a.name, "_", " "), a.fixed))
		}
	}
	return found
}

func (c *compiled) unused() (found []Finding) {
	var used []string
	for i := range c.acts {
		used = append(used, c.acts[i].value.names()...)
	}
	for i := range c.conditions {
		for _, name := range c.conditions[i].captures() {
			if !slices.Contains(used, name) {
				found = append(found, c.finding(Unused, "the group %q of %s is not used; write (?:…), or ${%s} in what it sets", name, c.conditions[i].field, name))
			}
		}
	}
	return found
}
