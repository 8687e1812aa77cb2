package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

const cursorHeader = "Date,User,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost\n"

// cursorDay is some requests of a day in February 2026, by two people, in dollars.
func cursorDay(day, requests int) (rows []string) {
	for n := range requests {
		user, in, out := []string{"ada@example.org", "bo"}[n%2], 1000000+n, 100000
		rows = append(rows, fmt.Sprintf("2026-02-%02dT%02d:30:00.000Z,%s,Usage-based,claude-haiku-4-5,No,0,%d,0,%d,%d,1.5%d", day, n, user, in, out, in+out, n))
	}
	return rows
}

func cursorFile(rows ...[]string) string {
	return cursorHeader + strings.Join(slices.Concat(rows...), "\n") + "\n"
}

// tell imports an export into a server.
func tell(t *testing.T, s *app.Server, of, text string) ingest.Result {
	t.Helper()
	return tellAs(t, s, everybody(), api.ImportOrder{Format: of, Name: "export.csv"}, text)
}

func tellAs(t *testing.T, s *app.Server, who auth.Identity, order api.ImportOrder, text string) ingest.Result {
	t.Helper()
	r, err := s.Import(t.Context(), who, &order, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// inBook is cost, calls and prompt tokens of a book by day, model and person.
func inBook(t *testing.T, s *app.Server, book spend.Book) (all []string) {
	t.Helper()
	table, err := s.Answer(t.Context(), &spend.Query{
		Book: book, Axis: spend.ByUse, By: []spend.Dimension{"model", "seller", "category"}, Grain: spend.Day,
		Measures: []spend.Measure{spend.Cost, spend.Calls, spend.PromptTokens, spend.Exposed}, Zone: time.UTC,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range table.Rows {
		all = append(all, fmt.Sprint(r.Bucket, r.Keys, r.Values))
	}
	slices.Sort(all)
	return all
}

// TestExportsInEveryOrder imports the same days whole, twice, in halves between days,
// shuffled and while they grow: the ledger holds the same.
func TestExportsInEveryOrder(t *testing.T) {
	t.Parallel()
	first, two, three := cursorDay(3, 8), cursorDay(4, 6), cursorDay(5, 9)
	shuffled := slices.Concat(first, two, three)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	var want []string
	for _, c := range []struct {
		name  string
		files []string
	}{
		{"whole", []string{cursorFile(first, two, three)}},
		{"twice", []string{cursorFile(first, two, three), cursorFile(first, two, three)}},
		{"halves", []string{cursorFile(two, three), cursorFile(first)}},
		{"shuffled", []string{cursorFile(shuffled)}},
		{"growing", []string{cursorFile(first, two[:1]), cursorFile(first, two, three[:4]), cursorFile(two, three)}},
		{"revised", []string{cursorFile(first, cursorDay(4, 7), cursorDay(5, 3)), cursorFile(first, two, three)}},
		{"there and back", []string{cursorFile(first, two, three), cursorFile(first[:2], two[:1]), cursorFile(first, two)}},
	} {
		s := serverAt(t, t.TempDir())
		for _, file := range c.files {
			tell(t, s, "cursor", file)
		}
		got := inBook(t, s, spend.Reported)
		closed(t, s)
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 3 {
			t.Errorf("%s: %d rows (-whole +got)\n%s", c.name, len(got), diff)
		}
	}
}

// TestMeteredStaysWhatItIs imports an export of every kind beside metered calls.
func TestMeteredStaysWhatItIs(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	tell(t, s, "events", event("usage", "1", called))
	before := inBook(t, s, spend.Metered)
	for _, f := range exportsOfEveryKind() {
		r := tell(t, s, f.of, f.text)
		if r.Booked == 0 || r.Quarantined > 0 || r.Export == nil || r.Export.Kind != f.kind || r.Export.Book != spend.Reported {
			t.Errorf("%s: %+v, %+v", f.kind, r, r.Export)
		}
	}
	if diff := cmp.Diff(before, inBook(t, s, spend.Metered)); diff != "" || len(before) != 1 {
		t.Errorf("metered (-before +after)\n%s", diff)
	}
	if got := inBook(t, s, spend.Reported); len(got) < 6 {
		t.Errorf("reported holds %q", got)
	}
}

type export struct{ of, kind, text string }

func exportsOfEveryKind() []export {
	const day = "1770163200,1770249600," // 2026-02-04
	return []export{
		{"openai", "openai usage", "start_time,end_time,num_model_requests,model,input_tokens,output_tokens,input_cached_tokens\n" + day + "8,gpt-5,100,20,40\n"},
		{"openai", "openai cost", "start_time,end_time,amount_value,amount_currency,line_item\n" + day + "2.5,usd,storage\n"},
		{"anthropic", "anthropic usage", "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n2026-02-04,claude-haiku-4-5,100,20\n"},
		{"anthropic", "anthropic cost", "usage_date_utc,model,token_type,cost_usd\n2026-02-04,Claude Haiku 4.5,output,0.02\n"},
		{"copilot", "copilot usage", "date,username,sku,quantity,unit_type,gross_amount,discount_amount,net_amount\n2026-02-04,bo,copilot_ai_credit,100,ai-credits,1,0.25,0.75\n"},
		{"copilot", "copilot requests", "Timestamp,User,Model,Requests Used\n2026-02-05T05:13:27Z,bo,gpt-4.1,1\n"},
		{"cursor", "cursor usage", cursorFile(cursorDay(4, 2))},
	}
}

// TestSplittingsOfOneDay imports two exports of a day that are split in other ways, in
// both orders: one of them stands, and it is the same one.
func TestSplittingsOfOneDay(t *testing.T) {
	t.Parallel()
	const head, day = "start_time,end_time,amount_value,amount_currency,line_item,project_id\n", "1770163200,1770249600,"
	byItem, byProject, byBoth, total := head+day+"3,usd,storage,\n"+day+"1,usd,search,\n", head+day+"4,usd,,a\n", head+day+"4,usd,storage,a\n", head+day+"4,usd,,\n"
	for _, c := range []struct{ name, a, b, want string }{
		{"by both before by project", byBoth, byProject, "project_id+line_item"},
		{"by item before by project", byItem, byProject, "line_item"},
		{"by project before a total", byProject, total, "project_id"},
	} {
		for _, files := range [][]string{{c.a, c.b}, {c.b, c.a}, {c.a, c.b, c.a}, {c.b, c.a, c.b}} {
			s := serverAt(t, t.TempDir())
			var last ingest.Result
			for _, file := range files {
				last = tell(t, s, "openai", file)
			}
			if kept := strings.Contains(strings.Join(last.Export.Notes, "\n"), "2026-02-04 stays as it is booked, by "+c.want); kept != (files[len(files)-1] == c.b) {
				t.Errorf("%s: the last import says %q", c.name, last.Export.Notes)
			}
			table, err := s.Answer(t.Context(), &spend.Query{Book: spend.Reported, Axis: spend.ByUse, By: []spend.Dimension{"tag:grouping"}, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range table.Rows { // what was replaced comes to nothing
				if want := map[bool]string{true: "4", false: "0"}[r.Keys[0] == c.want]; r.Values[0].Amount.String() != want {
					t.Errorf("%s: %s by %s, want %s", c.name, r.Values[0].Amount, r.Keys[0], want)
				}
			}
			if table.Totals.Cost.String() != "4" {
				t.Errorf("%s: %s in all, want 4", c.name, table.Totals.Cost)
			}
			closed(t, s)
		}
	}
}

// TestWrongUnits gives amounts and counts in units that nobody stated: nothing is
// booked, and the error names the option that mends it.
func TestWrongUnits(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	row := func(tokens, cost string) string {
		return cursorHeader + "2026-02-04T10:00:00Z,bo,Usage-based,claude-haiku-4-5,No,0," + tokens + ",0,0," + tokens + "," + cost + "\n"
	}
	item := func(quantity, unit, cost string) string {
		return "start_time,end_time,amount_value,amount_currency,quantity,quantity_unit,line_item\n1770163200,1770249600," + cost + ",usd," + quantity + "," + unit + ",\"gpt-5, output\"\n"
	}
	for _, c := range []struct{ name, of, text, unit, want string }{
		{"cents", "cursor", row("1000000", "100"), "", "--unit cents"},
		{"dollars stated as cents", "cursor", row("1000000", "1.00"), "cents", "leave --unit cents out"},
		{"thousands of tokens", "cursor", row("1000", "1.00"), "", "--unit thousand-tokens"},
		{"millions of tokens", "cursor", row("1", "1.00"), "", "--unit million-tokens"},
		{"tokens stated as thousands", "cursor", row("1000000", "1.00"), "thousand-tokens", "leave --unit thousand-tokens out"},
		{"a quantity in thousands", "openai", item("1000", "tokens", "10"), "", "--unit thousand-tokens"},
		{"another meter", "openai", item("1000000", "tokens", "80"), "", "fits no unit"},
	} {
		_, err := s.Import(t.Context(), everybody(), &api.ImportOrder{Format: c.of, Name: "x.csv", Unit: c.unit}, strings.NewReader(c.text))
		if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if got := inBook(t, s, spend.Reported); len(got) > 0 {
		t.Errorf("booked %q", got)
	}
	stated := api.ImportOrder{Format: "cursor", Name: "x.csv", Unit: "cents,thousand-tokens"}
	if r := tellAs(t, s, everybody(), stated, row("1000", "100")); r.Cost.String() != "1" || r.Export.Totals[0].Owed != r.Cost {
		t.Errorf("a hundred cents are %s, told as %v", r.Cost, r.Export.Totals)
	}
	for quantity, unit := range map[string]string{"1000": "1K tokens", "1": "1M tokens", "1000000": "tokens"} {
		if r := tell(t, s, "openai", item(quantity, unit, "10")); r.Quarantined > 0 || r.Export.Totals[0].Owed.String() != "10" {
			t.Errorf("%s of %s: %+v", quantity, unit, r)
		}
	}
}

// TestOneRowInAnotherUnit refuses that row alone; one that is a little off is flagged.
func TestOneRowInAnotherUnit(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	tell(t, s, "cursor", cursorFile(cursorDay(4, 5)))
	rows := cursorDay(4, 5)
	rows[2] = strings.Replace(rows[2], ",1.52", ",152.0", 1)
	rows[3] = strings.Replace(rows[3], ",1.53", ",2.10", 1)
	if r := tell(t, s, "cursor", cursorFile(rows)); r.Quarantined != 1 || r.Corrections != 1 || r.Withdrawn != 0 {
		t.Errorf("%+v, want one rejected, one corrected and none withdrawn", r)
	}
	table, err := s.Answer(t.Context(), &spend.Query{Book: spend.Reported, Axis: spend.ByUse, By: []spend.Dimension{"flags"}, Measures: []spend.Measure{spend.Calls}, Zone: time.UTC})
	if err != nil || table.Totals.Calls != 5 {
		t.Fatalf("%d calls, %v; want what was booked before of the row that is refused", table.Totals.Calls, err)
	}
	for _, r := range table.Rows {
		if want := map[string]string{"": "3", "reported_cost_differs": "2"}[r.Keys[0]]; r.Values[0].Amount.String() != want {
			t.Errorf("%s calls with the flags %q, want %s: 1.54 and 2.10 are not 1.50", r.Values[0].Amount, r.Keys[0], want)
		}
	}
}

// TestExportOfAnotherScope lets a team import what it sees of an account: it replaces
// nothing of the organisation's.
func TestExportOfAnotherScope(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	tell(t, s, "cursor", cursorFile(cursorDay(4, 4)))
	if r := tellAs(t, s, one("claims"), api.ImportOrder{Format: "cursor", Name: "x.csv"}, cursorFile(cursorDay(4, 1))); r.Withdrawn != 0 || r.Booked != 1 {
		t.Errorf("%+v, want one booked and nothing withdrawn", r)
	}
	other := api.ImportOrder{Format: "cursor", Name: "x.csv", Account: "second"}
	if r := tellAs(t, s, everybody(), other, cursorFile(cursorDay(4, 2))); r.Withdrawn != 0 {
		t.Errorf("another account: %+v", r)
	}
	for _, bad := range []api.ImportOrder{{Account: "ada@example.org"}, {Zone: "Nowhere"}, {Unit: "pounds"}} {
		bad.Format, bad.Name = "cursor", "x.csv"
		if _, err := s.Import(t.Context(), everybody(), &bad, strings.NewReader(cursorFile(cursorDay(4, 1)))); spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%+v: %v, want invalid with a hint", bad, err)
		}
	}
}

// TestTokensAndMoneyOfTwoExports sets the one against the other, whichever comes first.
func TestTokensAndMoneyOfTwoExports(t *testing.T) {
	t.Parallel()
	const usage = "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n2026-02-04,claude-haiku-4-5,1000000,0\n"
	const costs = "usage_date_utc,model,token_type,cost_usd\n2026-02-04,Claude Haiku 4.5,input_no_cache,"
	for _, c := range []struct{ name, first, second, want string }{
		{"as they should be", usage, costs + "1.00\n", ""},
		{"at a discount", usage, costs + "0.40\n", ""},
		{"cents after tokens", usage, costs + "100\n", "the amounts look like cents; state --unit cents"},
		{"thousands of tokens after dollars", costs + "1.00\n", strings.Replace(usage, "1000000", "1000", 1), "state --unit thousand-tokens"},
	} {
		s := serverAt(t, t.TempDir())
		tell(t, s, "anthropic", c.first)
		notes := strings.Join(tell(t, s, "anthropic", c.second).Export.Notes, "\n")
		if !strings.Contains(notes, c.want) || c.want == "" && strings.Contains(notes, "--unit") {
			t.Errorf("%s: %q, want %q", c.name, notes, c.want)
		}
		closed(t, s)
	}
}

// TestDayThatIsNotOver says that a later download will replace it.
func TestDayThatIsNotOver(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	if notes := strings.Join(tell(t, s, "cursor", cursorFile(cursorDay(27, 1))).Export.Notes, "\n"); strings.Contains(notes, "provisional") {
		t.Errorf("of a day that is over: %q", notes)
	}
	today := strings.ReplaceAll(cursorFile(cursorDay(1, 2)), "2026-02-01", noon().Format(time.DateOnly))
	if notes := strings.Join(tell(t, s, "cursor", today).Export.Notes, "\n"); !strings.Contains(notes, "is not over: it is provisional") {
		t.Errorf("of today: %q", notes)
	}
}
