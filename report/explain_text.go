package report

import (
	"cmp"
	"encoding/csv"
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

// told is a slice in the figures of a table: what it cost before, and its headlines;
// rounded, they still sum.
type told struct {
	before    money.Amount
	headlines []money.Amount
}

// toldSlices rounds every figure of the slices; the last is the total. What is rounded
// is the sum of the slices up to each, and shown is by how much that grew: so every
// column sums to its rounded total, every row to its change, and no figure is off by
// more than the last digit or two.
func toldSlices(e *Explanation, digits int) ([]told, error) {
	sum := variance.Slice{Effects: make([]money.Amount, len(variance.Drivers()))}
	total := told{headlines: make([]money.Amount, len(variance.Headlines()))}
	var found []told
	for i := range e.Bill.Slices {
		if err := sum.Add(&e.Bill.Slices[i]); err != nil {
			return nil, err
		}
		costs := [2]money.Amount{sum.Before.Round(digits), sum.After.Round(digits)}
		headlines, err := toldHeadlines(&sum, digits, costs)
		if err != nil {
			return nil, err
		}
		grown := told{costs[0], headlines}
		row, err := grown.less(&total)
		if err != nil {
			return nil, err
		}
		found, total = append(found, row), grown
	}
	return append(found, total), nil
}

// toldHeadlines rounds the headlines of a slice. The cent that its rounded costs may
// differ by is the largest one's.
func toldHeadlines(s *variance.Slice, digits int, costs [2]money.Amount) ([]money.Amount, error) {
	var all []money.Amount
	for _, h := range variance.Headlines() {
		sum, err := s.Headline(h)
		if err != nil {
			return nil, err
		}
		all = append(all, sum)
	}
	all, err := money.Shown(digits, all)
	if err != nil {
		return nil, err
	}
	largest := 0
	for i, a := range all {
		if a.Abs().Cmp(all[largest].Abs()) > 0 {
			largest = i
		}
	}
	left, err := money.Sum(append([]money.Amount{costs[1].Neg(), costs[0]}, all...)...)
	if err != nil {
		return nil, err
	}
	all[largest], err = all[largest].Sub(left)
	return all, err
}

func (r *told) less(other *told) (row told, err error) {
	if row.before, err = r.before.Sub(other.before); err != nil {
		return row, err
	}
	for i, a := range r.headlines {
		if a, err = a.Sub(other.headlines[i]); err != nil {
			return row, err
		}
		row.headlines = append(row.headlines, a)
	}
	return row, nil
}

func (r *told) change() (money.Amount, error) { return money.Sum(r.headlines...) }

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
	show := func(a money.Amount) string { return grouped(a.Fixed(digits)) }
	moved := "did not change"
	if change.Sign() != 0 {
		moved = map[int]string{1: "rose", -1: "fell"}[change.Sign()] + " by " + show(change.Abs()) + " " + string(e.After.Currency)
	}
	text := fmt.Sprintf("Spend %s, from %s to %s", moved, show(total.before), show(after))
	if why := reasons(total, show); len(why) > 0 {
		text += ": " + strings.Join(why, ", ")
	}
	return text + ".", nil
}

// reasons lists the headlines that are not zero, the largest first.
func reasons(total *told, show func(money.Amount) string) []string {
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
		why = append(why, fmt.Sprintf("%s %s by %s", show(total.headlines[i].Abs()), direction, variance.Headlines()[i].Name))
	}
	return why
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
		cells = append(cells, grouped(a.Fixed(digits)))
	}
	return cells, err
}

// explainFooter lists the drivers and what stands beside both totals.
func explainFooter(w io.Writer, e *Explanation) error {
	lines := []string{""}
	for _, h := range variance.Headlines() {
		for j, name := range variance.Drivers() {
			if a := e.Bill.Total.Effects[j]; slices.Contains(h.Drivers, name) && !a.IsZero() {
				lines = append(lines, fmt.Sprintf("%s, %s: %s", h.Name, strings.ReplaceAll(name, "_", " "), grouped(a.Fixed(6))))
			}
		}
	}
	if fisher := e.Bill.Index.Fisher; fisher.Valid {
		lines = append(lines, fmt.Sprintf("list prices of what was bought in both periods: %s of what they were (Fisher)", percent(fisher)))
	}
	lines = append(lines, fmt.Sprintf("new models cost %s after, models that are gone cost %s before", grouped(e.Bill.New.Fixed(2)), grouped(e.Bill.Gone.Fixed(2))))
	for i, t := range []*spend.Table{&e.Before, &e.After} {
		lines = append(lines, fmt.Sprintf("%s, %s to %s: %s calls unpriced, exposure up to %s; %s lines unconverted; not in any figure above",
			[]string{"before", "after"}[i], t.Query.From.In(zoneOf(&t.Query)).Format(time.DateOnly), t.Query.To.In(zoneOf(&t.Query)).Format(time.DateOnly),
			count(t.Totals.Unpriced.Calls), grouped(t.Totals.Exposure.Fixed(2)), count(t.Totals.UnconvertedLines)))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// ExplainCSV writes the slices of an explanation, exact, and the total as a last line
// whose first cell is TOTAL.
func ExplainCSV(w io.Writer, e *Explanation) error {
	head := []string{"slice"}
	for _, d := range e.By {
		head = append(head, string(d))
	}
	lines := [][]string{append(append(head, "before", "after", "change"), variance.Drivers()...)}
	for i := range e.Bill.Slices {
		cells, err := explainRecord("", e.Bill.Slices[i].Keys, &e.Bill.Slices[i])
		if err != nil {
			return err
		}
		lines = append(lines, cells)
	}
	last, err := explainRecord("TOTAL", make([]string, len(e.By)), &e.Bill.Total)
	return cmp.Or(err, csv.NewWriter(w).WriteAll(append(lines, last)))
}

func explainRecord(first string, keys []string, s *variance.Slice) ([]string, error) {
	cells := []string{first}
	for _, k := range keys {
		cells = append(cells, Safe(k))
	}
	change, err := s.Change()
	for _, a := range append([]money.Amount{s.Before, s.After, change}, s.Effects...) {
		cells = append(cells, a.String())
	}
	return cells, err
}
