package pricebook_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func matchBook(t *testing.T) *pricebook.Book {
	all := facts(t, `
		openai    gpt-5                            in_text 1.25 - - - 2025-08-07
		openai    gpt-5.3                          in_text 1.75 - - - 2025-08-07
		openai    gpt-4o                           in_text 2.5  - - - 2024-10-01
		openai    gpt-4o-2024-05-13                in_text 5    - - - 2024-05-13
		zai       glm-4                            in_text 1    - - - 2024-05-13
		anthropic claude-sonnet-4-5-20250929       in_text 3    - - - 2025-09-29
		anthropic claude-opus-4-6                  in_text 5    - - - 2026-02-05
		anthropic claude-haiku                     in_text 1    - - - 2025-01-01
		anthropic claude-haiku-20250101            in_text 2    - - - 2025-01-01
		vertex    claude-sonnet-4-5@20250929       in_text 3    - - - 2025-09-29
		vertex    claude-opus-4-6                  in_text 5    - - - 2025-09-29
		vertex    gemini-2.5-pro                   in_text 1.25 - - - 2025-06-17
		google    gemini-2.5-pro                   in_text 1.25 - - - 2025-06-17
		bedrock   anthropic.claude-sonnet-4-5-20250929-v1:0 in_text 3.3 - regional - 2025-09-29
		bedrock   anthropic.claude-opus-4-6        in_text 5.5 - regional - 2026-02-05
		bedrock   amazon.titan-embed-text-v1       in_text 0.1 - - - 2024-01-01
		fireworks deepseek-v3                      in_text 0.9 - - - 2025-01-01
		together  meta-llama/Llama-3.3-70B         in_text 0.88 - - - 2025-01-01
		openrouter openai/gpt-4o                   in_text 2.5 - - - 2025-01-01
		mistral   mistral-large-2411               in_text 2   - - - 2024-11-18
		mistral   mistral-large-2512               in_text 0.5 - - - 2025-12-02`)
	for i := range all {
		if all[i].Seller == "openai" {
			all[i].Model = "openai/" + all[i].SKU
		}
	}
	moved := at("2025-12-02")
	return compile(t, all,
		pricebook.Alias{Seller: "mistral", Match: "mistral-large-latest", SKU: "mistral-large-2411", Valid: pricebook.Span{To: moved}},
		pricebook.Alias{Seller: "mistral", Match: "mistral-large-latest", SKU: "mistral-large-2512", Valid: pricebook.Span{From: moved}},
		pricebook.Alias{Seller: "anthropic", Match: "claude-sonnet-4-5", SKU: "claude-sonnet-4-5-20250929"},
		pricebook.Alias{Seller: "bedrock", Match: "Sonnet-EU", SKU: "anthropic.claude-sonnet-4-5-20250929-v1:0", Region: "eu"})
}

func TestMatch(t *testing.T) {
	t.Parallel()
	book := matchBook(t)
	for _, c := range []struct{ seller, model, at, sku, region, how string }{
		{"openai", "gpt-5", "", "gpt-5", "", "exact"},
		{"openai", "GPT-5", "", "gpt-5", "", "normalised"},
		{"openai", "openai/gpt-5", "", "gpt-5", "", "normalised"},
		{"openai", "azure/gpt-5", "", "", "", ""},
		{"openai", "evil/gpt-5", "", "", "", ""},
		{"openai", "gpt-5.3-instant", "", "", "", ""},
		{"openai", "gpt-5-2026-01-01", "", "", "", ""},
		{"openai", "gpt-4o-2024-09-09", "", "", "", ""},
		{"openai", "gpt-4o-2024-05-13", "", "gpt-4o-2024-05-13", "", "exact"},
		{"openai", "claude-opus-4-6", "", "", "", ""},
		{"zai", "glm-4.7", "", "", "", ""},
		{"anthropic", "claude-sonnet-4-5", "", "claude-sonnet-4-5-20250929", "", "alias"},
		{"anthropic", "Claude-Sonnet-4-5", "", "claude-sonnet-4-5-20250929", "", "normalised"},
		{"anthropic", "claude-sonnet-4-5-latest", "", "", "", ""},
		{"anthropic", "claude-opus-4-6-20260205", "", "claude-opus-4-6", "", "normalised"},
		{"anthropic", "claude-opus-4-6-20261399", "", "", "", ""},
		{"anthropic", "claude-haiku-20250301", "", "", "", ""}, // another snapshot has another price
		{"vertex", "claude-opus-4-6@20260205", "", "claude-opus-4-6", "", "normalised"},
		{"vertex", "claude-opus-4-6@default", "", "claude-opus-4-6", "", "normalised"},
		{"vertex", "publishers/google/models/gemini-2.5-pro", "", "gemini-2.5-pro", "", "normalised"},
		{"vertex", "projects/p/locations/europe-west1/publishers/anthropic/models/claude-opus-4-6", "", "claude-opus-4-6", "europe-west1", "normalised"},
		{"google", "models/gemini-2.5-pro", "", "gemini-2.5-pro", "", "normalised"},
		{"google", "tuned/models/gemini-2.5-pro", "", "", "", ""},
		{"bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", "anthropic.claude-sonnet-4-5-20250929-v1:0", "us", "normalised"},
		{"bedrock", "global.anthropic.claude-opus-4-6-v1:0", "", "anthropic.claude-opus-4-6", "global", "normalised"},
		{"bedrock", "anthropic.claude-opus-4-6-20260205-v1:0", "", "anthropic.claude-opus-4-6", "", "normalised"},
		{"bedrock", "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-opus-4-6", "", "anthropic.claude-opus-4-6", "eu-west-1", "normalised"},
		{"bedrock", "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-6", "", "anthropic.claude-opus-4-6", "us", "normalised"},
		{"bedrock", "xx.anthropic.claude-opus-4-6", "", "", "", ""},
		{"bedrock", "amazon.titan-embed-text-v2:0", "", "", "", ""},
		{"bedrock", "Sonnet-EU", "", "anthropic.claude-sonnet-4-5-20250929-v1:0", "eu", "alias"},
		{"fireworks", "accounts/fireworks/models/deepseek-v3", "", "deepseek-v3", "", "normalised"},
		{"fireworks", "accounts/acme/models/deepseek-v3", "", "", "", ""},
		{"together", "meta-llama/llama-3.3-70b", "", "meta-llama/Llama-3.3-70B", "", "normalised"},
		{"openrouter", "openai/gpt-4o", "", "openai/gpt-4o", "", "exact"},
		{"openrouter", "openrouter/openai/gpt-4o", "", "openai/gpt-4o", "", "normalised"},
		{"openrouter", "openai/gpt-4o:free", "", "", "", ""},
		{"mistral", "mistral-large-latest", "2025-12-01T23:59:59Z", "mistral-large-2411", "", "alias"},
		{"mistral", "mistral-large-latest", "2025-12-02T00:00:00Z", "mistral-large-2512", "", "alias"},
		{"nobody", "gpt-5", "", "", "", ""},
	} {
		if c.at == "" {
			c.at = "2026-03-01"
		}
		m := book.Match(c.seller, c.model, at(c.at))
		if got := (pricebook.Match{Seller: c.seller, SKU: c.sku, Region: c.region, How: pricebook.How(c.how)}); m != got {
			t.Errorf("%s %s: got %+v, want %+v", c.seller, c.model, m, got)
		}
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	book := matchBook(t)
	for _, c := range []struct {
		seller, model string
		want          []string
	}{
		{"openai", "gpt-5.3-instant", []string{"gpt-5.3", "gpt-5"}},
		{"anthropic", "claude-opus-4.6", []string{"claude-opus-4-6", "claude-sonnet-4-5-20250929", "claude-haiku"}},
		{"nobody", "gpt-4o", []string{"openai/gpt-4o", "openrouter/openai/gpt-4o", "openai/gpt-5"}},
		{"openai", "", []string{}},
		{"openai", "\xff\xfe", []string{}},
	} {
		if diff := cmp.Diff(c.want, book.Suggest(c.seller, c.model, at("2026-03-01"))); diff != "" {
			t.Errorf("%s %q: %s", c.seller, c.model, diff)
		}
	}
	if got := book.Suggest("anthropic", "claude-opus-4-6", at("2025-10-01")); len(got) > 0 && got[0] == "claude-opus-4-6" {
		t.Error("offers a model that had no price yet")
	}
}

func TestSellerOf(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"api.openai.com": "openai", "API.OpenAI.com:443": "openai", "eu.api.openai.com": "openai", "api.openai.com.": "openai",
		"acme.openai.azure.com": "azure", "acme.services.ai.azure.com": "azure",
		"bedrock-runtime.us-east-1.amazonaws.com": "bedrock", "vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com": "bedrock",
		"us-east5-aiplatform.googleapis.com": "vertex", "aiplatform.eu.rep.googleapis.com": "vertex",
		"generativelanguage.googleapis.com": "google", "api.x.ai": "xai", "openrouter.ai": "openrouter",
		"api.openai.com.evil.io": "", "notapi.openai.com": "", "xapi.openai.com": "", "evil-openai.azure.com.evil.io": "",
		"bedrock-runtime.us-east-1.amazonaws.com.evil.io": "", "s3.us-east-1.amazonaws.com": "", "storage.googleapis.com": "",
		"openai.com": "", "": "", ".": "", "user@api.openai.com": "", "api.openai.com/v1": "", "evil.io\\.api.openai.com": "",
	} {
		if got, ok := pricebook.SellerOf(host); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}

func TestSellerNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"gemini": "google", "google_ai_studio": "google", "gcp.gemini": "google", "vertex_ai": "vertex", "google-vertex": "vertex",
		"gcp.vertex_ai": "vertex", "azure_openai": "azure", "azure.ai.openai": "azure", "azure.ai.inference": "azure",
		"aws.bedrock": "bedrock", "amazon-bedrock": "bedrock", "x-ai": "xai", "x_ai": "xai", "mistralai": "mistral",
		"mistral_ai": "mistral", "OpenAI": "openai", " anthropic ": "anthropic", "togetherai": "together",
		"fireworks_ai": "fireworks", "somebody": "somebody",
	} {
		if got := pricebook.Seller(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for model, want := range map[string]spend.Model{
		"anthropic/claude-sonnet-4-5-20250929": {Developer: "anthropic", Family: "claude-sonnet", Name: "claude-sonnet-4-5", Version: "20250929"},
		"anthropic/claude-3-5-haiku":           {Developer: "anthropic", Family: "claude-haiku", Name: "claude-3-5-haiku"},
		"openai/gpt-4o-2024-08-06":             {Developer: "openai", Family: "gpt", Name: "gpt-4o", Version: "2024-08-06"},
		"openai/gpt-5.6-sol":                   {Developer: "openai", Family: "gpt-sol", Name: "gpt-5.6-sol"},
		"google/gemini-2.5-flash-preview":      {Developer: "google", Family: "gemini-flash", Name: "gemini-2.5-flash-preview"},
		"o3":                                   {Family: "o3", Name: "o3"},
		"":                                     {},
	} {
		if got := pricebook.Canonical(model); got != want {
			t.Errorf("%s: got %+v, want %+v", model, got, want)
		}
	}
}
