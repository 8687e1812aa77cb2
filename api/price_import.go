package api

import (
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// PriceOrder is a file of prices that is to be taken over.
type PriceOrder struct {
	Name   string `json:"name"`              // of the file; .yaml and .yml are read as YAML
	Text   string `json:"text"`              // facts as CSV or YAML, or a public price book
	All    bool   `json:"all,omitempty"`     // of a public book also the models that ours does not hold
	DryRun bool   `json:"dry_run,omitempty"` // only say what would change, and what would be refused
	Over   string `json:"over,omitempty"`    // of the dry run whose changes are meant: refused when another price book is in force by now
}

// PriceImport says what a file of prices changes.
type PriceImport struct {
	ReadAs   string         `json:"read_as"`           // facts, or the name of the public book
	Changes  []ChangedPrice `json:"changes"`           // by seller, model and meter, at most 1,000
	Changed  int            `json:"changed"`           // all of them
	Terms    []string       `json:"terms"`             // aliases, overlays and limits
	Findings []PriceFinding `json:"findings"`          // of the lint, on what is new
	LeftOut  []PriceLeftOut `json:"left_out"`          // rows that are not used, and why, at most 1,000
	Left     int            `json:"left"`              // all of them
	Refused  string         `json:"refused,omitempty"` // why none of it can be saved
	Saved    bool           `json:"saved"`             // the prices are in force
	Over     string         `json:"over"`              // the price book that was in force before
	Past     *PastPrices    `json:"past"`              // of a dry run: what pricing the past anew by it would change; null when it is refused
}

// ChangedPrice is one price that changes.
type ChangedPrice struct {
	Kind       pricebook.ChangeKind `json:"kind"`
	Seller     string               `json:"seller"`
	Model      string               `json:"model"` // the seller's own id
	Meter      string               `json:"meter"`
	Conditions string               `json:"conditions,omitempty"`
	Layer      pricebook.Layer      `json:"layer,omitempty"`
	Old        QuotedPrice          `json:"old"`
	New        QuotedPrice          `json:"new"`
	Factor     money.Null           `json:"factor"` // the new price of a unit over the old one, null without one
	From       *time.Time           `json:"from"`   // of the price, null for the beginning
	Source     string               `json:"source,omitempty"`
}

// PriceFinding is something that a person should look at.
type PriceFinding struct {
	Severity pricebook.Severity `json:"severity"`
	Says     string             `json:"says"`
}

// PriceLeftOut is a row of a public book that is not used.
type PriceLeftOut struct {
	Row    string `json:"row"`
	What   string `json:"what"`
	Reason string `json:"reason"`
}

// PricedModel names what is priced anew.
type PricedModel struct {
	Seller string `json:"seller"`          // every seller when empty
	Model  string `json:"model,omitempty"` // the seller's own id; all of the seller when empty
}

// RepriceOrder asks to price the past anew by the price book in force.
type RepriceOrder struct {
	From   string        `json:"from"`              // start: an age (30d), a date, or RFC 3339
	To     string        `json:"to,omitempty"`      // end, not included; now when empty
	Of     []PricedModel `json:"of,omitempty"`      // everything when empty
	DryRun bool          `json:"dry_run,omitempty"` // only say what would change
}

// PastPrices says what prices change in the past, or did.
type PastPrices struct {
	From     time.Time      `json:"from"`
	To       time.Time      `json:"to"`
	Of       []PricedModel  `json:"of"` // that were looked at
	Currency money.Currency `json:"currency"`
	ingest.Repricing
}

// RepricePast is a window that is to be priced anew.
type RepricePast struct {
	Window lake.Window
	Of     []PricedModel // everything when empty
	Dry    bool
}

func priceImportRoutes() []route {
	return []route{
		{
			pattern: "POST /api/v1/prices/import", action: auth.PriceChange, handle: (*call).takePrices,
			summary: "Takes over a file of prices, all or none, for what is booked from now on. A dry run says what would change, what would be refused, and what pricing the past anew by it would come to. A price that is replaced is closed, never deleted.",
			in:      PriceOrder{}, out: PriceImport{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/prices/restate", action: auth.PastRestate, handle: (*call).restatePrices,
			summary: "Prices the past anew by the price book in force: a reversal and a replacement for each line that comes to another amount. Sending it again goes on where it was, and changes nothing twice.",
			params:  []param{repeatKey()}, in: RepriceOrder{}, out: PastPrices{}, status: http.StatusOK,
		},
	}
}

func (c *call) takePrices() (reply, error) {
	var order PriceOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	if order.Text == "" {
		return reply{}, spend.Errorf(spend.KindInvalid, "import prices", "text: is missing").WithHint("send the content of the file; docs/prices.md shows one")
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	done, err := c.Prices.TakePrices(c.request.Context(), c.who, order)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, done), nil
}

func (c *call) restatePrices() (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	var order RepriceOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	window, err := c.stretch(order.From, order.To)
	if err != nil {
		return reply{}, err
	}
	done, err := c.Prices.RestatePrices(c.request.Context(), c.who, RepricePast{Window: window, Of: order.Of, Dry: order.DryRun})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, done), nil
}
