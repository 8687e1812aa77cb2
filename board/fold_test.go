package board_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/board/boardtest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// crowd is a report of many vendors, and of teams whose amounts round to nothing alone.
func crowd(t *testing.T, vendors int) *board.Material {
	t.Helper()
	m := boardtest.Material(t)
	m.Vendors.Rows = nil
	for i := range vendors {
		each := []money.Null{money.Known(money.Must("1.5"))}
		m.Vendors.Rows = append(m.Vendors.Rows, spend.Row{Keys: []string{fmt.Sprintf("vendor-%03d", i)}, Values: each, Previous: each})
	}
	total := &m.Teams.Total
	for i := range 40 {
		s := variance.Slice{Keys: []string{fmt.Sprintf("small-%02d", i)}, Before: money.Must("0.004"), After: money.Must("0.003")}
		m.Teams.Slices = append(m.Teams.Slices, s)
		var err1, err2 error
		total.Before, err1 = total.Before.Add(s.Before)
		total.After, err2 = total.After.Add(s.After)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
	}
	return m
}

// TestOthersAreTheSum folds 42 teams: 40 of 0.004 before and of 0.003 now. The 31 that are
// not kept had 0.124 and have 0.093, and what is shown sums to the total.
func TestOthersAreTheSum(t *testing.T) {
	t.Parallel()
	r := composed(t, crowd(t, 3))
	teams := table(t, &r, "spend_by_team")
	folded := teams.Folded()
	if len(teams.Rows) != 42 || len(folded.Rows) != 12 || len(table(t, &r, "vendors").Folded().Rows) != 3 {
		t.Fatalf("%d rows are %d", len(teams.Rows), len(folded.Rows))
	}
	others := folded.Rows[11]
	if line(folded.Rows[0]) != line(teams.Rows[0]) || others[0].Shown != "others (31)" || others[1].Amount != money.Known(money.Must("0.124")) || others[2].Amount != money.Known(money.Must("0.093")) {
		t.Errorf("others are %s, %+v", line(others), others)
	}
	if others[4].Shown != "-25.0 %" || !strings.HasSuffix(folded.Note, "have all 42 rows.") {
		t.Errorf("others grew by %s; %s", others[4].Shown, folded.Note)
	}
	addsUp(t, &folded, 1, 2, 3)
}

// addsUp sums what columns show.
func addsUp(t *testing.T, found *board.Table, columns ...int) {
	t.Helper()
	for _, k := range columns {
		var sum money.Amount
		for _, row := range found.Rows {
			shown, err := money.Parse(strings.NewReplacer(",", "", "+", "").Replace(row[k].Shown))
			if err != nil {
				t.Fatal(err)
			}
			if sum, err = sum.Add(shown); err != nil {
				t.Fatal(err)
			}
		}
		if want := strings.NewReplacer(",", "", "+", "").Replace(found.Total[k].Shown); sum.Cmp(money.Must(want)) != 0 {
			t.Errorf("%s: rows show %s, the total %s", found.Columns[k].Name, sum, want)
		}
	}
}

// TestIndexOfManyVendors has 400 vendors of a quarter per cent each: the index is 400 times
// 0.25 squared, 25 points. Where a row stands for several vendors it is not known.
func TestIndexOfManyVendors(t *testing.T) {
	t.Parallel()
	m := crowd(t, 400)
	r := composed(t, m)
	vendors := table(t, &r, "vendors")
	if got := vendors.Total[4]; got.Amount != money.Known(money.FromInt(25)) {
		t.Errorf("the index is %v, want 25", got.Amount)
	}
	folded := vendors.Folded()
	addsUp(t, &folded, 1, 2)
	tieout := table(t, &r, "tieout").Folded()
	addsUp(t, &tieout, 1, 2, 3, 4, 5)
	m.Vendors.Rows[399].Other = true
	r = composed(t, m)
	if got := table(t, &r, "vendors").Total[4]; got.Amount.Valid || got.Shown != "–" {
		t.Errorf("the index of unknown vendors is %v", got)
	}
}

// TestACreditLeavesNoShares: of 274, a vendor with 300 has no 109.5 %.
func TestACreditLeavesNoShares(t *testing.T) {
	t.Parallel()
	m := crowd(t, 3)
	for i, amount := range []string{"300", "-50", "24"} {
		m.Vendors.Rows[i].Values = []money.Null{money.Known(money.Must(amount))}
	}
	r := composed(t, m)
	vendors := table(t, &r, "vendors")
	for _, row := range append(vendors.Rows, vendors.Total) {
		if row[3].Amount.Valid || row[4].Amount.Valid {
			t.Errorf("shares of what is below zero: %s", line(row))
		}
	}
	if got := said(&r, "vendors"); got != "" || !strings.Contains(vendors.Note, "A vendor is below zero") {
		t.Errorf("it says %q; %s", got, vendors.Note)
	}
	for _, row := range table(t, &r, "decisions").Rows {
		if strings.Contains(row[0].Text, "second vendor") {
			t.Errorf("%s is asked for", row[0].Text)
		}
	}
	m.Vendors.Rows[0].Values = []money.Null{money.Known(money.FromInt(20))}
	r = composed(t, m)
	if got := table(t, &r, "vendors").Total[4]; got.Amount.Valid {
		t.Errorf("the index of a total below zero is %v", got.Amount)
	}
}
