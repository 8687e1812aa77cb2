package pricebook

import (
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Layer says where a price comes from. A contract price beats a promotion, a
// promotion beats the list, an override beats all.
type Layer string

// The layers, weakest first.
const (
	List     Layer = "list"
	Promo    Layer = "promo"
	Contract Layer = "contract"
	Override Layer = "override"
)

// Basis says what a fact rests on.
type Basis string

// The bases.
const (
	VendorPage   Basis = "vendor_page"
	VendorNotice Basis = "vendor_notice"
	Invoice      Basis = "invoice"
	Tracker      Basis = "tracker" // a public price book
	Derived      Basis = "derived" // computed from another fact by a stated rule
)

// Confidence grades a fact: high needs two independent sources or a checked
// vendor page, and a clean lint.
type Confidence string

// The confidences.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Span is a half-open interval [From, To); a zero end is open.
type Span struct{ From, To time.Time }

// Contains says that the instant lies in the interval.
func (s Span) Contains(t time.Time) bool {
	return (s.From.IsZero() || !t.Before(s.From)) && (s.To.IsZero() || t.Before(s.To))
}

// meets says that two intervals have an instant in common.
func (s Span) meets(t Span) bool {
	return (s.To.IsZero() || t.From.Before(s.To)) && (t.To.IsZero() || s.From.Before(t.To))
}

// Source is where a fact was read.
type Source struct {
	Ref     string    // address, or repository@commit:path
	Checked time.Time // the day when somebody last looked
}

// Fact is one dated price of one meter of one seller's SKU under conditions.
// It is never edited: a change closes Known and adds a new fact.
type Fact struct {
	ID     string // "pf_" and 16 hexadecimal digits of the content's digest
	Seller string // who bills: openai, azure, bedrock, google, vertex, …
	SKU    string // the seller's own model id
	Model  string // canonical identity "developer/name", for analysis only
	Meter  spend.Meter

	Price    money.Amount // per Per units; an explicit zero is a price
	Per      int64        // 1000000 for tokens, 1000 for searches, 1 for requests, 3600 for seconds priced by the hour
	Currency money.Currency

	When  When // conditions, all must hold
	Valid Span // when the price applies
	Known Span // when the book knew it; closed when superseded or revoked

	PromoUntilAtLeast time.Time // promised minimum end of a promotion; never an end

	Layer      Layer
	Basis      Basis
	Source     Source
	Confidence Confidence
	Free       bool   // the zero price is declared, not missing
	Note       string // one line for a reader
}

// Public says that a fact is a price for everybody, found where everybody may read it:
// not what a contract or an override says, an invoice shows, or a person stated.
func (f *Fact) Public() bool {
	return (f.layer() == List || f.layer() == Promo) && f.Basis != "" && f.Basis != Invoice
}

// When holds the conditions of a fact. An absent condition holds always.
type When struct {
	ServiceTiers []string // served tier is one of these: batch, flex, priority, fast, ultrafast; empty is standard
	Regions      []string // region is one of these; empty is any
	PromptAbove  int64    // context tier: whole prompt > PromptAbove, or >= when Inclusive; 0 is none
	Inclusive    bool
	Window       Window // time of day
	ImageSize    string // of the image meter
	ImageQuality string
}

// Window is a daily time window with weekday rules.
type Window struct {
	Zone  string         // IANA name, "" when there is no window
	Days  []time.Weekday // days on which the window applies; empty is all
	Spans []ClockSpan    // any of these
	Not   bool           // applies outside the spans instead
}

// ClockSpan is a half-open span of minutes since local midnight; a span whose
// end is not after its start wraps over midnight and belongs to the day it starts.
type ClockSpan struct{ From, To int }
