package ingest

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Export says what a vendor's export held, and what was made of it.
type Export struct {
	Kind    string        `json:"kind"`    // "openai usage"
	Book    spend.Book    `json:"book"`    // that it was booked in
	Rows    int64         `json:"rows"`    // of the file, without its header
	From    string        `json:"from"`    // first day, "" when there is none
	Through string        `json:"through"` // last day
	Zone    string        `json:"zone"`    // of days that name none; of the days of a bill, those of its sellers
	Totals  []ExportTotal `json:"totals"`  // of what is owed, by currency; none when it tells no money
	Notes   []string      `json:"notes"`   // what a reader should know of it, in sentences
}

// ExportTotal is what an export asks in one currency.
type ExportTotal struct {
	Currency money.Currency `json:"currency"`
	Owed     money.Amount   `json:"owed"`     // credits and discounts taken off
	Included money.Amount   `json:"included"` // in a plan, at the vendor's prices; in no total
}
