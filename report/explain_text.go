package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// Sentence says why spend changed, in one sentence with the figures of the table.
func (e *Explanation) Sentence() (string, error) {
	digits := costDigits(e.Bill.Total.After)
	rows, err := toldSlices(e, digits)
	if err != nil {
		return "", err
	}
	total := &rows[len(rows)-1]
	change, err := total.change()
	if err != nil {
		return "", err
	}
	after, err := total.before.Add(change)
	if err != nil {
		return "", err
	}
	show := func(a money.Amount) string { return money.Grouped(a.Fixed(digits)) }
	moved := "did not change"
	if change.Sign() != 0 {
		moved = map[int]string{1: "rose", -1: "fell"}[change.Sign()] + " by " + show(change.Abs()) + " " + string(e.After.Currency)
	}
	text := fmt.Sprintf("Spend %s, from %s to %s", moved, show(total.before), show(after))
	if why := e.reasons(total, show); len(why) > 0 {
		text += ": " + strings.Join(why, ", ")
	}
	return text + ".", nil
}

// reasons lists the headlines that are not zero, the largest first. Of volume it names what
// did most, where that is what outcomes divide.
func (e *Explanation) reasons(total *told, show func(money.Amount) string) []string {
	order := []int{}
	for i, a := range total.headlines {
		if !a.IsZero() {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return total.headlines[j].Abs().Cmp(total.headlines[i].Abs()) })
	var why []string
	for _, i := range order {
		direction := "more"
		if total.headlines[i].Sign() < 0 {
			direction = "less"
		}
		h := variance.Headlines()[i]
		text := fmt.Sprintf("%s %s by %s", show(total.headlines[i].Abs()), direction, h.Name)
		if most := mostOf(&e.Bill.Total, h, total.headlines[i].Sign()); slices.Contains(variance.Divided(), most) {
			text += fmt.Sprintf(" (most by %s)", strings.ReplaceAll(most, "_", " "))
		}
		why = append(why, text)
	}
	return why
}

// mostOf is the driver of a headline that did most in its direction, "" for none.
func mostOf(s *variance.Slice, h variance.Headline, sign int) (most string) {
	var largest money.Amount
	for j, name := range variance.Drivers() {
		if a := s.Effects[j]; slices.Contains(h.Drivers, name) && a.Sign() == sign && a.Abs().Cmp(largest) > 0 {
			most, largest = name, a.Abs()
		}
	}
	return most
}

// ExplainText writes an explanation for a person: the sentence, the slices, the
// drivers, and what no total may hide.
func ExplainText(w io.Writer, e *Explanation) error {
	sentence, err := e.Sentence()
	if err != nil {
		return err
	}
	digits := costDigits(e.Bill.Total.After)
	rows, err := toldSlices(e, digits)
	if err != nil {
		return err
	}
	head := []string{}
	for _, d := range e.By {
		head = append(head, strings.ToUpper(string(d)))
	}
	head = append(head, "BEFORE "+string(e.After.Currency), "AFTER", "CHANGE")
	for _, h := range variance.Headlines() {
		head = append(head, strings.ToUpper(h.Name))
	}
	lines := [][]string{head}
	for i := range rows {
		line, err := explainLine(e, &rows[i], i)
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	if len(e.By) == 0 {
		lines = lines[:2] // one slice is its own total
	}
	if _, err := fmt.Fprintln(w, sentence+"\n"); err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, cells := range padded(lines, len(e.By)) {
		if _, err := fmt.Fprintln(out, strings.Join(cells, "\t")+"\t"); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return explainFooter(w, e)
}

func explainLine(e *Explanation, r *told, i int) ([]string, error) {
	digits := costDigits(e.Bill.Total.After)
	var cells []string
	for k := range e.By {
		name := ""
		if i < len(e.Bill.Slices) {
			name = key(e.Bill.Slices[i].Keys[k])
		} else if k == 0 {
			name = "TOTAL"
		}
		cells = append(cells, name)
	}
	change, err := r.change()
	if err != nil {
		return nil, err
	}
	after, err := r.before.Add(change)
	for _, a := range append([]money.Amount{r.before, after, change}, r.headlines...) {
		cells = append(cells, money.Grouped(a.Fixed(digits)))
	}
	return cells, err
}

// explainFooter lists the drivers and what stands beside both totals.
func explainFooter(w io.Writer, e *Explanation) error {
	lines := []string{""}
	for _, h := range variance.Headlines() {
		for j, name := range variance.Drivers() {
			if a := e.Bill.Total.Effects[j]; slices.Contains(h.Drivers, name) && !a.IsZero() {
				lines = append(lines, fmt.Sprintf("%s, %s: %s", h.Name, strings.ReplaceAll(name, "_", " "), money.Grouped(a.Fixed(6))))
			}
		}
	}
	lines = append(lines, e.Heads.said()...)
	if fisher := e.Bill.Index.Fisher; fisher.Valid {
		lines = append(lines, fmt.Sprintf("list prices of what was bought in both periods: %s of what they were (Fisher)", percent(fisher)))
	}
	if e.Market != nil && e.Market.Fisher.Valid {
		lines = append(lines, fmt.Sprintf("list prices of the market meanwhile: %s of what they were (%s models, one dollar of each)", percent(e.Market.Fisher), count(int64(e.Market.Leaves))))
	}
	lines = append(lines, fmt.Sprintf("new models cost %s after, models that are gone cost %s before", money.Grouped(e.Bill.New.Fixed(2)), money.Grouped(e.Bill.Gone.Fixed(2))))
	for i, t := range []*spend.Table{&e.Before, &e.After} {
		lines = append(lines, fmt.Sprintf("%s, %s to %s: %s calls unpriced, exposure up to %s%s; %s lines unconverted; not in any figure above",
			[]string{"before", "after"}[i], t.Query.From.In(zoneOf(&t.Query)).Format(time.DateOnly), t.Query.To.In(zoneOf(&t.Query)).Format(time.DateOnly),
			count(t.Totals.Unpriced.Calls), money.Grouped(t.Totals.Exposure.Fixed(2)), exposureLeft(&t.Totals), count(t.Totals.UnconvertedLines)))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}
