package tracker

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/bursarhq/bursar/pricebook"
)

// limit notes what a book says of a model's size; nothing where it says nothing.
func (r *Reading) limit(who identity, context, output int64) {
	if context <= 0 && output <= 0 || who.seller == "" || who.sku == "" {
		return
	}
	origin := OriginOf(r.Book)
	r.Limits = append(r.Limits, pricebook.Limit{
		Seller: who.seller, SKU: who.sku, Context: max(context, 0), Output: max(output, 0),
		Source: pricebook.Source{Ref: origin.Ref, Checked: origin.Snapshot},
	})
}

// whole reads a number of tokens, 0 for what is none.
func whole(raw json.RawMessage) int64 {
	n, err := strconv.ParseInt(string(raw), 10, 32)
	if err != nil {
		return 0
	}
	return n
}

// limitsOf gives the limits of the SKUs that are priced. A limit must never be too
// low, since calls are held at it: of several the largest counts, and a context below
// a prompt that has a price of its own is none.
func limitsOf(readings map[Book]*Reading, result *Result) ([]pricebook.Limit, error) {
	book, err := pricebook.Compile(result.Facts, result.Aliases, nil, day(""))
	if err != nil {
		return nil, err
	}
	found := map[listing]pricebook.Limit{}
	for _, name := range Books() {
		r := readings[name]
		if r == nil {
			continue
		}
		for _, l := range r.Limits {
			m := book.Match(l.Seller, l.SKU, l.Source.Checked)
			if m.SKU == "" || m.How == pricebook.Normalised {
				continue
			}
			l.SKU = m.SKU
			found[listing{m.Seller, m.SKU}] = larger(found[listing{m.Seller, m.SKU}], l)
		}
	}
	tiers := highestTiers(result.Facts)
	var all []pricebook.Limit
	for at, l := range found {
		if l.Context < tiers[at] {
			l.Context, l.Note = 0, "prompts above the context that is told have a price"
		}
		if l.Context > 0 || l.Output > 0 {
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b pricebook.Limit) int {
		return cmp.Or(cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.SKU, b.SKU))
	})
	return all, nil
}

// larger joins two limits of one SKU, and names both sources where it took from both.
func larger(a, b pricebook.Limit) pricebook.Limit {
	switch {
	case a.SKU == "" || b.Context >= a.Context && b.Output >= a.Output:
		return b
	case a.Context >= b.Context && a.Output >= b.Output:
		return a
	case a.Context > b.Context:
		a.Note = "context " + a.Source.Ref
		a.Output, a.Source = b.Output, b.Source
		return a
	}
	b.Note = "output " + a.Source.Ref
	b.Output = a.Output
	return b
}

// highestTiers gives the largest prompt from which a SKU has a price of its own.
func highestTiers(facts []pricebook.Fact) map[listing]int64 {
	all := map[listing]int64{}
	for i := range facts {
		at := listing{facts[i].Seller, facts[i].SKU}
		all[at] = max(all[at], facts[i].When.PromptAbove+1)
	}
	return all
}
