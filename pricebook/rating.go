package pricebook

import (
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Call is what the rater needs to know of one call, or of a row that sums up
// many of them.
type Call struct {
	Seller       string    // who bills, under any of the names that Seller knows
	Account      string    // the vendor account, for negotiated terms
	Model        string    // the seller's id of the model that served
	At           time.Time // start of the request, or its end where the seller prices by that
	ServiceTier  string    // the tier asked for
	ServedTier   string    // the tier that served, which beats the one asked for
	Region       string    // "" and global are the seller's global routing
	Kind         string    // operation, for the reader only: no price depends on it
	ImageSize    string    // of image meters, "1024x1024"
	ImageQuality string    // of image meters, "hd"
	Usage        *spend.Usage
	Aggregated   bool // the usage sums many calls, so a context tier cannot be known
	Public       bool // by public prices alone, as the market is priced
}

// Reason says why a call is unpriced.
type Reason string

// The reasons.
const (
	UnknownSeller  Reason = "unknown_seller"
	UnknownModel   Reason = "unknown_model"
	BeforeFirst    Reason = "before_first_price" // the seller had no price for the model yet
	NoRate         Reason = "no_rate"            // a meter with a quantity has no price
	AmountTooLarge Reason = "amount_too_large"   // beyond what money can hold
)

// Rating is the price of one call and how it came about. A Rating may be used
// again and again: Rate overwrites all of it and keeps the room of Lines.
type Rating struct {
	State   spend.PriceState
	Reason  Reason      // why unpriced, "" otherwise
	Missing spend.Meter // the meter without a price, when the reason is no_rate

	List       money.Amount // public prices, promotions included; zero when unpriced
	Contracted money.Amount // after contract prices and overlays; zero when unpriced
	Costs      [spend.Components]money.Amount
	Lines      []Line
	Flags      spend.Flags
	Context    string // the context tier of the rates, ">200000", "" base
	Currency   money.Currency

	Seller    string
	SKU       string
	Model     string      // canonical identity "developer/name"
	Canonical spend.Model // the same in parts
	Region    string      // the region that prices were looked up for
	How       How
}

// Line is the charge for one meter.
type Line struct {
	Meter    spend.Meter
	Quantity spend.Quantity
	Rate     money.Amount // for Per units
	Per      int64
	USD      money.Amount // quantity × rate / per, rounded once half to even to 12 decimals; in the rating's currency, USD in most books
	FactID   string

	Contracted      money.Amount // the same at the negotiated rate
	ContractedRate  money.Amount // for ContractedPer units
	ContractedPer   int64
	ContractedTerms string // id of the overlay or contract fact, "" when the list price holds
}

// FactIDs gives the facts and terms that the rating used, each once, joined by
// commas.
func (r *Rating) FactIDs() string {
	ids := make([]string, 0, len(r.Lines))
	for i := range r.Lines {
		for _, id := range [2]string{r.Lines[i].FactID, r.Lines[i].ContractedTerms} {
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return strings.Join(ids, ",")
}

func (r *Rating) unpriced(why Reason) {
	r.State, r.Reason = spend.Unpriced, why
	r.List, r.Contracted, r.Costs = money.Amount{}, money.Amount{}, [spend.Components]money.Amount{}
	r.Lines, r.Flags, r.Context = r.Lines[:0], 0, ""
}
