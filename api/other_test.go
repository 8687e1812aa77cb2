package api_test

import (
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// An hour of which nothing is known hides no other hour; amounts as billed may be of several
// currencies, and people of two hours may be the same.
func TestOthersAddUpWhatIsKnown(t *testing.T) {
	t.Parallel()
	amount := func(s string) money.Null { return money.Known(money.Must(s)) }
	hour := func(cost, list, people money.Null) api.EnvelopeRow {
		return api.EnvelopeRow{Values: api.Figures{spend.Cost: cost, spend.ListCost: list, spend.People: people}}
	}
	for _, f := range []struct {
		rows               []api.EnvelopeRow
		cost, list, people money.Null
	}{
		{[]api.EnvelopeRow{hour(amount("1.5"), amount("2"), amount("3"))}, amount("1.5"), amount("2"), amount("3")},
		{[]api.EnvelopeRow{hour(amount("1.5"), amount("2"), amount("3")), hour(money.Null{}, money.Null{}, amount("1")), hour(amount("0.5"), amount("1"), amount("1"))},
			amount("2"), money.Null{}, money.Null{}},
		{[]api.EnvelopeRow{hour(money.Null{}, money.Null{}, amount("1"))}, money.Null{}, money.Null{}, amount("1")},
	} {
		o := api.Other{Rows: f.rows}
		if err := api.SumOther(&o, &spend.Query{Measures: []spend.Measure{spend.Cost, spend.ListCost, spend.People}}); err != nil {
			t.Fatal(err)
		}
		if o.Values[spend.Cost] != f.cost || o.Values[spend.ListCost] != f.list || o.Values[spend.People] != f.people {
			t.Errorf("%d rows sum to %v, want %v, %v, %v", len(f.rows), o.Values, f.cost, f.list, f.people)
		}
	}
}
