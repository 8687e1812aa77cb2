package exchange

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Basis says what a rate was taken from.
type Basis string

// The bases.
const (
	DayRate     Basis = "day"     // a quotation of a day, for whatever was used on it
	InvoiceRate Basis = "invoice" // what a seller converted a bill with, for the month that it bills
)

// Rate is a dated fact: one unit of From was worth Rate units of To. It is
// never changed; a correction is a further fact that was learned later.
type Rate struct {
	ID      string         `json:"id"` // ContentID
	From    money.Currency `json:"from"`
	To      money.Currency `json:"to"`
	Rate    money.Amount   `json:"rate"` // above zero
	Day     Day            `json:"day"`  // that it was quoted on; of an invoice its date
	Basis   Basis          `json:"basis"`
	Seller  string         `json:"seller,omitempty"`  // of an invoice
	Account string         `json:"account,omitempty"` // of an invoice, "" for every account of the seller
	Period  spend.Period   `json:"period,omitempty"`  // the month that the invoice bills
	Source  string         `json:"source"`            // who says so, "ecb"
	Known   time.Time      `json:"known"`             // when Bursar learned it, UTC with microseconds
}

// limit is above every rate that was ever quoted between currencies in use.
const limit = 1_000_000_000

// ContentID names a fact by all that it says and when it was learned.
func (r *Rate) ContentID() string {
	return spend.Digest("exchange", string(r.From), string(r.To), r.Rate.String(), r.Day.String(), string(r.Basis),
		r.Seller, r.Account, string(r.Period), r.Source, strconv.FormatInt(r.Known.UnixMicro(), 10)).String()
}

// Validate gives every mistake of a fact at once, none when it can be kept.
func (r *Rate) Validate() []spend.Problem {
	var found []spend.Problem
	check := func(sound bool, field, msg string) {
		if !sound {
			found = append(found, spend.Problem{Field: field, Msg: msg})
		}
	}
	check(r.From.Validate() == nil, "from", "must be a currency of three upper-case letters, like EUR")
	check(r.To.Validate() == nil, "to", "must be a currency of three upper-case letters, like USD")
	check(r.From == "" || r.From != r.To, "to", "is the currency that it converts from; of one currency no rate is needed")
	check(r.Rate.Sign() > 0 && r.Rate.Cmp(money.FromInt(limit)) < 0, "rate", "must be above 0 and below 1,000,000,000")
	check(r.Day > 0, "day", "must be a day like 2026-11-25")
	check(r.Source != "" && shown(r.Source), "source", "must say who states the rate, in up to 80 printable characters")
	switch r.Basis {
	case DayRate:
		check(r.Seller+r.Account+string(r.Period) == "", "basis", "must be invoice when seller, account or period are given")
	case InvoiceRate:
		check(r.Seller != "" && shown(r.Seller), "seller", "must say whose invoice it is, in up to 80 printable characters")
		check(shown(r.Account), "account", "must be up to 80 printable characters")
		check(isMonth(r.Period), "period", "must be the month that the invoice bills, like 2026-11")
	default:
		check(false, "basis", "must be day or invoice")
	}
	return found
}

// shown says that a name can stand in a list.
func shown(s string) bool {
	unprintable := func(c rune) bool { return !unicode.IsPrint(c) }
	return len(s) <= 80 && utf8.ValidString(s) && !strings.ContainsFunc(s, unprintable)
}

func isMonth(p spend.Period) bool {
	_, err := time.Parse("2006-01", string(p))
	return err == nil
}
