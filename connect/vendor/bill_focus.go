package vendor

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// focusBill is a bill in the form of FOCUS 1.0 to 1.4, of whoever sells.
//
// Traps: what is billed is BilledCost, and EffectiveCost spreads what was paid before;
// the provider has another column since 1.3; nothing is written as NULL; a consumed
// quantity is in units, and a pricing quantity in thousands or millions of them.
func focusBill() kind {
	return kind{
		vendor: "focus", name: "focus bill", source: "focus", bill: true,
		marks: []string{"billedcost", "chargecategory"}, needed: []string{"billingcurrency", "billingperiodstart", "chargeperiodstart"},
		read: readFocus,
	}
}

func readFocus(r *row) {
	service, issuer := r.label("servicename"), r.label("invoiceissuername")
	provider := cmp.Or(r.label("serviceprovidername"), r.label("providername"), issuer)
	seller := sellerOf(provider, service)
	at := r.spent(seller, "chargeperiodstart", "chargeperiodend")
	l := r.billLine(seller, at, r.monthOf(seller, r.instant("billingperiodstart")))
	e := &l.Event
	l.issuer = sellerOf(cmp.Or(issuer, provider), "") // a marketplace bills for other providers
	e.Seller, e.Account, e.Region = seller, base(r.label("billingaccountid")), r.label("regionid")
	category, known := focusCategory(r.text("chargecategory"))
	if !known {
		r.bad("ChargeCategory", "holds a text of %d bytes; want Usage, Purchase, Tax, Credit or Adjustment", len(r.text("chargecategory")))
	}
	e.Category = category
	l.tag("service", service)
	l.tag("sub_account", base(r.label("subaccountid")))
	l.tag("sku", cmp.Or(r.label("x_usagetype"), r.label("skuid")))
	l.tag("resource", base(r.label("resourceid")))
	r.focusUsage(l)
	r.charge(l, "billedcost", r.text("billingcurrency"))
	r.ownTags(l, r.text("tags"))
}

func focusCategory(text string) (spend.Category, bool) {
	c, known := map[string]spend.Category{
		"usage": spend.CategoryUsage, "purchase": spend.CategoryPurchase, "tax": spend.CategoryTax, "credit": spend.CategoryCredit,
		"adjustment": spend.CategoryAdjustment,
	}[strings.ToLower(text)]
	return c, known
}

// focusUsage finds the model and the tokens of a line, where the details of its SKU or the
// usage type of Bedrock tell them.
func (r *row) focusUsage(l *Line) {
	scale := tokenScale(r.text("consumedunit"))
	if use, known := bedrockUse(r.text("x_usagetype")); known {
		use.on(l)
		r.bought(l, use.meter, "consumedquantity", scale)
		return
	}
	var details struct{ ModelID, TokenDirection, TokenCacheAction string }
	if json.Unmarshal([]byte(r.text("skupricedetails")), &details) != nil || details.ModelID == "" {
		return
	}
	l.Event.RequestedModel = details.ModelID
	meter, known := map[string]spend.Meter{
		"Input": spend.InText, "Output": spend.OutText, "InputRead": spend.CacheRead, "InputWrite": spend.CacheWriteOther,
	}[details.TokenDirection+details.TokenCacheAction]
	if known {
		l.Sellers = []string{l.Event.Seller}
		r.bought(l, meter, "consumedquantity", scale)
	}
}

// sellerOf is the seller of a service of a provider, by the name that it has here where
// there is one.
func sellerOf(provider, service string) string {
	p, s := strings.ToLower(provider), strings.ToLower(service)
	switch {
	case strings.Contains(s, "bedrock"):
		return "bedrock"
	case strings.Contains(s, "vertex"):
		return "vertex"
	case strings.Contains(s, "openai") && strings.Contains(p, "microsoft"), strings.Contains(s, "foundry models"):
		return "azure"
	}
	for _, name := range [...]string{"openai", "anthropic", "cursor", "mistral", "cohere"} {
		if strings.HasPrefix(p, name) {
			return name
		}
	}
	if strings.HasPrefix(p, "github") {
		return "github-copilot"
	}
	return strings.Join(strings.Fields(p), "-")
}
