package tracker

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// litellmRow gathers the quotes of one model.
type litellmRow struct {
	who    identity
	mode   string
	quotes []quote
}

var aboveTokens = regexp.MustCompile(`_above_(\d+)k_tokens`)

// add reads one key of a model. It gives the reason when the key is not used.
func (l *litellmRow) add(key string, raw json.RawMessage) (reason string) {
	base, when := l.conditions(key)
	if base == "search_context_cost_per_query" {
		return l.search(raw)
	}
	unit, ok := l.unit(base)
	if !ok {
		return "no meter for this key in mode " + l.mode
	}
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return "not a number"
	}
	unit.price, unit.when = string(raw), when
	if strings.Contains(base, "per_pixel") {
		return l.pixels(unit)
	}
	for _, q := range l.quotes {
		if q.meter == unit.meter && conditions(q.when) == conditions(when) {
			return "another key gave this price"
		}
	}
	l.quotes = append(l.quotes, unit)
	return ""
}

// conditions takes tier and context out of a key.
func (l *litellmRow) conditions(key string) (base string, when pricebook.When) {
	for suffix, tier := range map[string]string{"_priority": "priority", "_flex": "flex", "_batches": "batch"} {
		if cut, found := strings.CutSuffix(key, suffix); found {
			key, when.ServiceTiers = cut, []string{tier}
			break
		}
	}
	if m := aboveTokens.FindStringSubmatch(key); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 32)
		if err == nil {
			when.PromptAbove, when.Inclusive = n*1000, l.who.seller == "xai"
		}
		key = strings.Replace(key, m[0], "", 1)
	}
	return key, when
}

// unit gives meter and unit of a key; several depend on what the model does.
func (l *litellmRow) unit(base string) (quote, bool) {
	if m, ok := litellmTokens(l.who.model)[base]; ok {
		return tokens(m, "", 6), true
	}
	images := l.mode == "image_generation" || l.mode == "image_edit"
	q, ok := map[string]quote{
		"input_cost_per_request":                     {meter: spend.Request, exp: 3, per: perSearch},
		"ocr_cost_per_page":                          {meter: spend.Page, exp: 3, per: perSearch},
		"file_search_cost_per_1k_calls":              {meter: spend.FileSearch, per: perSearch},
		"file_search_cost_per_gb_per_day":            {meter: spend.GBDay, per: 1},
		"vector_store_cost_per_gb_per_day":           {meter: spend.GBDay, per: 1},
		"rerank/input_cost_per_query":                {meter: spend.RerankSearch, exp: 3, per: perSearch},
		"search/input_cost_per_query":                {meter: spend.WebSearch, exp: 3, per: perSearch},
		"audio_speech/input_cost_per_character":      {meter: spend.Character, exp: 6, per: perToken},
		"audio_transcription/input_cost_per_second":  {meter: spend.Second, per: 1},
		"audio_transcription/output_cost_per_second": {meter: spend.Second, per: 1},
		"video_generation/output_cost_per_second":    {meter: spend.Second, per: 1},
		"image/input_cost_per_image":                 {meter: spend.Image, per: 1},
		"image/output_cost_per_image":                {meter: spend.Image, per: 1},
		"image/input_cost_per_pixel":                 {meter: spend.Image, per: 1},
		"image/output_cost_per_pixel":                {meter: spend.Image, per: 1},
	}[litellmKind(l.mode, base, images)]
	return q, ok
}

// litellmKind puts the mode before the keys whose meaning depends on it.
func litellmKind(mode, base string, images bool) string {
	switch {
	case images && (strings.Contains(base, "per_image") || strings.Contains(base, "per_pixel")):
		return "image/" + base
	case strings.Contains(base, "per_query"), strings.Contains(base, "per_second"), strings.Contains(base, "per_character"):
		return mode + "/" + base
	}
	return base
}

func litellmTokens(model string) map[string]spend.Meter {
	return map[string]spend.Meter{
		"input_cost_per_token": spend.InText, "output_cost_per_token": spend.OutText,
		"cache_read_input_token_cost":               spend.CacheRead,
		"input_cost_per_token_cache_hit":            spend.CacheRead,
		"cache_creation_input_token_cost":           cacheWrite(model),
		"cache_creation_input_token_cost_above_1hr": spend.CacheWrite1h,
		"output_cost_per_reasoning_token":           spend.OutReasoning,
		"input_cost_per_audio_token":                spend.InAudio,
		"output_cost_per_audio_token":               spend.OutAudio,
		"cache_read_input_audio_token_cost":         spend.CacheReadAudio,
		"input_cost_per_image_token":                spend.InImage,
		"output_cost_per_image_token":               spend.OutImage,
		"output_cost_per_video_token":               spend.OutVideo,
		"citation_cost_per_token":                   spend.OutCitation,
	}
}

// search takes the price of a search with a medium context, the default.
func (l *litellmRow) search(raw json.RawMessage) (reason string) {
	var sizes map[string]json.Number
	if err := json.Unmarshal(raw, &sizes); err != nil || sizes["search_context_size_medium"] == "" {
		return "no price for the medium context size"
	}
	price := sizes["search_context_size_medium"].String()
	l.quotes = append(l.quotes, quote{meter: spend.WebSearch, price: price, exp: 3, per: perSearch})
	return ""
}

// pixels turns a price per pixel into the price of the image of the id's size,
// rounded to a tenth of a cent as vendors publish it.
//
//	7.629e-08 × 1024 × 1024 = 0.0799959… = 0.08
func (l *litellmRow) pixels(q quote) (reason string) {
	width, height, found := strings.Cut(l.who.size, "x")
	w, _ := strconv.ParseInt(width, 10, 32)
	h, _ := strconv.ParseInt(height, 10, 32)
	perPixel, err := scaled(q.price, 6)
	if !found || err != nil || perPixel.IsZero() || w*h == 0 {
		return "no size or price to make an image of"
	}
	price, err := perPixel.MulRatio(w*h, 1_000_000)
	if err != nil {
		return err.Error()
	}
	q.price, q.basis = price.Round(3).String(), pricebook.Derived
	q.note = "from the price per pixel"
	l.quotes = append(l.quotes, q)
	return ""
}

// multiply adds the prices that a row states as multipliers of its base prices:
// processing in one region, and Anthropic's fast mode.
func (l *litellmRow) multiply(m litellmModel) {
	var entry map[string]json.Number
	_ = json.Unmarshal(m["provider_specific_entry"], &entry) // absent on most rows, of another shape on some
	base := l.quotes
	for _, region := range []string{"us", "eu"} {
		by := strings.TrimSpace(string(m["regional_processing_uplift_multiplier_"+region]))
		if by == "" {
			by = entry[region].String()
		}
		l.times(base, by, pricebook.When{Regions: []string{region}})
	}
	l.times(base, entry["fast"].String(), pricebook.When{ServiceTiers: []string{"fast"}})
}

func (l *litellmRow) times(base []quote, by string, when pricebook.When) {
	factor, err := scaled(by, 3)
	num, whole := factor.Int()
	if err != nil || !whole || num <= 0 {
		return
	}
	for _, q := range base {
		plain := len(q.when.ServiceTiers) == 0 && (q.when.PromptAbove == 0 || len(when.Regions) > 0)
		if !plain || !q.meter.Prompt() && !q.meter.Completion() {
			continue
		}
		q.scale, q.basis = ratio{num, 1000}, pricebook.Derived
		q.note = "standard price times " + by
		q.when.ServiceTiers, q.when.Regions = when.ServiceTiers, when.Regions
		l.quotes = append(l.quotes, q)
	}
}
