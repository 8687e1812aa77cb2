package api

import (
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// PriceHistory is every price that a seller's model had.
type PriceHistory struct {
	Seller string  `json:"seller"`
	Model  string  `json:"model"`
	Prices []Price `json:"prices"`
}

// Price is one dated price, or, without an amount, a SKU that a name stood for.
type Price struct {
	SKU        string               `json:"sku"`
	Meter      string               `json:"meter,omitempty"`
	Price      money.Null           `json:"price"`         // for Per units, null when a name is told
	Per        int64                `json:"per,omitempty"` // 1000000 for tokens
	Currency   money.Currency       `json:"currency,omitempty"`
	Conditions string               `json:"conditions,omitempty"`
	Layer      pricebook.Layer      `json:"layer,omitempty"`
	ValidFrom  time.Time            `json:"valid_from,omitzero"`
	ValidTo    time.Time            `json:"valid_to,omitzero"` // not included
	KnownFrom  time.Time            `json:"known_from,omitzero"`
	KnownTo    time.Time            `json:"known_to,omitzero"`
	Source     string               `json:"source,omitempty"`
	Confidence pricebook.Confidence `json:"confidence,omitempty"`
	Fact       string               `json:"fact,omitempty"`
	Note       string               `json:"note,omitempty"`
}

func priceRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/prices/{seller}/{model...}", action: auth.PriceRead, handle: (*call).prices,
			summary: "Tells every price of a seller's model. Prices of contracts show to those who may read contracts.",
			params:  []param{{"path", "seller", "who bills"}, {"path", "model", "the seller's own model id; it may hold slashes"}},
			out:     PriceHistory{}, status: http.StatusOK,
		},
	}
}

func shownPrice(r *pricebook.Row) Price {
	p := Price{
		SKU: r.SKU, Per: r.Per, Currency: r.Currency, Conditions: r.Conditions, Layer: r.Layer,
		ValidFrom: r.Valid.From, ValidTo: r.Valid.To, KnownFrom: r.Known.From, KnownTo: r.Known.To,
		Source: r.Source.Ref, Confidence: r.Confidence, Fact: r.FactID, Note: r.Note,
	}
	if !r.Repoint() {
		p.Meter, p.Price = r.Meter.String(), money.Known(r.Price)
	}
	return p
}

// prices tells a history. What a vendor conceded in a contract is not for all
// who may read prices.
func (c *call) prices() (reply, error) {
	h := PriceHistory{Seller: c.request.PathValue("seller"), Model: c.request.PathValue("model"), Prices: []Price{}}
	rows, err := c.Prices.History(c.request.Context(), h.Seller, h.Model)
	if err != nil {
		return reply{}, err
	}
	contracts := auth.Authorise(c.who, auth.ContractRead, auth.Target{}).Allowed
	for i := range rows {
		if contracts || rows[i].Layer != pricebook.Contract {
			h.Prices = append(h.Prices, shownPrice(&rows[i]))
		}
	}
	if len(h.Prices) == 0 {
		return reply{}, spend.Errorf(spend.KindNotFound, "find the prices", "%.60q has no prices of a model %.100q", h.Seller, h.Model).
			WithHint("name the model as its seller does")
	}
	return jsonReply(http.StatusOK, h), nil
}
