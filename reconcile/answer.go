package reconcile

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Level says how closely two books were matched.
type Level string

// The levels, in the order in which a match is looked for.
const (
	ByDay    Level = "day"    // SKU, account and day
	ByMonth  Level = "month"  // SKU and account in the whole period
	ByVendor Level = "vendor" // the account as a whole: the bill tells no SKU
	Alone    Level = "alone"  // one of the two says nothing of it
)

// Part is an amount of a difference, and why.
type Part struct {
	Reason Reason       `json:"reason"`
	Amount money.Amount `json:"amount"`
}

// Row sets the books beside each other. Billed is what is invoiced, else what is reported;
// metered and the reasons come to it. A null amount is of a book that says none.
type Row struct {
	Level    Level          `json:"level"`
	Seller   string         `json:"seller"`
	Account  string         `json:"account"`
	Day      string         `json:"day"` // in the vendor's zone, "" for the whole period
	SKU      string         `json:"sku"`
	Owner    string         `json:"owner"`  // the team of its lines, "" for nobody
	Shared   bool           `json:"shared"` // several teams have a part of it; the owner is the first by name
	Currency money.Currency `json:"currency"`
	Metered  money.Null     `json:"metered"`
	Reported money.Null     `json:"reported"`
	Invoiced money.Null     `json:"invoiced"`
	Basis    spend.Book     `json:"basis"`    // the book that is billed by, "" when neither says anything
	Variance money.Amount   `json:"variance"` // billed − metered
	Reasons  []Part         `json:"reasons"`
	Passes   bool           `json:"passes"`         // the variance is within the tolerance of a line
	Dispute  bool           `json:"dispute"`        // a part of it is the vendor's error
	Tokens   int64          `json:"metered_tokens"` // prompt and completion
	Billed   int64          `json:"billed_tokens"`  // 0 when the vendor tells none
	Unpriced int64          `json:"unpriced_calls"` // metered without an amount
	Late     bool           `json:"late"`           // metered on a day behind all those whose money the vendor tells
}

// Bill is an account of a seller in one currency.
type Bill struct {
	Seller   string         `json:"seller"`
	Account  string         `json:"account"`
	Currency money.Currency `json:"currency"`
	Zone     string         `json:"zone"` // IANA name: the seller's, of its days and of the month
	Basis    spend.Book     `json:"basis"`
	ID       string         `json:"bill_id"` // of what is invoiced: who it came from, account and month
	Metered  money.Amount   `json:"metered"`
	Reported money.Amount   `json:"reported"`
	Invoiced money.Amount   `json:"invoiced"`
	Variance money.Amount   `json:"variance"` // billed − metered
	Reasons  []Part         `json:"reasons"`
	Passes   bool           `json:"passes"`   // the variance is within the tolerance of an invoice
	Coverage money.Null     `json:"coverage"` // metered tokens of those that the vendor counts, 1 for all; null when it counts none
	Accuracy money.Null     `json:"accuracy"` // 1 less the share of covered money that is priced otherwise
	Unknown  money.Null     `json:"unknown"`  // the share of what is billed that nothing explains
	Through  string         `json:"through"`  // the last day of which the vendor says something
}

// Booked is what is booked of true-ups of an account.
type Booked struct {
	Seller   string         `json:"seller"`
	Account  string         `json:"account"`
	Currency money.Currency `json:"currency"`
	Basis    spend.Book     `json:"basis"` // the book that it was brought to
	Amount   money.Amount   `json:"amount"`
}

// Answer is a reconciliation.
type Answer struct {
	Bills    []Bill     `json:"bills"`
	Rows     []Row      `json:"rows"`
	Shadow   []Shadow   `json:"shadow"`   // usage on keys that nobody answers for
	Inferred []Inferred `json:"inferred"` // rates that amounts of the vendor show
	Booked   []Booked   `json:"booked"`   // true-ups that are booked, which are in no other figure here
	Line     Tolerance  `json:"line_tolerance"`
	Invoice  Tolerance  `json:"invoice_tolerance"`
}

// Tolerance is what a variance may be: the larger of an amount and a share of what is
// billed.
type Tolerance struct {
	Amount money.Amount `json:"amount"`
	Share  money.Amount `json:"share"`
}

// Tolerances are those of a line and of an invoice.
func Tolerances() (line, invoice Tolerance) {
	return Tolerance{money.Must("0.01"), money.Must("0.005")}, Tolerance{money.FromInt(1), money.Must("0.0025")}
}

// holds says that a variance is within the tolerance.
func (t Tolerance) holds(variance, billed money.Amount) bool {
	share, err := billed.Abs().Mul(t.Share, 1)
	return variance.Abs().Cmp(t.Amount) <= 0 || err == nil && variance.Abs().Cmp(share) <= 0
}
