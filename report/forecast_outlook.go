package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Outlook is what comes next: the whole first, then each part below its whole, the
// largest first. Parts add up to their whole in every day and in the sum of all days.
type Outlook struct {
	Foresight Foresight
	Currency  money.Currency
	From, To  time.Time // of what is forecast, the end not included
	Totals    spend.Totals
	Rows      []OutlookRow
	Occasions []OccasionAhead
	Ahead     *OneRate // by which it is told in another currency, nil in that of the books
	Alone     string   // why it is what is booked ahead alone, and nothing is forecast; "" where something is
}

// OutlookRow is one series.
type OutlookRow struct {
	Keys    []string // as many as it is deep; the whole has none
	Other   bool     // what lies beyond the groups with rows of their own
	Parent  int      // its row, -1 for the whole
	History int      // days since its first value
	Before  money.Amount
	Unrated bool         // before is not known: no day of it has an exchange rate
	Mean    money.Amount // of all days
	Booked  money.Amount // of the mean, what is booked ahead: known, without an interval of its own
	Sure    bool         // it is nothing but that
	Days    []money.Amount
	Bounds  []OutlookBounds // of all days, by level
	Around  []forecast.Bounds
	Methods []string     // none of a whole, which is the sum of its parts
	Likened bool         // too young to be forecast by itself
	Analogy string       // to what, then
	Driven  bool         // by its quantities and the prices to come
	Priced  money.Amount // of the mean, what known price changes add or take away
}

// OutlookBounds is one level's interval, or why there is none.
type OutlookBounds struct {
	Level     int
	Low, High money.Null
	Refused   string
	Reach     money.Null // by which it was multiplied for how earlier ones held, null where it was not

	learned reach
}

// foreseenDigits are the decimals that a forecast of money keeps: it is a statistic, and
// what is said of it is exact from here on.
const foreseenDigits = 6

// Foresee makes a forecast of what the ledger knows. Groups that are younger than least
// days follow their whole. Where the whole is as young, what is booked ahead is told alone.
func Foresee(f *Foresight, past, fed *spend.Table, least int) (Outlook, error) {
	p, err := readPast(f, past, fed)
	if err != nil {
		return Outlook{}, err
	}
	p.least = least
	p.plan()
	if err := p.book(); err != nil {
		return Outlook{}, err
	}
	if err := p.evidence(); err != nil {
		return Outlook{}, err
	}
	p.drop()
	answers, err := p.answers()
	if err != nil {
		return Outlook{}, err
	}
	o := Outlook{Foresight: *f, Currency: past.Currency, Totals: past.Totals, Alone: p.alone}
	o.Totals.UnconvertedLines += f.Unconverted
	year, month, day := f.Past.From.In(f.Past.Zone).Date()
	o.From = calendar.DayStart(year, month, day+p.days, f.Past.Zone)
	o.To = calendar.DayStart(year, month, day+p.days+f.Days, f.Past.Zone)
	if o.Occasions, err = p.ahead(answers); err != nil {
		return Outlook{}, err
	}
	o.Rows, err = p.rows(answers)
	o.sort()
	return o, err
}

// answers forecast each series, nothing where what is booked ahead is told alone.
func (p *pastOf) answers() ([]forecast.Answer, error) {
	if p.alone != "" {
		return p.unforeseen(), nil
	}
	ask := forecast.Ask{Horizon: p.f.Days, Periods: []int{7}, Year: 365, Levels: p.f.Levels, Origins: pastOrigins}
	answers, err := forecast.Tree(p.nodes(), &ask, p.least)
	if err != nil {
		return nil, err
	}
	return answers[:len(p.branches)], nil // what drives them is not shown
}

// drop leaves out the series without a value: all of them are unpriced.
func (p *pastOf) drop() {
	place, kept := make([]int, len(p.branches)), []branch(nil)
	for i, b := range p.branches {
		place[i] = -1
		if b.first == p.days && !b.planned && b.booked == nil {
			continue
		}
		place[i] = len(kept)
		if b.parent >= 0 {
			b.parent = place[b.parent]
		}
		b.parts = nil
		kept = append(kept, b)
	}
	p.branches = kept
	for i := range kept {
		if parent := kept[i].parent; parent >= 0 {
			kept[parent].parts = append(kept[parent].parts, i)
		}
	}
}

// rows turn statistics into decimals: each day of the smallest series once, and all else
// is their sum.
func (p *pastOf) rows(answers []forecast.Answer) ([]OutlookRow, error) {
	rows := make([]OutlookRow, len(answers))
	for i := len(rows) - 1; i >= 0; i-- {
		b, a, r := &p.branches[i], &answers[i], &rows[i]
		*r = OutlookRow{Keys: b.keys, Other: b.other, Parent: b.parent, History: p.days - b.first, Methods: a.Methods, Likened: a.Likened, Analogy: a.Analogy, Driven: a.Driven, Around: p.above(a.Bounds, b)}
		var err error
		if r.Before, err = p.before(b); err != nil {
			return nil, err
		}
		if len(b.parts) == 0 {
			if r.Days, err = p.decimals(a.Mean); err == nil {
				err = p.addBooked(r, b)
			}
		} else {
			r.Methods = nil
			err = r.addParts(rows, b.parts)
		}
		if err != nil {
			return nil, err
		}
		if r.Mean, err = money.Sum(r.Days...); err != nil {
			return nil, err
		}
		if r.Bounds, err = p.bounds(r, &a.Total); err != nil {
			return nil, err
		}
		if p.certain(b) {
			r.sure(p.alone)
		}
		if r.Priced, err = decimal(a.Priced); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// digits are the decimals of what is forecast: none of a count.
func (f *Foresight) digits() int {
	if IsCost(f.Past.Measures[0]) {
		return foreseenDigits
	}
	return 0
}

// decimals rounds days so that they sum to their rounded sum.
func (p *pastOf) decimals(days []float64) ([]money.Amount, error) {
	out := make([]money.Amount, len(days))
	for k, v := range days {
		var err error
		if out[k], err = decimal(v); err != nil {
			return nil, err
		}
	}
	return money.Shown(p.f.digits(), out)
}

// decimal reads a statistic as an amount.
func decimal(v float64) (money.Amount, error) {
	a, _, err := money.ParseRounded(strconv.FormatFloat(v, 'f', 9, 64))
	return a, err
}

// addParts makes a row the sum of others.
func (r *OutlookRow) addParts(rows []OutlookRow, parts []int) (err error) {
	for _, part := range parts {
		if r.Booked, err = r.Booked.Add(rows[part].Booked); err != nil {
			return err
		}
	}
	r.Days, err = sumOfDays(rows, parts)
	return err
}

func sumOfDays(rows []OutlookRow, parts []int) ([]money.Amount, error) {
	days := slices.Clone(rows[parts[0]].Days)
	for _, part := range parts[1:] {
		for k := range days {
			var err error
			if days[k], err = days[k].Add(rows[part].Days[k]); err != nil {
				return nil, err
			}
		}
	}
	return days, nil
}

// bounds round outwards from the mean at most: what is said holds it. What is booked ahead
// moves both.
func (p *pastOf) bounds(r *OutlookRow, t *forecast.Total) ([]OutlookBounds, error) {
	out := make([]OutlookBounds, len(t.Bounds))
	for i, b := range t.Bounds {
		out[i] = OutlookBounds{Level: b.Level, Refused: b.Refused}
		if b.Refused != "" {
			continue
		}
		low, errLow := p.bound(b.Low, r)
		high, errHigh := p.bound(b.High, r)
		if err := cmp.Or(errLow, errHigh); err != nil {
			return nil, err
		}
		if low.Cmp(r.Mean) > 0 {
			low = r.Mean
		}
		if high.Cmp(r.Mean) < 0 {
			high = r.Mean
		}
		out[i].Low, out[i].High = money.Known(low), money.Known(high)
	}
	return out, nil
}

// bound is one side of an interval with what is booked ahead.
func (p *pastOf) bound(v float64, r *OutlookRow) (money.Amount, error) {
	bound, err := decimal(v)
	if err != nil {
		return bound, err
	}
	return bound.Round(p.f.digits()).Add(r.Booked)
}

// sort puts each part below its whole, the largest first and what is beyond them last.
func (o *Outlook) sort() {
	parts := make([][]int, len(o.Rows))
	for i := range o.Rows {
		if p := o.Rows[i].Parent; p >= 0 {
			parts[p] = append(parts[p], i)
		}
	}
	sorted := make([]OutlookRow, 0, len(o.Rows))
	var visit func(at, parent int)
	visit = func(at, parent int) {
		row := o.Rows[at]
		row.Parent = parent
		place := len(sorted)
		sorted = append(sorted, row)
		slices.SortStableFunc(parts[at], func(i, j int) int {
			a, b := &o.Rows[i], &o.Rows[j]
			if a.Other != b.Other {
				return cmp.Compare(last(a), last(b))
			}
			return cmp.Or(b.Mean.Cmp(a.Mean), slices.Compare(a.Keys, b.Keys))
		})
		for _, part := range parts[at] {
			visit(part, place)
		}
	}
	if len(o.Rows) > 0 {
		visit(0, -1)
	}
	o.Rows = sorted
}

// last ranks what lies beyond the groups behind them.
func last(r *OutlookRow) int {
	if r.Other {
		return 1
	}
	return 0
}
