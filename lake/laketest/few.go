package laketest

import (
	"fmt"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// fewAreMerged asks for people with a limit and counts over the lines who stands
// behind what is left and what is merged.
func fewAreMerged(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(17).Ledger(size)
	e := filled(t, open, ledger)
	for name, q := range Queries() {
		if q.Previous || len(q.By) == 0 {
			continue
		}
		for _, q.Fewest = range []int{2, 5, 40} {
			q.Measures = []spend.Measure{spend.Calls, spend.Cost, spend.People, spend.Runs}
			q.Order = spend.Cost
			checkFew(t, fmt.Sprintf("%s, %d", name, q.Fewest), answer(t, e, q), ledger)
		}
	}
}

func checkFew(t *testing.T, name string, table spend.Table, ledger []spend.Charge) {
	t.Helper()
	q := table.Query
	all := selected(&q, ledger)
	starts := calendar(&q)
	hidden, rows, merged := map[int64]lines{}, map[int64]int{}, map[int64]bool{}
	shown := map[string]bool{}
	var cost money.Amount
	for _, row := range table.Rows {
		cost = mustSum(cost.Add(row.Values[1].Amount))
		at := row.Bucket.UnixMicro()
		rows[at]++
		merged[at] = merged[at] || row.Few
		shown[groupName(row.Bucket, row.Keys, row.Other)] = true
		if n, _ := row.Values[2].Amount.Int(); n > 0 && n < int64(q.Fewest) || row.Few == row.Values[2].Valid {
			t.Errorf("%s: row %v at %s has %v people", name, row.Keys, row.Bucket, row.Values[2])
		}
	}
	if cost != table.Totals.Cost {
		t.Errorf("%s: the rows sum to %s of %s", name, cost, table.Totals.Cost)
	}
	for _, c := range all {
		if b := bucket(&q, starts, c); !shown[groupName(b, keys(&q, c), false)] {
			hidden[b.UnixMicro()] = append(hidden[b.UnixMicro()], c)
		}
	}
	for at, isMerged := range merged {
		if n := distinct("principal", hidden[at]); isMerged && n < int64(q.Fewest) && rows[at] > 1 {
			t.Errorf("%s: %d people are merged at %d", name, n, at)
		}
	}
}
