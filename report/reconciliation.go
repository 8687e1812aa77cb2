package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// ReconcileAsk asks how metered, reported and invoiced agree in a month.
type ReconcileAsk struct {
	Period   spend.Period
	From, To time.Time // of the month in UTC; of a vendor with another zone it is the same dates in it
	Seller   string    // "" for all
	Exact    bool      // from and to are these instants for every vendor
}

// NewReconcileAsk reads a month like 2026-09.
func NewReconcileAsk(period, seller string) (q ReconcileAsk, err error) {
	from, err := time.Parse("2006-01", period)
	if err != nil || len(period) != len("2006-01") {
		return q, spend.Errorf(spend.KindInvalid, "read period", "%.20q is no month", period).WithHint("a month like 2026-09: --period 2026-09, or period=2026-09 over HTTP")
	}
	return ReconcileAsk{Period: spend.Period(period), From: from, To: from.AddDate(0, 1, 0), Seller: seller}, nil
}

// Reconciliation says how the books of a month agree, and why they do not.
type Reconciliation struct {
	Period spend.Period `json:"period"`
	Seller string       `json:"seller"` // "" for all
	reconcile.Answer
	Why []ReasonMeaning `json:"why"` // each reason that rows have, in words
}

// ReasonMeaning is a reason of a reconciliation in words.
type ReasonMeaning struct {
	Reason reconcile.Reason `json:"reason"`
	Why    string           `json:"why"`
}

// Explain puts the reasons of the bills into words, in their order.
func (r *Reconciliation) Explain() {
	r.Why = []ReasonMeaning{}
	for _, reason := range reconcile.Reasons() {
		if slices.ContainsFunc(r.Bills, func(b reconcile.Bill) bool {
			return slices.ContainsFunc(b.Reasons, func(p reconcile.Part) bool { return p.Reason == reason })
		}) {
			r.Why = append(r.Why, ReasonMeaning{reason, reason.Why()})
		}
	}
}

// ReconciliationText writes a reconciliation for a person: each account with what explains
// its difference, the lines that do not pass, and keys that nobody answers for.
func ReconciliationText(w io.Writer, r *Reconciliation) error {
	if len(r.Bills) == 0 {
		_, err := fmt.Fprintf(w, "nothing is metered, reported or billed in %s\n  → bursar import openai|anthropic|copilot|cursor|focus|bedrock|azure|google-cloud FILE…\n", r.Period)
		return err
	}
	var text strings.Builder
	for i := range r.Bills {
		writeBill(&text, &r.Bills[i])
	}
	lines := [][]string{{"DAY", "SELLER", "SKU", "OWNER", "METERED", "BILLED", "DIFFERENCE", "WHY"}}
	for i := range r.Rows {
		if row := &r.Rows[i]; !row.Passes && row.Basis != "" {
			lines = append(lines, rowCells(row))
		}
	}
	if len(lines) > 1 {
		text.WriteString("\nlines beyond the tolerance of " + r.Line.Amount.String() + " or " + percent(money.Known(r.Line.Share)) + "\n")
		table(&text, lines)
	}
	r.shadowText(&text)
	r.inferredText(&text)
	if len(r.Why) > 0 {
		text.WriteString("\n")
	}
	for _, why := range r.Why {
		fmt.Fprintf(&text, "%s: %s\n", why.Reason, why.Why)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func table(text *strings.Builder, lines [][]string) {
	out := tabwriter.NewWriter(text, 0, 0, 2, ' ', 0)
	for _, cells := range lines {
		fmt.Fprintln(out, strings.Join(cells, "\t")) //nolint:errcheck // a builder takes all
	}
	out.Flush() //nolint:errcheck // the same
}

func writeBill(text *strings.Builder, b *reconcile.Bill) {
	billed, verb := b.Reported, "reported"
	switch b.Basis {
	case spend.Invoiced:
		billed, verb = b.Invoiced, "invoiced"
	case "":
		told := "no report or bill is in yet"
		if b.Through != "" {
			told = "what is reported through " + b.Through + " tells no money"
		}
		fmt.Fprintf(text, "%s %s: metered %s, and %s\n", b.Seller, oneLine(key(b.Account)), strings.TrimSpace(amountOf(b.Metered)+" "+string(b.Currency))+elsewhere(b.Zone), told)
		return
	}
	verdict := "passes"
	if !b.Passes {
		verdict = "does not pass"
	}
	fmt.Fprintf(text, "%s %s: metered %s, %s %s %s through %s%s; it %s\n", b.Seller, oneLine(key(b.Account)), amountOf(b.Metered), verb, amountOf(billed), b.Currency, b.Through, elsewhere(b.Zone), verdict)
	lines := [][]string{{"  metered", amountOf(b.Metered)}}
	for _, p := range b.Reasons {
		lines = append(lines, []string{"  " + string(p.Reason), amountOf(p.Amount)})
	}
	table(text, append(lines, []string{"  " + verb, amountOf(billed)}))
	fmt.Fprintf(text, "  coverage %s, price accuracy %s, unknown %s\n", percent(b.Coverage), percent(b.Accuracy), percent(b.Unknown))
}

// elsewhere says that a seller's days are not those of UTC.
func elsewhere(zone string) string {
	if zone == "" || zone == time.UTC.String() {
		return ""
	}
	return " by days of " + zone
}

func rowCells(r *reconcile.Row) []string {
	day := r.Day
	if day == "" {
		day = "month"
	}
	billed := r.Reported
	if r.Basis == spend.Invoiced {
		billed = r.Invoiced
	}
	owner := r.Owner
	switch {
	case owner == "":
		owner = "nobody"
	case r.Shared:
		owner += " and others"
	}
	why := make([]string, len(r.Reasons))
	for i, p := range r.Reasons {
		why[i] = string(p.Reason) + " " + amountOf(p.Amount)
	}
	if r.Dispute {
		why = append(why, "dispute it")
	}
	return []string{day, r.Seller, oneLine(key(r.SKU)), oneLine(owner), nullOf(r.Metered), nullOf(billed), amountOf(r.Variance) + " " + string(r.Currency), strings.Join(why, ", ")}
}

func nullOf(a money.Null) string {
	if !a.Valid {
		return "–"
	}
	return amountOf(a.Amount)
}

func (r *Reconciliation) shadowText(text *strings.Builder) {
	if len(r.Shadow) == 0 {
		return
	}
	text.WriteString("\nkeys that nobody answers for\n")
	lines := [][]string{{"SELLER", "ACCOUNT", "KIND", "NAME", "BOOK", "AMOUNT", "CALLS", "TOKENS", "FIRST", "LAST"}}
	for i := range r.Shadow {
		s := &r.Shadow[i]
		lines = append(lines, []string{
			s.Seller, oneLine(key(s.Account)), s.Kind, oneLine(s.Name), string(s.Book), shadowAmount(s), count(s.Calls), count(s.Tokens), s.First, s.Last,
		})
	}
	table(text, lines)
}

// shadowAmount is a dash where the vendor tells no money, which is no zero.
func shadowAmount(s *reconcile.Shadow) string {
	if s.Currency == "" {
		return "–"
	}
	return amountOf(s.Amount) + " " + string(s.Currency)
}

func (r *Reconciliation) inferredText(text *strings.Builder) {
	if len(r.Inferred) == 0 {
		return
	}
	text.WriteString("\nrates for a million tokens that the vendors' amounts show\n")
	for i := range r.Inferred {
		f := &r.Inferred[i]
		var rates []string
		for m := range spend.ColumnMeters {
			if rate, known := f.PerMillion[m]; known {
				rates = append(rates, m.String()+" "+rate.String())
			}
		}
		fmt.Fprintf(text, "%s %s: %s %s; %d of %d amounts, off by at most %s\n", f.Seller, oneLine(f.Model), strings.Join(rates, ", "), f.Currency, f.Samples, f.Of, f.Residual)
	}
}
