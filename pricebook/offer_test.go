package pricebook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/pricebook"
)

func TestOffers(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		acme   gpt-5       in_text 5 - - - 2025-01-01
		acme   gpt-5       in_text 4 - - - 2026-01-01
		acme   gpt-5       out_text 20 - - - 2026-01-01
		acme   gpt-5-mini  in_text 1 - - - 2026-01-01
		acme   gpt-5-mini  in_text 0.5 - - - 2026-02-01
		acme   old-gpt-5   in_text 9 - - - 2024-01-01
		shop   secret      in_text 7 - - - 2026-01-01
		tail   gpt-5       in_text 6 - - - 2026-01-01`)
	all[0].Valid.To = all[1].Valid.From
	all[4].Layer = pricebook.Promo
	all[5].Valid.To = all[0].Valid.From
	all[6].Layer = pricebook.Contract
	all[7].Confidence = pricebook.Low
	for i := range all[:6] {
		all[i].Confidence = pricebook.High
	}
	book := compile(t, all)
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	found := book.Offers(pricebook.Search{Text: "GPT-5", At: at, Limit: 10})
	var names []string
	for _, o := range found {
		names = append(names, o.Seller+"/"+o.SKU)
	}
	if got := strings.Join(names, " "); got != "acme/gpt-5 tail/gpt-5 acme/gpt-5-mini acme/old-gpt-5" {
		t.Fatalf("found %s", got)
	}
	if o := found[0]; o.Prices != 2 || o.Output.Price.Amount.String() != "20" || o.Promotion || !o.Changed.Equal(all[1].Valid.From) {
		t.Errorf("the first is %+v", o)
	}
	if o := found[2]; o.Input.Price.Amount.String() != "0.5" || !o.Promotion {
		t.Errorf("a promotion does not count: %+v", o)
	}
	if o := found[3]; o.Prices != 0 || o.Input.Price.Valid {
		t.Errorf("what is no longer sold has a price: %+v", o)
	}
	behind := book.Offers(pricebook.Search{Text: "gpt-5", At: at, After: &found[1].Place, Limit: 1})
	if len(behind) != 1 || behind[0].SKU != "gpt-5-mini" {
		t.Errorf("behind the second comes %+v", behind)
	}
	for contracts, n := range map[bool]int{false: 0, true: 1} {
		if got := book.Offers(pricebook.Search{Text: "shop secret", At: at, Contracts: contracts, Limit: 10}); len(got) != n {
			t.Errorf("contracts %t: %+v", contracts, got)
		}
	}
}
