package pricebook

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Row is one line of the price history of a model: a price and when it held, or
// a name and the SKU that it stood for.
type Row struct {
	Valid      Span
	Known      Span
	SKU        string
	Meter      spend.Meter  // of a price
	Price      money.Amount // for Per units; of a price
	Per        int64        // 0 when the row says where a name pointed
	Currency   money.Currency
	Conditions string
	Layer      Layer
	Source     Source
	Confidence Confidence
	FactID     string
	Note       string
}

// Repoint says that the row tells where a name pointed, not what it cost.
func (r *Row) Repoint() bool { return r.Per == 0 }

// History lists every price of a seller's model, revoked ones included, by
// meter, conditions and start; and before them, for a name of the alias table,
// the SKUs that it stood for, with the prices of each.
func History(facts []Fact, aliases []Alias, seller, model string) []Row {
	seller = Seller(seller)
	rows := []Row{}
	skus := map[string]bool{model: true}
	for _, a := range aliases {
		if a.Seller == seller && a.Match == model {
			skus[a.SKU] = true
			rows = append(rows, Row{Valid: a.Valid, SKU: a.SKU, Note: a.Note})
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return a.Valid.From.Compare(b.Valid.From) })
	var prices []Row
	for i := range facts {
		if f := &facts[i]; f.Seller == seller && skus[f.SKU] {
			prices = append(prices, f.row())
		}
	}
	slices.SortStableFunc(prices, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Meter, b.Meter), cmp.Compare(a.Conditions, b.Conditions),
			a.Valid.From.Compare(b.Valid.From), a.Known.From.Compare(b.Known.From))
	})
	return append(rows, prices...)
}

func (f *Fact) row() Row {
	return Row{
		Valid: f.Valid, Known: f.Known, SKU: f.SKU, Meter: f.Meter, Price: f.Price, Per: f.Per, Currency: f.Currency,
		Conditions: f.When.Conditions(), Layer: f.layer(), Source: f.Source, Confidence: f.Confidence, FactID: f.ID, Note: f.Note,
	}
}
