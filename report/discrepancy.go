package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bursarhq/bursar/discrepancy"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Comparison asks where the costs that sources say differ from list prices, and why.
type Comparison struct {
	From, To time.Time // of use; a zero time leaves that side open
	Zone     *time.Location
	Grain    spend.Grain // day, or the whole window
	Sources  []string    // none for all that say a cost
}

// Bucket is the day of a line, "" where the whole window is asked for.
func (c *Comparison) Bucket(at time.Time) string {
	if c.Grain != spend.Day {
		return ""
	}
	return at.In(c.Zone).Format(time.DateOnly)
}

// Discrepancies says where the costs that sources say differ from list prices, and why.
type Discrepancies struct {
	From   *time.Time          `json:"from"` // null for the beginning
	To     *time.Time          `json:"to"`
	Zone   string              `json:"tz"`
	Grain  spend.Grain         `json:"grain"` // day, or empty for the whole window
	Rows   []discrepancy.Row   `json:"rows"`
	Totals []discrepancy.Total `json:"totals"` // of each currency
	Why    []Meaning           `json:"why"`    // each reason that rows have, in words
}

// Meaning is a reason in words.
type Meaning struct {
	Reason discrepancy.Reason `json:"reason"`
	Why    string             `json:"why"`
}

// Explain puts the reasons of the rows into words, in the order of the rows.
func (d *Discrepancies) Explain() {
	d.Why = []Meaning{}
	known := map[discrepancy.Reason]bool{}
	for i := range d.Rows {
		if r := d.Rows[i].Reason; !known[r] {
			known[r] = true
			d.Why = append(d.Why, Meaning{r, r.Why()})
		}
	}
}

// DiscrepancyText writes discrepancies for a person: a row for each source, model and
// reason, shown so that rows sum to the totals below, and the reasons in words.
func DiscrepancyText(w io.Writer, d *Discrepancies) error {
	if len(d.Rows) == 0 {
		_, err := fmt.Fprintln(w, "no source says a cost of its own in this window\n  → bursar import litellm|langfuse|helicone|openrouter FILE…")
		return err
	}
	shown, err := shownDiscrepancies(d.Rows)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := []string{"SOURCE", "MODEL", "REASON", "CALLS", "TOKENS", "THEIRS", "LIST", "LIST − THEIRS"}
	if d.Grain == spend.Day {
		head = append([]string{"DAY"}, head...)
	}
	lines := [][]string{head}
	for i := range d.Rows {
		r := &d.Rows[i]
		reason := string(r.Reason)
		if r.Detail != "" {
			reason += " (" + oneLine(r.Detail) + ")"
		}
		line := []string{key(r.Source), oneLine(key(r.Model)), reason, count(r.Calls), count(r.Tokens), shown[0][i], shown[1][i], shown[2][i] + " " + string(r.Currency)}
		if d.Grain == spend.Day {
			line = append([]string{r.Bucket}, line...)
		}
		lines = append(lines, line)
	}
	for _, cells := range lines {
		if _, err := fmt.Fprintln(out, strings.Join(cells, "\t")); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return d.below(w)
}

// below writes the totals and the reasons in words.
func (d *Discrepancies) below(w io.Writer) error {
	for i := range d.Totals {
		t := &d.Totals[i]
		text := fmt.Sprintf("\n%s: they say %s in %s calls, the price book %s; where both say one, list − theirs is %s",
			t.Currency, amountOf(t.Theirs), count(t.Calls), amountOf(t.List), amountOf(t.Difference))
		if !t.TheirsAlone.IsZero() {
			text += fmt.Sprintf("\n  %s of theirs has no list price beside it in this currency", amountOf(t.TheirsAlone))
		}
		if !t.ListAlone.IsZero() {
			text += fmt.Sprintf("\n  %s of list prices has no figure of theirs beside it in this currency", amountOf(t.ListAlone))
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	for _, why := range d.Why {
		if _, err := fmt.Fprintf(w, "%s: %s\n", why.Reason, why.Why); err != nil {
			return err
		}
	}
	return nil
}

// amountOf shows an amount by itself.
func amountOf(a money.Amount) string { return money.Grouped(a.Fixed(costDigits(a))) }

// discrepancyDigits is what single calls and whole months are both read with.
const discrepancyDigits = 6

// shownDiscrepancies rounds each column so that its parts sum to its rounded total.
func shownDiscrepancies(rows []discrepancy.Row) (columns [3][]string, err error) {
	for k := range columns {
		parts := make([]money.Amount, len(rows))
		for i := range rows {
			parts[i] = figures(&rows[i])[k].Amount
		}
		rounded, err := money.Shown(discrepancyDigits, parts)
		if err != nil {
			return columns, err
		}
		for i := range rows {
			text := "–"
			if figures(&rows[i])[k].Valid {
				text = money.Grouped(rounded[i].Fixed(discrepancyDigits))
			}
			columns[k] = append(columns[k], text)
		}
	}
	return columns, nil
}

func figures(r *discrepancy.Row) [3]money.Null { return [3]money.Null{r.Theirs, r.List, r.Difference} }

// DiscrepancyCSV writes the rows exactly, and a total for each currency. An empty amount
// is not known.
func DiscrepancyCSV(w io.Writer, d *Discrepancies) error {
	rows := [][]string{{
		"bucket", "source", "model", "reason", "detail", "currency", "our_currency", "lines", "calls", "tokens", "theirs", "list", "difference",
	}}
	for i := range d.Rows {
		r := &d.Rows[i]
		rows = append(rows, []string{
			r.Bucket, Safe(r.Source), Safe(r.Model), string(r.Reason), Safe(r.Detail), string(r.Currency), string(r.Ours),
			fmt.Sprint(r.Lines), fmt.Sprint(r.Calls), fmt.Sprint(r.Tokens), exact(r.Theirs), exact(r.List), exact(r.Difference),
		})
	}
	for i := range d.Totals {
		t := &d.Totals[i]
		rows = append(rows, []string{
			"TOTAL", "", "", "", "", string(t.Currency), "", fmt.Sprint(t.Lines), fmt.Sprint(t.Calls), fmt.Sprint(t.Tokens),
			t.Theirs.String(), t.List.String(), t.Difference.String(),
		})
	}
	return csv.NewWriter(w).WriteAll(rows)
}
