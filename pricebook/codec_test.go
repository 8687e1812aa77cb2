package pricebook_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func fullFact(t testing.TB) pricebook.Fact {
	f := pricebook.Fact{
		Seller: "acme", SKU: "m,1", Model: "maker/m", Meter: spend.CacheWrite1h, Price: money.Must("0.000000000001"), Per: 1000, Currency: "EUR",
		When: pricebook.When{ServiceTiers: []string{"batch", "flex"}, Regions: []string{"eu"}, PromptAbove: 200_000, Inclusive: true,
			Window: window(t, "not UTC mon-fri 01:00-04:00+06:00-10:00"), ImageSize: "1024x1024", ImageQuality: "hd"},
		Valid:             pricebook.Span{From: at("2026-08-16T16:00:00Z"), To: at("2027-01-01")},
		Known:             pricebook.Span{From: at("2026-08-01"), To: at("2026-09-01")},
		PromoUntilAtLeast: at("2026-11-30"), Layer: pricebook.Promo, Basis: pricebook.VendorNotice,
		Source: pricebook.Source{Ref: `page "prices"`, Checked: at("2026-11-20")}, Confidence: pricebook.Low, Note: "two\nlines",
	}
	f.ID = f.ContentID()
	return f
}

func TestFactsRoundTrip(t *testing.T) {
	t.Parallel()
	all := append(manyFacts(8), fullFact(t))
	var csv bytes.Buffer
	if err := pricebook.WriteFacts(&csv, all); err != nil {
		t.Fatal(err)
	}
	again, err := pricebook.ReadFacts(bytes.NewReader(csv.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all, again); diff != "" {
		t.Error(diff)
	}
	if head, _, _ := strings.Cut(csv.String(), "\n"); head != "id,seller,sku,model,meter,price,per,currency,service_tier,region,prompt_tokens,window,"+
		"image_size,image_quality,valid_from,valid_to,known_from,known_to,promo_until,layer,basis,source,checked,confidence,free,note" {
		t.Errorf("header %s", head)
	}
}

func TestFactIDSaysWhatIsPriced(t *testing.T) {
	t.Parallel()
	f := fullFact(t)
	id := f.ID
	f.Known.To, f.Source.Ref, f.Note, f.Confidence = at("2030-01-01"), "elsewhere", "", pricebook.High
	if f.ContentID() != id || !strings.HasPrefix(id, "pf_") || len(id) != 19 {
		t.Error("evidence and the end of known must not change the id")
	}
	for name, change := range map[string]func(*pricebook.Fact){
		"price":     func(f *pricebook.Fact) { f.Price = money.Must("2") },
		"condition": func(f *pricebook.Fact) { f.When.Inclusive = false },
		"tier":      func(f *pricebook.Fact) { f.When.ServiceTiers = []string{"batch"} },
		"region":    func(f *pricebook.Fact) { f.When.Regions, f.When.ServiceTiers = f.When.ServiceTiers, f.When.Regions },
		"valid":     func(f *pricebook.Fact) { f.Valid.To = at("2028-01-01") },
		"known":     func(f *pricebook.Fact) { f.Known.From = at("2026-08-02") },
	} {
		g := fullFact(t)
		if change(&g); g.ContentID() == id {
			t.Errorf("another %s has the same id", name)
		}
	}
}

func TestReadFactsDefaults(t *testing.T) {
	t.Parallel()
	all, err := pricebook.ReadFacts(strings.NewReader("\ufeffsku,seller,meter,price,free\ng,o,in_text,3e-05,\nt,o,web_search,0,true\n"))
	if err != nil {
		t.Fatal(err)
	}
	f, g := all[0], all[1]
	if f.Price.String() != "0.00003" || f.Per != 1_000_000 || f.Currency != "USD" || f.Layer != pricebook.List || f.Confidence != pricebook.Medium || f.ID == "" {
		t.Errorf("%+v", f)
	}
	if g.Per != 1 || !g.Free {
		t.Errorf("%+v", g)
	}
}

func TestReadFactsNamesLineAndField(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"":                {"empty"},
		"seller,colour\n": {"colour"},
		"seller,seller\n": {"twice"},
		"seller,meter,price,prompt_tokens,valid_from,layer,free,window\no,in_txt,x,200000,2026-13-01,lst,maybe,UTC\no,in_text,1,>0,soon,,,\n": {
			"line 2, meter", "line 2, price", "line 2, prompt_tokens", "line 2, valid_from", "line 2, layer", "line 2, free", "line 2, window",
			"line 3, prompt_tokens", "line 3, valid_from"},
		"seller,price\n\"o\no\",1\no,x\n":                {"line 4, price"},
		"seller,price\no\n":                              {"line 2", "wrong number of fields"},
		"seller,price\n" + strings.Repeat("o,x\n", 1000): {"line 21"},
	} {
		_, err := pricebook.ReadFacts(strings.NewReader(in))
		if spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%.40q: %v", in, err)
			continue
		}
		for _, part := range want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%.40q: %q is not in %v", in, part, err)
			}
		}
		if strings.Contains(err.Error(), "line 23") {
			t.Errorf("too many problems: %v", err)
		}
	}
}

func TestAliasesRoundTrip(t *testing.T) {
	t.Parallel()
	const csv = "seller,match,kind,sku,region,valid_from,valid_to,note\nmistral,mistral-large-latest,exact,mistral-large-2512,,2025-12-02,,moved\nbedrock,b,exact,c,eu,,2026-01-01T10:00:00Z,\n"
	all, err := pricebook.ReadAliases(strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := pricebook.WriteAliases(&out, all); err != nil || out.String() != csv {
		t.Errorf("%v\n%s", err, out.String())
	}
	if _, err := pricebook.ReadAliases(strings.NewReader("seller,match,kind,sku\no,gpt,prefix,gpt-5\n")); err == nil {
		t.Error("a prefix alias is accepted")
	}
}

func TestReadYAML(t *testing.T) {
	t.Parallel()
	d, err := pricebook.ReadYAML(strings.NewReader(`
schema: pricebook/1
facts:
  - seller: azure
    sku: gpt-5.6-sol
    model: openai/gpt-5.6-sol
    meter: in_text
    price: 4.10
    when:
      service_tier: [standard]
      region: [global]
      prompt_tokens: {gt: 272000}
      windows: {tz: UTC, days: [mon, tue, wed], spans: ["01:00-04:00", "06:00-10:00"]}
    valid: ["2026-09-01T00:00:00Z", null]
    promo_until_at_least: 2026-11-30
    known: ["2026-09-02T08:00:00Z", ~]
    layer: promo
    basis: vendor_page
    source: {url: "https://example.org", checked: "2026-11-20"}
    confidence: high
aliases:
  - {seller: azure, match: {exact: gpt-5.6}, sku: gpt-5.6-sol, valid: ["2026-07-09", null]}
overlays:
  - {id: ent-2026, seller: azure, scope: {account: acme}, select: {sku_glob: "gpt-5*", meter_glob: "in_*"},
     op: multiply, value: "0.88", base: list, valid: ["2026-01-01", "2027-01-01"], precedence: 10}
`))
	if err != nil {
		t.Fatal(err)
	}
	f := d.Facts[0]
	if f.Price.String() != "4.1" || f.When.Conditions() != "tier standard, region global, prompt >272000, window UTC mon-wed 01:00-04:00+06:00-10:00" ||
		f.PromoUntilAtLeast != at("2026-11-30") || !f.Known.To.IsZero() || f.Layer != pricebook.Promo || f.ID != f.ContentID() {
		t.Errorf("%+v", f)
	}
	if a := d.Aliases[0]; a.Match != "gpt-5.6" || a.SKU != "gpt-5.6-sol" {
		t.Errorf("%+v", a)
	}
	if o := d.Overlays[0]; o.Value.String() != "0.88" || o.SKUGlob != "gpt-5*" || o.Account != "acme" || o.Precedence != 10 {
		t.Errorf("%+v", o)
	}
}

func TestReadYAMLRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                 "empty",
		"schema: other/2":                  "pricebook/1",
		"schema: pricebook/1\ncolour: red": "colour",
		"schema: pricebook/1\nfacts: [{seller: o, when: {holidays: cn}}]":                           "holidays",
		"schema: pricebook/1\nfacts: [{seller: o, sku: m, meter: in_text, price: [1]}]":             "one value",
		"schema: pricebook/1\nfacts: [{seller: o, sku: m, meter: tok, price: x, valid: [2026]}]":    "fact 1, price",
		"schema: pricebook/1\nfacts: [{seller: o, sku: m, meter: in_text}]":                         "fact 1, price",
		"schema: pricebook/1\nfacts: [{seller: o, sku: m, meter: in_text, price: 1, per: 0}]":       "fact 1, per: 0: want 1",
		"schema: pricebook/1\nfacts: [{seller: o, sku: m, meter: in_text, price: 1, per: -1}]":      "fact 1, per: -1: want 1",
		"schema: pricebook/1\noverlays: [{id: a, seller: o, op: fixed, value: '1', valid: [a, b]}]": "overlay 1, valid",
		"schema: pricebook/1\n---\nschema: pricebook/1":                                             "more than one",
	} {
		_, err := pricebook.ReadYAML(strings.NewReader(in))
		if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want %q in %v", in, want, err)
		}
	}
}

// TestTheGuidesPrices reads the examples of docs/prices.md: the table is the facts of the
// document, under the same ids.
func TestTheGuidesPrices(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../docs/prices.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(language string) io.Reader {
		_, rest, _ := strings.Cut(string(guide), "```"+language+"\n")
		text, _, _ := strings.Cut(rest, "```")
		return strings.NewReader(text)
	}
	d, err := pricebook.ReadYAML(block("yaml"))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := pricebook.ReadFacts(block("csv"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(facts, d.Facts); diff != "" || len(facts) != 3 || len(d.Limits) != 1 || len(d.Overlays) != 1 {
		t.Errorf("%+v (-csv +yaml):\n%s", d, diff)
	}
}

func FuzzReadFacts(f *testing.F) {
	f.Add("seller,sku,meter,price,window\no,m,in_text,1,UTC mon-fri 01:00-04:00\n")
	f.Fuzz(func(t *testing.T, in string) {
		all, err := pricebook.ReadFacts(strings.NewReader(in))
		if err != nil {
			return
		}
		var csv bytes.Buffer
		if err := pricebook.WriteFacts(&csv, all); err != nil {
			t.Fatal(err)
		}
		if _, err := pricebook.ReadFacts(&csv); err != nil {
			t.Errorf("%v\nafter writing %q", err, in)
		}
	})
}
