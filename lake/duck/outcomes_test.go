package duck_test

import (
	"testing"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

func TestOutcomes(t *testing.T) {
	t.Parallel()
	laketest.RunOutcomes(t, func(t *testing.T) laketest.OutcomeEngine { return open(t) })
}

func TestOutcomesRefuseWhatHasNoAnswer(t *testing.T) {
	t.Parallel()
	l := open(t)
	sound := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{spend.Cost}}
	for name, change := range map[string]func(*spend.Query){
		"by team":         func(q *spend.Query) { q.By = []spend.Dimension{"team"} },
		"by month":        func(q *spend.Query) { q.Grain = spend.Month },
		"by period":       func(q *spend.Query) { q.Axis = spend.ByPeriod },
		"top":             func(q *spend.Query) { q.Top = 3 },
		"a part of spend": func(q *spend.Query) { q.Where = []spend.Filter{{By: "model", Values: []string{"x"}}} },
		"no book":         func(q *spend.Query) { q.Book = "" },
	} {
		q := sound
		change(&q)
		if _, err := lake.Outcomes(t.Context(), l, &q); spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%s: %v, want it refused with a hint", name, err)
		}
	}
}
