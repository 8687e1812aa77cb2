package report

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// KeptForecast is a forecast as it is kept, so that what came can stand beside it. It
// holds names and figures of groups, nothing of persons.
type KeptForecast struct {
	Asked    string            `json:"asked"` // the question, whatever the day
	Book     spend.Book        `json:"book"`
	Measure  spend.Measure     `json:"measure"`
	By       []spend.Dimension `json:"by"`
	Where    []spend.Filter    `json:"where"`
	Zone     string            `json:"zone"`
	Top      int               `json:"top"`
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"` // not included
	Levels   []int             `json:"levels"`
	Currency money.Currency    `json:"currency"`
	Rows     []KeptRow         `json:"rows"` // the whole first
}

// KeptRow is one series of a kept forecast. A level that was refused has no bounds.
type KeptRow struct {
	Keys  []string     `json:"keys"`
	Other bool         `json:"other,omitempty"`
	Mean  money.Amount `json:"mean"`
	Low   []money.Null `json:"low"` // by level
	High  []money.Null `json:"high"`

	Reach  []money.Amount `json:"reach,omitempty"`  // what each level had learned from earlier ones
	Judged []int          `json:"judged,omitempty"` // and from how many
}

// Kept is a forecast as it is kept.
func (o *Outlook) Kept() KeptForecast {
	q := &o.Foresight.Past
	k := KeptForecast{
		Asked: o.Foresight.Asked(), Book: q.Book, Measure: q.Measures[0], By: q.By, Where: q.Where, Zone: q.Zone.String(), Top: q.Top,
		From: o.From.UTC(), To: o.To.UTC(), Levels: o.Foresight.Levels, Currency: o.Currency,
	}
	for i := range o.Rows {
		r := &o.Rows[i]
		row := KeptRow{Keys: r.Keys, Other: r.Other, Mean: r.Mean}
		for _, b := range r.Bounds {
			row.Low, row.High = append(row.Low, b.Low), append(row.High, b.High)
			row.Judged = append(row.Judged, b.learned.judged)
			by, _ := decimal(b.learned.by) // a factor between 0.4 and 4, or 0 for none
			row.Reach = append(row.Reach, by)
		}
		k.Rows = append(k.Rows, row)
	}
	return k
}

// Query asks what came in the days of a kept forecast, by all of its groups.
func (k *KeptForecast) Query() (spend.Query, error) {
	zone, err := time.LoadLocation(k.Zone)
	if err != nil {
		return spend.Query{}, spend.Errorf(spend.KindInternal, "read a kept forecast", "%w", err)
	}
	q := spend.Query{Book: k.Book, Axis: spend.ByUse, From: k.From, To: k.To, By: k.By, Measures: []spend.Measure{k.Measure}, Where: k.Where, Zone: zone}
	return q, q.Validate()
}

// Judgement sets a kept forecast against what came.
type Judgement struct {
	Came    money.Amount // in the whole
	Error   money.Amount // what came less what was forecast
	Percent money.Null   // of the error in what came, null when nothing came
	Levels  []LevelHeld
}

// LevelHeld counts for one level the series whose interval held what came.
type LevelHeld struct {
	Level int   `json:"level"`
	Asked int   `json:"asked"` // series with an interval
	Held  int   `json:"held"`
	Whole *bool `json:"whole"` // whether that of the whole held, null when it had none
}

// Judge sets a kept forecast against the table that answers its Query.
func (k *KeptForecast) Judge(t *spend.Table) (Judgement, error) {
	came, err := k.came(t)
	if err != nil || len(k.Rows) == 0 {
		return Judgement{}, err
	}
	j := Judgement{Came: came[""]}
	if j.Error, err = j.Came.Sub(k.Rows[0].Mean); err != nil {
		return j, err
	}
	if !j.Came.IsZero() {
		percent, err := j.Error.Abs().MulQuotient(money.FromInt(100), j.Came.Abs())
		if err != nil {
			return j, err
		}
		j.Percent = money.Known(percent.Round(1))
	}
	for i, level := range k.Levels {
		held := LevelHeld{Level: level}
		for r := range k.Rows {
			held.judge(&k.Rows[r], i, came)
		}
		j.Levels = append(j.Levels, held)
	}
	return j, nil
}

// judge looks whether one series' interval held. What lay beyond the groups of then cannot
// be told from those of today.
func (h *LevelHeld) judge(r *KeptRow, level int, came map[string]money.Amount) {
	if r.Other || level >= len(r.Low) || !r.Low[level].Valid {
		return
	}
	h.Asked++
	a := came[strings.Join(r.Keys, "\x00")]
	holds := r.Low[level].Amount.Cmp(a) <= 0 && a.Cmp(r.High[level].Amount) <= 0
	if holds {
		h.Held++
	}
	if len(r.Keys) == 0 {
		h.Whole = &holds
	}
}

// came sums what came by every series, the whole under "".
func (k *KeptForecast) came(t *spend.Table) (map[string]money.Amount, error) {
	sums := map[string]money.Amount{}
	for i := range t.Rows {
		row := &t.Rows[i]
		for depth := 0; depth <= len(row.Keys); depth++ {
			name := strings.Join(row.Keys[:depth], "\x00")
			sum, err := sums[name].Add(row.Values[0].Amount)
			if err != nil {
				return nil, err
			}
			sums[name] = sum
		}
	}
	return sums, nil
}

// Record is how earlier forecasts of the same question went: those whose days have ended,
// none of them overlapping another.
type Record struct {
	Judged   int         `json:"judged"` // forecasts
	Least    int         `json:"least"`  // of them, before anything is said
	Enough   bool        `json:"enough"`
	Levels   []LevelHeld `json:"levels"`    // counted over all of them
	Percent  money.Null  `json:"error_pct"` // mean of the wholes' errors, without their signs
	Earliest time.Time   `json:"earliest,omitzero"`
}

// RecordOf sums judgements, and says nothing where there are too few.
func RecordOf(all []Judgement, least int) (Record, error) {
	r := Record{Judged: len(all), Least: least, Enough: len(all) >= least && len(all) > 0, Levels: []LevelHeld{}}
	if !r.Enough {
		return r, nil
	}
	var errors []money.Amount
	for i := range all {
		if all[i].Percent.Valid {
			errors = append(errors, all[i].Percent.Amount)
		}
		for l, level := range all[i].Levels {
			if l == len(r.Levels) {
				r.Levels = append(r.Levels, LevelHeld{Level: level.Level})
			}
			r.Levels[l].Asked += level.Asked
			r.Levels[l].Held += level.Held
		}
	}
	if len(errors) == 0 {
		return r, nil
	}
	sum, err := money.Sum(errors...)
	if err != nil {
		return r, err
	}
	mean, err := sum.MulRatio(1, int64(len(errors)))
	r.Percent = money.Known(mean.Round(1))
	return r, err
}
