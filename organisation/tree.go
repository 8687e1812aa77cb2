package organisation

import (
	"go.yaml.in/yaml/v3"
)

// A branch is a unit whose node is being read: what stands below it is read when
// its own name and days are known.
type branch struct {
	unit  Unit
	below []func(parent *Unit)
}

func (r *reader) businessUnit(n *yaml.Node) {
	b := branch{unit: Unit{Kind: BusinessUnit, From: Beginning}}
	r.branch(n, &b, fields{"teams": r.each("teams", b.later(r.team))})
}

func (r *reader) team(parent *Unit, n *yaml.Node) {
	b := branch{unit: under(parent, Team)}
	r.branch(n, &b, fields{
		"cost_centre":  r.text(&b.unit.CostCentre),
		"applications": r.each("applications", b.later(r.application)),
		"people":       r.each("people", b.later(r.leaf(PersonUnit))),
	})
}

func (r *reader) application(parent *Unit, n *yaml.Node) {
	b := branch{unit: under(parent, Application)}
	r.branch(n, &b, fields{"workflows": r.each("workflows", b.later(r.leaf(Workflow)))})
}

func (r *reader) leaf(kind UnitKind) func(*Unit, *yaml.Node) {
	return func(parent *Unit, n *yaml.Node) {
		b := branch{unit: under(parent, kind)}
		r.branch(n, &b, fields{})
	}
}

// under is a unit below another, over the same days unless it says its own.
func under(parent *Unit, kind UnitKind) Unit {
	return Unit{Kind: kind, Parent: parent.Name, From: parent.From, To: parent.To}
}

func (b *branch) later(read func(*Unit, *yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		b.below = append(b.below, func(parent *Unit) { read(parent, n) })
	}
}

// branch reads a unit, written as its name alone or as keys and values, and then
// what stands below it.
func (r *reader) branch(n *yaml.Node, b *branch, more fields) {
	u := &b.unit
	if n.Kind == yaml.ScalarNode {
		r.text(&u.Name)(n)
	} else {
		more["name"], more["from"], more["to"] = r.text(&u.Name), r.text(&u.From), r.text(&u.To)
		if u.Kind == PersonUnit {
			more["principal"] = more["name"]
			delete(more, "name")
		}
		r.mapping(n, u.Kind.word(), more)
	}
	if err := u.Validate(); err != nil {
		r.refuse(n.Line, "%s %s: %v", u.Kind.word(), u.Name, unwrapped(err))
		return
	}
	r.doc.Units = append(r.doc.Units, *u)
	r.lines = append(r.lines, n.Line)
	for _, read := range b.below {
		read(u)
	}
}

// unwrapped leaves out what an error was about, which the line says already.
func unwrapped(err error) error {
	if inner, ok := err.(interface{ Unwrap() error }); ok {
		return inner.Unwrap()
	}
	return err
}

// named finds the units of a kind and name.
type named map[[2]string][]int

func (r *reader) named() named {
	found := named{}
	for i := range r.doc.Units {
		at := [2]string{string(r.doc.Units[i].Kind), r.doc.Units[i].Name}
		found[at] = append(found[at], i)
	}
	return found
}

// units refuses what stands in two places at once, and what holds on days on
// which its parent does not.
func (r *reader) units() {
	all := r.named()
	for i := range r.doc.Units {
		u := &r.doc.Units[i]
		for _, j := range all[[2]string{string(u.Kind), u.Name}] {
			other := &r.doc.Units[j]
			if j < i && (u.Kind != Workflow || u.Parent == other.Parent) && u.Overlaps(other) {
				r.refuse(r.lines[i], "%s %s stands on line %d already, on some of these days; end it there with to:, and begin it here with from:",
					u.Kind.word(), u.Name, r.lines[j])
			}
		}
		above, _ := u.Kind.Parent()
		if u.Parent != "" && !r.covered(u, all[[2]string{string(above), u.Parent}]) {
			r.refuse(r.lines[i], "%s holds on days on which %s %s does not", u, above.word(), u.Parent)
		}
	}
}

// covered says that a unit's parent holds on all its days, in one place or in
// several that follow each other.
func (r *reader) covered(u *Unit, parents []int) bool {
	day := u.From
	for range parents {
		next := ""
		for _, i := range parents {
			p := &r.doc.Units[i]
			switch {
			case !p.holds(day):
			case p.To == "", u.To != "" && p.To >= u.To:
				return true
			default:
				next = max(next, p.To)
			}
		}
		if next == "" {
			return false
		}
		day = next
	}
	return false
}
