package tracker

import (
	"encoding/json"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// litellmModel is one model of the map: keys name meter, tier and unit at once.
type litellmModel map[string]json.RawMessage

func (m litellmModel) text(key string) string {
	var s string
	if json.Unmarshal(m[key], &s) != nil {
		return ""
	}
	return s
}

// readLiteLLM reads LiteLLM's map of models: dollars per single unit, written
// as floats, from whose text the exact price is taken.
func readLiteLLM(data []byte) (Reading, error) {
	r := Reading{Book: LiteLLM}
	var models map[string]litellmModel
	if err := json.Unmarshal(data, &models); err != nil {
		return r, spend.Errorf(spend.KindInvalid, "read litellm", "%w", err)
	}
	for _, id := range sortedKeys(models) {
		r.litellmRow(id, models[id])
	}
	return r, nil
}

func (r *Reading) litellmRow(id string, m litellmModel) {
	tag := m.text("litellm_provider")
	switch {
	case tag == "" || id == "sample_spec" || strings.Contains(tag, " "):
		r.skip(id, "row", "no seller")
		return
	case plans(sellerOf(tag)):
		r.skip(id, "row", "a subscription, not a price of calls")
		return
	case strings.Contains(id, "commitment"), strings.Contains(id, "-steps/"), strings.HasPrefix(id, "max-x-max"):
		r.skip(id, "row", "a commitment or a price by steps, for which there is no meter")
		return
	}
	who := identify(tag, litellmID(tag, id))
	r.list(who)
	r.limit(who, whole(m["max_input_tokens"]), whole(m["max_output_tokens"]))
	row := litellmRow{who: who, mode: m.text("mode")}
	for _, key := range sortedKeys(m) {
		if !strings.Contains(key, "cost") || strings.Contains(key, "dbu") {
			continue
		}
		if reason := row.add(key, m[key]); reason != "" {
			r.skip(id, key, reason)
		}
	}
	row.multiply(m)
	before := len(r.Facts)
	r.put(id, who, row.quotes)
	cite(r.Facts[before:], m.text("source"))
}

// litellmID cuts the seller's tag off the id, once.
func litellmID(tag, id string) string {
	head, rest, found := strings.Cut(id, "/")
	if found && sellerOf(head) == sellerOf(tag) {
		return rest
	}
	return id
}

// cite puts the vendor's address that a row gives on its facts.
func cite(facts []pricebook.Fact, address string) {
	if !strings.HasPrefix(address, "https://") || len(address) > 100 || strings.ContainsAny(address, ", \n") {
		return
	}
	for i := range facts {
		facts[i].Source.Ref = address
	}
}
