package tracker

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// ruling is one decision between books that disagree: these books are not heard
// on these cells, or, with a price, what they say is put right.
type ruling struct {
	seller, sku string // sku may hold wildcards
	meters      []spend.Meter
	unheard     []Book
	price       string // the right price, "" where another book gives it
	reason      string
}

// rulings lists the decisions, each with its reason.
func rulings() []ruling {
	cached := []spend.Meter{spend.CacheRead}
	return []ruling{
		{"ovhcloud", "*", nil, []Book{LiteLLM}, "", "writes the list price in euros as dollars: all rows differ by that factor"},
		{"bedrock", "amazon.nova-*", []spend.Meter{spend.CacheRead, spend.CacheWrite1h}, []Book{Portkey}, "",
			"a quarter of input by two books; half of it, with a one-hour write that Nova does not sell, is another model's row"},
		{"xai", "grok-4.5", cached, []Book{LiteLLM, GenAI}, "0.3", "0.3 by three books; 0.5 is a quarter of input, the rule of older models"},
		{"vertex", "gemini-3.6-flash*", nil, []Book{LiteLLM, Portkey}, "", "introductory price of both of Google's doors until the end of 2026"},
		{"google", "gemini-3.7-flash*", nil, []Book{Portkey}, "", "introductory price of both of Google's doors until the end of 2026"},
		{"vertex", "gemini-3.7-flash*", nil, []Book{Portkey}, "", "introductory price of both of Google's doors until the end of 2026"},
	}
}

func (r *ruling) about(key cell) bool {
	matched, err := path.Match(r.sku, key.sku)
	return err == nil && matched && r.seller == key.seller && (r.meters == nil || slices.Contains(r.meters, key.meter))
}

func (r *ruling) drops(b Book) bool { return slices.Contains(r.unheard, b) }

// corrected gives an opinion with the right price, where the ruling has one for
// the cell's standard price.
func (r *ruling) corrected(said []opinion) (opinion, bool) {
	price, err := money.Parse(r.price)
	if err != nil || len(said) == 0 || !isBase(said[0].now().When) {
		return opinion{}, false
	}
	f := *said[0].now()
	f.Price, f.Note = price, r.reason
	return opinion{said[0].book, true, []pricebook.Fact{f}}, true
}

// doubted gives the reason for which a price that books agree on is still in
// doubt.
func doubted(key cell) string {
	if key.seller == "bedrock" && strings.HasPrefix(key.sku, "openai.gpt-5.6-sol") && tokenMeter(key.meter) {
		return "a cut to 4.4/22 in August 2026 is contested: check the bill"
	}
	return ""
}

// dearerInRegion says that Bedrock bills this model a tenth more outside its
// global profile.
func dearerInRegion(model string) bool {
	for _, old := range []string{"claude-3", "claude-v", "claude-2", "claude-1", "claude-instant", "claude-sonnet-4/", "claude-opus-4/", "claude-opus-4-1/"} {
		if strings.HasPrefix(model+"/", "anthropic/"+old) {
			return false
		}
	}
	return strings.HasPrefix(model, "anthropic/claude-")
}

// revokedOn gives the day on which a price rise that a vendor had announced for
// the model was called off.
func revokedOn(model string) time.Time {
	if model == "anthropic/claude-sonnet-5" {
		return time.Date(2026, 8, 10, 0, 0, 0, 0, time.UTC)
	}
	return time.Time{}
}

// limits gives the span outside which a price is known not to have applied,
// whatever the books still carry.
func limits(f pricebook.Fact) pricebook.Span {
	long := f.When.PromptAbove == 200_000
	switch {
	case long && f.Model == "anthropic/claude-sonnet-4":
		return pricebook.Span{From: day("2025-08-12"), To: day("2026-04-30")} // the million-token beta
	case long && f.Model == "anthropic/claude-sonnet-4-5":
		return pricebook.Span{From: day("2025-09-29"), To: day("2026-04-30")}
	case long && f.Seller != "anthropic" && (f.Model == "anthropic/claude-opus-4-6" || f.Model == "anthropic/claude-sonnet-4-6"):
		return pricebook.Span{To: day("2026-03-13")} // surcharge dropped
	case f.Seller == "deepseek" && (f.SKU == "deepseek-chat" || f.SKU == "deepseek-reasoner"):
		return pricebook.Span{To: day("2026-07-24")} // the names were retired
	}
	return pricebook.Span{}
}

// within cuts a span to its limits; an empty rest has its end at its start.
func within(s, limit pricebook.Span) pricebook.Span {
	if s.From.Before(limit.From) {
		s.From = limit.From
	}
	if !limit.To.IsZero() && (s.To.IsZero() || limit.To.Before(s.To)) {
		s.To = limit.To
	}
	return s
}
