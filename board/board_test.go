package board_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/board/boardtest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

func composed(t *testing.T, m *board.Material) board.Pack {
	t.Helper()
	r, err := board.Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func table(t *testing.T, r *board.Pack, id string) *board.Table {
	t.Helper()
	for i := range r.Sections {
		for k := range r.Sections[i].Tables {
			if found := &r.Sections[i].Tables[k]; found.ID == id {
				return found
			}
		}
	}
	t.Fatalf("the report has no table %s", id)
	return nil
}

func line(cells []board.Cell) string {
	all := make([]string, len(cells))
	for i, c := range cells {
		all[i] = c.Shown
	}
	return strings.Join(all, "; ")
}

// TestFiguresFollow works the report's sums through by hand.
func TestFiguresFollow(t *testing.T) {
	t.Parallel()
	r := composed(t, boardtest.Material(t))
	for id, want := range map[string][]string{
		"spend_by_team":  {"claims; 70.00; 120.00; +50.00; +71.4 %; 80.0 %", "(none); 30.00; 30.02; +0.02; 0.0 %; 20.0 %", "Total; 100.00; 150.02; +50.02; +50.0 %; 100.0 %"},
		"waterfall":      {"Before; 100.00; ", "calls; 70.02; volume", "list price; -20.00; price", "Now; 150.02; "},
		"outcomes":       {"triage; 90.00; 40; 2.2500; 2.5000; -10.0 %; 50.00; 55.6 %", "(none); 60.02; 0; –; –; –; 60.02; 100.0 %", "Total; 150.02; –; –; –; –; 110.02; 73.3 %"},
		"prices":         {"2026-09; 135.00; 150.00; 0.9000; –; –", "a year before; 120.00; 150.00; 0.8000; 0.8200; 0.8100", "2025-10 (price facts); 100.00; 110.00; 0.9091; –; –"},
		"plan":           {"everything; 200.00; 150.02; -49.98; 75.0 %; budget all/month", "claims; 100.00; 120.00; +20.00; 120.0 %; budget claims/month"},
		"plan_ahead":     {"2026-11-20 to 2026-12-19; 150.00; 155.50; +5.50; 103.7 %; 130.00; 181.25; the plan is within what is likely"},
		"price_index":    {"2025-10; –; 1.0000; 1.0000", "2026-09; 1.0000; 0.9600; 1.2000", "2026-10; 0.9000; 0.9500; 1.2500"},
		"price_families": {"acme/large; 0.9000; 0.8000; 2"},
		"advantage": {
			"own list price, 2026-10; 2.5000; 2.8000; -10.7 %; 15.00; a million tokens at the list prices of the same calls, promotions included",
			"period before, 2026-09; 2.5000; 3.0000; -16.7 %; 25.00; a million tokens as they were mixed and priced then",
			"best alternative of equal quality, 2026-10; 2.5000; 1.3090; +91.0 %; -59.55; triage by acme/small instead of acme/large; not worse by 5 points at 95 %",
		},
		"equal": {
			"triage; acme/large; 90.0 %; 0.1111; acme/small; 89.0 %; -3.7 %; 0.0449; 59.55", "Total; ; –; –; ; –; –; –; 59.55",
		},
		"vendors": {"openai; 60.00; 90.02; 60.0 %; 3,600", "anthropic; 40.00; 60.00; 40.0 %; 1,600", "Total; 100.00; 150.02; 100.0 %; 5,200"},
		"decisions": {
			"Set a second vendor beside openai, or use its weight at the renewal; 90.02; a vendor has more than half of spend",
			"Move triage to acme/small; 59.55; a cheaper model whose runs are not worse by 5 points",
			"Fund, redesign or stop triage: spend without an outcome; 50.00; the workflow with outcomes that has the largest orphan spend",
			"Give spend without a team to one, by attribution rules; 30.02; cost without a team",
			"Name who answers for what nobody does, nightly|digest first; 12.50; cost of workflows without an owner",
		},
		"tieout": {"openai; 91.00; 0.00; 91.00; 90.02; -0.98; bill", "anthropic; 0.00; 60.00; 60.00; 60.00; 0.00; accrued", "Total; 91.00; 60.00; 151.00; 150.02; -0.98; "},
		"tieout_reasons": {
			"openai; coverage gap; 1.20; the vendor saw calls that were not metered", "openai; contract term; -0.22; credits", "Bills above the ledger; ; 0.98; ",
		},
	} {
		found := table(t, &r, id)
		var got []string
		for _, row := range found.Rows {
			got = append(got, line(row))
		}
		if found.Total != nil {
			got = append(got, line(found.Total))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

// said is the last sentence of a section, "" without one.
func said(r *board.Pack, section string) string {
	for _, s := range r.Sections {
		if s.ID == section && len(s.Text) > 0 {
			return s.Text[len(s.Text)-1].Text
		}
	}
	return ""
}

// TestPricesHaveTheirBase: ours are set against the first month in which something was used,
// and a month alone moved nowhere.
func TestPricesHaveTheirBase(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	prices := func() string { r := composed(t, m); return said(&r, "prices") }
	if got, want := prices(), "In 2026-10 the list prices of what we use stand at 0.9000 of those of 2026-09, the market's at 0.9500 of those of 2025-10, after 0.9600 in 2026-09."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m.Prices.Ours[0].Level = money.Known(money.Must("1.1"))
	if got, want := prices(), "In 2026-10 the list prices of what we use stand at 0.9000 of those of 2025-10, the market's at 0.9500."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m.Prices.Ours[0].Level, m.Prices.Ours[1].Level = money.Null{}, money.Null{}
	if got := prices(); strings.Contains(got, "the market's at") {
		t.Errorf("of one month: %q", got)
	}
}

// TestUnitCostsSayWhatIsKnown takes the list prices away, then the period before.
func TestUnitCostsSayWhatIsKnown(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	for _, c := range []struct {
		take func()
		want string
	}{
		{func() {}, "A million tokens cost 2.5000 USD, against 2.8000 USD by the list and 3.0000 USD in the period before."},
		{func() { m.Usage[1].List = money.Null{} }, "A million tokens cost 2.5000 USD, against 3.0000 USD in the period before."},
		{func() { m.Usage[0].Cost = money.Null{} }, "A million tokens cost 2.5000 USD."},
	} {
		c.take()
		r := composed(t, m)
		i := slices.IndexFunc(r.Sections, func(s board.Section) bool { return s.ID == "advantage" })
		if got := r.Sections[i].Text[0].Text; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestTextSaysWhatTablesSay looks for every figure of a sentence among the cells.
func TestTextSaysWhatTablesSay(t *testing.T) {
	t.Parallel()
	r := composed(t, boardtest.Material(t))
	var shown []string
	sources := map[string]bool{}
	for _, s := range r.Sources {
		sources[s.ID] = true
	}
	for i := range r.Sections {
		for _, found := range r.Sections[i].Tables {
			for _, row := range append(slices.Clone(found.Rows), found.Total) {
				for _, c := range row {
					shown = append(shown, c.Shown)
					if c.Amount.Valid && !sources[c.Source] {
						t.Errorf("%s: %s has source %q, which the report does not list", found.ID, c.Shown, c.Source)
					}
				}
			}
		}
		for _, s := range r.Sections[i].Text {
			text := strings.NewReplacer(r.Period.Name, "", r.Before.Name, "", "2025-10", "", "2026-11-20 to 2026-12-19", "").Replace(s.Text)
			for _, figure := range regexp.MustCompile(`[+-]?[0-9][0-9,]*(\.[0-9]+)?( %)?`).FindAllString(text, -1) {
				if !slices.Contains(shown, figure) {
					t.Errorf("%q: no table shows %q", s.Text, figure)
				}
			}
		}
	}
}

// TestPartsWithoutSourceAreNamed takes sources away.
func TestPartsWithoutSourceAreNamed(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	m.Outcomes[1].Total.Outcomes, m.LastYear, m.Ahead, m.Bills, m.Prices, m.Plan = money.Amount{}, nil, nil, nil, nil, nil
	m.Usage = [2]board.UsageCost{}
	r := composed(t, m)
	var missing []string
	for _, part := range r.Missing {
		missing = append(missing, part.Part)
	}
	for _, want := range []string{"Cost per outcome", "What we would have paid at last year's prices", "Spend against forecast", "Spend against plan", "Forecast against plan", "Prices against the market", "Structural cost advantage"} {
		if !slices.Contains(missing, want) {
			t.Errorf("%s is left out and not named in %v", want, missing)
		}
	}
	if got := line(table(t, &r, "tieout").Total); got != "Total; 0.00; 150.02; 150.02; 150.02; 0.00; " {
		t.Errorf("without bills everything is accrued, got %s", got)
	}
}

func TestRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	huge := money.Known(money.Must("99999999999999999999999999"))
	m.Vendors.Rows[0].Values[0], m.Vendors.Rows[1].Values[0] = huge, huge
	if _, err := board.Compose(m); err == nil {
		t.Error("a total that does not fit is no error")
	}
}

// TestModelsThatWereNotJudgedAreNotKnown takes the comparison away, and its evidence.
func TestModelsThatWereNotJudgedAreNotKnown(t *testing.T) {
	t.Parallel()
	none, err := outcome.Compare(nil, outcome.Bar{Margin: 5, LeastRuns: 100, Share: 90})
	if err != nil {
		t.Fatal(err)
	}
	for want, equal := range map[string]*outcome.Comparison{
		"not known: models were not compared by their outcomes":              nil,
		"not known: no workflow has two models with 100 runs each, of which": &none,
	} {
		m := boardtest.Material(t)
		m.Equal = equal
		r := composed(t, m)
		rows := table(t, &r, "advantage").Rows
		if got := line(rows[2]); !strings.HasPrefix(got, "best alternative of equal quality; 2.5000; –; –; –; "+want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestNamesAreNoVerbs gives a vendor a name that a format would read as a verb.
func TestNamesAreNoVerbs(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	m.Vendors.Rows[0].Keys = []string{"100%s %d"}
	r := composed(t, m)
	for i := range r.Sections {
		for _, s := range r.Sections[i].Text {
			if strings.Contains(s.Text, "%!") {
				t.Errorf("%q", s.Text)
			}
		}
	}
}

// TestReportedCostsTieOut take a report of costs where there is no bill, and never both.
func TestReportedCostsTieOut(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	m.Reported = &spend.Table{Currency: "USD", Rows: []spend.Row{
		{Keys: []string{"openai"}, Values: []money.Null{money.Known(money.Must("88"))}},
		{Keys: []string{"anthropic"}, Values: []money.Null{money.Known(money.Must("59.5"))}},
		{Keys: []string{"github"}, Values: []money.Null{money.Known(money.Must("4"))}},
	}}
	r := composed(t, m)
	var got []string
	found := table(t, &r, "tieout")
	for _, row := range append(slices.Clone(found.Rows), found.Total) {
		got = append(got, line(row))
	}
	want := []string{
		"openai; 91.00; 0.00; 91.00; 90.02; -0.98; bill", "anthropic; 59.50; 0.00; 59.50; 60.00; +0.50; report of costs",
		"github; 4.00; 0.00; 4.00; 0.00; -4.00; report of costs", "Total; 154.50; 0.00; 154.50; 150.02; -4.48; ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ledgerAndReasonsAreBills(t, &r)
}

// ledgerAndReasonsAreBills sums the reasons of each vendor exactly.
func ledgerAndReasonsAreBills(t *testing.T, r *board.Pack) {
	t.Helper()
	sums := map[string]money.Amount{}
	for _, row := range table(t, r, "tieout_reasons").Rows {
		sum, err := sums[row[0].Text].Add(row[2].Amount.Amount)
		if err != nil {
			t.Fatal(err)
		}
		sums[row[0].Text] = sum
	}
	for _, row := range table(t, r, "tieout").Rows {
		if got, err := row[4].Amount.Amount.Add(sums[row[0].Text]); err != nil || got != row[3].Amount.Amount {
			t.Errorf("%s: the ledger and its reasons are %v, %v; the bill is %v", row[0].Text, got, err, row[3].Amount.Amount)
		}
	}
}
