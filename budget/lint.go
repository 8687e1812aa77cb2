package budget

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Finding is a remark on limits that are right one by one.
type Finding struct {
	Limit string // the one to look at
	Other string // the one that it overlaps, "" for none
	Msg   string // what follows, and what to do
}

// String gives the remark on one line.
func (f Finding) String() string { return f.Limit + ": " + f.Msg }

// Ended lists the budgets that only warn at an instant, since the override has ended
// that let them do more.
func (s *Set) Ended(at time.Time) (ids []string) {
	for i := range s.limits {
		if b := s.limits[i].budget; b != nil && b.hasEnded(at, s.limits[i].evident) {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

func (b *Budget) hasEnded(at time.Time, evident bool) bool {
	until := b.Override.Until
	return !until.IsZero() && !at.Before(until) && !evident && !b.AtLimit.Admits()
}

// cannotForesee says that a budget has a threshold on a forecast, of a window that has none.
func (b *Budget) cannotForesee() bool {
	foreseen := []Period{Day, Week, Month, Quarter, Year}
	return !slices.Contains(foreseen, b.Window.Period) && slices.ContainsFunc(b.Alerts, func(a Alert) bool { return a.Forecast })
}

// Lint lists budgets that another makes needless, overrides that have ended at an
// instant, thresholds that are never told, and budgets that Idle lists.
func (s *Set) Lint(at time.Time, known Prices) []Finding {
	all := s.Idle(known)
	for i := range s.limits {
		b := s.limits[i].budget
		if b == nil {
			continue
		}
		if b.cannotForesee() {
			all = append(all, Finding{Limit: b.ID, Msg: "its thresholds on the forecast tell nobody; a forecast takes a period of day, week, month, quarter or year"})
		}
		if b.hasEnded(at, s.limits[i].evident) {
			all = append(all, Finding{Limit: b.ID, Msg: "its override has ended, so that it only warns; count the results of its workflows, or renew it"})
		}
		all = append(all, s.overlaps(b, i)...)
	}
	slices.SortStableFunc(all, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Limit, b.Limit), cmp.Compare(a.Other, b.Other)) })
	return all
}

// overlaps lists the budgets that make one needless: those that count all of its
// calls are found by any of them.
func (s *Set) overlaps(b *Budget, i int) (all []Finding) {
	v := b.Scope.sample()
	values := v.values()
	s.index.each(&values, &v, func(j int32) {
		other := s.limits[j].budget
		if other == nil || other == b {
			return
		}
		if msg := b.overlaps(other, int(j) < i); msg != "" {
			all = append(all, Finding{b.ID, other.ID, msg})
		}
	})
	return all
}

// sample is a subject that a selector is for: whatever holds all its calls is for
// this one too.
func (s Selector) sample() Subject {
	subject := Subject{}
	for name, wants := range s {
		d, known := dimensionOf(name)
		switch {
		case !known || len(wants) == 0:
		case d.place < 0:
			if subject.Tags == nil {
				subject.Tags = map[string]string{}
			}
			subject.Tags[d.tag] = wants[0]
		case d.place < scopeFields:
			*subject.Fields()[d.place] = wants[0]
		default:
			*[]*string{&subject.Seller, &subject.Model, &subject.Region, &subject.Kind}[d.place-scopeFields] = wants[0]
		}
	}
	return subject
}

// overlaps says why another budget makes this one needless, "" when it does not.
// Of two that count the same, the later one is remarked on.
func (b *Budget) overlaps(other *Budget, later bool) string {
	inside := b.Scope.Within(other.Scope) && len(other.Exempt) == 0
	same := inside && other.Scope.Within(b.Scope) && len(b.Exempt) == 0 && sameSet(b.Each, other.Each)
	switch {
	case !b.countsLike(other):
		return ""
	case same && later && b.AtLimit == other.AtLimit:
		return fmt.Sprintf("budget %s counts the same calls and does the same at its limit: the smaller decides; keep one of them", other.ID)
	case same && b.AtLimit == other.AtLimit:
		return ""
	case !inside || other.AtLimit.Admits() || other.AtLimit == Throttle || b.AtLimit == Watch || b.PerOutcome != other.PerOutcome || b.PerOutcome.Outcome != "":
		return ""
	case slices.ContainsFunc(other.Each, func(name string) bool { return !slices.Contains(b.Each, name) }):
		return "" // the other divides what this one adds up
	case other.Amount.Cmp(b.Amount) > 0 || other.Grace > b.Grace:
		return ""
	}
	return fmt.Sprintf("it never comes to its limit: budget %s counts all of its calls and says %s at %s before; lower this one or raise the other",
		other.ID, other.AtLimit, strings.TrimSpace(other.Amount.String()+" "+string(other.Currency)))
}

// countsLike says that two budgets add up the same numbers over the same windows.
func (b *Budget) countsLike(other *Budget) bool {
	mine, theirs := b.Window, other.Window
	zones := mine.Calendar.Location().String() == theirs.Calendar.Location().String()
	mine.Calendar.Zone, theirs.Calendar.Zone = nil, nil
	return b.Counts == other.Counts && b.Currency == other.Currency && b.Notional == other.Notional && zones && reflect.DeepEqual(mine, theirs)
}

func sameSet(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(name string) bool { return !slices.Contains(b, name) })
}
