package tracker

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// langfuseModel is one entry of the book: a pattern of ids and prices per token.
type langfuseModel struct {
	Name    string `json:"modelName"`
	Pattern string `json:"matchPattern"`
	Tiers   []struct {
		IsDefault bool                   `json:"isDefault"`
		Prices    map[string]json.Number `json:"prices"`
	} `json:"pricingTiers"`
}

// readLangfuse reads the default prices of langfuse: only patterns, only the
// standard tier. They confirm or dispute what other books say.
func readLangfuse(data []byte) (Reading, error) {
	r := Reading{Book: Langfuse}
	var models []langfuseModel
	if err := json.Unmarshal(data, &models); err != nil {
		return r, spend.Errorf(spend.KindInvalid, "read langfuse", "%w", err)
	}
	for _, m := range models {
		pattern, err := regexp.Compile(strings.ReplaceAll(m.Pattern, `\/`, "/"))
		if err != nil {
			r.skip(m.Name, m.Pattern, "not a pattern that can be read: "+err.Error())
			continue
		}
		r.rules = append(r.rules, rule{langfuseSellers(m.Pattern), pattern.MatchString, langfuseQuotes(m)})
	}
	return r, nil
}

// langfuseSellers says for whom an entry speaks: patterns do not name sellers,
// so only the makers' own ids are taken, and Google's two doors.
func langfuseSellers(pattern string) []string {
	switch {
	case strings.Contains(pattern, "claude"):
		return []string{"anthropic", "vertex"}
	case strings.Contains(pattern, "gemini"), strings.Contains(pattern, "bison"):
		return []string{"google", "vertex"}
	}
	return []string{"openai"}
}

func langfuseQuotes(m langfuseModel) (quotes []quote) {
	for _, tier := range m.Tiers {
		if !tier.IsDefault {
			continue
		}
		for _, key := range []string{"input", "output", "input_cache_read", "input_cached_tokens"} {
			meter := map[string]spend.Meter{"input": spend.InText, "output": spend.OutText}[key]
			if strings.HasPrefix(key, "input_cache") {
				meter = spend.CacheRead
			}
			if price := tier.Prices[key]; price != "" {
				quotes = append(quotes, tokens(meter, price.String(), 6))
			}
		}
	}
	return quotes
}
