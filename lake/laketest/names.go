package laketest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// namesAreThoseOfLines: the names of all lines, and of those booked since an
// instant, are those of a recount, as far as there may be.
func namesAreThoseOfLines(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(23).Ledger(size)
	e := filled(t, open, ledger)
	by := []spend.Dimension{"application", "agent"}
	middle := ledger[size/2].BookedAt
	for _, n := range []lake.Names{{By: by, Most: 1000}, {By: by, Since: middle, Most: 1000}, {By: by, Most: 2}} {
		got, _, err := lake.NamesOf(t.Context(), e, n)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(got, compareNames)
		if diff := gocmp.Diff(namesOf(ledger, n), got); diff != "" {
			t.Errorf("names since %s, at most %d (-recount +engine):\n%.2000s", n.Since, n.Most, diff)
		}
	}
	if _, _, err := lake.NamesOf(t.Context(), e, lake.Names{By: []spend.Dimension{"model; DROP TABLE charges"}, Most: 1}); err == nil {
		t.Error("names of a field that is none")
	}
}

func compareNames(a, b lake.Name) int {
	return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Value, b.Value))
}

func namesOf(ledger []spend.Charge, n lake.Names) (all []lake.Name) {
	for _, by := range n.By {
		found := map[string]lake.Name{}
		for i := range ledger {
			c := &ledger[i]
			value := *c.Scope.Field(string(by))
			if value == "" || c.BookedAt.Before(n.Since) {
				continue
			}
			one, known := found[value]
			if !known {
				one = lake.Name{By: by, Value: value, First: c.UsedAt, Last: c.UsedAt}
			}
			if c.UsedAt.Before(one.First) {
				one.First = c.UsedAt
			}
			if c.UsedAt.After(one.Last) {
				one.Last = c.UsedAt
			}
			found[value] = one
		}
		var mine []lake.Name
		for _, one := range found {
			mine = append(mine, one)
		}
		slices.SortFunc(mine, func(a, b lake.Name) int { return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Value, b.Value)) })
		all = append(all, mine[:min(len(mine), n.Most)]...)
	}
	slices.SortFunc(all, compareNames)
	for i := range all {
		all[i].First, all[i].Last = all[i].First.UTC().Truncate(time.Microsecond), all[i].Last.UTC().Truncate(time.Microsecond)
	}
	return all
}
