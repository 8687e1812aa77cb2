package report

import (
	"math/big"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Coverage says how much of a window is attributed, by dimension, and what of it is
// not. Shares are rounded to 6 decimals, and null where there is nothing to have a
// share of.
type Coverage struct {
	From       *time.Time         `json:"from"` // null for the beginning
	To         *time.Time         `json:"to"`
	Zone       string             `json:"tz"`
	Grain      spend.Grain        `json:"grain"` // of the trend
	Currency   money.Currency     `json:"currency"`
	Total      Figures            `json:"total"`
	Dimensions []CoveredDimension `json:"dimensions"`
	Defaults   Covered            `json:"defaults"` // what default rules alone decided; it has values, and is in the shares of its dimensions
	Gaps       Figures            `json:"gaps"`     // all that lacks a team, an application or a workflow
	Slices     []Slice            `json:"slices"`   // its largest parts, each with a rule; a line is in that of its most telling field
	Beyond     Figures            `json:"beyond"`   // the rest of the gaps
	Fiscal     spend.Fiscal       `json:"-"`        // how months are cut
	Location   *time.Location     `json:"-"`        // of the buckets
}

// Figures are what some lines cost, and beside it what has no amount.
type Figures struct {
	Calls            int64        `json:"calls"`
	Tokens           int64        `json:"tokens"` // prompt and completion
	Cost             money.Amount `json:"cost"`
	Exposure         money.Amount `json:"exposure"` // money not yet known, never inside cost
	UnpricedCalls    int64        `json:"unpriced_calls"`
	UnconvertedCalls int64        `json:"unconverted_calls"`
}

// CoveredDimension is what has a value in one dimension.
type CoveredDimension struct {
	Dimension spend.Dimension `json:"dimension"`
	Covered
	Trend []CoveredBucket `json:"trend"`
}

// Covered is a part of a total, by money and by tokens.
type Covered struct {
	Cost       money.Amount `json:"cost"`
	Tokens     int64        `json:"tokens"`
	MoneyShare money.Null   `json:"money_share"`
	TokenShare money.Null   `json:"token_share"`
}

// CoveredBucket is a part of the total of one time bucket.
type CoveredBucket struct {
	Bucket time.Time `json:"bucket"` // its start
	Covered
}

// Slice is what a suggested rule would attribute.
type Slice struct {
	Field string   `json:"field"` // by which the rule matches
	Value string   `json:"value"`
	Lacks []string `json:"lacks"` // of the dimensions, by some lines of it
	Figures
	Rule string `json:"rule"` // YAML, to be read, changed and pasted by a person
}

// CoveredOf sets a part against its total.
//
// Example: 1 of 4 in money and 3 of 4 in tokens are the shares 0.25 and 0.75.
func CoveredOf(cost money.Amount, tokens int64, total *Figures) Covered {
	return Covered{
		Cost: cost, Tokens: tokens, MoneyShare: share(cost, total.Cost),
		TokenShare: share(money.FromInt(tokens), money.FromInt(total.Tokens)),
	}
}

func share(part, of money.Amount) money.Null {
	if of.IsZero() {
		return money.Null{}
	}
	a, err := money.Parse(new(big.Rat).SetFrac(part.Big(), of.Big()).FloatString(6))
	return money.Null{Amount: a, Valid: err == nil}
}
