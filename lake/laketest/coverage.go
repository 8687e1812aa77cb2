package laketest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// coverageCounts: what is covered in each bucket, and what gaps hold, is what a walk
// over the lines finds.
func coverageCounts(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(21).Ledger(size)
	e := filled(t, open, ledger)
	by := []spend.Dimension{"team", "business_unit", "customer", "tag:project"}
	for _, name := range []string{"everything at once", "weeks in Kolkata", "months in Berlin by seller", "filters", "team by day in Berlin"} {
		q := Queries()[name]
		q.By = nil
		got, err := lake.CoverageOf(t.Context(), e, &q, by)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int64]lake.Coverage{}
		starts := calendar(&q)
		for _, c := range selected(&q, ledger) {
			at := bucket(&q, starts, c)
			want[at.UnixMicro()] = covered(t, want[at.UnixMicro()], by, c)
		}
		found := map[int64]lake.Coverage{}
		for _, c := range got {
			at := c.Bucket.UnixMicro()
			c.Bucket = time.Time{}
			found[at] = c
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("%s: coverage differs (-recount +engine):\n%s", name, diff)
		}
		checkGaps(t, e, q, ledger)
	}
}

func covered(t *testing.T, so lake.Coverage, by []spend.Dimension, c *spend.Charge) lake.Coverage {
	t.Helper()
	one := lake.SumsOf(c)
	mustAdd(t, &so.All, &one)
	if so.By == nil {
		so.By = make([]lake.Covered, len(by))
	}
	if attribute.IsDefault(c.Rule) {
		so.Defaults.Cost = mustSum(so.Defaults.Cost.Add(one.Cost))
		so.Defaults.Tokens += one.Tokens()
	}
	for i, d := range by {
		if Dimension(d, c) != "" {
			so.By[i].Cost = mustSum(so.By[i].Cost.Add(one.Cost))
			so.By[i].Tokens += one.Tokens()
		}
	}
	return so
}

func checkGaps(t *testing.T, e Engine, q spend.Query, ledger []spend.Charge) {
	t.Helper()
	g := lake.Gaps{
		Query: &q, Lacks: []spend.Dimension{"team", "business_unit"}, Fields: []spend.Dimension{"credential", "tag:project"}, Most: 1000,
	}
	found, all, err := lake.GapsOf(t.Context(), e, g)
	if err != nil {
		t.Fatal(err)
	}
	var want, sum, last lake.Sums
	for _, c := range selected(&q, ledger) {
		if one := lake.SumsOf(c); c.Scope.Team == "" || c.Scope.BusinessUnit == "" {
			mustAdd(t, &want, &one)
		}
	}
	for i := range found {
		mustAdd(t, &sum, &found[i].Sums)
		if i > 0 && found[i].Cost.Cmp(last.Cost) > 0 {
			t.Errorf("gap %d of %s comes behind one of %s", i, found[i].Cost, last.Cost)
		}
		last = found[i].Sums
	}
	if all != want || sum != want {
		t.Errorf("gaps of %+v, all of %+v, want %+v", sum, all, want)
	}
	g.Most = 1
	if first, _, err := lake.GapsOf(t.Context(), e, g); err != nil || len(found) == 0 || cmp.Diff(found[:1], first) != "" {
		t.Errorf("the first gap is %+v, %v", first, err)
	}
}
