package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// screened gives the text of a table of cost, notional cost and calls.
func screened(t *testing.T, cost string, notional ...money.Null) string {
	t.Helper()
	table := spend.Table{Query: spend.Query{By: []spend.Dimension{"tag:project"}, Measures: []spend.Measure{"cost", "notional", "calls"}, Zone: time.UTC}, Currency: "USD"}
	var sum money.Null
	for i, n := range notional {
		row := spend.Row{Keys: []string{string(rune('a' + i))}, Values: []money.Null{money.Known(money.Must(cost)), n, money.Known(money.FromInt(1))}}
		row.Other = i == len(notional)-1
		table.Rows = append(table.Rows, row)
		if n.Valid {
			total, err := sum.Amount.Add(n.Amount)
			if err != nil {
				t.Fatal(err)
			}
			sum = money.Known(total)
		}
	}
	table.Totals.Cost = money.Must(cost)
	table.Totals.Values = []money.Null{money.Known(money.Must(cost)), sum, money.Known(money.FromInt(3))}
	table.Totals.Currencies = []money.Currency{"", "USD", ""}
	report.Screen(&table)
	var out bytes.Buffer
	if err := report.Text(&out, &table); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTheNotionalCostHasAColumnWhereThereIsSome(t *testing.T) {
	t.Parallel()
	one, nine, none := money.Known(money.FromInt(1)), money.Known(money.FromInt(9)), money.Null{}
	if text := screened(t, "3", none, none, none); strings.Contains(text, "NOTIONAL") || !strings.Contains(text, "PROJECT") || !strings.Contains(text, "CALLS") {
		t.Errorf("a column for nothing:\n%s", text)
	}
	rows := func(text string) (first string) {
		table, _, _ := strings.Cut(text, "\n\n")
		for line := range strings.Lines(table) {
			if fields := strings.Fields(line); fields[0] != "PROJECT" {
				first += fields[0]
			}
		}
		return first
	}
	if text := screened(t, "3", one, nine, nine); !strings.Contains(text, "NOTIONAL USD") || !strings.Contains(text, "notional: 19.00 USD at list prices") || rows(text) != "ab(other)TOTAL" {
		t.Errorf("rows %s of\n%s", rows(text), text)
	}
	if text := screened(t, "0", one, nine, nine); rows(text) != "ba(other)TOTAL" {
		t.Errorf("rows %s, want the largest estimate first where nothing costs, in\n%s", rows(text), text)
	}
}

func TestKnownTagsNeedNoPrefix(t *testing.T) {
	t.Parallel()
	a := asked()
	a.By, a.Where = "project,model,repository,tag:ticket", []string{"branch!=main"}
	q, err := a.Query(now())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]spend.Dimension{"tag:project", "model", "tag:repository", "tag:ticket"}, q.By); diff != "" || q.Where[0].By != "tag:branch" {
		t.Errorf("by %v where %v", q.By, q.Where)
	}
}
