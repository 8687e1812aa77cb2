package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// TrueUpAsk asks to book what bills of a month say otherwise than was metered.
type TrueUpAsk struct {
	ReconcileAsk
	Owner    string // team that answers for money of nobody, or of several teams
	Reported bool   // accounts that have no bill are brought to what is reported
}

// TrueUps says what was booked of a reconciliation, so that what is metered and booked of
// each account that has a bill is what is invoiced, or of one without a bill, where that is
// asked for, what is reported.
type TrueUps struct {
	Period   spend.Period    `json:"period"`
	Seller   string          `json:"seller"` // "" for all
	Accounts []reconcile.Due `json:"accounts"`
	Unbilled int             `json:"unbilled"` // accounts without a bill, or without a report where that is enough: nothing is booked of them

	// What became of the lines.
	Booked    int64 `json:"booked"`    // for the first time
	Repeated  int64 `json:"repeated"`  // told before: they stand as they were, or come back
	Corrected int64 `json:"corrected"` // reversed and booked anew
	Withdrawn int64 `json:"withdrawn"` // reversed, for nothing is due any more
	Refused   int64 `json:"refused"`   // in the quarantine
}

// TrueUpsText writes what was booked for a person: each account with its reasons, and how
// many lines came, stayed and went.
func TrueUpsText(w io.Writer, t *TrueUps) error {
	var text strings.Builder
	for i := range t.Accounts {
		d := &t.Accounts[i]
		billed, by := d.Invoiced, d.Bill
		if d.Basis == spend.Reported {
			billed, by = d.Reported, "the vendor's report"
		}
		fmt.Fprintf(&text, "%s %s: metered %s and true-ups of %s are %s %s, as %s says\n", d.Seller, oneLine(key(d.Account)), amountOf(d.Metered), amountOf(d.Amount), amountOf(billed), d.Currency, oneLine(by))
		if !d.Late.IsZero() {
			fmt.Fprintf(&text, "  %s of later days is not reported yet, and left as it is\n", amountOf(d.Late))
		}
		lines := [][]string{}
		for _, p := range d.Reasons {
			lines = append(lines, []string{"  " + string(p.Reason), amountOf(p.Amount)})
		}
		table(&text, lines)
	}
	if len(t.Accounts) == 0 {
		fmt.Fprintf(&text, "no account has a bill of %s, so nothing is due\n  → bursar import focus|bedrock|azure|google-cloud FILE…\n", t.Period)
	}
	if t.Unbilled > 0 {
		fmt.Fprintf(&text, "%d accounts have no bill yet; nothing is booked of them\n  → --reported brings them to what their vendors report\n", t.Unbilled)
	}
	fmt.Fprintf(&text, "%d lines booked, %d told before, %d corrected, %d withdrawn\n", t.Booked, t.Repeated, t.Corrected, t.Withdrawn)
	if t.Refused > 0 {
		fmt.Fprintf(&text, "%d lines were refused, so the sums are not those of the bills\n  → bursar quarantine list\n", t.Refused)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
