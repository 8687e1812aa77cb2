package tracker_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/tracker"
)

// books are the texts of the books of one case.
type books map[tracker.Book]string

func (b books) compile(t *testing.T) tracker.Result {
	t.Helper()
	var in tracker.Inputs
	for _, name := range tracker.Books() {
		if text, ok := b[name]; ok {
			in.Readings = append(in.Readings, read(t, name, []byte(text)))
		}
	}
	result, err := tracker.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pricebook.Compile(result.Facts, result.Aliases, nil, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return result
}

// graded writes facts with their confidence and basis.
func graded(facts []pricebook.Fact) (all []string) {
	for _, f := range facts {
		all = append(all, line(f)+" "+string(f.Confidence)+" "+string(f.Basis))
	}
	slices.Sort(all)
	return all
}

const (
	historyHead = "provider,model,component,price_usd,context_tier,service_tier,region,time_window,effective_from,effective_to,promo_until_at_least,date_basis,change_kind,confidence,source_ref\n"
	devHead     = "provider,model,context_tier,input,output,cache_read,cache_write,release_date\n"
)

// litellm writes a book of one model of one seller.
func litellm(seller, id, keys string) string {
	return `{"` + id + `":{"litellm_provider":"` + seller + `","mode":"chat",` + keys + `}}`
}

// genai writes a book of one model of one seller under its exact id.
func genai(seller, id, prices string) string {
	return `[{"id":"` + seller + `","models":[{"id":"` + id + `","match":{"equals":"` + id + `"},"prices":` + prices + `}]}]`
}

// TestCompile walks through the rules, one case for each.
func TestCompile(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule  string
		books books
		want  []string
	}{
		{"an independent book and one more: high, from the day of release",
			books{
				tracker.GenAI:     genai("openai", "gpt-demo", `{"input_mtok":5}`),
				tracker.ModelsDev: devHead + "openai,gpt-demo,base,5,,,,2026-01-10\n",
			},
			[]string{"openai/gpt-demo in_text 5 2026-01-10.. high tracker"}},
		{"two books that copy one another: medium; the start is the date in the id",
			books{
				tracker.LiteLLM:   litellm("mistral", "demo-2026-01-10", `"input_cost_per_token":5e-06`),
				tracker.ModelsDev: devHead + "mistral,demo-2026-01-10,base,5,,,,\n",
			},
			[]string{"mistral/demo-2026-01-10 in_text 5 2026-01-10.. medium tracker"}},
		{"one book, no date: low and open",
			books{tracker.LiteLLM: litellm("groq", "demo", `"input_cost_per_token":5e-06`)},
			[]string{"groq/demo in_text 5 low tracker"}},
		{"a dispute goes to genai-prices and is low",
			books{
				tracker.GenAI:     genai("groq", "demo", `{"input_mtok":5}`),
				tracker.ModelsDev: devHead + "groq,demo,base,4,,,,2026-01-10\n",
			},
			[]string{"groq/demo in_text 5 2026-01-10.. low tracker"}},
		{"langfuse gives no price, but lifts the book that it agrees with",
			books{
				tracker.Langfuse:  `[{"modelName":"gpt-demo","matchPattern":"^gpt-demo$","pricingTiers":[{"isDefault":true,"prices":{"input":4e-06,"output":8e-06}}]}]`,
				tracker.LiteLLM:   litellm("openai", "gpt-demo", `"input_cost_per_token":5e-06`),
				tracker.ModelsDev: devHead + "openai,gpt-demo,base,4,,,,2026-01-10\n",
			},
			[]string{"openai/gpt-demo in_text 4 2026-01-10.. low tracker"}},
		{"a pattern speaks for ids that other books name, never for others",
			books{
				tracker.GenAI:     `[{"id":"openai","models":[{"id":"gpt-fam","match":{"starts_with":"gpt-fam"},"prices":{"input_mtok":3}}]}]`,
				tracker.ModelsDev: devHead + "openai,gpt-fam-mini,base,3,,,,2026-01-10\nopenai,gpt-other,base,1,,,,2026-01-10\n",
			},
			[]string{
				"openai/gpt-fam in_text 3 low tracker",
				"openai/gpt-fam-mini in_text 3 2026-01-10.. high tracker",
				"openai/gpt-other in_text 1 2026-01-10.. low tracker",
			}},
		{"history owns its meters; a tier that it lacks keeps its ratio when the base price changes later",
			books{
				tracker.History: historyHead +
					"openai,gpt-demo,input,5,base,standard,global,all,2026-01-10,2026-08-20,,launch,launch,high,page\n" +
					"openai,gpt-demo,input,4,base,standard,global,all,2026-08-20,,,vendor_dated,cut,high,page\n",
				tracker.LiteLLM: litellm("openai", "gpt-demo", `"input_cost_per_token":5e-06,"input_cost_per_token_batches":2.5e-06`),
			},
			[]string{
				"openai/gpt-demo in_text 2 (tier batch) 2026-08-20.. low derived",
				"openai/gpt-demo in_text 2.5 (tier batch) 2026-01-10..2026-08-20 low tracker",
				"openai/gpt-demo in_text 4 2026-08-20.. high vendor_notice",
				"openai/gpt-demo in_text 5 2026-01-10..2026-08-20 high tracker",
			}},
		{"a book that still carries the old base price has the old tier price too",
			books{
				tracker.History: historyHead +
					"openai,gpt-demo,input,5,base,standard,global,all,2026-01-10,2026-07-01,,launch,launch,high,page\n" +
					"openai,gpt-demo,input,4,base,standard,global,all,2026-07-01,,,vendor_dated,cut,high,page\n",
				tracker.Portkey: `{"openai":{"gpt-demo":{"pricing_config":{"pay_as_you_go":{"request_token":{"price":5e-4}},"batch_config":{"request_token":{"price":2.5e-4}}}}}}`,
			},
			[]string{
				"openai/gpt-demo in_text 2 (tier batch) 2026-07-01.. low derived",
				"openai/gpt-demo in_text 2.5 (tier batch) 2026-01-10..2026-07-01 low tracker",
				"openai/gpt-demo in_text 4 2026-07-01.. high vendor_notice",
				"openai/gpt-demo in_text 5 2026-01-10..2026-07-01 high tracker",
			}},
		{"a rise that was called off is known only until then",
			books{
				tracker.History: historyHead +
					"anthropic,claude-sonnet-5,input,2,base,standard,global,all,2026-06-30,2026-09-01,,launch,launch,high,page\n" +
					"anthropic,claude-sonnet-5,input,2,base,standard,global,all,2026-09-01,,,vendor_dated,scheduled_rise_cancelled,high,page\n",
				tracker.GenAI: genai("anthropic", "claude-sonnet-5", `[{"prices":{"input_mtok":2}},{"constraint":{"start_date":"2026-09-01"},"prices":{"input_mtok":3}}]`),
			},
			[]string{
				"anthropic/claude-sonnet-5 in_text 2 2026-06-30..2026-09-01 high tracker",
				"anthropic/claude-sonnet-5 in_text 2 2026-09-01.. known 2026-08-10.. high vendor_notice",
				"anthropic/claude-sonnet-5 in_text 3 2026-09-01.. known ..2026-08-10 high tracker",
			}},
		{"a million-token surcharge ends with its beta, whatever a book still carries",
			books{tracker.LiteLLM: litellm("vertex_ai-anthropic_models", "claude-sonnet-4-5@20250929", `"input_cost_per_token":3e-06,"input_cost_per_token_above_200k_tokens":6e-06`)},
			[]string{
				"vertex/claude-sonnet-4-5@20250929 in_text 3 2025-09-29.. low tracker",
				"vertex/claude-sonnet-4-5@20250929 in_text 6 (prompt >200000) 2025-09-29..2026-04-30 low tracker",
			}},
		{"a retired name has no price any more",
			books{tracker.ModelsDev: devHead + "deepseek,deepseek-chat,base,0.14,,,,2026-04-25\n"},
			[]string{"deepseek/deepseek-chat in_text 0.14 2026-04-25..2026-07-24 low tracker"}},
		{"on Bedrock a new Claude costs a tenth more in a region, and the global rate for one is wrong",
			books{
				tracker.GenAI:     genai("aws", "global.anthropic.claude-opus-5", `{"input_mtok":5}`),
				tracker.ModelsDev: devHead + "amazon-bedrock,anthropic.claude-opus-5,base,5,,,,2026-07-24\n",
			},
			[]string{
				"bedrock/anthropic.claude-opus-5 in_text 5 (region global) 2026-07-24.. low tracker",
				"bedrock/anthropic.claude-opus-5 in_text 5.5 (region regional) 2026-07-24.. low derived",
			}},
		{"on Bedrock one price everywhere has no region, another region keeps its own",
			books{tracker.ModelsDev: devHead + "amazon-bedrock,amazon.demo-v1:0,base,1,,,,2026-01-01\n" +
				"amazon-bedrock,us.amazon.demo-v1:0,base,1,,,,2026-01-01\n" + "amazon-bedrock,eu.amazon.demo-v1:0,base,1.3,,,,2026-01-01\n"},
			[]string{
				"bedrock/amazon.demo-v1:0 in_text 1 2026-01-01.. low tracker",
				"bedrock/amazon.demo-v1:0 in_text 1.3 (region eu) 2026-01-01.. low tracker",
			}},
		{"regions of one price share a fact",
			books{tracker.Portkey: `{"openai":{"gpt-demo-2026-01-10":{"custom_pricing":{"regions":{"us,eu":{"execution_modes":{"standard":{"pricing_config":{"pay_as_you_go":{"request_token":{"price":1e-4}}}}}}}}}}}`},
			[]string{"openai/gpt-demo-2026-01-10 in_text 1 (region eu|us) 2026-01-10.. low tracker"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, graded(tt.books.compile(t).Facts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLint holds one broken price for each rule: it is dropped with its reason,
// the rest of the row stays.
func TestLint(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ keys, reason string }{
		{`"cache_read_input_token_cost":2e-06`, "cached read above input 1"},
		{`"cache_creation_input_token_cost":5e-07`, "cache write outside 1 to 1.5 times input 1"},
		{`"cache_creation_input_token_cost_above_1hr":6e-06`, "one-hour cache write is not twice input 1"},
		{`"input_cost_per_token_batches":1.1e-06`, "batch above standard 1"},
		{`"input_cost_per_token_flex":1.1e-06`, "flex above standard 1"},
		{`"input_cost_per_token_priority":9e-07`, "priority below standard 1"},
		{`"input_cost_per_token_priority":5e-05`, "priority more than four times standard 1"},
		{`"input_cost_per_token_above_200k_tokens":9e-07`, "long context below base 1"},
		{`"regional_processing_uplift_multiplier_eu":1.5`, "region outside 1 to 1.3 times global 1"},
		{`"output_cost_per_token":2e-06,"output_cost_per_reasoning_token":2e-06`, "reasoning at the output rate needs no price of its own"},
		{`"output_cost_per_token":0.006`, "a thousand dollars per million tokens or more: another unit"},
		{`"output_cost_per_token":0`, "zero without a mark that it is free"},
		{`"output_cost_per_token":-1`, "a negative price means that the seller's price varies"},
	} {
		r := books{tracker.LiteLLM: litellm("anthropic", "claude-demo", `"input_cost_per_token":1e-06,`+tt.keys)}.compile(t)
		if !slices.ContainsFunc(r.Skipped, func(s tracker.Skip) bool { return s.Reason == tt.reason }) {
			t.Errorf("%s: skipped %v, want the reason %q", tt.keys, reasons(r.Skipped), tt.reason)
		}
		if !slices.Contains(lines(r.Facts), "anthropic/claude-demo in_text 1") {
			t.Errorf("%s: facts %v lack the input price", tt.keys, lines(r.Facts))
		}
	}
}

func TestAliases(t *testing.T) {
	t.Parallel()
	r := books{tracker.ModelsDev: devHead +
		"anthropic,claude-demo-1,base,3,,,,2026-01-01\nanthropic,claude-demo-1-20260101,base,3,,,,2026-01-01\n" + // one snapshot: one SKU
		"openai,gpt-demo,base,2,,,,2026-01-01\nopenai,gpt-demo-2026-01-01,base,2,,,,2026-01-01\n" + // repriced under the undated name
		"openai,gpt-two,base,2,,,,2026-02-01\nopenai,gpt-two-2026-01-01,base,5,,,,2026-01-01\nopenai,gpt-two-2026-02-01,base,2,,,,2026-02-01\n" + // two snapshots: three SKUs
		"openai,gpt-5.6,base,1,,,,2026-07-09\nopenai,gpt-5.6-sol,base,1,,,,2026-07-09\n" + // the written table
		"amazon-bedrock,amazon.demo-20260101-v1:0,base,1,,,,2026-01-01\n"}.compile(t)
	var got []string
	for _, a := range r.Aliases {
		got = append(got, a.Seller+": "+a.Match+" = "+a.SKU+" "+span(a.Valid))
	}
	want := []string{
		"anthropic: claude-demo-1 = claude-demo-1-20260101 ..",
		"bedrock: amazon.demo = amazon.demo-20260101-v1:0 ..",
		"openai: gpt-5.6 = gpt-5.6-sol 2026-07-09..",
		"openai: gpt-demo-2026-01-01 = gpt-demo ..",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(r.Facts); n != 7 {
		t.Errorf("%d facts, want one for each of the 7 SKUs: %v", n, lines(r.Facts))
	}
}

// TestOrderDoesNotMatter compiles the fixtures in every rotation.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	var readings []tracker.Reading
	for _, b := range tracker.Books() {
		readings = append(readings, read(t, b, fixture(t, b)))
	}
	want, err := tracker.Compile(tracker.Inputs{Readings: readings})
	if err != nil {
		t.Fatal(err)
	}
	for i := range readings {
		rotated := slices.Concat(readings[i:], readings[:i])
		got, err := tracker.Compile(tracker.Inputs{Readings: rotated})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(graded(want.Facts), graded(got.Facts)); diff != "" {
			t.Errorf("rotation %d (-want +got):\n%s", i, diff)
		}
		if diff := cmp.Diff(want.Aliases, got.Aliases); diff != "" {
			t.Errorf("rotation %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []tracker.Inputs{
		{Readings: []tracker.Reading{{Book: "almanac"}}},
		{Readings: []tracker.Reading{{Book: tracker.GenAI}, {Book: tracker.GenAI}}},
	} {
		if _, err := tracker.Compile(in); err == nil {
			t.Errorf("Compile(%v) gave no error", in)
		}
	}
}
