package pricebook_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func TestTies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table string
		tie   bool
	}{
		"same conditions":        {"o m in_text 1 - - - 2025-01-01\n o m in_text 2 - - - 2025-06-01", true},
		"one after the other":    {"o m in_text 1 - - - 2025-01-01 2025-06-01\n o m in_text 2 - - - 2025-06-01", false},
		"overlapping tiers":      {"o m in_text 1 batch|flex - - 2025-01-01\n o m in_text 2 flex - - 2025-01-01", true},
		"standard by two names":  {"o m in_text 1 - - - 2025-01-01\n o m in_text 2 default - - 2025-01-01", true},
		"other tiers":            {"o m in_text 1 batch - - 2025-01-01\n o m in_text 2 flex - - 2025-01-01", false},
		"overlapping regions":    {"o m in_text 1 - eu|us - 2025-01-01\n o m in_text 2 - us - 2025-01-01", true},
		"region beside none":     {"o m in_text 1 - eu - 2025-01-01\n o m in_text 2 - - - 2025-01-01", false},
		"regional beside region": {"o m in_text 1 - eu - 2025-01-01\n o m in_text 2 - regional - 2025-01-01", false},
		"one bound twice":        {"o m in_text 1 - - >200000 2025-01-01\n o m in_text 2 - - >=200001 2025-01-01", true},
		"two bounds":             {"o m in_text 1 - - >200000 2025-01-01\n o m in_text 2 - - >=200000 2025-01-01", false},
		"two layers":             {"o m in_text 1 - - - 2025-01-01 - list\n o m in_text 2 - - - 2025-01-01 - promo", false},
		"other sku":              {"o m in_text 1 - - - 2025-01-01\n o n in_text 2 - - - 2025-01-01", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pricebook.Compile(facts(t, c.table), nil, nil, time.Time{})
			if tie := err != nil && strings.Contains(err.Error(), " tie: "); tie != c.tie {
				t.Errorf("tie %t, want %t: %v", tie, c.tie, err)
			}
		})
	}
}

func TestWindowsTieWhereTheyOverlap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		tie  bool
	}{
		{"UTC 01:00-04:00", "UTC 03:59-05:00", true}, {"UTC 01:00-04:00", "UTC 04:00-05:00", false},
		{"UTC mon 01:00-04:00", "UTC tue 01:00-04:00", false}, {"UTC mon 23:00-01:00", "UTC tue 00:30-04:00", true},
		{"UTC mon-fri 01:00-04:00", "not UTC mon-fri 01:00-04:00", false}, {"UTC 01:00-04:00", "Asia/Tokyo 20:00-21:00", true},
	} {
		all := facts(t, "o m in_text 1 - - - 2025-01-01\n o m in_text 2 - - - 2025-01-01")
		all[0].When.Window, all[1].When.Window = window(t, c.a), window(t, c.b)
		if _, err := pricebook.Compile(all, nil, nil, time.Time{}); (err != nil) != c.tie {
			t.Errorf("%s, %s: %v", c.a, c.b, err)
		}
	}
}

func TestCompileListsEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		o m in_text 1 - - - 2025-01-01
		o m in_text 1 - - - 2025-01-01
		o m out_text 0 - - - 2025-01-01
		o m cache_read -1 - - - 2025-01-01
		o m in_audio 1 - - - 2025-02-01 2025-01-01
		o m in_image 1 - - - 2025-02-01`)
	all[5].Currency = "EUR"
	_, err := pricebook.Compile(all, []pricebook.Alias{{Seller: "o", Match: "x", SKU: "gone"}, {Seller: "o", Match: "y", SKU: "m"}, {Seller: "o", Match: "y", SKU: "m"}},
		[]pricebook.Overlay{{ID: "a", Seller: "x-ai", Op: "divide"}, {ID: "a", Value: money.Must("-1"), SKUGlob: "["}}, time.Time{})
	if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{"id is used twice", " tie: ", "must say free", "is negative", "ends before", "one currency", "no fact of its SKU gone", "at one time", "divide",
		"called xai", `overlay "a": its id`, "value is negative", `pattern "["`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in the error:\n%v", part, err)
		}
	}
}

func TestCompileBoundsItsList(t *testing.T) {
	t.Parallel()
	all := manyFacts(100)
	for i := range all {
		all[i].Per = 0
	}
	if _, err := pricebook.Compile(all, nil, nil, time.Time{}); err == nil || strings.Count(err.Error(), "\n") != 21 || !strings.Contains(err.Error(), "and 80 more") {
		t.Errorf("%v", err)
	}
}

// The same facts in any order give the same hash and the same prices, and what
// is not known does not count.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 11))
	all := manyFacts(800)
	late := all[0]
	late.Price, late.Known.From = money.Must("9"), at("2027-01-01")
	late.ID = late.ContentID()
	first, err := pricebook.Compile(all, nil, nil, at("2026-06-01"))
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, late)
	for range 5 {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		again, err := pricebook.Compile(all, nil, nil, at("2026-06-01"))
		if err != nil {
			t.Fatal(err)
		}
		if again.Hash() != first.Hash() || len(again.Hash()) != 16 {
			t.Fatalf("hash %s, want %s", again.Hash(), first.Hash())
		}
		call := pricebook.Call{Seller: "seller3", Model: "model-3", At: at("2026-05-01"), Usage: usage(random.Int64N(1e6), random.Int64N(1e6), random.Int64N(1e6))}
		if diff := cmp.Diff(rated(first, call), rated(again, call)); diff != "" {
			t.Fatal(diff)
		}
	}
	if other := compile(t, manyFacts(799)); other.Hash() == first.Hash() {
		t.Error("another set of facts has the same hash")
	}
}

// For any usage, lines sum to the list amount, components do too, and rating
// twice into one Rating gives the same.
func TestLinesSumToTheTotal(t *testing.T) {
	t.Parallel()
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	var r, again pricebook.Rating
	priced := 0
	sellers := book.Sellers()
	for range 20_000 {
		seller := sellers[random.IntN(len(sellers))]
		skus := book.SKUs(seller)
		u := &spend.Usage{}
		for range 1 + random.IntN(4) {
			m := spend.Meters()[random.IntN(len(spend.Meters()))]
			if err := u.Set(m, money.FromInt(random.Int64N(1_000_000))); err != nil {
				t.Fatal(err)
			}
		}
		call := pricebook.Call{Seller: seller, Model: skus[random.IntN(len(skus))], Usage: u,
			At: at("2024-01-01").Add(time.Duration(random.Int64N(int64(3 * 365 * 24 * time.Hour)))), ServiceTier: []string{"", "batch", "priority"}[random.IntN(3)]}
		book.Rate(&call, &r)
		book.Rate(&call, &again)
		if diff := cmp.Diff(r, again); diff != "" {
			t.Fatal(diff)
		}
		checkSums(t, &r)
		if r.State != spend.Unpriced {
			priced++
		}
	}
	if priced < 1000 {
		t.Errorf("only %d of 20,000 calls were priced: the test proves little", priced)
	}
}

func checkSums(t *testing.T, r *pricebook.Rating) {
	t.Helper()
	var lines, contracted []money.Amount
	for i := range r.Lines {
		lines, contracted = append(lines, r.Lines[i].USD), append(contracted, r.Lines[i].Contracted)
	}
	sum, _ := money.Sum(lines...)
	sumContracted, _ := money.Sum(contracted...)
	costs, _ := money.Sum(r.Costs[:]...)
	if sum != r.List || costs != r.List || sumContracted != r.Contracted {
		t.Fatalf("lines %s, costs %s, list %s; contracted %s of %s", sum, costs, r.List, sumContracted, r.Contracted)
	}
	if r.State == spend.Unpriced && (r.Reason == "" || len(r.Lines) > 0 || !r.List.IsZero()) {
		t.Fatalf("an unpriced rating says %+v", r)
	}
}

func TestOverlays(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		openai gpt-5 in_text  1.25 - - - 2025-08-07 2026-06-01
		openai gpt-5 in_text  1.00 - - - 2026-06-01
		openai gpt-5 out_text 10   - - - 2025-08-07
		openai gpt-4 in_text  30   - - - 2025-08-07
		openai gpt-4 in_text  20   - - - 2025-08-07 - contract
		openai o3    in_text  2    - - - 2025-08-07
		openai o3    in_text  1.5  - - - 2025-08-07 - contract
		openai o3    in_text  1.9  - - - 2025-08-07 - override
		openai o4    in_text  3    - - - 2025-08-07 - contract`)
	half := []pricebook.Overlay{
		{ID: "ent", Seller: "openai", Account: "acme", SKUGlob: "gpt-5*", MeterGlob: "in_*", Op: pricebook.Multiply, Value: money.Must("0.88"),
			Valid: pricebook.Span{From: at("2026-01-01"), To: at("2027-01-01")}, Precedence: 10},
		{ID: "out", Seller: "openai", SKUGlob: "gpt-5", MeterGlob: "out_*", Op: pricebook.Fixed, Value: money.Must("0.008"), Per: 1000, Precedence: 10},
		{ID: "weak", Seller: "openai", Op: pricebook.Multiply, Value: money.Must("0.99"), SKUGlob: "gpt-5", Precedence: 1},
		{ID: "all", Seller: "openai", Op: pricebook.Multiply, Value: money.Must("0.5"), SKUGlob: "o3"},
	}
	book, err := pricebook.Compile(all, nil, half, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ model, account, at, list, contracted, terms string }{
		{"gpt-5", "acme", "2026-05-31", "11.25", "9.1", "ent"},
		{"gpt-5", "acme", "2026-06-01", "11", "8.88", "ent"}, // multiply follows the list, fixed does not
		{"gpt-5", "other", "2026-06-01", "11", "8.99", "weak"},
		{"gpt-5", "acme", "2027-01-01", "11", "8.99", "weak"},
		{"o3", "acme", "2026-06-01", "1.9", "1.9", ""}, // an override stands above all
		{"o4", "acme", "2026-06-01", "3", "3", "contract"},
	} {
		u := usage(1_000_000, 0, 0)
		if c.model == "gpt-5" {
			u = usage(1_000_000, 0, 1_000_000)
		}
		r := rated(book, pricebook.Call{Seller: "openai", Account: c.account, Model: c.model, At: at(c.at), Usage: u})
		if r.List.String() != c.list || r.Contracted.String() != c.contracted {
			t.Errorf("%+v: got list %s, contracted %s", c, r.List, r.Contracted)
		}
		if got := r.Lines[0].ContractedTerms; got != c.terms && c.terms != "contract" || c.terms == "contract" && !strings.HasPrefix(got, "pf_") {
			t.Errorf("%+v: terms %q", c, got)
		}
	}
	r := rated(book, pricebook.Call{Seller: "openai", Model: "gpt-4", At: at("2026-06-01"), Usage: usage(1_000_000, 0, 0)})
	if r.List.String() != "30" || r.Contracted.String() != "20" || !strings.Contains(r.FactIDs(), ",") {
		t.Errorf("a contract fact must leave the list alone: %s, %s, %s", r.List, r.Contracted, r.FactIDs())
	}
	tied := append(half, pricebook.Overlay{ID: "twin", Seller: "openai", SKUGlob: "gpt-*", Op: pricebook.Fixed, Value: money.Must("1"), Precedence: 1})
	if _, err := pricebook.Compile(all, nil, tied, time.Time{}); err == nil || !strings.Contains(err.Error(), `"twin"`) {
		t.Errorf("tied overlays: %v", err)
	}
}
