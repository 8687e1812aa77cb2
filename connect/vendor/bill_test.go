package vendor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const (
	focusHead = "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ServiceName,ServiceProviderName,SkuId,SkuPriceDetails,Tags\n"
	focusRows = `0.4662,org-77,USD,2026-10-01T00:00:00Z,Usage,2026-10-14T09:00:00Z,31080.0,Tokens,ModelCo API,ModelCo,x-output,"{""ModelId"":""x-large"",""TokenDirection"":""Output""}","{""app"":""helpdesk""}"
0.1,org-77,USD,2026-10-01T00:00:00Z,Usage,2026-10-14T10:00:00Z,1000,Tokens,ModelCo API,ModelCo,x-output,"{""ModelId"":""x-large"",""TokenDirection"":""Output""}","{""app"":""helpdesk""}"
-3,org-77,USD,2026-10-01 00:00:00,Credit,2026-10-14 00:00:00,NULL,NULL,ModelCo API,ModelCo,NULL,NULL,NULL
2,org-77,USD,2026-10-01T00:00:00Z,Tax,2026-10-01T00:00:00Z,,,,ModelCo,,,
`
	bedrockHead = "bill_payer_account_id,line_item_usage_start_date,line_item_line_item_type,line_item_usage_type,line_item_usage_amount,pricing_unit,line_item_unblended_cost,line_item_iam_principal,line_item_product_code\n"
	bedrockRow  = "111122223333,2026-11-22T05:00:00Z,Usage,USE1-Claude4.6Sonnet-cache-read-input-token-count-cross-region-global,48211.4,1K tokens,14.463,arn:aws:sts::111122223333:assumed-role/claims-bot/ada@example.org,AmazonBedrock\n"
	azureHead   = "date,meterCategory,meterName,unitOfMeasure,quantity,costInBillingCurrency,billingCurrency,subscriptionId,tags\n"
	azureRows   = "11/22/2026,Foundry Models,gpt 4.1 mini Inp glbl Tokens,1K,910.0,0.364,USD,sub-1,\n11/22/2026,Foundry Models,GPT 5 Mini cchd Inpt Glbl 1M Tokens,1M,0.91,0.02275,USD,sub-1,\n" +
		"11/22/2026,Storage,Hot LRS,1 GB,1,5,USD,sub-1,\n11/22/2026,Foundry Models,Provisioned Managed Global Unit,1 Hour,24,24,USD,sub-1,\n"
	googleRow = `{"service":{"id":"C7E2-9256-1C43","description":"Vertex AI"},"sku":{"description":"Gemini 2.5 Flash GA Text Input - Predictions"},"usage":{"amount":3600,"unit":"requests"},"usage_start_time":"2026-11-22T05:00:00Z",
 "invoice":{"month":"202611"},"project":{"id":"p-1"},"cost":0.9,"currency":"EUR","credits":[{"name":"promo","amount":-0.1},{"name":"deal","amount":-0.2}],"labels":[{"key":"workflow","value":"kyc"}]}
{"service":{"id":"6F81-5844-456A","description":"Compute Engine"},"sku":{"description":"Core"},"usage_start_time":"2026-11-22T05:00:00Z","cost":7,"currency":"EUR"}
`
)

func TestBills(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of, text string
		want     []string
		foreign  int64
	}{
		{"focus", focusHead + focusRows, []string{
			"org-77/modelco/2026-10 2026-10-01 modelco  {} 2 USD tax", "org-77/modelco/2026-10 2026-10-14 modelco  {} -3 USD credit",
			`org-77/modelco/2026-10 2026-10-14 modelco x-large {"out_text":"32080"} 0.5662 USD app=helpdesk`,
		}, 0},
		{"bedrock", bedrockHead + bedrockRow, []string{
			`111122223333/2026-11 2026-11-22 bedrock anthropic.claude-sonnet-4-6 {"cache_read":"48211400"} 14.463 USD iam_role=claims-bot`,
		}, 0},
		{"azure", azureHead + azureRows, []string{
			`sub-1/2026-11 2026-11-22 azure  {} 24 USD`, `sub-1/2026-11 2026-11-22 azure gpt-4.1-mini {"in_text":"910000"} 0.364 USD`,
			`sub-1/2026-11 2026-11-22 azure gpt-5-mini {"cache_read":"910000"} 0.02275 USD`,
		}, 1},
		{"google-cloud", googleRow, []string{
			`p-1/2026-11 2026-11-22 vertex gemini-2.5-flash {"in_text":"3600"} 0.9 EUR workflow=kyc`,
			`p-1/2026-11 2026-11-22 vertex gemini-2.5-flash {} -0.3 EUR credit workflow=kyc`,
		}, 1},
	} {
		x := read(t, c.of, c.text)
		if diff := cmp.Diff(c.want, billed(t, x)); diff != "" || x.Book != spend.Invoiced || x.Foreign != c.foreign {
			t.Errorf("%s in %s, %d foreign (-want +got)\n%s", x.Kind, x.Book, x.Foreign, diff)
		}
	}
}

// billed is what the lines of a bill say, in an order of their own.
func billed(t *testing.T, x *vendor.Export) (all []string) {
	t.Helper()
	for _, l := range x.Lines {
		e := &l.Event
		usage, err := e.Usage.MarshalJSON()
		if err != nil || len(l.Problems) > 0 || e.Rank != spend.RankBill || strings.Contains(e.SourceKey+e.Scope.Principal, "@") {
			t.Fatalf("%v %+v", err, l)
		}
		parts := []string{e.Partition, e.UsedAt.Format("2006-01-02"), e.Seller, e.RequestedModel, string(usage), e.Reported.Amount.String(), string(e.ReportedCurrency)}
		if e.Category != "" {
			parts = append(parts, string(e.Category))
		}
		for _, name := range []string{"app", "iam_role", "workflow"} {
			if value := e.Scope.Tags[name]; value != "" {
				parts = append(parts, name+"="+value)
			}
		}
		all = append(all, strings.Join(parts, " "))
	}
	slices.Sort(all)
	return all
}

// TestRowsAreSummedBeforeTheyAreRounded sums hours whose amounts end below the smallest
// unit: each rounded alone would come to nothing.
func TestRowsAreSummedBeforeTheyAreRounded(t *testing.T) {
	t.Parallel()
	bill := func(amount string) string {
		return bedrockHead + strings.Repeat(strings.Replace(bedrockRow, "14.463", amount, 1), 1000)
	}
	for amount, want := range map[string]string{"0.0000000000004": "0.0000000004", "1.0000000000015": "1000.0000000015", "0.00000000000049999": "0.0000000005"} {
		if e := one(t, "bedrock", bill(amount)); e.Reported.Amount != money.Must(want) {
			t.Errorf("1000 rows of %s are %s, want %s", amount, e.Reported.Amount, want)
		}
	}
	x, err := vendor.Read(strings.NewReader(bill("0.00000000000123")), vendor.Options{Vendor: "bedrock", Unit: vendor.Unit{Cents: true}})
	if err != nil || x.Lines[0].Event.Reported.Amount != money.Must("0.000000000012") {
		t.Errorf("1000 rows of 0.00000000000123 cents are %v, %v", x, err)
	}
	google := strings.Repeat(strings.NewReplacer("-0.1", "-0.0000000000004", "-0.2", "0", "\n", "").Replace(strings.Split(googleRow, "\n{")[0])+"\n", 1000)
	credits := read(t, "google-cloud", google).Lines
	if i := slices.IndexFunc(credits, func(l vendor.Line) bool { return l.Event.Category == spend.CategoryCredit }); i < 0 || credits[i].Event.Reported.Amount != money.Must("-0.0000000004") {
		t.Errorf("1000 credits of 0.0000000000004 are %+v", credits)
	}
}

// TestBillsThatCannotBeRead names what is wrong of a row, and keeps the others.
func TestBillsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, of, text, want string }{
		{"category", "focus", focusHead + strings.Replace(focusRows, "Usage", "Gift", 1), "ChargeCategory: holds a text of 4 bytes"},
		{"currency", "focus", focusHead + strings.Replace(focusRows, "USD", "", 1), "currency: is empty"},
		{"amount", "bedrock", bedrockHead + strings.Replace(bedrockRow, "14.463", "", 1), "line_item_unblended_cost: is empty"},
		{"day", "azure", azureHead + strings.Replace(azureRows, "11/22/2026", "22.11.2026", 1), `date: holds "22.11.2026"`},
		{"credits", "google-cloud", strings.Replace(googleRow, "-0.1", `"much"`, 1), "credits: holds a"},
	} {
		x, bad := read(t, c.of, c.text), []string{}
		for _, l := range x.Lines {
			for _, p := range l.Problems {
				bad = append(bad, p.String())
			}
		}
		if len(bad) != 1 || !strings.HasPrefix(bad[0], c.want) {
			t.Errorf("%s: %q, want %q", c.name, bad, c.want)
		}
	}
}

// TestSignsOfABill makes an adjustment of a sign that a category cannot have.
func TestSignsOfABill(t *testing.T) {
	t.Parallel()
	row := "%s,org,USD,2026-10-01T00:00:00Z,%s,2026-10-14T00:00:00Z,5,Tokens,S,P,sku,,\n"
	for _, c := range []struct {
		amount, category string
		want             spend.Category
	}{
		{"1", "Usage", ""}, {"-1", "Usage", spend.CategoryAdjustment}, {"1", "Tax", spend.CategoryTax}, {"-1", "Tax", spend.CategoryAdjustment},
		{"-1", "Credit", spend.CategoryCredit}, {"1", "Credit", spend.CategoryAdjustment}, {"-1", "Purchase", spend.CategoryAdjustment},
	} {
		e := one(t, "focus", focusHead+strings.NewReplacer("%s,org", c.amount+",org", "%s,2026", c.category+",2026").Replace(row))
		if e.Category != c.want || e.Reported.Amount != money.Must(c.amount) {
			t.Errorf("%s of %s is %s of %q, want %q", c.amount, c.category, e.Reported.Amount, e.Category, c.want)
		}
	}
}

// TestColumnsOfABillThatAreNotTaken names the columns that no row was asked of, and none
// that one was.
func TestColumnsOfABillThatAreNotTaken(t *testing.T) {
	t.Parallel()
	with := func(columns, text string) string {
		empty := strings.Repeat(",", strings.Count(columns, ",")+1)
		return columns + "," + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+empty)
	}
	for _, c := range []struct {
		of, text string
		want     []string
	}{
		{"focus", focusHead + focusRows, nil},
		{"bedrock", bedrockHead + bedrockRow, nil},
		{"azure", azureHead + azureRows, nil},
		{"google-cloud", googleRow, []string{"usage_unit"}},
		{"focus", with("CommitmentDiscountId,x_Own Column", focusHead+focusRows), []string{"CommitmentDiscountId", "x_Own Column"}},
		{"azure", with(strings.Repeat("m", 60), azureHead+azureRows), []string{strings.Repeat("m", 40) + "…"}},
	} {
		if diff := cmp.Diff(c.want, read(t, c.of, c.text).Unknown); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.of, diff)
		}
	}
}
