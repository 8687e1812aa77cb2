package register

import (
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// Act is what somebody does to the register.
type Act string

// The acts.
const (
	Claim  Act = "claim"  // a team answers for a name
	Retire Act = "retire" // a name should be seen no more
	Rename Act = "rename" // a name becomes another, which is new
	Merge  Act = "merge"  // names become one
	Split  Act = "split"  // names are names of their own again
)

// Acts lists every act.
func Acts() []Act { return []Act{Claim, Retire, Rename, Merge, Split} }

// Change is one act on names of one kind.
type Change struct {
	Act     Act
	Kind    Kind
	Names   []string
	To      string // of rename and merge
	Team    string // of claim, as the next two, which stay as they are when empty
	Contact string
	Purpose string
	From    string // first day of rename and merge, and on which a split begins; always when empty
}

// Validate refuses a change that lacks what its act needs, or says what its act
// does not take. All mistakes come in one error of kind invalid.
func (c *Change) Validate() error {
	var problems []string
	want := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	renames := c.Act == Rename || c.Act == Merge
	want(slices.Contains(Acts(), c.Act), "act: there is no act %.40q; one of claim, retire, rename, merge, split", c.Act)
	want(slices.Contains(Kinds(), c.Kind), "kind: there is no kind %.40q; one of application, workflow, agent", c.Kind)
	want(len(c.Names) > 0 && len(c.Names) <= 1000, "names: %d of them, want 1 to 1000", len(c.Names))
	want(len(c.Names) <= 1 || c.Act == Merge || c.Act == Split, "names: %s takes one", c.Act)
	want(!slices.ContainsFunc(append(slices.Clone(c.Names), c.To), IsAddress), "names: an e-mail address is a person's, and people are in no register")
	want(renames == (c.To != ""), "to: rename and merge need it, and no other act takes it")
	want((c.Act == Claim) == (c.Team != ""), "team: claim needs it, and no other act takes it")
	want(c.Act == Claim || c.Contact == "" && c.Purpose == "", "contact, purpose: only claim takes them")
	want(c.From == "" || isDay(c.From) && (renames || c.Act == Split), "from: want a day like 2026-11-25, of rename, merge or split")
	return refused(problems)
}

// With gives the register after a change. What it makes contradictory is refused
// with every mistake at once, in an error of kind invalid; a name that another
// means already, or that means another, in one of kind conflict.
func (d *Declared) With(c Change) (Declared, error) {
	if err := c.Validate(); err != nil {
		return *d, err
	}
	next := d.ordered()
	var err error
	switch c.Act {
	case Claim, Retire:
		err = next.say(&c)
	case Rename, Merge:
		err = next.rename(&c)
	case Split:
		err = next.split(&c)
	}
	if err != nil {
		return *d, err
	}
	return next.ordered(), next.Validate()
}

// say claims or retires a name.
func (d *Declared) say(c *Change) error {
	name := c.Names[0]
	for i := range d.Aliases {
		if a := &d.Aliases[i]; a.Kind == c.Kind && a.Name == name && a.To == "" {
			return spend.Errorf(spend.KindConflict, string(c.Act), "%s", a).
				WithHint("%s %s, or split the two first", c.Act, a.Of)
		}
	}
	e, said := d.Entry(c.Kind, name)
	e.Retired = c.Act == Retire
	if c.Act == Claim {
		e.Team = c.Team
		e.Contact, e.Purpose = or(c.Contact, e.Contact), or(c.Purpose, e.Purpose)
	}
	if said {
		d.Entries = slices.DeleteFunc(d.Entries, func(other Entry) bool { return other.Kind == e.Kind && other.Name == e.Name })
	}
	d.Entries = append(d.Entries, e)
	return nil
}

func (d *Declared) rename(c *Change) error {
	if c.Act == Rename {
		_, said := d.Entry(c.Kind, c.To)
		if said || slices.ContainsFunc(d.Aliases, func(a Alias) bool { return a.Kind == c.Kind && (a.Of == c.To || a.Name == c.To) }) {
			return spend.Errorf(spend.KindConflict, "rename", "%s %.60q is there already", c.Kind, c.To).
				WithHint("merge makes the two one; rename gives a name that is new")
		}
	}
	for _, name := range c.Names {
		d.Aliases = append(d.Aliases, Alias{Kind: c.Kind, Name: name, Of: c.To, From: or(c.From, Beginning)})
	}
	return nil
}

// split takes names out of what they mean, from a day on or as if they had never
// meant it.
func (d *Declared) split(c *Change) error {
	for _, name := range c.Names {
		found := false
		var left []Alias
		for _, a := range d.Aliases {
			mine := a.Kind == c.Kind && a.Name == name && (c.From == "" || a.To == "" || c.From < a.To)
			found = found || mine
			switch {
			case !mine:
				left = append(left, a)
			case c.From != "" && a.From < c.From:
				a.To = c.From
				left = append(left, a)
			}
		}
		if !found {
			return spend.Errorf(spend.KindNotFound, "split", "%s %.60q means nothing else", c.Kind, name).
				WithHint("bursar register show names what an entry goes by")
		}
		d.Aliases = left
	}
	return nil
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
