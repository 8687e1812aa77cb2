package budget_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

const prices = `seller,sku,meter,price,service_tier,region,prompt_tokens,valid_from,valid_to,layer,free
acme,big,in_text,3,,,,2025-01-01,,,
acme,big,out_text,15,,,,2025-01-01,,,
acme,big,in_text,2,,,,2025-01-01,,contract,
acme,huge,in_text,30,,,,2025-01-01,,,
acme,huge,out_text,150,,,,2025-01-01,,,
`

func TestBounds(t *testing.T) {
	t.Parallel()
	facts, err := pricebook.ReadFacts(strings.NewReader(prices))
	if err != nil {
		t.Fatal(err)
	}
	book, err := pricebook.Compile(facts, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	words := spend.Usage{Tokens: [spend.ColumnMeters]int64{spend.InText: 1000, spend.OutText: 1000}}
	pages := words
	if err := pages.Set(spend.Page, money.FromInt(1)); err != nil {
		t.Fatal(err)
	}
	asked := words
	if err := asked.Set(spend.Request, money.FromInt(1)); err != nil {
		t.Fatal(err)
	}
	known := func(list, contracted string) budget.Cost {
		c := budget.AtMost(money.Known(usd(contracted)), "USD", 2000)
		c.List = money.Known(usd(list))
		return c
	}
	unknown := budget.AtMost(money.Null{}, "USD", 2000)
	for name, f := range map[string]struct {
		seller, model string
		usage         *spend.Usage
		want          budget.Cost
	}{
		"priced":             {"acme", "big", &words, known("0.018", "0.017")},
		"a new model":        {"acme", "unheard", &words, known("0.18", "0.18")}, // as if it were the dearest
		"a new seller":       {"nobody", "unheard", &words, known("0.18", "0.18")},
		"no fee for a call":  {"acme", "unheard", &asked, known("0.18", "0.18")},
		"what nobody prices": {"acme", "unheard", &pages, unknown},
		"no usage":           {"acme", "big", nil, budget.Cost{Calls: 1}},
		"nothing used":       {"acme", "unheard", &spend.Usage{}, budget.Cost{Calls: 1}},
	} {
		got := budget.Bound(book, &pricebook.Call{Seller: f.seller, Model: f.model, At: noon(), Usage: f.usage}, new(pricebook.Rating))
		if diff := cmp.Diff(f.want, got); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", name, diff)
		}
	}
}
