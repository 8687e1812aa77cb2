package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// PriceIndexes says how list prices moved by month. Levels are 1 in the first month and
// chained by Fisher's index of what has a price at both ends of a link; null is not known.
type PriceIndexes struct {
	Sentence string            `json:"sentence"`
	Currency money.Currency    `json:"currency"` // of what the repriced usage comes to: that of the prices, unless rate says otherwise
	Rate     *report.OneRate   `json:"rate"`     // by which money is told in the currency that was asked for, of the last month's instant; null in that of the prices
	Months   []PriceIndexMonth `json:"months"`
	Families []PriceFamily     `json:"families"` // product lines that were used, the costliest of the last month first
	Basket   PriceBasket       `json:"market_basket"`
	Repriced RepricedUsage     `json:"repriced"`
}

// PriceIndexMonth is one month: what the organisation used, the market basket, and the
// newest model of each product line.
type PriceIndexMonth struct {
	Month  string     `json:"month"`
	At     time.Time  `json:"at"` // the instant whose prices count
	Ours   PriceLevel `json:"ours"`
	Market PriceLevel `json:"market"`
	Newest PriceLevel `json:"newest"`
}

// PriceFamily is one product line: what the organisation used of it, and the models of the
// market basket that are of it, in the order of the months.
type PriceFamily struct {
	Line   string       `json:"line"`
	Ours   []PriceLevel `json:"ours"`
	Market []PriceLevel `json:"market"`
	Models int          `json:"models"` // of the basket
}

// PriceLevel is an index in a month, with its link to the last month before that has one.
type PriceLevel struct {
	Level  money.Null `json:"level"`
	Link   PriceIndex `json:"link"`
	Models int        `json:"models"` // that the link compares
}

// PriceBasket names what the market is: sellers' models of the price book with dated
// list prices of text, one dollar of each, three prompt tokens to one of the answer.
type PriceBasket struct {
	Models  int       `json:"models"`
	Book    string    `json:"price_book"` // its hash
	Checked time.Time `json:"checked"`    // the newest check of a price in it
}

// RepricedUsage is the usage of the last month at the list prices of the last and of the
// first.
type RepricedUsage struct {
	Month    string       `json:"month"`
	Since    string       `json:"since"`
	Now      money.Amount `json:"now"`
	Then     money.Amount `json:"then"`
	Models   int          `json:"models"`
	Beyond   money.Amount `json:"beyond"` // at the prices of now: models that had no price then, in neither figure
	Beside   int          `json:"beside"` // models in that
	Unpriced int          `json:"unpriced"`
}

func priceIndexRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/price-index", action: auth.SpendRead, handle: (*call).priceIndex,
		summary: "Says how list prices moved by month: of what the whole organisation used, of the market, and of the newest models; and what the last month's usage would have cost in the first.",
		params: []param{
			{"query", "month", "the last month, of finance, like 2026-10; the last whole one when empty"},
			{"query", "months", "how many, 2 to 61; 13 when empty"},
			{"query", "zone", "IANA name; the organisation's when empty"},
			{"query", "currency", "of what the repriced usage comes to, like EUR, by the exchange rate of the last month's instant; that of the prices when empty"},
			{"query", "format", "json (when empty), csv, or text as the command line prints it"},
		},
		out: PriceIndexes{}, status: http.StatusOK,
	}}
}

func (c *call) priceIndex() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	if c.form, err = formOf(v); err != nil {
		return reply{}, err
	}
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return reply{}, err
	}
	ask := report.IndexAsk{Month: v.Get("month"), Zone: zone.String(), Fiscal: c.View().Fiscal}
	if text := v.Get("months"); text != "" {
		if ask.Months, err = strconv.Atoi(text); err != nil || ask.Months < 2 {
			return reply{}, spend.Errorf(spend.KindInvalid, "read months", "%.40q is no number of months", text).WithHint("2 to 61")
		}
	}
	to := money.Currency(v.Get("currency"))
	if _, err := c.currencyOf(string(to)); err != nil {
		return reply{}, err
	}
	var x report.PriceIndex
	if err := c.inTurn(func(ctx context.Context) (err error) {
		x, err = c.indexed(ctx, &ask)
		return err
	}); err != nil {
		return reply{}, err
	}
	if to != "" && to != x.Currency {
		told := report.Currency{To: to, Rates: c.Exchange.InForce()}
		if err := told.Index(&x, zone); err != nil {
			return reply{}, err
		}
	}
	switch c.form {
	case formCSV:
		return written("text/csv; charset=utf-8", &x, report.IndexCSV)
	case formText:
		return written("text/plain; charset=utf-8", &x, report.IndexText)
	}
	return jsonReply(http.StatusOK, priceIndexes(&x)), nil
}

// indexed asks the ledger what was used, and the price book what it cost.
func (c *call) indexed(ctx context.Context, ask *report.IndexAsk) (x report.PriceIndex, err error) {
	book := c.book()
	if book == nil {
		return x, spend.Errorf(spend.KindNotFound, "find the price book", "there is none").WithHint("ask a server that has opened its folder")
	}
	q, err := ask.Question(c.now)
	if err != nil {
		return x, err
	}
	used, err := c.Asker.Answer(ctx, &q.Used)
	if err != nil {
		return x, err
	}
	return q.IndexOf(book, &used)
}

func priceIndexes(x *report.PriceIndex) PriceIndexes {
	last, r := len(x.Market)-1, &x.Repriced
	out := PriceIndexes{
		Sentence: x.Sentence(), Currency: x.Currency, Rate: x.Rate, Basket: PriceBasket{x.Models, x.Book, x.Checked},
		Repriced: RepricedUsage{
			Month: x.Market[last].Month.Name, Since: x.Market[0].Month.Name, Now: r.Now, Then: r.Then, Models: r.Models,
			Beyond: r.Beyond, Beside: r.Beside, Unpriced: r.Unpriced,
		},
	}
	for i := range x.Market {
		out.Months = append(out.Months, PriceIndexMonth{
			Month: x.Market[i].Month.Name, At: x.Market[i].Month.At.UTC(),
			Ours: priceLevel(&x.Ours[i]), Market: priceLevel(&x.Market[i]), Newest: priceLevel(&x.Newest[i]),
		})
	}
	out.Families = []PriceFamily{}
	for i := range x.Families {
		f := &x.Families[i]
		shown := PriceFamily{Line: f.Line, Models: f.Models}
		for m := range f.Market {
			shown.Ours, shown.Market = append(shown.Ours, priceLevel(&f.Ours[m])), append(shown.Market, priceLevel(&f.Market[m]))
		}
		out.Families = append(out.Families, shown)
	}
	return out
}

func priceLevel(p *market.Point) PriceLevel {
	return PriceLevel{p.Level, PriceIndex{p.Link.Laspeyres, p.Link.Paasche, p.Link.Fisher}, p.Link.Leaves}
}
