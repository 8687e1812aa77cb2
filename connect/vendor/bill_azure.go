package vendor

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// azureBill is what models cost in an export of Azure's cost management.
//
// Traps: the unit is a thousand tokens on some meters and a million on others; the name of
// a meter is shortened in many ways; provisioned units have hours and no tokens; the name of
// a deployment is in no column.
func azureBill() kind {
	return kind{
		vendor: "azure", name: "azure bill", source: "azure.cost", bill: true,
		marks: []string{"metercategory", "metername", "unitofmeasure"}, needed: []string{"quantity", "date"},
		read: readAzure,
	}
}

func readAzure(r *row) {
	category := strings.ToLower(r.text("metercategory"))
	if !strings.Contains(category, "foundry") && !strings.Contains(category, "cognitive services") && !strings.Contains(category, "openai") && !strings.Contains(category, "azure ai") {
		r.foreign = true
		return
	}
	at, month := r.azureDay("date"), ""
	if r.text("billingperiodstartdate") != "" {
		month = r.monthOf("azure", r.azureDay("billingperiodstartdate"))
	}
	l := r.billLine("azure", at, month)
	e := &l.Event
	e.Seller, e.Account, e.Region = "azure", cmp.Or(r.label("billingaccountid"), base(r.label("subscriptionid"))), r.label("resourcelocation")
	e.Category = azureCategory(r.text("chargetype"))
	l.tag("service", r.label("metercategory"))
	sku := r.label("metername")
	l.tag("sku", sku)
	l.tag("sub_account", base(r.label("subscriptionid")))
	l.tag("resource", base(r.label("resourceid")))
	model, meter, tier := azureMeter(sku)
	if model != "" && e.Category == spend.CategoryUsage {
		e.RequestedModel, e.ServedTier, l.Sellers = model, tier, []string{"azure", "openai"}
		scale := tokenScale(r.text("unitofmeasure"))
		r.bought(l, meter, "quantity", scale)
	}
	for _, column := range [...]string{"costinbillingcurrency", "cost", "pretaxcost"} {
		if r.has(column) {
			r.charge(l, column, cmp.Or(r.text("billingcurrency"), r.text("billingcurrencycode"), r.text("currency")))
			r.ownTags(l, r.text("tags"))
			return
		}
	}
	r.bad("costInBillingCurrency", "is no column, and neither is cost; export actual costs")
}

func azureCategory(kind string) spend.Category {
	switch strings.ToLower(kind) {
	case "purchase":
		return spend.CategoryPurchase
	case "tax":
		return spend.CategoryTax
	case "refund", "credit":
		return spend.CategoryCredit
	case "adjustment", "roundingadjustment":
		return spend.CategoryAdjustment
	}
	return spend.CategoryUsage
}

// azureDay reads a day as Azure writes it, the month first, or as everybody else does.
func (r *row) azureDay(column string) time.Time {
	for _, layout := range [...]string{"01/02/2006", time.DateOnly, time.RFC3339} {
		if at, err := time.ParseInLocation(layout, r.text(column), r.zone("azure")); err == nil {
			return at.UTC()
		}
	}
	r.bad(column, "holds %s; want a day like 11/22/2026, the month first, or 2026-11-22", shown(r.text(column)))
	return time.Time{}
}

// azureMeter reads the name of a meter word by word: the model up to the first word that is
// none of its own, then what is counted. "" is a meter that counts no tokens of a model.
//
// Example: "gpt 4.1 mini cached Inp glbl Tokens" is cached tokens of gpt-4.1-mini.
func azureMeter(name string) (model string, m spend.Meter, tier string) {
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return c == ' ' || c == '-' })
	direction, cached, written := "", false, false
	var own []string
	ended := false
	for _, w := range words {
		switch {
		case slices.Contains([]string{"inp", "inpt", "input"}, w):
			direction, ended = "in", true
		case slices.Contains([]string{"outp", "output", "opt"}, w):
			direction, ended = "out", true
		case slices.Contains([]string{"cached", "cchd", "cd"}, w):
			cached, ended = true, true
		case w == "wr":
			written, direction, ended = true, "in", true
		case w == "batch", w == "pp":
			tier, ended = map[string]string{"batch": "batch", "pp": "priority"}[w], true
		case w == "shortco", w == "longco": // the length of the prompt, which the amount tells
			ended = true
		case !ended:
			own = append(own, w)
		}
	}
	switch {
	case direction == "" || len(own) == 0 || slices.Contains(words, "provisioned"):
		return "", 0, ""
	case written:
		m = spend.CacheWriteOther
	case cached:
		m = spend.CacheRead
	case direction == "out":
		m = spend.OutText
	}
	return azureModel(strings.Join(own, "-")), m, tier
}

// azureModel is the id of a model with the month and day of a version behind its name. One
// that is not listed stays as it is: it has no price, and shows.
func azureModel(name string) string {
	if id, known := map[string]string{
		"gpt-4o-0513": "gpt-4o-2024-05-13", "gpt-4o-0806": "gpt-4o-2024-08-06", "gpt-4o-1120": "gpt-4o-2024-11-20", "gpt-4o-mini-0718": "gpt-4o-mini",
		"o3-mini-0131": "o3-mini",
	}[name]; known {
		return id
	}
	return name
}
