package privacy

import (
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// Policy is what an organisation shows of people.
type Policy struct {
	PersonViews  bool // single persons are shown to those who may read them
	MinimumGroup int  // people that a group must have to be shown by itself
}

const person = spend.Dimension("principal")

// Personal says that a question tells single persons apart: it groups by person,
// or keeps or leaves out some.
func Personal(q *spend.Query) bool {
	return slices.Contains(q.By, person) || filters(q)
}

func filters(q *spend.Query) bool {
	return slices.ContainsFunc(q.Where, func(f spend.Filter) bool { return f.By == person })
}

// Groups says that the rows of an answer are groups of people: it counts them, or
// sets some of them apart without naming them row by row.
func Groups(q *spend.Query) bool {
	return !slices.Contains(q.By, person) && (slices.Contains(q.Measures, spend.People) || filters(q) && len(q.By) > 0)
}

// Check refuses a question about single persons where those are not shown, and a
// comparison that would show how a small group changed. The errors are of kind
// forbidden and invalid.
func (p Policy) Check(q *spend.Query) error {
	switch {
	case Personal(q) && !p.PersonViews:
		return spend.Errorf(spend.KindForbidden, "query", "spending is not shown by person here").
			WithHint("ask by team or workflow with the measure people, or have privacy.person_views set, which the organisation decides")
	case Groups(q) && q.Previous:
		return spend.Errorf(spend.KindInvalid, "query", "groups of people are not set against the window before: the difference could be one person").
			WithHint("ask for each window by itself")
	}
	return nil
}
