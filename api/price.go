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
	Checked    time.Time            `json:"checked,omitzero"` // when somebody last looked at the source
	Confidence pricebook.Confidence `json:"confidence,omitempty"`
	Fact       string               `json:"fact,omitempty"`
	Note       string               `json:"note,omitempty"`
}

func priceRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/prices/{seller}/{model...}", action: auth.PriceRead, handle: (*call).prices,
			summary: "Tells every price of a seller's model. Prices of contracts show to those who may read contracts.",
			params:  []param{{"path", "seller", "who bills"}, {"path", "model", "the seller's own model id; it may hold slashes"}, listFormat()},
			out:     PriceHistory{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/prices", action: auth.PriceRead, handle: (*call).offers,
			summary: "Finds models with their standard prices that are in force, those that are called like the text first.",
			params: append([]param{
				{"query", "search", "words that seller and model hold, like sonnet or openai gpt-5; all models when empty"},
				listFormat(),
			}, pageParams()...),
			out: Page[OfferedModel]{}, status: http.StatusOK,
		},
	}
}

// OfferedModel is a seller's model with its standard prices that are in force. What it
// has besides, by tier, region or prompt, is in its history.
type OfferedModel struct {
	Seller     string               `json:"seller"`
	Model      string               `json:"model"`
	Input      QuotedPrice          `json:"input"`
	Output     QuotedPrice          `json:"output"`
	Prices     int                  `json:"prices"`    // that are in force, of all meters and conditions
	Promotion  bool                 `json:"promotion"` // one of them is
	ChangedAt  time.Time            `json:"changed_at,omitzero"`
	Checked    time.Time            `json:"checked,omitzero"` // the oldest check of a source
	Confidence pricebook.Confidence `json:"confidence,omitempty"`
}

// QuotedPrice is a price for Per units, null where there is none.
type QuotedPrice struct {
	Price    money.Null     `json:"price"`
	Per      int64          `json:"per,omitempty"`
	Currency money.Currency `json:"currency,omitempty"`
}

func quoted(q *pricebook.Quote) QuotedPrice { return QuotedPrice{q.Price, q.Per, q.Currency} }

func shownPrice(r *pricebook.Row) Price {
	p := Price{
		SKU: r.SKU, Per: r.Per, Currency: r.Currency, Conditions: r.Conditions, Layer: r.Layer,
		ValidFrom: r.Valid.From, ValidTo: r.Valid.To, KnownFrom: r.Known.From, KnownTo: r.Known.To,
		Source: r.Source.Ref, Checked: r.Source.Checked, Confidence: r.Confidence, Fact: r.FactID, Note: r.Note,
	}
	if !r.Repoint() {
		p.Meter, p.Price = r.Meter.String(), money.Known(r.Price)
	}
	return p
}

// prices tells a history. What a vendor conceded in a contract is not for all
// who may read prices.
func (c *call) prices() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
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
	return pageReply(v, &h, writePrices)
}

// offers finds models. A price that a vendor conceded in a contract is not for all.
func (c *call) offers() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	limit, err := pageLimit(v)
	if err != nil {
		return reply{}, err
	}
	after, err := readCursor[pricebook.Place](v.Get("cursor"))
	if err != nil {
		return reply{}, err
	}
	search := v.Get("search")
	if len(search) > longestSearch {
		return reply{}, spend.Errorf(spend.KindInvalid, "read search", "it is longer than %d bytes", longestSearch)
	}
	s := pricebook.Search{Text: search, At: c.now, After: after, Limit: limit + 1}
	s.Contracts = auth.Authorise(c.who, auth.ContractRead, auth.Target{}).Allowed
	found, err := c.Prices.Offers(c.request.Context(), s)
	if err != nil {
		return reply{}, err
	}
	page := Page[OfferedModel]{Items: []OfferedModel{}}
	for i := range found[:min(len(found), limit)] {
		o := &found[i]
		page.Items = append(page.Items, OfferedModel{
			Seller: o.Seller, Model: o.SKU, Input: quoted(&o.Input), Output: quoted(&o.Output), Prices: o.Prices,
			Promotion: o.Promotion, ChangedAt: o.Changed, Checked: o.Checked, Confidence: o.Confidence,
		})
	}
	if len(found) > limit {
		page.Next = cursorOf(&found[limit-1].Place)
	}
	return pageReply(v, &page, writeOffers)
}
