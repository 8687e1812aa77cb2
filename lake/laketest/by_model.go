package laketest

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// byModelEqualsRecount counts the runs of each model line by line.
func byModelEqualsRecount(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	g := NewGenerator(27)
	ledger, events := scoped(g.Ledger(size)), g.Events(300)
	e := open(t)
	if err := e.Append(t.Context(), lake.Batch{Charges: ledger}); err != nil {
		t.Fatal(err)
	}
	deliver(t, e, events, Start())
	found := 0
	for name, q := range outcomeQueries() {
		for _, share := range []int64{51, 60, 100} {
			got, err := lake.OutcomesByModel(t.Context(), e, &q, share)
			if err != nil {
				t.Fatal(err)
			}
			found += len(got)
			if diff := gocmp.Diff(recountByModel(&q, ledger, events, share), got); diff != "" {
				t.Errorf("%s from %d %% differs (-recount +engine):\n%.3000s", name, share, diff)
			}
		}
	}
	if found == 0 {
		t.Error("no run is of one model")
	}
	q := outcomeQueries()["all"]
	for _, share := range []int64{50, 101} {
		if _, err := lake.OutcomesByModel(t.Context(), e, &q, share); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("a share of %d %%: %v", share, err)
		}
	}
}

// answeredRun is one run of a workflow with its calls by model.
type answeredRun struct {
	calls   map[string]int64
	all     int64
	cost    money.Null
	unknown int64
}

func recountByModel(q *spend.Query, ledger []spend.Charge, events []outcome.Event, share int64) (all []outcome.ModelRuns) {
	won := map[string]bool{}
	for _, s := range standingsOf(events) {
		for _, l := range s.Links {
			won[l.Run] = won[l.Run] || s.State.Counts()
		}
	}
	wonTree(won, ledger, q.Book)
	runs := map[[2]string]*answeredRun{}
	for _, c := range selected(q, ledger) {
		key := [2]string{c.Scope.Workflow, c.Scope.Run}
		if key[1] == "" {
			continue
		}
		if runs[key] == nil {
			runs[key] = &answeredRun{calls: map[string]int64{}}
		}
		r := runs[key]
		r.calls[lake.ModelName(c)] += c.Calls
		r.all += c.Calls
		if !c.Reporting.Valid {
			r.unknown += c.Calls
			continue
		}
		r.cost = money.Known(mustSum(r.cost.Amount.Add(c.Reporting.Amount)))
	}
	sums, unknown := map[[2]string]*outcome.ModelRuns{}, map[[2]string]int64{}
	for key, r := range runs {
		for model, calls := range r.calls {
			if model == "" || r.all <= 0 || calls*100 < r.all*share {
				continue
			}
			of := [2]string{key[0], model}
			if sums[of] == nil {
				sums[of] = &outcome.ModelRuns{Workflow: key[0], Model: model}
			}
			m := sums[of]
			m.Runs++
			if won[key[1]] {
				m.Won++
			}
			m.Cost = money.Null{Amount: mustSum(m.Cost.Amount.Add(r.cost.Amount)), Valid: m.Cost.Valid || r.cost.Valid}
			unknown[of] += r.unknown
		}
	}
	for of, m := range sums {
		m.Cost.Valid = m.Cost.Valid && unknown[of] == 0
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b outcome.ModelRuns) int {
		return cmp.Or(cmp.Compare(a.Workflow, b.Workflow), cmp.Compare(a.Model, b.Model))
	})
	return all
}
