package tracker

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// portkeyModel is one model of the book, merged under one key per seller.
type portkeyModel struct {
	portkeyConfig
	Custom struct {
		Tiers   map[string]string `json:"context_tier_map"` // bound to the tier's name
		Regions map[string]struct {
			Modes map[string]portkeyMode `json:"execution_modes"`
		} `json:"regions"`
	} `json:"custom_pricing"`
}

type portkeyMode struct {
	portkeyConfig
	Tiers map[string]portkeyConfig `json:"context_tiers"`
}

type portkeyConfig struct {
	Config struct {
		PayAsYouGo portkeySlots `json:"pay_as_you_go"`
		Batch      portkeySlots `json:"batch_config"`
		Currency   string       `json:"currency"`
	} `json:"pricing_config"`
}

type portkeySlots map[string]json.RawMessage

// portkeyRow gathers the quotes of one model.
type portkeyRow struct {
	r      *Reading
	name   string
	model  string
	home   []string // regions that the default block is about, nil for all
	quotes []quote
}

// readPortkey reads Portkey's book. Its unit is the US cent: per token, per
// search, per image.
func readPortkey(data []byte) (Reading, error) {
	r := Reading{Book: Portkey}
	var sellers map[string]map[string]json.RawMessage
	if err := json.Unmarshal(data, &sellers); err != nil {
		return r, spend.Errorf(spend.KindInvalid, "read portkey", "%w", err)
	}
	for _, seller := range sortedKeys(sellers) {
		for _, id := range sortedKeys(sellers[seller]) {
			var m portkeyModel
			if err := json.Unmarshal(sellers[seller][id], &m); err != nil {
				r.skip(seller+"/"+id, "row", err.Error())
				continue
			}
			r.portkeyRow(seller, id, &m)
		}
	}
	return r, nil
}

func (r *Reading) portkeyRow(seller, id string, m *portkeyModel) {
	who := identify(seller, id)
	row := portkeyRow{r: r, name: seller + "/" + id, model: who.model}
	if who.above == 128_000 && !strings.HasPrefix(who.sku, "gemini-1.5") {
		r.skip(row.name, "row", "the bound is only a name: of these models it is 200,000 tokens")
		return
	}
	if c := m.Config.Currency; c != "" && c != "USD" {
		r.skip(row.name, c, "not in US dollars")
		return
	}
	r.list(who)
	if _, split := m.Custom.Regions["global"]; split && who.seller == "vertex" {
		row.home = []string{"regional"} // the default block is about single regions
	}
	for _, regions := range sortedKeys(m.Custom.Regions) {
		modes := m.Custom.Regions[regions].Modes
		for _, mode := range sortedKeys(modes) {
			row.mode(regions, mode, modes[mode], m.Custom.Tiers)
		}
	}
	row.slots(m.Config.PayAsYouGo, pricebook.When{Regions: row.home})
	row.slots(m.Config.Batch, pricebook.When{Regions: row.home, ServiceTiers: []string{"batch"}})
	r.put(row.name, who, row.quotes)
}

// mode reads the prices of one group of regions and one way of execution.
func (p *portkeyRow) mode(regions, mode string, m portkeyMode, bounds map[string]string) {
	when := pricebook.When{Regions: p.home}
	switch {
	case regions == "global" && p.home != nil:
		when.Regions = nil
	case regions != "default":
		when.Regions = strings.Split(regions, ",")
	}
	if mode != "standard" {
		when.ServiceTiers = []string{mode}
	}
	for _, bound := range sortedKeys(bounds) {
		n, err := strconv.ParseInt(bound, 10, 64)
		if prices, ok := m.Tiers[bounds[bound]]; ok && err == nil {
			long := when
			long.PromptAbove = n
			p.slots(prices.Config.PayAsYouGo, long)
		}
	}
	p.slots(m.Config.PayAsYouGo, when)
}

// slots reads one set of prices; of two prices under the same conditions the
// first counts, which is the more special block.
func (p *portkeyRow) slots(slots portkeySlots, when pricebook.When) {
	for _, slot := range sortedKeys(slots) {
		switch slot {
		case "additional_units":
			var units portkeySlots
			_ = json.Unmarshal(slots[slot], &units) // a block of another shape holds no units
			for _, unit := range sortedKeys(units) {
				p.price(unit, units[unit], when)
			}
		case "image":
			p.images(slots[slot], when)
		default:
			p.price(slot, slots[slot], when)
		}
	}
}

func (p *portkeyRow) price(slot string, raw json.RawMessage, when pricebook.When) {
	var v struct {
		Price json.Number `json:"price"`
	}
	if err := json.Unmarshal(raw, &v); err != nil || v.Price == "" {
		return
	}
	unit, ok := portkeyUnit(slot, p.model)
	if !ok {
		p.r.skip(p.name, slot, "no meter for this slot")
		return
	}
	if !tokenMeter(unit.meter) && (when.PromptAbove > 0 || len(when.Regions)+len(when.ServiceTiers) > 0) {
		return // tools cost the same under all conditions
	}
	unit.price, unit.when = v.Price.String(), when
	p.add(unit)
}

func (p *portkeyRow) add(q quote) {
	if n, err := scaled(q.price, 0); err == nil && n.IsZero() && !strings.HasSuffix(p.name, ":free") {
		return // the book writes zero where a slot does not apply
	}
	for i := range p.quotes {
		if p.quotes[i].meter == q.meter && conditions(p.quotes[i].when) == conditions(q.when) {
			return
		}
	}
	p.quotes = append(p.quotes, q)
}

// images reads prices by quality and size; "default" is no condition.
func (p *portkeyRow) images(raw json.RawMessage, when pricebook.When) {
	var qualities map[string]map[string]struct {
		Price json.Number `json:"price"`
	}
	if err := json.Unmarshal(raw, &qualities); err != nil {
		p.r.skip(p.name, "image", err.Error())
		return
	}
	for _, quality := range sortedKeys(qualities) {
		for _, size := range sortedKeys(qualities[quality]) {
			q := quote{meter: spend.Image, price: qualities[quality][size].Price.String(), exp: -2, per: 1, when: when}
			q.when.ImageQuality = strings.TrimPrefix(quality, "default")
			q.when.ImageSize = strings.TrimPrefix(size, "default")
			p.add(q)
		}
	}
}

// portkeyUnit gives the meter of a slot. A cent per token is ten thousand
// dollars per million tokens; a cent per search is ten dollars per thousand.
func portkeyUnit(slot, model string) (quote, bool) {
	if m, ok := map[string]spend.Meter{
		"request_token": spend.InText, "response_token": spend.OutText,
		"request_text_token": spend.InText, "response_text_token": spend.OutText,
		"cache_read_input_token": spend.CacheRead, "cache_read_text_input_token": spend.CacheRead,
		"cached_text_input_token": spend.CacheRead, "cache_write_input_token": cacheWrite(model),
		"cache_write_1h": spend.CacheWrite1h, "request_audio_token": spend.InAudio,
		"response_audio_token": spend.OutAudio, "cache_read_audio_input_token": spend.CacheReadAudio,
		"request_image_token": spend.InImage, "response_image_token": spend.OutImage,
		"cache_read_image_input_token": spend.CacheReadImage, "cached_image_input_token": spend.CacheReadImage,
		"reasoning_token": spend.OutReasoning, "thinking_token": spend.OutReasoning,
		"image_token": spend.OutImage, "output_video_token": spend.OutVideo,
	}[slot]; ok {
		return tokens(m, "", 4), true
	}
	if m, ok := map[string]spend.Meter{"web_search": spend.WebSearch,
		"web_search_medium_context": spend.WebSearch, "file_search": spend.FileSearch}[slot]; ok {
		return quote{meter: m, exp: 1, per: perSearch}, true
	}
	return quote{}, false
}
