package report_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/report"
)

func outcomeRow(t *testing.T, workflow, count, with, without string) outcome.Row {
	t.Helper()
	r := outcome.Row{Workflow: workflow, Outcomes: money.Must(count), Claimed: money.FromInt(2), Reversed: 1, Minutes: money.FromInt(30),
		With:    outcome.Part{Runs: 3, Calls: 30, Cost: money.Known(money.Must(with))},
		Without: outcome.Part{Runs: 1, Calls: 10, Cost: money.Known(money.Must(without)), Unknown: 4, UnknownLines: 6, Exposure: money.Must("1.5")}}
	var err error
	if r.All, err = r.With.Plus(r.Without); err != nil {
		t.Fatal(err)
	}
	return r
}

func outcomeTable(t *testing.T, rows ...outcome.Row) *outcome.Table {
	t.Helper()
	table := &outcome.Table{Basis: "cost", Currency: "USD", Rows: rows}
	if err := table.Sum(); err != nil {
		t.Fatal(err)
	}
	return table
}

func TestOutcomeTextShowsAllSpendAndWhatStandsBeside(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	table := outcomeTable(t, outcomeRow(t, "swe-bench", "371", "152.115", "77.865"))
	if err := report.OutcomeText(&out, table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"COST USD", "PER OUTCOME", "371", "229.98", "0.6199", "66.1 %", "33.9 %", "without an amount: 6 lines with 4 of 40 calls",
		"exposure up to 1.50 USD, not in the cost", "2 claimed, 0 disputed, 1 reversed", "30 minutes", "in no run at all: none",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("text does not show %q:\n%s", want, out.String())
		}
	}
}

func TestOutcomeTextAddsUpWhatItShows(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	table := outcomeTable(t, outcomeRow(t, "a", "1", "1.004", "1.003"), outcomeRow(t, "b", "2", "1.004", "1.003"))
	if err := report.OutcomeText(&out, table); err != nil {
		t.Fatal(err)
	}
	costs, orphans := money.Amount{}, money.Amount{}
	for line := range strings.Lines(out.String()) {
		f := strings.Fields(line)
		if len(f) != 11 || f[0] != "a" && f[0] != "b" {
			continue
		}
		costs, _ = costs.Add(money.Must(f[2]))
		orphans, _ = orphans.Add(money.Must(f[6]))
	}
	var total []string
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(strings.TrimSpace(line), "TOTAL") {
			total = strings.Fields(line)
		}
	}
	if len(total) < 5 || total[1] != costs.Fixed(2) || total[1] != "4.01" || total[4] != orphans.Fixed(2) || total[4] != "2.01" {
		t.Errorf("shown costs sum to %s, orphans to %s, the total is %v:\n%s", costs, orphans, total, out.String())
	}
}

func TestOutcomeCSVIsExactAndSafe(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	table := outcomeTable(t, outcomeRow(t, "=cmd()", "3", "1", "0.5"))
	if err := report.OutcomeCSV(&out, table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v, %v", rows, err)
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	for name, want := range map[string]string{
		"workflow": "'=cmd()", "outcomes": "3", "cost": "1.5", "cost_per_outcome": "0.5", "share": "0.666666666667",
		"orphan_share": "0.333333333333", "orphan_cost": "0.5", "orphan_unknown_calls": "4", "orphan_exposure": "1.5", "no_run_cost": "", "value": "",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if rows[2][0] != "TOTAL" {
		t.Errorf("the last line is %v", rows[2])
	}
}

func TestResultsOfTwoKindsShareNoCost(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	table := outcomeTable(t, outcomeRow(t, "a", "3", "1", "0.5"), outcomeRow(t, "b", "1", "1", "0.5"))
	if err := report.OutcomeCSV(&out, table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%v, %v", rows, err)
	}
	at := slices.Index(rows[0], "cost_per_outcome")
	if rows[1][at] != "0.5" || rows[2][at] != "1.5" || rows[3][at] != "" {
		t.Errorf("outcomes cost %q and %q, those of both %q", rows[1][at], rows[2][at], rows[3][at])
	}
}
