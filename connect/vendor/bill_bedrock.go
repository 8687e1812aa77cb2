package vendor

import (
	"cmp"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// bedrockBill is what Amazon Bedrock costs in a Cost and Usage Report (CUR 2.0).
//
// Traps: the unit of most prices is a thousand tokens, and so is that of the quantity; the
// month is written anew until it is closed, also to less; the name of the model is neither
// its id nor an alias; who called stands in the name of a session, which may be a person's.
func bedrockBill() kind {
	return kind{
		vendor: "bedrock", name: "bedrock bill", source: "aws.cur", bill: true,
		marks:  []string{"line_item_usage_type", "line_item_unblended_cost"},
		needed: []string{"line_item_usage_start_date", "line_item_line_item_type", "line_item_usage_amount"},
		read:   readBedrock,
	}
}

func readBedrock(r *row) {
	product := strings.ToLower(r.text("line_item_product_code") + r.text("product_product_name") + r.text("product_servicename"))
	use, known := bedrockUse(r.text("line_item_usage_type"))
	if !known && !strings.Contains(product, "bedrock") {
		r.foreign = true
		return
	}
	at, month := r.spent("bedrock", "line_item_usage_start_date", "line_item_usage_end_date"), ""
	if r.text("bill_billing_period_start_date") != "" {
		month = r.monthOf("bedrock", r.instant("bill_billing_period_start_date"))
	}
	l := r.billLine("bedrock", at, month)
	e := &l.Event
	e.Seller, e.Account, e.Category = "bedrock", cmp.Or(r.label("line_item_usage_account_id"), r.label("bill_payer_account_id")), bedrockCategory(r.text("line_item_line_item_type"))
	l.tag("service", "Amazon Bedrock")
	l.tag("sku", r.label("line_item_usage_type"))
	l.tag("iam_role", roleOf(r.label("line_item_iam_principal")))
	l.tag("resource", base(r.label("line_item_resource_id")))
	if known && e.Category == spend.CategoryUsage {
		use.on(l)
		r.bought(l, use.meter, "line_item_usage_amount", tokenScale(r.text("pricing_unit")))
	}
	column := "line_item_unblended_cost"
	if r.text("line_item_net_unblended_cost") != "" {
		column = "line_item_net_unblended_cost"
	}
	currency := r.text("line_item_currency_code")
	if !r.has("line_item_currency_code") {
		currency = "USD" // the report is in dollars unless it has the column
	}
	r.charge(l, column, currency)
	r.ownTags(l, cmp.Or(r.text("resource_tags"), r.text("tags")))
}

// bedrockCategory sorts the kinds of line of a Cost and Usage Report.
func bedrockCategory(kind string) spend.Category {
	switch k := strings.ToLower(kind); {
	case k == "tax":
		return spend.CategoryTax
	case k == "credit", k == "refund", strings.Contains(k, "discount") && k != "discountedusage":
		return spend.CategoryCredit
	case strings.Contains(k, "fee"):
		return spend.CategoryPurchase
	}
	return spend.CategoryUsage
}

// roleOf is the role of a session, without the session.
//
// Example: arn:aws:sts::111122223333:assumed-role/claims-bot/run-7781 is claims-bot.
func roleOf(arn string) string {
	_, rest, found := strings.Cut(arn, ":assumed-role/")
	if !found {
		return ""
	}
	role, _, _ := strings.Cut(rest, "/")
	return role
}

// use is what a usage type of Bedrock says.
type use struct {
	region, model, tier string
	meter               spend.Meter
}

// on puts what is used on a line.
func (u *use) on(l *Line) {
	e := &l.Event
	e.Region, e.RequestedModel, e.ServedTier = u.region, u.model, u.tier
	l.Sellers = []string{"bedrock"}
}

// bedrockUse reads a usage type: region, name of the model, what is counted, tier, route.
//
// Example: USE1-Claude4.6Sonnet-cache-read-input-token-count-cross-region-global is cached
// tokens of anthropic.claude-sonnet-4-6, routed over all regions.
func bedrockUse(text string) (u use, known bool) {
	place, rest, _ := strings.Cut(text, "-")
	for _, count := range [...]struct {
		words string
		meter spend.Meter
	}{
		{"-cache-read-input-token-count", spend.CacheRead}, {"-cache-write-input-token-count", spend.CacheWriteOther},
		{"-input-tokens", spend.InText}, {"-output-tokens", spend.OutText},
	} {
		name, end, found := strings.Cut(rest, count.words)
		if !found {
			continue
		}
		u.meter, u.region, u.model = count.meter, awsRegion(place), bedrockModel(strings.TrimSuffix(name, "-mantle"))
		for _, tier := range [...]string{"batch", "flex", "priority"} {
			if strings.Contains(end, "-"+tier) {
				u.tier = tier
			}
		}
		if strings.Contains(end, "-global") {
			u.region = "global"
		}
		return u, true
	}
	return u, false
}

func awsRegion(code string) string {
	return map[string]string{
		"USE1": "us-east-1", "USE2": "us-east-2", "USW1": "us-west-1", "USW2": "us-west-2", "CAN1": "ca-central-1", "EU": "eu-west-1", "EUW1": "eu-west-1",
		"EUW2": "eu-west-2", "EUW3": "eu-west-3", "EUC1": "eu-central-1", "EUN1": "eu-north-1", "APN1": "ap-northeast-1", "APN2": "ap-northeast-2",
		"APS1": "ap-southeast-1", "APS2": "ap-southeast-2", "APS3": "ap-south-1", "SAE1": "sa-east-1",
	}[code]
}

// bedrockModel is the id of a model by its name in a bill. A name that is not listed stays
// as it is: it has no price, and shows.
func bedrockModel(name string) string {
	if id, known := map[string]string{
		"Claude3Haiku": "anthropic.claude-3-haiku-20240307-v1:0", "Claude3.5Haiku": "anthropic.claude-3-5-haiku-20241022-v1:0",
		"Claude3.7Sonnet": "anthropic.claude-3-7-sonnet-20250219-v1:0", "Claude4Sonnet": "anthropic.claude-sonnet-4-20250514-v1:0",
		"Claude4.5Sonnet": "anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude4.6Sonnet": "anthropic.claude-sonnet-4-6",
		"Claude5Sonnet": "anthropic.claude-sonnet-5", "Claude4.5Haiku": "anthropic.claude-haiku-4-5-20251001-v1:0",
		"Claude4Opus": "anthropic.claude-opus-4-20250514-v1:0", "Claude4.1Opus": "anthropic.claude-opus-4-1-20250805-v1:0",
		"Claude4.5Opus": "anthropic.claude-opus-4-5-20251101-v1:0", "Claude4.6Opus": "anthropic.claude-opus-4-6-v1",
		"NovaLite": "amazon.nova-lite-v1:0", "NovaMicro": "amazon.nova-micro-v1:0", "NovaPro": "amazon.nova-pro-v1:0",
		"openai.gpt-oss-120b": "openai.gpt-oss-120b-1:0", "openai.gpt-oss-20b": "openai.gpt-oss-20b-1:0",
	}[name]; known {
		return id
	}
	return name
}
