package board_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/board/boardtest"
	"github.com/bursarhq/bursar/money"
)

func shown(a money.Null) string {
	if !a.Valid {
		return "-"
	}
	return a.Amount.Fixed(6)
}

// TestKPIs works the measures through by hand; none without a source has a value.
func TestKPIs(t *testing.T) {
	t.Parallel()
	all, err := board.KPIs(boardtest.Material(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range all {
		if k.Formula == "" || k.Name == "" || (k.Missing == "") != k.Now.Valid {
			t.Errorf("%+v: it has no formula, or neither a value nor a reason", k)
		}
		if k.Now.Valid {
			got = append(got, strings.TrimSpace(k.ID+" "+k.Workflow)+": "+shown(k.Before)+" "+shown(k.Now))
		}
	}
	want := []string{
		"cost_per_call: 0.030000 0.025000", "cost_per_million_tokens: 3.000000 2.500000", "cached_share: 0.250000 0.250000",
		"list_ratio: 0.947368 0.892857", "equal_quality_cost: - 0.523596", "attribution_coverage: 1.000000 0.799920",
		"outcome_coverage: 0.499975 0.599940", "orphan_share: 0.600020 0.733360", "cost_per_outcome triage: 2.500000 2.250000", "plan_ratio: - 0.750075",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestKPIsOfNothing have reasons alone.
func TestKPIsOfNothing(t *testing.T) {
	t.Parallel()
	all, err := board.KPIs(&board.Material{})
	if err != nil || len(all) < 15 {
		t.Fatalf("%d, %v", len(all), err)
	}
	for _, k := range all {
		if k.Now.Valid || k.Before.Valid || k.Missing == "" {
			t.Errorf("of nothing: %+v", k)
		}
		if strings.Contains(k.Missing, "minutes") {
			t.Errorf("no minutes are booked: %s", k.Missing)
		}
	}
}

// TestUnpricedIsNotFree: what has a price comes to nothing, so that a cost per outcome and a
// return are known only where nothing stands beside it.
func TestUnpricedIsNotFree(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	row := &m.Outcomes[1].Rows[0]
	row.Value, row.Valued = money.Known(money.FromInt(500)), "USD"
	row.All.Cost, row.All.Unknown = money.Known(money.Amount{}), 2582
	for _, c := range []struct{ each, why string }{
		{"-", "its cost is not known: what has a price comes to nothing, and unpriced calls stand beside it"},
		{"0.000000", "its cost is not above zero"},
	} {
		all, err := board.KPIs(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range all {
			if k.ID == "cost_per_outcome" && (shown(k.Now) != c.each || c.each == "-" && k.Missing != c.why) || k.ID == "return" && (k.Now.Valid || k.Missing != c.why) {
				t.Errorf("%s is %s, %q; want %s, %q", k.ID, shown(k.Now), k.Missing, c.each, c.why)
			}
		}
		r := composed(t, m)
		if got := table(t, &r, "outcomes").Rows[0][3]; got.Amount.Valid != (c.each != "-") {
			t.Errorf("the table says %s, the measure %s", got.Shown, c.each)
		}
		row.All.Unknown = 0
	}
}

// TestMeasuresOfWorkflowsAreMissedToo: what thirty workflows lack is one part that is
// missing, under the names of the costliest.
func TestMeasuresOfWorkflowsAreMissedToo(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	const why = "its outcomes have no value in the report's currency"
	if r := composed(t, m); !slices.Contains(r.Missing, board.Missing{Part: "Return of triage", Why: why}) {
		t.Errorf("got %+v", r.Missing)
	}
	one := m.Outcomes[1].Rows[0]
	m.Outcomes[1].Rows = nil
	for i := range 30 {
		one.Workflow = fmt.Sprint("w", i)
		m.Outcomes[1].Rows = append(m.Outcomes[1].Rows, one)
	}
	want := board.Missing{Part: "Return of w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11 and 18 more", Why: why}
	if r := composed(t, m); !slices.Contains(r.Missing, want) {
		t.Errorf("got %+v", r.Missing)
	}
}
