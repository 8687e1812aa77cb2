package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
)

// IndexText writes an index for a person: the months, what the last one's usage would
// have cost in the first, and what the lines are made of.
func IndexText(w io.Writer, x *PriceIndex) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	lines := []string{"MONTH\tOURS\tMARKET\tNEWEST\t"}
	for i := range x.Market {
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s\t", x.Market[i].Month.Name, level(&x.Ours[i]), level(&x.Market[i]), level(&x.Newest[i])))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if err := x.families(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n%s\n", x.Sentence(), x.footer())
	return err
}

// mostFamilies is how many product lines a text names.
const mostFamilies = 12

// families writes the last month's level of each product line.
func (x *PriceIndex) families(w io.Writer) error {
	if len(x.Families) == 0 {
		return nil
	}
	last := len(x.Market) - 1
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	lines := []string{fmt.Sprintf("\nFAMILY IN %s\tOURS\tMARKET\tMODELS\t", x.Market[last].Month.Name)}
	for i := range x.Families[:min(len(x.Families), mostFamilies)] {
		f := &x.Families[i]
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%d\t", oneLine(f.Line), level(&f.Ours[last]), level(&f.Market[last]), f.Models))
	}
	if rest := len(x.Families) - mostFamilies; rest > 0 {
		lines = append(lines, fmt.Sprintf("%d more in CSV and JSON\t\t\t\t", rest))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Sentence says what the usage of the last month would have cost in the first.
func (x *PriceIndex) Sentence() string {
	r, months := &x.Repriced, [2]string{x.Market[0].Month.Name, x.Market[len(x.Market)-1].Month.Name}
	if r.Models == 0 {
		return fmt.Sprintf("Nothing that was used in %s had a price in %s.", months[1], months[0])
	}
	digits := costDigits(r.Now)
	text := fmt.Sprintf("At the list prices of %s the usage of %s would have cost %s %s instead of %s",
		months[0], months[1], money.Grouped(r.Then.Fixed(digits)), x.Currency, money.Grouped(r.Now.Fixed(digits)))
	if r.Beside > 0 {
		text += fmt.Sprintf("; another %s is of %s models that had no price then", money.Grouped(r.Beyond.Fixed(digits)), count(int64(r.Beside)))
	}
	return text + "." + x.rateText()
}

// rateText says by which rate money is told, or why it stays in the currency of the prices.
func (x *PriceIndex) rateText() string {
	last := date(x.Market[len(x.Market)-1].Month.At)
	switch {
	case x.Unrated != "":
		return fmt.Sprintf(" No exchange rate near %s says what that is in %s.", last, x.Unrated)
	case x.Rate != nil:
		return fmt.Sprintf(" Both are converted by the rate of %s, 1 %s for %s %s.", x.Rate.Day, x.Rate.From, x.Rate.Rate.Fixed(6), x.Rate.To)
	}
	return ""
}

func (x *PriceIndex) footer() string {
	return fmt.Sprintf(`ours: what was used, month by month, at list prices with their promotions
market: %s sellers' models of book %s, one dollar of each, 3 prompt tokens to 1 of the answer; checked up to %s
newest: the newest model of each product line at its maker, in the same way
1 is the first month; months are linked by Fisher's index of what has a price at both ends`,
		count(int64(x.Models)), x.Book, x.Checked.Format(time.DateOnly))
}

func level(p *market.Point) string {
	if !p.Level.Valid {
		return "not known"
	}
	return p.Level.Amount.Fixed(4)
}

// IndexCSV writes an index, a line for each month and index, exact. An empty cell is not
// known.
func IndexCSV(w io.Writer, x *PriceIndex) error {
	lines := [][]string{{"month", "at", "index", "level", "laspeyres", "paasche", "fisher", "models"}}
	for i := range x.Market {
		for k, p := range []*market.Point{&x.Ours[i], &x.Market[i], &x.Newest[i]} {
			lines = append(lines, indexRecord(p, []string{"ours", "market", "newest"}[k]))
		}
	}
	for i := range x.Families {
		f := &x.Families[i]
		for m := range f.Market {
			lines = append(lines, indexRecord(&f.Ours[m], "ours of "+f.Line), indexRecord(&f.Market[m], "market of "+f.Line))
		}
	}
	return csv.NewWriter(w).WriteAll(lines)
}

func indexRecord(p *market.Point, index string) []string {
	cells := []string{p.Month.Name, p.Month.At.UTC().Format(time.RFC3339), Safe(index)}
	for _, a := range []money.Null{p.Level, p.Link.Laspeyres, p.Link.Paasche, p.Link.Fisher} {
		cells = append(cells, exact(a))
	}
	return append(cells, strconv.Itoa(p.Link.Leaves))
}
