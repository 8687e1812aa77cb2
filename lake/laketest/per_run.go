package laketest

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// perRunEqualsRecount sorts the runs of each team and takes those at the ranks.
func perRunEqualsRecount(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(37).Ledger(size)
	e := filled(t, open, ledger)
	q := everything()
	q.By = []spend.Dimension{"team"}
	got, err := lake.PerRunOf(t.Context(), e, &q)
	if err != nil {
		t.Fatal(err)
	}
	var want []lake.PerRun
	for _, key := range []string{"", "team-0", "team-1", "team-2", "team-3", "team-4", "team0", "team1", "team2", "team3", "team4"} {
		own := q
		own.Where = []spend.Filter{{By: "team", Values: []string{key}}}
		if one := ranked(key, recountRuns(&own, ledger, nil)); one.Runs > 0 {
			want = append(want, one)
		}
	}
	slices.SortFunc(want, func(a, b lake.PerRun) int { return cmp.Compare(a.Key, b.Key) })
	for i := range got {
		got[i].TookP50, got[i].TookP95 = 0, 0 // times are told by the lines
	}
	if diff := gocmp.Diff(want, got); diff != "" || len(got) < 5 {
		t.Errorf("per run (-recount +engine):\n%s", diff)
	}
	q.Top, q.Order = 2, spend.Calls
	if got, err = lake.PerRunOf(t.Context(), e, &q); err != nil || len(got) != 2 {
		t.Errorf("the top two teams are %d, %v", len(got), err)
	}
	q.By = nil
	if _, err = lake.PerRunOf(t.Context(), e, &q); err == nil {
		t.Error("runs by nothing")
	}
}

// ranked takes the runs at the ranks of p50 and p95.
func ranked(key string, runs recounted) lake.PerRun {
	one := lake.PerRun{Key: key}
	var costs []money.Amount
	var calls []int64
	for _, f := range runs {
		if f.Calls == 0 {
			continue
		}
		calls = append(calls, f.Calls)
		if f.Cost.Valid {
			costs = append(costs, f.Cost.Amount)
		}
	}
	slices.Sort(calls)
	slices.SortFunc(costs, money.Amount.Cmp)
	if one.Runs, one.Priced = int64(len(calls)), int64(len(costs)); one.Runs > 0 {
		one.CallP50, one.CallP95 = calls[rank(len(calls), 50)], calls[rank(len(calls), 95)]
	}
	if one.Priced > 0 {
		one.CostP50, one.CostP95 = money.Known(costs[rank(len(costs), 50)]), money.Known(costs[rank(len(costs), 95)])
	}
	return one
}

// rank is the place of a percentile among n sorted values.
func rank(n, percent int) int { return (n*percent+99)/100 - 1 }
