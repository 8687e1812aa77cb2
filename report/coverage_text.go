package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// shownBuckets is how many buckets of a trend fit on a page: the newest.
const shownBuckets = 8

// CoverageText writes coverage for a person: shares by dimension with the trend by
// money, then the largest slices that nobody owns, each with a rule.
func CoverageText(w io.Writer, c *Coverage) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := []string{"DIMENSION", "MONEY", "TOKENS"}
	if len(c.Dimensions) > 0 {
		for _, b := range newest(c.Dimensions[0].Trend) {
			head = append(head, bucket(b.Bucket, c.query()))
		}
	}
	lines := [][]string{head}
	for i := range c.Dimensions {
		d := &c.Dimensions[i]
		line := []string{string(d.Dimension), percent(d.MoneyShare), percent(d.TokenShare)}
		for _, b := range newest(d.Trend) {
			line = append(line, percent(b.MoneyShare))
		}
		lines = append(lines, line)
	}
	for _, cells := range padded(lines, 1) {
		if _, err := fmt.Fprintln(out, strings.Join(cells, "\t")+"\t"); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "\nof %s; the trend is by money\n%s\n", c.figures(&c.Total), c.beside()); err != nil {
		return err
	}
	return c.slices(w)
}

// query is what buckets are shown by.
func (c *Coverage) query() *spend.Query {
	return &spend.Query{Grain: c.Grain, Zone: c.Location, Fiscal: c.Fiscal}
}

func newest(trend []CoveredBucket) []CoveredBucket { return trend[max(0, len(trend)-shownBuckets):] }

func (c *Coverage) figures(f *Figures) string {
	return fmt.Sprintf("%s %s in %s calls, %s tokens", money.Grouped(f.Cost.Fixed(costDigits(f.Cost))), c.Currency, count(f.Calls), count(f.Tokens))
}

// beside says what stands in no share of money.
func (c *Coverage) beside() string {
	t := &c.Total
	text := fmt.Sprintf("unpriced: %s calls; exposure up to %s %s, in no share of money", count(t.UnpricedCalls),
		money.Grouped(t.Exposure.Fixed(costDigits(t.Exposure))), c.Currency)
	if d := &c.Defaults; !d.Cost.IsZero() || d.Tokens != 0 {
		text = fmt.Sprintf("by default rules alone: %s %s (%s of the money), in the shares of what they set\n%s",
			money.Grouped(d.Cost.Fixed(costDigits(d.Cost))), c.Currency, percent(d.MoneyShare), text)
	}
	if t.UnconvertedCalls != 0 {
		text += fmt.Sprintf("\nunconverted: %s calls have no exchange rate into %s, in no share of money", count(t.UnconvertedCalls), c.Currency)
	}
	return text
}

// slices tells the largest of them with their rules.
func (c *Coverage) slices(w io.Writer) error {
	if len(c.Slices) == 0 {
		_, err := fmt.Fprintln(w, "nothing lacks a team, an application or a workflow")
		return err
	}
	if _, err := fmt.Fprintf(w, "\nwithout team, application or workflow: %s\n"+
		"suggested rules, made of names alone; whose it is, a person must say:\n", c.figures(&c.Gaps)); err != nil {
		return err
	}
	for i := range c.Slices {
		s := &c.Slices[i]
		what := fmt.Sprintf("%s %s lacks %s: %s", s.Field, oneLine(s.Value), strings.Join(s.Lacks, ", "), c.figures(&s.Figures))
		if s.UnpricedCalls != 0 {
			what += fmt.Sprintf(", %s calls unpriced", count(s.UnpricedCalls))
		}
		if _, err := fmt.Fprintf(w, "\n# %s\n%s", what, s.Rule); err != nil {
			return err
		}
	}
	if c.Beyond != (Figures{}) {
		_, err := fmt.Fprintf(w, "\n# beyond these: %s\n", c.figures(&c.Beyond))
		return err
	}
	return nil
}

// oneLine keeps a value from breaking out of its line.
func oneLine(s string) string { return strings.Trim(fmt.Sprintf("%q", s), `"`) }

// CoverageCSV writes a row for each dimension and bucket, and for each dimension
// over the whole window with an empty bucket; then the largest slices that nobody owns.
func CoverageCSV(w io.Writer, c *Coverage) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"part", "bucket", "dimension", "cost", "tokens", "money_share", "token_share", "value", "lacks", "calls", "exposure"}}
	for i := range c.Dimensions {
		d := &c.Dimensions[i]
		rows = append(rows, coveredRow("", d.Dimension, &d.Covered))
		for j := range d.Trend {
			rows = append(rows, coveredRow(d.Trend[j].Bucket.Format(time.RFC3339), d.Dimension, &d.Trend[j].Covered))
		}
	}
	for i := range c.Slices {
		s := &c.Slices[i]
		rows = append(rows, []string{
			"slice", "", Safe(s.Field), s.Cost.String(), fmt.Sprint(s.Tokens), "", "", Safe(s.Value), strings.Join(s.Lacks, " "), fmt.Sprint(s.Calls), s.Exposure.String(),
		})
	}
	return out.WriteAll(rows)
}

func coveredRow(bucket string, d spend.Dimension, c *Covered) []string {
	return []string{"dimension", bucket, Safe(string(d)), c.Cost.String(), fmt.Sprint(c.Tokens), exact(c.MoneyShare), exact(c.TokenShare), "", "", "", ""}
}
