package app_test

import (
	"strings"
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

// unitTrap is a row of an export as its vendor documents it, and what stands there when
// amount or quantity is in another unit.
type unitTrap struct {
	of, kind, text string
	wrong          []string // pairs: what stands in the text, and what stands there instead
}

// documented are the exports that tell money and what it is for, each with a row at its
// list price.
func documented() []unitTrap {
	const (
		cur    = "bill_payer_account_id,line_item_usage_start_date,line_item_line_item_type,line_item_usage_type,line_item_usage_amount,pricing_unit,line_item_unblended_cost,line_item_product_code\n"
		azure  = "date,meterCategory,meterName,unitOfMeasure,quantity,costInBillingCurrency,billingCurrency,subscriptionId\n"
		focus  = "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ServiceName,ServiceProviderName,SkuId,SkuPriceDetails\n"
		google = `{"service":{"id":"C7E2-9256-1C43","description":"Vertex AI"},"sku":{"description":"Gemini 2.5 Flash GA Text Input - Predictions"},"usage":{"amount":3600000,"unit":"requests"},"usage_start_time":"2026-02-04T05:00:00Z","invoice":{"month":"202602"},"project":{"id":"p"},"cost":1.08,"currency":"USD"}`
		code   = `{"data":[{"date":"2026-02-04","actor":{"type":"user_actor","email_address":"dev@acme.test"},"organization_id":"org","customer_type":"subscription","terminal_type":"x","model_breakdown":[{"model":"claude-haiku-4-5","tokens":{"input":1000000,"output":0,"cache_read":0,"cache_creation":0},"estimated_cost":{"currency":"USD","amount":100}}]}],"has_more":false}`
		copilo = `{"timePeriod":{"year":2026,"month":2,"day":4},"organization":"acme","usageItems":[{"product":"Copilot","sku":"copilot_ai_credit","model":"m","unitType":"ai-credits","pricePerUnit":0.01,"grossQuantity":100,"grossAmount":1,"discountQuantity":0,"discountAmount":0,"netQuantity":100,"netAmount":1}]}`
		events = `{"pagination":{"hasNextPage":false},"usageEvents":[{"timestamp":"1770163200123","userEmail":"dev@acme.test","model":"claude-haiku-4-5","kind":"Usage-based","isChargeable":true,"isTokenBasedCall":true,"tokenUsage":{"inputTokens":1000000,"cacheReadTokens":0,"cacheWriteTokens":0,"outputTokens":0,"totalCents":100},"chargedCents":100}]}`
	)
	return []unitTrap{
		{"bedrock", "bedrock bill", cur + "1,2026-02-22T05:00:00Z,Usage,USE1-Claude4.5Sonnet-input-tokens,1500,1K tokens,4.5,AmazonBedrock\n", []string{"1K tokens", "tokens", "4.5,Amazon", "450,Amazon"}},
		{"azure", "azure bill", azure + "02/22/2026,Foundry Models,gpt 4.1 mini Inp glbl Tokens,1K,910.0,0.364,USD,sub\n", []string{",1K,", ",1M,", "0.364", "36.4"}},
		{"google-cloud", "google cloud bill", google, []string{`"cost":1.08`, `"cost":108`, `"amount":3600000`, `"amount":3600`}},
		{"focus", "focus bill", focus + `10,org,USD,2026-02-01T00:00:00Z,Usage,2026-02-14T09:00:00Z,1000000,Tokens,OpenAI API,OpenAI,out,"{""ModelId"":""gpt-5"",""TokenDirection"":""Output""}"` + "\n", []string{"10,org", "1000,org", "1000000,Tokens", "1000,Tokens"}},
		{"anthropic", "claude code report", code, []string{`"amount":100`, `"amount":1`, `"input":1000000`, `"input":1000`}},
		{"copilot", "copilot usage", copilo, []string{`"grossAmount":1,`, `"grossAmount":100,`}},
		{"cursor", "cursor events", events, []string{`"totalCents":100},"chargedCents":100`, `"totalCents":1},"chargedCents":1`, `"inputTokens":1000000`, `"inputTokens":1000`}},
		{"openai", "openai cost", `{"object":"page","data":[{"object":"bucket","start_time":1770163200,"end_time":1770249600,"results":[{"amount":{"value":10,"currency":"usd"},"line_item":"gpt-5, output","project_id":"p","quantity":1000000,"quantity_unit":"tokens"}]}],"has_more":false}`, []string{`"value":10`, `"value":1000`, `"quantity":1000000`, `"quantity":1000`}},
	}
}

// TestUnitTrapsOfEveryDocumentedExport books each row as its vendor documents it, and
// refuses it with an amount or a count in another unit.
func TestUnitTrapsOfEveryDocumentedExport(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	for _, trap := range documented() {
		order := api.ImportOrder{Format: trap.of, Name: "x", Account: "right"}
		r := tellAs(t, s, everybody(), order, trap.text)
		if r.Booked == 0 || r.Quarantined > 0 || r.Export.Kind != trap.kind {
			t.Errorf("%s: %+v, %+v", trap.kind, r, r.Export)
		}
		for i := 0; i < len(trap.wrong); i += 2 {
			text := strings.Replace(trap.text, trap.wrong[i], trap.wrong[i+1], 1)
			order.Account = "wrong"
			r, err := s.Import(t.Context(), everybody(), &order, strings.NewReader(text))
			if refused := r.Quarantined > 0 && r.Booked == 0; text == trap.text || spend.KindOf(err) != spend.KindInvalid && !refused {
				t.Errorf("%s with %s: %+v, %v; want it refused", trap.kind, trap.wrong[i+1], r, err)
			}
		}
	}
}
