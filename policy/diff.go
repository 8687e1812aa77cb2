package policy

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/register"
)

// Ledger is what a difference must respect.
type Ledger struct {
	organisation.Ledger
	Counted map[outcome.Name]bool // definitions that outcomes were booked under
	Waiting bool                  // there are records that are not booked yet: any definition may count
}

// Diff lists what a set changes over another, as people read it: the organisation
// first, then outcomes, rules, limits, the calendar, the plan and the register. What is
// refused says why: a definition under which outcomes count is kept as it is.
func Diff(old, new *Set, ledger Ledger) []organisation.Change {
	found := organisation.Diff(&old.Organisation, &new.Organisation, ledger.Ledger)
	found = append(found, differences(definitions(old), definitions(new), func(d outcome.Definition) string {
		if !ledger.Waiting && !ledger.Counted[d.Name()] {
			return ""
		}
		return "outcomes count under it already; keep it, and declare what changes as the next version of it"
	})...)
	found = append(found, differences(rules(old), rules(new), func(placed) string { return "" })...)
	found = append(found, limitChanges(old, new)...)
	found = append(found, textChanges(occasion.Differences(old.Occasions), occasion.Differences(new.Occasions))...)
	found = append(found, textChanges(plan.Differences(old.Planned), plan.Differences(new.Planned))...)
	for _, d := range register.Differences(&old.Register, &new.Register) {
		found = append(found, organisation.Change{Mark: organisation.Mark(d.Mark), What: strings.TrimSpace(d.What)})
	}
	return found
}

// differences compares what two sets say under each name. Refusal says why what
// is there may neither change nor go.
func differences[T any](old, new map[string]T, refusal func(before T) string) (found []organisation.Change) {
	names := maps.Clone(old)
	maps.Copy(names, new)
	for _, name := range slices.SortedFunc(maps.Keys(names), cmp.Compare) {
		before, had := old[name]
		after, has := new[name]
		switch {
		case !had:
			found = append(found, organisation.Change{Mark: organisation.Added, What: name})
		case !has:
			found = append(found, organisation.Change{Mark: organisation.Removed, What: name, Refused: refusal(before)})
		case !reflect.DeepEqual(before, after):
			found = append(found, organisation.Change{Mark: organisation.Changed, What: name, Refused: refusal(before)})
		}
	}
	return found
}

func definitions(s *Set) map[string]outcome.Definition {
	all := map[string]outcome.Definition{}
	for _, d := range s.Outcomes.All() {
		all[fmt.Sprintf("outcome %s version %d of workflow %s", d.ID, d.Version, d.Workflow)] = d
	}
	return all
}

// placed is what a rule does, and its place: one that moves decides other fields.
type placed struct{ version, after string }

func rules(s *Set) map[string]placed {
	all, last := map[string]placed{}, ""
	for _, r := range s.Rules.All() {
		fields := slices.Concat(slices.Collect(maps.Keys(r.Set)), slices.Collect(maps.Keys(r.Refine)))
		slices.Sort(fields)
		all["attribution rule "+r.ID+" sets "+strings.Join(fields, ", ")] = placed{r.Version(), last}
		last = r.ID
	}
	return all
}
