package vendor

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// googleBill is what models cost in Google Cloud's billing export, as records of JSON or
// with one column for each value.
//
// Traps: credits stand in a list within the row; storage of a cache is by the hour and no
// token; the unit of a SKU of tokens is told as count or as requests, so that the SKU tells
// what is counted; AI Studio is another service than Vertex AI.
func googleBill() kind {
	return kind{
		vendor: "google-cloud", name: "google cloud bill", source: "gcp.billing", bill: true,
		marks: []string{"sku_description", "service_id"}, needed: []string{"cost", "currency", "usage_start_time"},
		read: readGoogle,
	}
}

func readGoogle(r *row) {
	sku := r.label("sku_description")
	seller := map[string]string{"C7E2-9256-1C43": "vertex"}[r.text("service_id")]
	if service := strings.ToLower(r.text("service_description")); seller == "" && (strings.Contains(service, "generative language") || strings.Contains(service, "gemini api")) {
		seller = "google"
	}
	if seller == "" {
		r.foreign = true
		return
	}
	at, month := r.spent(seller, "usage_start_time", "usage_end_time"), ""
	if invoice := r.text("invoice_month"); len(invoice) == 6 {
		month = invoice[:4] + "-" + invoice[4:]
	}
	l := r.billLine(seller, at, month)
	e := &l.Event
	e.Seller, e.Account, e.Region = seller, cmp.Or(r.label("billing_account_id"), r.label("project_id")), r.label("location_region")
	e.Category = map[string]spend.Category{"tax": spend.CategoryTax, "adjustment": spend.CategoryAdjustment, "rounding_error": spend.CategoryAdjustment}[r.text("cost_type")]
	l.tag("service", r.label("service_description"))
	l.tag("sku", sku)
	l.tag("sub_account", r.label("project_id"))
	if model, meter, known := googleSKU(sku); known && e.Category == "" {
		e.RequestedModel, l.Sellers = model, []string{"vertex", "google"}
		r.bought(l, meter, "usage_amount", 1)
	}
	r.charge(l, "cost", r.text("currency"))
	r.ownTags(l, r.text("labels"))
	r.googleCredits(l)
}

// googleCredits makes a line of the credits of a row.
func (r *row) googleCredits(l *Line) {
	text := r.text("credits")
	if text == "" || len(r.found) > 0 {
		return
	}
	var credits []struct{ Amount json.Number }
	if json.Unmarshal([]byte(text), &credits) != nil {
		r.bad("credits", "holds a text of %d bytes; want a list of amounts", len(text))
		return
	}
	var total, rest money.Amount
	for _, c := range credits {
		a, below, err := money.ParseFine(c.Amount.String())
		if err == nil {
			total, err = total.Add(a)
		}
		if err == nil {
			rest, err = rest.Add(below)
		}
		if err != nil {
			r.bad("credits", "holds an amount that is no number")
			return
		}
	}
	if total.IsZero() && rest.IsZero() {
		return
	}
	credit := *l
	e := &credit.Event
	e.Usage, e.UsageSource, e.CallCount, e.Category = spend.Usage{}, spend.UsageNone, 0, spend.CategoryCredit
	if total.Sign() > 0 {
		e.Category = spend.CategoryAdjustment
	}
	e.Reported, credit.Rounding, credit.rest, credit.Paid, credit.Sellers = money.Known(total), money.Amount{}, rest, spend.Usage{}, nil
	r.lines = append(r.lines, credit)
}

// googleSKU reads the description of a SKU of tokens.
//
// Example: "Gemini 2.5 Flash GA Thinking Text Output - Predictions" is reasoning of
// gemini-2.5-flash.
func googleSKU(sku string) (model string, m spend.Meter, known bool) {
	if !strings.HasPrefix(sku, "Gemini") || strings.Contains(sku, "Storage") || strings.Contains(sku, "Provisioned") || strings.Contains(sku, "Tuning") {
		return "", 0, false
	}
	for _, kind := range [...]struct {
		words string
		meter spend.Meter
	}{
		{"Thinking Text Output", spend.OutReasoning}, {"Text Input Caching", spend.CacheRead}, {"Text Input", spend.InText}, {"Text Output", spend.OutText},
		{"Image Input", spend.InImage}, {"Audio Input", spend.InAudio}, {"Video Input", spend.InVideo}, {"Image Output", spend.OutImage}, {"Audio Output", spend.OutAudio},
	} {
		name, _, found := strings.Cut(sku, kind.words)
		if !found {
			continue
		}
		var own []string
		for _, w := range strings.Fields(strings.ToLower(name)) {
			if w != "ga" && w != "global" {
				own = append(own, w)
			}
		}
		return strings.Join(own, "-"), kind.meter, true
	}
	return "", 0, false
}
