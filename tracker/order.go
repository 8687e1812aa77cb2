package tracker

import (
	"cmp"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
)

func compareCells(a, b cell) int {
	return cmp.Or(
		cmp.Compare(globalFirst(a), globalFirst(b)),
		cmp.Compare(a.seller, b.seller), cmp.Compare(a.sku, b.sku),
		cmp.Compare(a.meter, b.meter), cmp.Compare(a.when, b.when),
	)
}

func globalFirst(c cell) int {
	if strings.Contains(c.when, "|global|") {
		return 0
	}
	return 1
}

func compareSkips(a, b Skip) int {
	return cmp.Or(cmp.Compare(a.Book, b.Book), cmp.Compare(a.Row, b.Row), cmp.Compare(a.What, b.What), cmp.Compare(a.Reason, b.Reason))
}

// compareFacts is the order of the files: by SKU, meter, conditions and time.
func compareFacts(a, b pricebook.Fact) int {
	return cmp.Or(
		cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Meter, b.Meter),
		cmp.Compare(strings.Join(a.When.ServiceTiers, ","), strings.Join(b.When.ServiceTiers, ",")),
		cmp.Compare(a.When.PromptAbove, b.When.PromptAbove),
		cmp.Compare(conditions(a.When), conditions(b.When)),
		a.Valid.From.Compare(b.Valid.From), a.Known.From.Compare(b.Known.From), a.Price.Cmp(b.Price),
	)
}
