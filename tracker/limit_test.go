package tracker_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/tracker"
)

// TestLimits joins what two books say of the sizes of models: the largest counts, of
// priced models alone, and nothing below a prompt that has a price of its own.
func TestLimits(t *testing.T) {
	t.Parallel()
	size := func(id, context, prices string) string {
		return fmt.Sprintf(`{"id":%q,"match":{"equals":%[1]q},"context_window":%s,"prices":%s}`, id, context, prices)
	}
	const tiers = `{"input_mtok":{"base":5,"tiers":[{"start":200000,"price":10}]}}`
	result := books{
		tracker.GenAI: `[{"id":"openai","models":[` + strings.Join([]string{
			size("gpt-both", "400000", `{"input_mtok":5}`), size("gpt-tiers", "128000", tiers), size("gpt-less", "1000", `{"input_mtok":5}`),
			size("gpt-null", "null", `{"input_mtok":5}`), size("gpt-free-of-prices", "7", `{}`),
		}, ",") + "]}]",
		tracker.LiteLLM: `{"gpt-both":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":5e-06,"max_input_tokens":272000,"max_output_tokens":128000},` +
			`"gpt-less":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":5e-06,"max_input_tokens":2000,"max_output_tokens":"many"},` +
			`"gpt-tiers":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":5e-06,"max_output_tokens":64}}`,
	}.compile(t)
	var got []string
	for _, l := range result.Limits {
		book, _, _ := strings.Cut(l.Source.Ref, "@")
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s/%s %d %d %s %s", l.Seller, l.SKU, l.Context, l.Output, book, l.Note)))
	}
	want := []string{
		"openai/gpt-both 400000 128000 BerriAI/litellm context pydantic/genai-prices@47df840",
		"openai/gpt-less 2000 0 BerriAI/litellm",
		"openai/gpt-tiers 0 64 BerriAI/litellm prompts above the context that is told have a price",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
}
