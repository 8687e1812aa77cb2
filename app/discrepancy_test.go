package app_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/discrepancy"
	reports "github.com/bursarhq/bursar/report" // report is a function of these tests
	"github.com/bursarhq/bursar/spend"
)

// proxied are n calls as LiteLLM writes them down: cached tokens at the fresh rate, and a
// call without a price.
func proxied(n int) (lines []string) {
	for i := range n {
		spent := fmt.Sprintf("%.9f", float64(1000+i)*1.25e-6+200*10e-6)
		if i%5 == 0 {
			spent = "0"
		}
		lines = append(lines, fmt.Sprintf(`{"request_id":"chatcmpl-%d","call_type":"acompletion","model":"gpt-5","custom_llm_provider":"openai","startTime":%q,"spend":%s,`+
			`"prompt_tokens":%d,"completion_tokens":200,"user":"ada@example.org","metadata":{"usage_object":{"prompt_tokens_details":{"cached_tokens":400}}}}`,
			i, noon().Add(time.Duration(i)*time.Minute).Format(time.RFC3339), spent, 1000+i))
	}
	return lines
}

// traced are the same calls as Langfuse saw them, without a cost.
func traced(n int) (lines []string) {
	for i := range n {
		lines = append(lines, fmt.Sprintf(`{"id":"o%d","trace_id":"t","type":"GENERATION","start_time":%q,"provided_model_name":"gpt-5","usage_details":{"input":%d,"input_cached_tokens":400,"output":200,"total":%d},`+
			`"metadata":{"gen_ai.system":"openai","gen_ai.response.id":"chatcmpl-%d"}}`, i, noon().Add(time.Duration(i)*time.Minute).Format(time.RFC3339), 600+i, 1200+i, i))
	}
	return lines
}

// told imports files of a product, each a list of its records, and compares.
func told(t *testing.T, files ...[2]any) (ledger string, found reports.Discrepancies) {
	t.Helper()
	a, err := app.Open(app.Config{Data: filepath.Join(t.TempDir(), "data"), Create: true, Now: func() time.Time { return noon().AddDate(0, 0, 2) }})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for i, f := range files {
		p, _ := history.Named(f[0].(string))
		path := write(t, fmt.Sprintf("%d.jsonl", i), strings.Join(f[1].([]string), "\n")+"\n")
		if _, err := a.Import(t.Context(), app.File{Path: path, History: &p, Options: connect.Options{}}); err != nil {
			t.Fatal(err)
		}
	}
	table, err := a.Answer(t.Context(), &spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, Zone: time.UTC, By: []spend.Dimension{"model", "status"},
		Measures: []spend.Measure{spend.Calls, spend.ListCost, spend.ReportedCost, spend.PromptTokens, spend.CachedTokens, spend.People},
	})
	if err != nil {
		t.Fatal(err)
	}
	found, err = a.Compare(t.Context(), &reports.Comparison{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(table.Rows), found
}

// shuffled puts lines into another order.
func shuffled(lines []string) []string {
	other := slices.Clone(lines)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return other
}

// TestAHistoryIsTheSameHoweverItComes imports that of every product twice, in halves,
// shuffled, and while it grows.
func TestAHistoryIsTheSameHoweverItComes(t *testing.T) {
	t.Parallel()
	for _, product := range history.Names() {
		t.Run(product, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../connect/history/testdata/" + product + ".jsonl")
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(string(text)), "\n")
			if product == "litellm" {
				lines = append(lines, proxied(40)...)
			}
			n := len(lines)
			ledger, found := told(t, [2]any{product, lines})
			if found.Totals[0].Calls == 0 {
				t.Fatal("nothing is compared")
			}
			for name, files := range map[string][][2]any{
				"twice": {{product, lines}, {product, lines}}, "halves": {{product, lines[n/2:]}, {product, lines[:n/2]}},
				"shuffled": {{product, shuffled(lines)}}, "growing": {{product, lines[:n/4]}, {product, lines[:n/2]}, {product, lines}},
			} {
				again, compared := told(t, files...)
				if diff := cmp.Diff(ledger, again) + cmp.Diff(found, compared); diff != "" {
					t.Errorf("%s (-once +%[1]s)\n%s", name, diff)
				}
			}
		})
	}
}

// TestTwoProductsTellOneCall mixes two records of the same calls.
func TestTwoProductsTellOneCall(t *testing.T) {
	t.Parallel()
	const n = 40
	lite, fuse := proxied(n), traced(n)
	_, found := told(t, [2]any{"litellm", lite})
	first, foundFirst := told(t, [2]any{"litellm", lite}, [2]any{"langfuse", fuse})
	second, foundSecond := told(t, [2]any{"langfuse", fuse}, [2]any{"litellm", shuffled(lite)})
	if diff := cmp.Diff(first, second) + cmp.Diff(foundFirst, foundSecond); diff != "" {
		t.Errorf("two products (-one first +the other first)\n%s", diff)
	}
	reasons := map[discrepancy.Reason]int64{}
	for _, r := range found.Rows {
		reasons[r.Reason] += r.Calls
	}
	if diff := cmp.Diff(map[discrepancy.Reason]int64{discrepancy.NoCacheReadRate: 32, discrepancy.PricedAtZero: 8}, reasons); diff != "" {
		t.Errorf("reasons (-want +got)\n%s", diff)
	}
	if total := foundFirst.Totals[0]; total.Calls != n || total.Theirs != found.Totals[0].Theirs {
		t.Errorf("%+v: two records of a call are one charge with one cost of theirs", total)
	}
}

// TestComparisonIsNotOfYesterday compares before and after more is told: the answer is the
// one of who compares for the first time.
func TestComparisonIsNotOfYesterday(t *testing.T) {
	t.Parallel()
	a, err := app.Open(app.Config{Data: filepath.Join(t.TempDir(), "data"), Create: true, Now: func() time.Time { return noon().AddDate(0, 0, 2) }})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	p, _ := history.Named("litellm")
	lines := proxied(40)
	for _, n := range []int{10, 25, 40} {
		path := write(t, "told.jsonl", strings.Join(lines[:n], "\n")+"\n")
		if _, err := a.Import(t.Context(), app.File{Path: path, History: &p}); err != nil {
			t.Fatal(err)
		}
		_, want := told(t, [2]any{"litellm", lines[:n]})
		for range 2 {
			got, err := a.Compare(t.Context(), &reports.Comparison{Zone: time.UTC})
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("of %d lines (%v) (-first +again):\n%.2000s", n, err, diff)
			}
		}
		if day, err := a.Compare(t.Context(), &reports.Comparison{Zone: time.UTC, Grain: spend.Day}); err != nil || day.Grain != spend.Day {
			t.Errorf("another question has the answer of %q, error %v", day.Grain, err)
		}
	}
}

// TestComparisonOutlivesTheProcess opens a folder again: the answer is the one that was
// written down while it is of the same lines, and only then.
func TestComparisonOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p, _ := history.Named("litellm")
	compare := func(lines []string, forge bool) reports.Discrepancies {
		t.Helper()
		s := serverAt(t, data)
		defer s.Close()
		path := write(t, fmt.Sprintf("%d.jsonl", len(lines)), strings.Join(lines, "\n")+"\n")
		if _, err := s.App.Import(t.Context(), app.File{Path: path, History: &p}); err != nil {
			t.Fatal(err)
		}
		if err := s.CompareAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := s.Compare(t.Context(), &reports.Comparison{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.Lake.Note(t.Context(), app.ComparedNote)
		if err == nil && forge {
			err = s.Lake.KeepNote(t.Context(), app.ComparedNote, strings.ReplaceAll(text, `"litellm"`, `"forged"`))
		}
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	first := compare(proxied(20), false)
	if diff := cmp.Diff(first, compare(proxied(20), true)); diff != "" {
		t.Errorf("what was written down (-before +after)\n%s", diff)
	}
	if noted := compare(proxied(20), true); noted.Rows[0].Source != "forged" {
		t.Errorf("the same lines were compared anew: %+v", noted.Rows)
	}
	_, want := told(t, [2]any{"litellm", proxied(30)})
	if diff := cmp.Diff(want, compare(proxied(30), false)); diff != "" {
		t.Errorf("more lines (-at once +behind what was written down)\n%s", diff)
	}
}
