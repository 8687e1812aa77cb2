package report_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func now() time.Time { return time.Date(2026, 11, 20, 12, 30, 0, 0, time.UTC) }

func asked() report.Ask {
	return report.Ask{By: "team", Measures: "cost", Book: "metered", Axis: "used_at", Zone: "UTC"}
}

func TestAskReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	f := func(since, until string, wantFrom, wantTo time.Time) {
		t.Helper()
		a := asked()
		a.Since, a.Until = since, until
		q, err := a.Query(now())
		if err != nil || !q.From.Equal(wantFrom) || !q.To.Equal(wantTo) {
			t.Errorf("--since %q --until %q is %v to %v (%v), want %v to %v", since, until, q.From, q.To, err, wantFrom, wantTo)
		}
	}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	f("", "", time.Time{}, time.Time{})
	f("12h", "", now().Add(-12*time.Hour), now())
	f("30d", "", now().AddDate(0, 0, -30), now())
	f("2w", "1d", now().AddDate(0, 0, -14), now().AddDate(0, 0, -1))
	f("2026-10-01", "2026-11-01", day(2026, 10, 1), day(2026, 11, 1))
	f("mtd", "", day(2026, 11, 1), now())
	f("qtd", "", day(2026, 10, 1), now())
	f("ytd", "mtd", day(2026, 1, 1), day(2026, 11, 1))
	f("2026-10", "2026-11", day(2026, 10, 1), day(2026, 11, 1))
	f("2026-10-01T08:00:00+02:00", "now", time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC), now())
}

func TestDatesAreThoseOfTheZone(t *testing.T) {
	t.Parallel()
	a := asked()
	a.Zone, a.Since, a.Grain = "Europe/Berlin", "2026-10-25", "day"
	q, err := a.Query(now())
	if err != nil || !q.From.Equal(time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)) {
		t.Errorf("from %v (%v), want midnight in Berlin", q.From.UTC(), err)
	}
}

func TestQuartersToDateAreThoseOfTheFiscalYear(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		fiscal spend.Fiscal
		since  string
		want   string
	}{
		"a year from February": {spend.Fiscal{Start: time.February}, "qtd", "2026-11-01"},
		"a year from July":     {spend.Fiscal{Start: time.July}, "ytd", "2026-07-01"},
		"weeks, 4-4-5":         {spend.Fiscal{Start: time.October, Scheme: spend.Weeks445}, "qtd", "2026-09-27"},
		"its second period":    {spend.Fiscal{Start: time.October, Scheme: spend.Weeks445}, "mtd", "2026-10-25"},
	} {
		a := asked()
		a.Zone, a.Since, a.Fiscal = "Europe/Berlin", f.since, f.fiscal
		q, err := a.Query(now())
		if err != nil || q.From.In(q.Zone).Format("2006-01-02T15:04") != f.want+"T00:00" {
			t.Errorf("%s: %s begins %v (%v), want %s in Berlin", name, f.since, q.From.In(q.Zone), err, f.want)
		}
	}
}

func TestAQuestionIsComparedWithAWindowOfItsOwn(t *testing.T) {
	t.Parallel()
	a := asked()
	a.Zone, a.Since, a.Until, a.Compare = "Europe/Berlin", "2026-11-01", "2026-11-24", "2025-10-01..2025-10-24"
	q, err := a.Query(now())
	if err != nil {
		t.Fatal(err)
	}
	from, to := time.Date(2025, 9, 30, 22, 0, 0, 0, time.UTC), time.Date(2025, 10, 23, 22, 0, 0, 0, time.UTC)
	if !q.Previous || !q.Against[0].Equal(from) || !q.Against[1].Equal(to) {
		t.Errorf("compared with %v, want %v to %v", q.Against, from, to)
	}
	for _, bad := range []string{"2025-10-01..", "..2025-10-01", "2025-10-02..2025-10-01", "soon..late"} {
		if a.Compare = bad; spend.KindOf(second(a.Query(now()))) != spend.KindInvalid {
			t.Errorf("--compare %q is taken", bad)
		}
	}
}

func second(_ spend.Query, err error) error { return err }

func TestAskTellsAllErrorsAtOnce(t *testing.T) {
	t.Parallel()
	a := asked()
	a.Since, a.Zone, a.Compare, a.Where = "yesterday", "Mars/Olympus", "lastyear", []string{"model"}
	_, err := a.Query(now())
	for _, want := range []string{"yesterday", "Mars", "lastyear", "condition"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q: %v", want, err)
		}
	}
	if spend.HintOf(err) == "" && spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("kind %s", spend.KindOf(err))
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	a := asked()
	a.Where = []string{"model=a,b", "tag:project!=x", "team="}
	q, err := a.Query(now())
	if err != nil {
		t.Fatal(err)
	}
	want := []spend.Filter{
		{By: "model", Values: []string{"a", "b"}}, {By: "tag:project", Values: []string{"x"}, Not: true}, {By: "team", Values: []string{""}},
	}
	if diff := cmp.Diff(want, q.Where); diff != "" {
		t.Errorf("filters (-want +got)\n%s", diff)
	}
}

func table() *spend.Table {
	amount := func(s string) money.Null { return money.Known(money.Must(s)) }
	return &spend.Table{
		Query: spend.Query{By: []spend.Dimension{"team"}, Measures: []spend.Measure{"cost", "calls"}, Top: 3, Zone: time.UTC,
			Previous: true},
		Currency: "USD",
		Rows: []spend.Row{
			{Keys: []string{"claims"}, Values: []money.Null{amount("3333.335"), amount("1200")}, Previous: []money.Null{amount("3000"), amount("1000")}},
			{Keys: []string{"=cmd()"}, Values: []money.Null{amount("3333.335"), amount("3")}},
			{Keys: []string{""}, Values: []money.Null{amount("3333.335"), amount("3")}},
			{Keys: []string{""}, Other: true, Values: []money.Null{amount("0.005"), amount("1")}},
		},
		Totals: spend.Totals{
			Values: []money.Null{amount("10000.01"), amount("1207")}, Previous: []money.Null{amount("3000"), amount("1000")},
			Calls: 1207, Cost: money.Must("10000.01"), Other: money.Must("0.005"), Unattributed: money.Must("3333.335"),
			Exposure: money.Must("12.5"), OpenCalls: 3, OpenHolds: money.Must("2.5"), Unpriced: spend.Unknown{Calls: 4, PromptTokens: 5000, CompletionTokens: 60},
			Provisional: money.Must("10000.01"), Unconverted: 2, UnconvertedLines: 5, WithoutRate: []money.Money{{Amount: money.Must("1400"), Currency: "EUR"}},
		},
	}
}

// TestAFigureReadsTheSameInItsRowAndBelow is the example of toldBy, and the same of what has
// no team.
func TestAFigureReadsTheSameInItsRowAndBelow(t *testing.T) {
	t.Parallel()
	amount := func(s string) []money.Null { return []money.Null{money.Known(money.Must(s))} }
	for _, other := range []bool{true, false} {
		in := table()
		in.Query.Measures, in.Query.Previous = in.Query.Measures[:1], false
		in.Rows = []spend.Row{
			{Keys: []string{"claims"}, Values: amount("3.335")},
			{Keys: []string{"growth"}, Values: amount("3.33")},
			{Keys: []string{""}, Values: amount("3.335"), Other: other},
		}
		in.Totals = spend.Totals{Values: amount("10"), Cost: money.Must("10"), Other: money.Must("3.335"), Unattributed: money.Must("3.335")}
		var out bytes.Buffer
		if err := report.Text(&out, in); err != nil {
			t.Fatal(err)
		}
		want := map[bool][]string{true: {"(other)", "other: 3.33 USD"}, false: {"(none)", "unattributed (no team): 3.33 USD of 10.00 USD"}}[other]
		row := regexp.MustCompile(regexp.QuoteMeta(want[0]) + ` +3\.33\b`)
		if text := out.String(); !row.MatchString(text) || !strings.Contains(text, want[1]) {
			t.Errorf("not %q in\n%s", want, text)
		}
	}
}

func TestTextShowsPartsThatSumAndWhatStandsBeside(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.Text(&out, table()); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{
		"COST USD", "BEFORE", "CHANGE", "claims", "+11.1 %", "new", "(none)", "(other)", "10,000.01",
		"unattributed (no team): 3,333.33 USD of 10,000.01 USD", "unpriced: 4 calls, 5,000 prompt and 60 completion tokens",
		"exposure up to 12.50 USD, not in the total", "open: 3 calls have begun and may cost up to 2.50 USD, not in the total", "other: 0.00 USD", "unconverted: 5 lines with 2 calls (1,400.00 EUR) have no exchange rate into USD, not in the total", "provisional: 10,000.01 USD",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("text does not show %q:\n%s", want, text)
		}
	}
	sum := money.Amount{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "TEAM" || fields[0] == "TOTAL" || !strings.Contains(fields[1], ".") || len(fields) > 9 {
			continue
		}
		if a, err := money.Parse(strings.ReplaceAll(fields[1], ",", "")); err == nil {
			sum, _ = sum.Add(a)
		}
	}
	if sum != money.Must("10000.01") {
		t.Errorf("the costs shown sum to %s, their total shows 10,000.01:\n%s", sum, text)
	}
}

func TestCSVIsExactAndSafe(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.CSV(&out, table()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"bucket", "team", "cost", "cost_previous", "calls", "calls_previous", "other"},
		{"", "claims", "3333.335", "3000", "1200", "1000", "false"},
		{"", "'=cmd()", "3333.335", "", "3", "", "false"},
		{"", "", "3333.335", "", "3", "", "false"},
		{"", "", "0.005", "", "1", "", "true"},
		{"TOTAL", "", "10000.01", "3000", "1207", "1000", "false"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
}

func TestAConditionHoldsCommasBehindABackslash(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`a,b`: {"a", "b"}, `a\,b`: {"a,b"}, `a\\,b`: {`a\`, "b"}, `a\b`: {`a\b`}, ``: {""}, `a,`: {"a", ""}, `a\`: {`a\`}, `\,\\`: {`,\`},
	} {
		a := report.Ask{By: "team", Measures: "cost", Book: "metered", Axis: "used_at", Where: []string{"team=" + text}}
		q, err := a.Query(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, q.Where[0].Values); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}
