package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// ForecastShown is a forecast with what stands beside it.
type ForecastShown struct {
	*Outlook
	Record Record
}

// ForecastText writes a forecast for a person: parts below their wholes, the total, why a
// level is refused, and how earlier forecasts went.
func ForecastText(w io.Writer, f *ForecastShown) error {
	digits := 0
	if IsCost(f.Foresight.Past.Measures[0]) && len(f.Rows) > 0 {
		digits = costDigits(f.Rows[0].Mean)
	}
	columns := []func(*OutlookRow) money.Amount{
		func(r *OutlookRow) money.Amount { return r.Before },
		func(r *OutlookRow) money.Amount { return r.Mean },
	}
	if f.anyBooked() {
		columns = append(columns, func(r *OutlookRow) money.Amount { return r.Booked })
	}
	figures := make([][]string, len(f.Rows))
	for _, of := range columns {
		shown, err := f.treeShown(digits, of)
		if err != nil {
			return err
		}
		for i := range shown {
			figures[i] = append(figures[i], money.Grouped(shown[i].Fixed(digits)))
		}
	}
	lines := [][]string{f.head()}
	for i := 1; i <= len(f.Rows); i++ { // the whole comes last
		lines = append(lines, f.line(i%len(f.Rows), digits, figures[i%len(f.Rows)]))
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, cells := range padded(lines, max(1, len(f.Foresight.Past.By))) {
		if _, err := fmt.Fprintln(out, strings.Join(cells, "\t")+"\t"); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\n"+strings.Join(f.footer(), "\n"))
	return err
}

// treeShown rounds the figures of all rows so that parts sum to their whole as shown: by
// largest remainder, and what a whole itself was rounded by goes to its largest part.
func (o *Outlook) treeShown(digits int, of func(*OutlookRow) money.Amount) ([]money.Amount, error) {
	shown := make([]money.Amount, len(o.Rows))
	parts := make([][]int, len(o.Rows))
	for i := range o.Rows {
		if p := o.Rows[i].Parent; p >= 0 {
			parts[p] = append(parts[p], i)
		} else {
			shown[i] = of(&o.Rows[i]).Round(digits)
		}
	}
	for i := range o.Rows {
		if len(parts[i]) == 0 {
			continue
		}
		var exact []money.Amount
		for _, part := range parts[i] {
			exact = append(exact, of(&o.Rows[part]))
		}
		rounded, err := roundedTo(shown[i], digits, exact)
		if err != nil {
			return nil, err
		}
		for k, part := range parts[i] {
			shown[part] = rounded[k]
		}
	}
	return shown, nil
}

// roundedTo rounds parts so that they sum to a whole that is rounded already.
func roundedTo(whole money.Amount, digits int, parts []money.Amount) ([]money.Amount, error) {
	rounded, err := money.Shown(digits, parts)
	if err != nil {
		return nil, err
	}
	sum, err := money.Sum(rounded...)
	if err != nil {
		return nil, err
	}
	rest, err := whole.Sub(sum)
	if err != nil || rest.IsZero() {
		return rounded, err
	}
	largest := 0
	for i := range rounded {
		if rounded[i].Abs().Cmp(rounded[largest].Abs()) > 0 {
			largest = i
		}
	}
	rounded[largest], err = rounded[largest].Add(rest)
	return rounded, err
}

func (f *ForecastShown) head() []string {
	var head []string
	for _, d := range f.Foresight.Past.By {
		head = append(head, strings.ToUpper(strings.TrimPrefix(string(d), "tag:")))
	}
	if len(head) == 0 {
		head = []string{""}
	}
	unit := strings.ToUpper(string(f.Foresight.Past.Measures[0]))
	if IsCost(f.Foresight.Past.Measures[0]) {
		unit = string(f.Currency)
	}
	head = append(head, fmt.Sprintf("LAST %d DAYS %s", f.Foresight.Days, unit), fmt.Sprintf("NEXT %d", f.Foresight.Days))
	if f.anyBooked() {
		head = append(head, "OF IT BOOKED")
	}
	for _, level := range f.Foresight.Levels {
		head = append(head, fmt.Sprintf("%d %% FROM", level), "TO")
	}
	return append(head, "BY")
}

// line is one row: its names, its figures and its intervals. The first figure is of before.
func (f *ForecastShown) line(i, digits int, figures []string) []string {
	r := &f.Rows[i]
	if r.Unrated {
		figures[0] = "no rate"
	}
	cells := append(f.names(r), figures...)
	for _, b := range r.Bounds {
		cells = append(cells, cell(b.Low, digits), cell(b.High, digits))
	}
	switch {
	case r.Sure:
		return append(cells, "what is booked")
	case r.Likened:
		return append(cells, "analogy")
	case r.Driven:
		return append(cells, "its quantities")
	case len(r.Methods) == 0:
		return append(cells, "its parts")
	}
	return append(cells, "its past")
}

// names are the keys of a row, those of a whole followed by what it is.
func (f *ForecastShown) names(r *OutlookRow) []string {
	cells := make([]string, max(1, len(f.Foresight.Past.By)))
	switch {
	case len(r.Keys) == 0:
		cells[0] = "TOTAL"
		return cells
	case r.Other:
		cells[0] = "(other)"
		return cells
	}
	for i, k := range r.Keys {
		cells[i] = key(k)
	}
	if len(r.Keys) < len(cells) {
		cells[len(r.Keys)] = "(all)"
	}
	return cells
}

// footer says what no figure above may hide.
func (f *ForecastShown) footer() []string {
	q := &f.Foresight.Past
	date := func(t time.Time) string { return t.In(zoneOf(q)).Format(time.DateOnly) }
	lines := []string{fmt.Sprintf("forecast from %s to %s, from what the ledger knows of the days before", date(f.From), date(f.To.AddDate(0, 0, -1)))}
	if f.Alone != "" {
		lines[0] = fmt.Sprintf("booked ahead from %s to %s; nothing of these days is forecast", date(f.From), date(f.To.AddDate(0, 0, -1)))
	} else if f.From.Before(q.To) {
		lines = append(lines, fmt.Sprintf("nothing is booked since %s: days that are not known yet are forecast, not counted as zero", date(f.From)))
	}
	if f.Ahead != nil {
		lines = append(lines, f.Ahead.text(zoneOf(q)))
	}
	if q.Measures[0] == spend.Cost {
		lines = append(lines, fmt.Sprintf("unpriced: %s calls of the past, exposure up to %s %s, in no figure above; %s lines unconverted",
			count(f.Totals.Unpriced.Calls), money.Grouped(f.Totals.Exposure.Fixed(2)), f.Currency, count(f.Totals.UnconvertedLines)))
	}
	if f.anyBooked() {
		lines = append(lines, fmt.Sprintf("booked ahead: %s %s of the total, by purchases whose days of service are known; nothing is guessed of what follows their last one",
			money.Grouped(f.Rows[0].Booked.Fixed(2)), f.Currency))
	}
	for _, c := range f.Foresight.Prices.Changes {
		then := "to a price that nobody knows"
		if c.Factor.Valid {
			then = "to " + percent(c.Factor) + " of the price before"
		}
		lines = append(lines, fmt.Sprintf("known price change: %s %s from %s %s, on the usage of the last %d days", c.Seller, c.SKU, date(c.At), then, mixDays))
	}
	if len(f.Foresight.Prices.Changes) > 0 && len(f.Rows) > 0 {
		lines = append(lines, fmt.Sprintf("known price changes: %s %s of the total, against the prices of today", money.Grouped(f.Rows[0].Priced.Fixed(2)), f.Currency))
	}
	for i := range f.Occasions {
		lines = append(lines, f.Occasions[i].text())
	}
	if n := f.yearly(); n > 0 {
		lines = append(lines, fmt.Sprintf("a season of the year is in %d of the groups: two years of them are known", n))
	}
	if text := f.reachText(); text != "" {
		lines = append(lines, text)
	}
	lines = append(lines, f.analogies()...)
	lines = append(lines, f.refusals()...)
	return append(lines, f.Record.text())
}

// yearly counts the rows whose methods know a season of the year.
func (o *Outlook) yearly() (n int) {
	for i := range o.Rows {
		if slices.ContainsFunc(o.Rows[i].Methods, func(m string) bool { return strings.HasPrefix(m, "yearly") }) {
			n++
		}
	}
	return n
}

// refusals say why intervals are missing, each reason once with how many rows have it.
func (f *ForecastShown) refusals() []string {
	var order []string
	counts := map[string]int{}
	for i := range f.Rows {
		for _, b := range f.Rows[i].Bounds {
			if b.Refused == "" {
				continue
			}
			if counts[b.Refused]++; counts[b.Refused] == 1 {
				order = append(order, b.Refused)
			}
		}
	}
	const most = 5
	var lines []string
	for i, why := range order {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d other reasons, in --output json", len(order)-most))
			break
		}
		lines = append(lines, fmt.Sprintf("refused (%d): %s", counts[why], why))
	}
	return lines
}

// text says how earlier forecasts of the same question went.
func (r *Record) text() string {
	if !r.Enough {
		return fmt.Sprintf("earlier forecasts: not enough evidence yet, %d of %d have ended", r.Judged, r.Least)
	}
	var held []string
	for _, l := range r.Levels {
		held = append(held, fmt.Sprintf("%d %% held %d of %d", l.Level, l.Held, l.Asked))
	}
	text := fmt.Sprintf("earlier forecasts: of %d that have ended, %s", r.Judged, strings.Join(held, ", "))
	if r.Percent.Valid {
		text += fmt.Sprintf("; the total was %s %% off", r.Percent.Amount.Fixed(1))
	}
	return text
}

// ForecastCSV writes a forecast, a line for each series with the sum of all days.
func ForecastCSV(w io.Writer, f *ForecastShown) error {
	head := []string{"series"}
	for _, d := range f.Foresight.Past.By {
		head = append(head, string(d))
	}
	head = append(head, "depth", "from", "to", "before", "mean")
	for _, level := range f.Foresight.Levels {
		head = append(head, fmt.Sprintf("lo%d", level), fmt.Sprintf("hi%d", level))
	}
	lines := [][]string{append(head, "history_days", "by_analogy", "booked_ahead")}
	for i := range f.Rows {
		lines = append(lines, f.record(&f.Rows[i]))
	}
	return csv.NewWriter(w).WriteAll(lines)
}

func (f *ForecastShown) record(r *OutlookRow) []string {
	first := ""
	switch {
	case len(r.Keys) == 0:
		first = "TOTAL"
	case r.Other:
		first = "OTHER"
	}
	cells := []string{first}
	for i := range f.Foresight.Past.By {
		name := ""
		if i < len(r.Keys) && !r.Other {
			name = r.Keys[i]
		}
		cells = append(cells, Safe(name))
	}
	zone := zoneOf(&f.Foresight.Past)
	cells = append(cells, fmt.Sprint(len(r.Keys)), f.From.In(zone).Format(time.RFC3339), f.To.In(zone).Format(time.RFC3339), known(r.before()), r.Mean.String())
	for _, b := range r.Bounds {
		cells = append(cells, known(b.Low), known(b.High))
	}
	return append(cells, fmt.Sprint(r.History), fmt.Sprint(r.Likened), r.Booked.String())
}

// before is null where no day has a rate.
func (r *OutlookRow) before() money.Null { return money.Null{Amount: r.Before, Valid: !r.Unrated} }

// known is a figure at full precision, empty where there is none.
func known(v money.Null) string {
	if !v.Valid {
		return ""
	}
	return v.Amount.String()
}
