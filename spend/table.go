package spend

import (
	"time"

	"github.com/bursarhq/bursar/money"
)

// Row is one group of an answer. Values stand in the order of the query's
// measures; an unknown value (a quantile of nothing) is not valid.
type Row struct {
	Bucket   time.Time    `json:"bucket,omitzero"` // start of the time bucket, in the query's zone
	Keys     []string     `json:"keys"`            // in the order of the query's dimensions
	Other    bool         `json:"other,omitempty"` // the groups beyond the top, summed
	Few      bool         `json:"few,omitempty"`   // with other: groups of too few people are among them
	Values   []money.Null `json:"values"`
	Previous []money.Null `json:"previous,omitempty"` // the window before
}

// Totals stand under every answer, whatever was asked.
type Totals struct {
	Values           []money.Null  `json:"values"`             // in the order of the measures
	Previous         []money.Null  `json:"previous,omitempty"` // the window before
	Calls            int64         `json:"calls"`
	Cost             money.Amount  `json:"cost"`         // settled and priced
	Other            money.Amount  `json:"other"`        // cost in groups beyond the top
	Unattributed     money.Amount  `json:"unattributed"` // cost of lines without a team
	Exposure         money.Amount  `json:"exposure"`     // money not yet known, never inside cost
	OpenCalls        int64         `json:"open_calls"`   // begun, and nothing of them booked yet
	OpenHolds        money.Amount  `json:"open_holds"`   // what those may cost, inside neither cost nor exposure
	Unpriced         Unknown       `json:"unpriced"`
	Unconverted      int64         `json:"unconverted_calls"` // priced, without an exchange rate
	Provisional      money.Amount  `json:"provisional"`       // cost that may still change
	UnconvertedLines int64         `json:"unconverted_lines"` // those of them, and of purchases, which are no calls
	WithoutRate      []money.Money `json:"unconverted"`       // their amounts, by currency
	ExposureLeft     []money.Money `json:"exposure_left"`     // exposure without an exchange rate into another currency, by its own

	Currencies []money.Currency `json:"currencies,omitempty"` // of the values that are as billed, "" where they have several; nil when none is
}

// Unknown counts what has no amount: never zero, never hidden.
type Unknown struct {
	Calls            int64 `json:"calls"`
	PromptTokens     int64 `json:"prompt_tokens"`
	CompletionTokens int64 `json:"completion_tokens"`
}

// Table answers a Query.
type Table struct {
	Query    Query          `json:"query"`
	Currency money.Currency `json:"currency"` // of every cost
	Rows     []Row          `json:"rows"`
	Totals   Totals         `json:"totals"`
}
