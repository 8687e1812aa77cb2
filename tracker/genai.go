package tracker

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// genaiSeller is one seller of the book, in its v2 form.
type genaiSeller struct {
	ID     string `json:"id"`
	Models []struct {
		ID      string          `json:"id"`
		Match   json.RawMessage `json:"match"`
		Prices  json.RawMessage `json:"prices"`
		Context json.RawMessage `json:"context_window"`
	} `json:"models"`
}

// genaiBlock is one block of prices with the constraint under which it counts.
type genaiBlock struct {
	Constraint struct {
		StartDate string `json:"start_date"`
		StartTime string `json:"start_time"`
		EndTime   string `json:"end_time"`
	} `json:"constraint"`
	Prices map[string]json.RawMessage `json:"prices"`
}

// readGenAI reads the second, living version of genai-prices. A model's own id
// and the ids that it lists are taken as they are; its patterns become rules.
func readGenAI(data []byte) (Reading, error) {
	r := Reading{Book: GenAI}
	var sellers []genaiSeller
	if err := json.Unmarshal(data, &sellers); err != nil {
		return r, spend.Errorf(spend.KindInvalid, "read genai-prices", "%w", err).
			WithHint("the file of the second version is wanted: a list of sellers with their models")
	}
	for _, s := range sellers {
		r.genaiSeller(s)
	}
	return r, nil
}

func (r *Reading) genaiSeller(s genaiSeller) {
	seller := sellerOf(s.ID)
	first := len(r.rules)
	sellers := []string{seller}
	if seller == "google" {
		sellers = append(sellers, "vertex") // the book has one list for both
	}
	var exact []string
	for _, m := range s.Models {
		name := s.ID + "/" + m.ID
		match, ids, err := parseMatch(m.Match)
		if err != nil {
			r.skip(name, "match", err.Error())
			continue
		}
		r.rules = append(r.rules, rule{sellers, match, r.genaiQuotes(name, m.Prices, canonical(seller, strings.ToLower(m.ID)))})
		exact = append(append(exact, m.ID), ids...)
		for _, id := range append([]string{m.ID}, ids...) {
			r.limit(identify(seller, id), whole(m.Context), 0)
		}
	}
	r.speakFor(r.rules[first:], seller, exact)
}

// speakFor books what the rules say of the ids; an id counts once.
func (r *Reading) speakFor(rules []rule, seller string, ids []string) {
	seen := map[string]bool{}
	for _, id := range ids {
		who := identify(seller, id)
		if seen[who.id] {
			continue
		}
		seen[who.id] = true
		if quotes, ok := firstMatch(rules, seller, who.id); ok {
			r.list(who)
			r.put(seller+"/"+id, who, quotes)
		}
	}
}

// firstMatch gives the quotes of the first rule that covers the id. On Bedrock
// an id with a region is another price: only a rule that names the region, so
// that it would not cover the bare id, speaks for it.
func firstMatch(rules []rule, seller, id string) ([]quote, bool) {
	prefix := ""
	if seller == "bedrock" {
		prefix = regionDot.FindString(id)
	}
	for _, r := range rules {
		covers := slices.Contains(r.sellers, seller) && r.matches(id)
		if covers && (prefix == "" || !r.matches(id[len(prefix):])) {
			return r.quotes, true
		}
	}
	return nil, false
}

func (r *Reading) genaiQuotes(name string, raw json.RawMessage, model string) (quotes []quote) {
	blocks, err := genaiBlocks(raw)
	if err != nil {
		r.skip(name, "prices", err.Error())
	}
	for i, b := range blocks {
		var valid pricebook.Span
		valid.From = day(b.Constraint.StartDate)
		if i+1 < len(blocks) {
			valid.To = day(blocks[i+1].Constraint.StartDate)
		}
		window, _ := clockWindow(b.Constraint.StartTime + "-" + b.Constraint.EndTime)
		for _, key := range sortedKeys(b.Prices) {
			for _, q := range r.genaiPrice(name, key, b.Prices[key], model) {
				q.valid, q.when.Window = valid, window
				quotes = append(quotes, q)
			}
		}
	}
	return quotes
}

// genaiBlocks reads prices that are one block or a list of blocks, each later
// one replacing the earlier under its constraint.
func genaiBlocks(raw json.RawMessage) (blocks []genaiBlock, err error) {
	if len(raw) > 0 && raw[0] == '[' {
		err = json.Unmarshal(raw, &blocks)
		return blocks, err
	}
	var one genaiBlock
	err = json.Unmarshal(raw, &one.Prices)
	return []genaiBlock{one}, err
}

// genaiPrice reads one price: a number, or a base with tiers that reprice the
// whole request above their start.
func (r *Reading) genaiPrice(name, key string, raw json.RawMessage, model string) []quote {
	unit, ok := genaiUnit(key, model)
	if !ok {
		r.skip(name, key, "no meter for this price")
		return nil
	}
	var tiered struct {
		Base  json.Number `json:"base"`
		Tiers []struct {
			Start int64       `json:"start"`
			Price json.Number `json:"price"`
		} `json:"tiers"`
	}
	if len(raw) == 0 || raw[0] != '{' {
		unit.price = string(raw)
		return []quote{unit}
	}
	if err := json.Unmarshal(raw, &tiered); err != nil {
		r.skip(name, key, err.Error())
		return nil
	}
	unit.price = tiered.Base.String()
	quotes := []quote{unit}
	for _, t := range tiered.Tiers {
		long := unit
		long.price, long.when.PromptAbove = t.Price.String(), t.Start
		long.when.Inclusive = strings.HasPrefix(name, "x-ai/")
		quotes = append(quotes, long)
	}
	return quotes
}

// genaiUnit gives meter and unit of a price: _mtok is per million tokens,
// _kcount per thousand.
func genaiUnit(key, model string) (quote, bool) {
	if m, ok := map[string]spend.Meter{
		"input_mtok": spend.InText, "output_mtok": spend.OutText, "cache_read_mtok": spend.CacheRead,
		"cache_write_mtok": cacheWrite(model), "cache_write_5m_mtok": spend.CacheWrite5m,
		"cache_write_1h_mtok": spend.CacheWrite1h, "input_audio_mtok": spend.InAudio,
		"output_audio_mtok": spend.OutAudio, "cache_audio_read_mtok": spend.CacheReadAudio,
		"input_image_mtok": spend.InImage, "output_image_mtok": spend.OutImage,
		"cache_image_read_mtok": spend.CacheReadImage, "input_video_mtok": spend.InVideo,
		"output_video_mtok": spend.OutVideo, "output_reasoning_mtok": spend.OutReasoning,
		"output_citation_mtok": spend.OutCitation,
	}[key]; ok {
		return tokens(m, "", 0), true
	}
	if m, ok := map[string]spend.Meter{
		"requests_kcount": spend.Request, "web_searches_kcount": spend.WebSearch,
		"file_search_calls_kcount": spend.FileSearch, "rerank_searches_kcount": spend.RerankSearch,
	}[key]; ok {
		return quote{meter: m, per: perSearch}, true
	}
	return quote{}, false
}
