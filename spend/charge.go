package spend

import (
	"time"

	"github.com/bursarhq/bursar/money"
)

// Book names the ledger book of a line. A query reads exactly one.
type Book string

// The books.
const (
	Metered   Book = "metered"   // what we saw
	Reported  Book = "reported"  // a vendor's usage or cost export
	Invoiced  Book = "invoiced"  // a vendor's bill
	Allocated Book = "allocated" // lines of a chargeback run
)

// Category is what a charge is for, in the words of FOCUS.
type Category string

// The categories.
const (
	CategoryUsage      Category = "usage"
	CategoryPurchase   Category = "purchase"
	CategoryCredit     Category = "credit"
	CategoryTax        Category = "tax"
	CategoryAdjustment Category = "adjustment"
)

// IsUsage says that a category is priced by its meters; the others bring their
// amount with them.
func (c Category) IsUsage() bool { return c == "" || c == CategoryUsage }

// PriceState says how a line's price came about.
type PriceState string

// The price states.
const (
	Priced   PriceState = "priced"
	Flagged  PriceState = "flagged"  // priced, with a flag that a reader must see
	Unpriced PriceState = "unpriced" // amount unknown, never zero
)

// Finality says whether a figure may still change.
type Finality string

// The finalities.
const (
	Provisional Finality = "provisional"
	Final       Finality = "final"
)

// Component is one part of a line's cost.
type Component uint8

// The cost components. They sum to the list cost of the line.
const (
	CostIn         Component = iota // fresh prompt tokens
	CostCacheRead                   // cached prompt tokens
	CostCacheWrite                  // tokens written to a cache
	CostOut                         // completion tokens
	CostOther                       // requests, searches, seconds, images, …

	Components // the number of components
)

// String gives the component's name, the lake column without "cost_".
func (c Component) String() string {
	return [...]string{"in", "cache_read", "cache_write", "out", "other"}[c]
}

// ComponentOf sorts a meter into a cost component.
func ComponentOf(m Meter) Component {
	switch m {
	case CacheRead, CacheReadAudio, CacheReadImage:
		return CostCacheRead
	case CacheWrite5m, CacheWrite1h, CacheWriteOther, CacheWrite30m:
		return CostCacheWrite
	}
	switch {
	case m.Prompt():
		return CostIn
	case m.Completion():
		return CostOut
	}
	return CostOther
}

// Model is the canonical identity of what served a call. Version may be empty.
type Model struct {
	Developer string `json:"developer,omitempty"` // who made it, "anthropic"
	Family    string `json:"family,omitempty"`    // product line, "claude-sonnet"
	Name      string `json:"name,omitempty"`      // "claude-sonnet-4-5"
	Version   string `json:"version,omitempty"`   // snapshot, "20250929"
}

// Charge is a signed line of the ledger: an event with its price, or a money-only
// line. Additive columns are Calls, Usage, Costs, the amounts and Exposure; a
// reversal negates them all and keeps every dimension.
type Charge struct {
	Event

	ID         ID         `json:"id"`
	AttemptID  ID         `json:"attempt_id"`        // the attempt that the line belongs to
	Corrects   ID         `json:"corrects,omitzero"` // the line that this one reverses or replaces
	ContentID  ID         `json:"content_id"`        // digest of the event's claims
	Calls      int64      `json:"calls"`             // +n, −n on a reversal, 0 on a re-rate
	BookedAt   time.Time  `json:"booked_at"`         //
	Period     Period     `json:"period"`            // where finance posted it
	Origin     Period     `json:"origin_period"`     // where it happened
	Claims     string     `json:"claims,omitempty"`  // the scope as claimed, JSON, when rules changed it
	Canonical  Model      `json:"model"`             //
	Context    string     `json:"context_tier"`      // "" base, ">200000", ">=200000"
	PriceState PriceState `json:"price_state"`       //

	Costs      [Components]money.Amount `json:"costs"`      // zero when unpriced; sum to List
	List       money.Null               `json:"list"`       // null exactly when unpriced
	Contracted money.Null               `json:"contracted"` //
	Effective  money.Null               `json:"effective"`  //
	Billed     money.Null               `json:"billed"`     // null until a bill says
	Currency   money.Currency           `json:"currency"`   // of all amounts above
	Reporting  money.Null               `json:"reporting"`  // effective in the reporting currency
	RateFact   string                   `json:"rate_fact"`  // the exchange-rate fact, "par" when none is needed
	Exposure   money.Amount             `json:"exposure"`   // the hold of an unknown amount

	PriceBook string   `json:"price_book"` // hash of the book that priced it
	Facts     string   `json:"facts"`      // ids of its price facts, joined by commas
	Rule      string   `json:"rule"`       // the attribution rule that decided
	Finality  Finality `json:"finality"`
	Schema    int      `json:"schema"` // version of the row's columns
}

// Reverse gives the line that takes c back: every additive column negated,
// every dimension equal. It is posted at an instant into a period.
func (c Charge) Reverse(at time.Time, in Period) Charge {
	r := c
	r.ID = Digest("reversal", c.ID.String())
	r.Corrects = c.ID
	r.BookedAt, r.Period = at, in
	r.Calls = -c.Calls
	r.Usage = c.Usage.Neg()
	for i, cost := range c.Costs {
		r.Costs[i] = cost.Neg()
	}
	r.Exposure = c.Exposure.Neg()
	for i, amount := range c.amounts() {
		*r.amounts()[i] = amount.Neg()
	}
	r.Reported = c.Reported.Neg()
	return r
}

func (c *Charge) amounts() [5]*money.Null {
	return [5]*money.Null{&c.List, &c.Contracted, &c.Effective, &c.Billed, &c.Reporting}
}

// Same says that two lines book the same money, meters, scope and dimensions,
// so that no correction is due. Booking time, finality, ids and who said it do
// not count.
func (c *Charge) Same(d *Charge) bool {
	for i, amount := range c.amounts() {
		if *amount != *d.amounts()[i] {
			return false
		}
	}
	return c.Event.told() == d.Event.told() && c.Calls == d.Calls && c.Costs == d.Costs &&
		c.Exposure == d.Exposure && c.Canonical == d.Canonical && c.PriceState == d.PriceState &&
		c.Book == d.Book && c.Rule == d.Rule
}

// told digests what an event says, whoever says it.
func (e Event) told() ID {
	e.Source, e.SourceKey, e.Partition, e.Response, e.Attempt = "", "", "", "", ""
	e.Rank, e.UsageSource = 0, ""
	return e.Content()
}

// Correct gives the lines that turn what is booked into what should be: none
// when they are the same, else a reversal and a replacement.
func Correct(booked, due Charge, closedThrough Period) []Charge {
	if booked.Same(&due) {
		return nil
	}
	due.Corrects = booked.ID
	due.ID = Digest("replacement", booked.ID.String(), due.ContentID.String())
	return []Charge{booked.Reverse(due.BookedAt, booked.Period.Post(closedThrough)), due}
}
