package vendor_test

import (
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// TestMetersAsTheyAreDocumented reads every spelling of a meter that the bills' pages name:
// which model, what is counted, how many tokens one is, and at which tier. What counts no
// tokens is money alone.
func TestMetersAsTheyAreDocumented(t *testing.T) {
	t.Parallel()
	azure := azureHead + "11/22/2026,Foundry Models,METER,1K,48,0.364,USD,sub-1,\n"
	bedrock := bedrockHead + "111122223333,2026-11-22T05:00:00Z,Usage,METER,48,1K tokens,1.4,,AmazonBedrock\n"
	google := `{"service":{"id":"C7E2-9256-1C43","description":"Vertex AI"},"sku":{"description":"METER"},"usage":{"amount":48000,"unit":"count"},` +
		`"usage_start_time":"2026-11-22T05:00:00Z","invoice":{"month":"202611"},"project":{"id":"p"},"cost":0.9,"currency":"USD"}`
	for _, c := range []struct{ of, text, meter, want string }{
		{"azure", azure, "gpt 4o 0513 Input global", "gpt-4o-2024-05-13 in_text"},
		{"azure", azure, "gpt 4.1 mini Inp glbl Tokens", "gpt-4.1-mini in_text"},
		{"azure", azure, "gpt 4.1 mini cached Inp glbl Tokens", "gpt-4.1-mini cache_read"},
		{"azure", azure, "gpt 4.1 mini Batch Outp glbl Tokens", "gpt-4.1-mini out_text batch"},
		{"azure", azure, "gpt-4o-mini-0718-Inp-glbl Tokens", "gpt-4o-mini in_text"},
		{"azure", azure, "o3 mini 0131 Batch Outp Data Zone", "o3-mini out_text batch"},
		{"azure", azure, "6-sol ShortCo Cd Wr Std Gl", "6-sol cache_write_other"},
		{"azure", azure, "Provisioned Managed Global Unit", ""},
		{"bedrock", bedrock, "USE1-Claude4.6Sonnet-input-tokens", "anthropic.claude-sonnet-4-6 in_text"},
		{"bedrock", bedrock, "USE1-Claude4.6Sonnet-output-tokens-batch", "anthropic.claude-sonnet-4-6 out_text batch"},
		{"bedrock", bedrock, "USE1-Claude4.6Sonnet-cache-read-input-token-count", "anthropic.claude-sonnet-4-6 cache_read"},
		{"bedrock", bedrock, "USE1-Claude4.6Sonnet-cache-write-input-token-count-cross-region-global", "anthropic.claude-sonnet-4-6 cache_write_other"},
		{"bedrock", bedrock, "USE1-openai.gpt-oss-120b-mantle-input-tokens-standard", "openai.gpt-oss-120b-1:0 in_text"},
		{"bedrock", bedrock, "USE1-NovaLite-input-tokens-flex", "amazon.nova-lite-v1:0 in_text flex"},
		{"google-cloud", google, "Gemini 3 Flash Global Text Input - Predictions", "gemini-3-flash in_text"},
		{"google-cloud", google, "Gemini 3 Flash GA Text Output - Predictions", "gemini-3-flash out_text"},
		{"google-cloud", google, "Gemini 2.5 Flash GA Thinking Text Output - Predictions", "gemini-2.5-flash out_reasoning"},
		{"google-cloud", google, "Gemini 2.5 Flash Text Input Caching", "gemini-2.5-flash cache_read"},
		{"google-cloud", google, "Gemini 3 Flash Text Input Caching Storage", ""},
	} {
		e := one(t, c.of, strings.Replace(c.text, "METER", c.meter, 1))
		got := e.RequestedModel
		e.Usage.Each(func(m spend.Meter, q spend.Quantity) {
			if got += " " + m.String(); q != money.FromInt(48_000) {
				t.Errorf("%s counts %s", c.meter, q)
			}
		})
		if got = strings.TrimSpace(got + " " + e.ServedTier); got != c.want || !e.Reported.Valid {
			t.Errorf("%s is %q at %v, want %q", c.meter, got, e.Reported, c.want)
		}
	}
}
