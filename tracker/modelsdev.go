package tracker

import (
	"time"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// readModelsDev reads the cost tables of models.dev as CSV: dollars per million
// tokens, one line for each context tier, with the day of release.
func readModelsDev(data []byte) (Reading, error) {
	r := Reading{Book: ModelsDev}
	rows, err := readCSV("read models.dev", data, "provider", "model", "context_tier", "input", "output")
	for _, line := range rows {
		r.modelsDevRow(line)
	}
	return r, err
}

func (r *Reading) modelsDevRow(line row) {
	name := line["provider"] + "/" + line["model"]
	if plans(sellerOf(line["provider"])) {
		r.skip(name, "row", "a subscription, not a price of calls")
		return
	}
	who := identify(line["provider"], line["model"])
	above, inclusive, err := contextTier(line["context_tier"])
	if err != nil {
		r.skip(name, line["context_tier"], err.Error())
		return
	}
	r.list(who)
	r.launch(who, line["release_date"])
	when := pricebook.When{PromptAbove: above, Inclusive: inclusive || above > 0 && who.seller == "xai"}
	var quotes []quote
	for _, c := range modelsDevColumns(who.model) {
		if line[c.column] != "" {
			q := tokens(c.meter, line[c.column], 0)
			q.when = when
			quotes = append(quotes, q)
		}
	}
	r.put(name, who, quotes)
}

// launch keeps the first day of release of a SKU and of its model.
func (r *Reading) launch(who identity, released string) {
	at := day(released)
	if at.IsZero() {
		return
	}
	if r.launches == nil {
		r.launches = map[string]time.Time{}
	}
	for _, key := range []string{who.seller + " " + who.sku, who.model} {
		if known, ok := r.launches[key]; !ok || at.Before(known) {
			r.launches[key] = at
		}
	}
}

type column struct {
	column string
	meter  spend.Meter
}

func modelsDevColumns(model string) []column {
	return []column{
		{"input", spend.InText}, {"output", spend.OutText}, {"cache_read", spend.CacheRead},
		{"cache_write", cacheWrite(model)}, {"reasoning", spend.OutReasoning},
		{"input_audio", spend.InAudio}, {"output_audio", spend.OutAudio},
	}
}
