package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/organisation"
)

// Limits are the budgets and rates that a set declares.
type Limits struct {
	*budget.Set
	Budgets []budget.Budget
	Rates   []budget.Rate
}

// Limits makes the limits of the set, whose windows are those of a calendar. The
// error is of kind invalid, and names every mistake: two limits of one id, or a cap
// that stops work of which no results are counted. A set that is incomplete may have
// lost the definitions that allowed a cap, and is believed.
func (s *Set) Limits(of calendar.Calendar) (l Limits, err error) {
	for i := range s.Documents {
		d := &s.Documents[i]
		if d.Kind != Budget {
			continue
		}
		body, err := budget.Parse([]byte(d.Text), of)
		if err != nil {
			return l, in(d.ID(), err)
		}
		l.Budgets, l.Rates = append(l.Budgets, body.Budgets...), append(l.Rates, body.Rates...)
	}
	l.Set, err = budget.Compile(l.Budgets, l.Rates, s.counted())
	return l, err
}

// counted says of which workflows the results are counted.
func (s *Set) counted() func(workflow string) bool {
	workflows := map[string]bool{}
	for _, d := range s.Outcomes.All() {
		workflows[d.Workflow] = true
	}
	return func(workflow string) bool { return s.Incomplete || workflows[workflow] }
}

// limitChanges lists the budgets and rates that are other ones, each by what it says. A
// budget that asks for approvals is refused, since nothing takes one; one that is in
// force stays.
func limitChanges(old, new *Set) []organisation.Change {
	found := textChanges(limitTexts(old), limitTexts(new))
	asking := askers(new)
	for i := range found {
		if name, _, _ := strings.Cut(found[i].What, ": "); asking[name] {
			found[i].Refused = "at_limit approve refuses calls that nobody can approve; write stop, and apply a higher amount when more is to go on"
		}
	}
	return found
}

// askers names the budgets that want a person to approve calls beyond the limit.
func askers(s *Set) map[string]bool {
	all := map[string]bool{}
	for i := range s.Documents {
		d := &s.Documents[i].budgets
		for j := range d.Budgets {
			all[budgetNamed(&d.Budgets[j])] = d.Budgets[j].AtLimit == budget.Approve
		}
	}
	return all
}

// budgetNamed is how changes name a budget.
func budgetNamed(b *budget.Budget) string { return "budget " + b.ID }

// textChanges lists what is said otherwise than before, by its name.
func textChanges(before, after map[string]string) (found []organisation.Change) {
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		was, had := before[name]
		is, has := after[name]
		switch {
		case !had:
			found = append(found, organisation.Change{Mark: organisation.Added, What: name + ": " + is})
		case !has:
			found = append(found, organisation.Change{Mark: organisation.Removed, What: name + ": " + was})
		case was != is:
			found = append(found, organisation.Change{Mark: organisation.Changed, What: name + ": " + was + " -> " + is})
		}
	}
	return found
}

func limitTexts(s *Set) map[string]string {
	all := map[string]string{}
	for i := range s.Documents {
		d := &s.Documents[i].budgets
		for j := range d.Budgets {
			all[budgetNamed(&d.Budgets[j])] = d.Budgets[j].String()
		}
		for j := range d.Rates {
			all["rate "+d.Rates[j].ID] = d.Rates[j].String()
		}
	}
	return all
}
