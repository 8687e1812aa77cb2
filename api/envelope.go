package api

import (
	"math/big"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// Envelope is the answer to every question: what it is about, the total, and the
// rows and the other groups that sum to it. Figures are decimal texts at full
// precision, null where they are unknown.
type Envelope struct {
	Meta  Meta          `json:"meta"`
	Total Total         `json:"total"`
	Rows  []EnvelopeRow `json:"rows"`
	Other *Other        `json:"other"` // null when every group has its row
}

// Meta is what a reader must know beside the figures.
type Meta struct {
	QueryID      string          `json:"query_id"`
	Window       Span            `json:"window"`
	Compare      *Interval       `json:"compare"`
	AsOf         time.Time       `json:"as_of"`
	LastEventAt  *time.Time      `json:"last_event_at"`
	Finality     Finality        `json:"finality"`
	FinalThrough spend.Period    `json:"final_through"` // the last closed period, "" for none
	Restated     *Restatement    `json:"restated"`
	Estimated    Part            `json:"estimated"` // of the cost, from usage that was estimated
	Unpriced     []UnpricedUnits `json:"unpriced"`
	Unallocated  Part            `json:"unallocated"` // of the cost, without a team
	Currency     money.Currency  `json:"currency"`
	FX           *Rates          `json:"fx"`
	Demo         bool            `json:"demo"`
	Organisation *time.Time      `json:"restated_by_organisation_of,omitempty"` // the figures are a view by the organisation of then, booked nowhere
}

// Interval is a stretch of time, its end not included; an open side is null.
type Interval struct {
	From *time.Time `json:"from"`
	To   *time.Time `json:"to"`
}

// Span is the window of a question.
type Span struct {
	Interval
	Periods         *[2]spend.Period `json:"periods,omitempty"` // first and last, on the period axis
	Zone            string           `json:"tz"`
	CompleteThrough *time.Time       `json:"complete_through"`
}

// Finality says whether figures of a window may still change.
type Finality string

// The finalities of a window.
const (
	Ongoing     Finality = "live"        // events still happen in it
	Provisional Finality = "provisional" // what comes late or is corrected changes it
	Final       Finality = "final"       // it was posted in closed periods
	Restated    Finality = "restated"    // corrected after they were closed
)

// Part is an amount and its share of the cost, null when there is no cost.
type Part struct {
	Amount money.Amount `json:"amount"`
	Share  *string      `json:"share"` // 6 decimals, "0.250000"
}

// UnpricedUnits counts what has no amount.
type UnpricedUnits struct {
	Unit     string       `json:"unit"`
	Quantity money.Amount `json:"quantity"`
	Lines    int64        `json:"lines"`
}

// Figures are values by their measure.
type Figures map[spend.Measure]money.Null

// Total stands under every answer.
type Total struct {
	Values      Figures      `json:"values"`
	Previous    Figures      `json:"previous,omitempty"` // the window before
	Calls       int64        `json:"calls"`
	Cost        money.Amount `json:"cost"`
	Exposure    money.Amount `json:"exposure"`    // money not yet known, never inside cost
	OpenCalls   int64        `json:"open_calls"`  // begun, and nothing of them booked yet
	OpenHolds   money.Amount `json:"open_holds"`  // what those may cost, inside neither cost nor exposure
	Provisional money.Amount `json:"provisional"` // cost that may still change
	Unconverted int64        `json:"unconverted_calls"`

	UnconvertedLines int64         `json:"unconverted_lines"` // those of them, and of purchases, which are no calls
	WithoutRate      []money.Money `json:"unconverted"`       // their amounts, by currency
	ExposureLeft     []money.Money `json:"exposure_left"`     // exposure that has no exchange rate, by currency; not in exposure

	Currencies map[spend.Measure]money.Currency `json:"currencies,omitempty"` // of the figures that keep that of the bills, "" where they have several
}

// EnvelopeRow is one group, in one time bucket where the question has a grain.
type EnvelopeRow struct {
	Bucket   *time.Time                 `json:"bucket,omitempty"` // its start, in the question's zone
	Keys     map[spend.Dimension]string `json:"keys"`             // "" is unattributed
	Values   Figures                    `json:"values"`
	Previous Figures                    `json:"previous,omitempty"`
	Few      bool                       `json:"few,omitempty"` // groups of too few people are in it
}

// Other holds the groups beyond the top and those of too few people: one row for each time bucket, and
// their sum. Figures that do not sum are null when there are several buckets.
type Other struct {
	Count  *int64        `json:"count"` // of its groups, null when it is not known
	Values Figures       `json:"values"`
	Rows   []EnvelopeRow `json:"rows"`
}

// answered is everything that an envelope is made of.
type answered struct {
	query     *spend.Query
	table     *spend.Table
	standing  *Standing
	estimated money.Amount
	id        string
	now       time.Time
	calendar  calendar.Calendar // of the finance periods
}

func (a *answered) envelope() (Envelope, error) {
	t := &a.table.Totals
	e := Envelope{Meta: a.meta(), Rows: []EnvelopeRow{}, Total: Total{
		Values: a.figures(t.Values), Previous: a.figures(t.Previous), Currencies: a.currencies(), Calls: t.Calls, Cost: t.Cost,
		Exposure: t.Exposure, OpenCalls: t.OpenCalls, OpenHolds: t.OpenHolds, Provisional: t.Provisional, Unconverted: t.Unconverted,
		UnconvertedLines: t.UnconvertedLines, WithoutRate: append([]money.Money{}, t.WithoutRate...),
		ExposureLeft: append([]money.Money{}, t.ExposureLeft...),
	}}
	for i := range a.table.Rows {
		row := &a.table.Rows[i]
		if !row.Other {
			e.Rows = append(e.Rows, a.row(row))
			continue
		}
		if e.Other == nil {
			e.Other = &Other{Rows: []EnvelopeRow{}}
		}
		e.Other.Rows = append(e.Other.Rows, a.row(row))
	}
	if e.Other == nil {
		return e, nil
	}
	return e, e.Other.sum(a.query)
}

func (a *answered) row(r *spend.Row) EnvelopeRow {
	row := EnvelopeRow{Keys: map[spend.Dimension]string{}, Values: a.figures(r.Values), Previous: a.figures(r.Previous), Few: r.Few}
	if !r.Bucket.IsZero() {
		row.Bucket = &r.Bucket
	}
	for i, key := range r.Keys {
		row.Keys[a.query.By[i]] = key
	}
	return row
}

// figures names values by the question's measures; no values are no figures.
func (a *answered) figures(values []money.Null) Figures {
	if values == nil {
		return nil
	}
	f := Figures{}
	for i, v := range values {
		f[a.query.Measures[i]] = v
	}
	return f
}

// currencies names those that are not the organisation's.
func (a *answered) currencies() map[spend.Measure]money.Currency {
	found := map[spend.Measure]money.Currency{}
	for i, currency := range a.table.Totals.Currencies {
		if m := a.query.Measures[i]; report.AsBilled(m) {
			found[m] = currency
		}
	}
	return found
}

// sum adds the buckets up, of amounts what is known. Runs, people and quantiles of several
// buckets do not add, nor do amounts as they were billed where one bucket's are unknown: they
// may be of several currencies.
func (o *Other) sum(q *spend.Query) error {
	o.Values = Figures{}
	for _, m := range q.Measures {
		var total money.Null
		for i, row := range o.Rows {
			next := row.Values[m]
			if i > 0 && !m.Additive() || !next.Valid && report.AsBilled(m) {
				total = money.Null{}
				break
			}
			if !next.Valid {
				continue
			}
			sum, err := total.Amount.Add(next.Amount)
			if err != nil {
				return spend.Errorf(spend.KindInternal, "query", "sum the other groups: %w", err)
			}
			total = money.Known(sum)
		}
		o.Values[m] = total
	}
	return nil
}

func (a *answered) meta() Meta {
	q, t, s := a.query, &a.table.Totals, a.standing
	m := Meta{
		QueryID: a.id, AsOf: a.now, LastEventAt: instant(s.LastEventAt, q.Zone), FinalThrough: s.FinalThrough, Finality: a.finality(),
		Restated: s.Restated, Estimated: part(a.estimated, t.Cost), Unallocated: part(t.Unattributed, t.Cost),
		Unpriced: unpriced(&t.Unpriced), Currency: a.table.Currency, FX: s.Rates, Demo: s.Demo,
		Window: Span{Interval: interval(q), Zone: q.Zone.String(), CompleteThrough: instant(s.CompleteThrough, q.Zone)},
	}
	m.Organisation = instant(q.Restated, q.Zone)
	if !q.AsOf.IsZero() {
		m.AsOf = q.AsOf
	}
	m.AsOf = m.AsOf.In(q.Zone)
	if q.Axis == spend.ByPeriod && q.Periods != [2]spend.Period{} {
		m.Window.Periods = &q.Periods
	}
	if q.Previous {
		before := lake.Before(*q)
		earlier := interval(&before)
		m.Compare = &earlier
	}
	return m
}

func interval(q *spend.Query) Interval {
	return Interval{instant(q.From, q.Zone), instant(q.To, q.Zone)}
}

func instant(t time.Time, zone *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(zone)
	return &t
}

// finality is that of the whole window: a window that reaches the present is live,
// and what was posted in closed periods alone is final. By day of use a call that
// comes late changes any window.
//
// Example: with 2026-09 closed, what was posted up to the first instant of October
// is final, up to a day later it is provisional.
func (a *answered) finality() Finality {
	last := a.lastPeriod()
	switch closed := a.standing.FinalThrough; {
	case a.standing.Restated != nil:
		return Restated
	case last != "" && last <= closed && a.query.Axis == spend.ByPeriod:
		return Final
	case last == "" || last >= a.calendar.Period(a.now) && (a.query.To.IsZero() || !a.query.To.Before(a.now)):
		return Ongoing
	}
	return Provisional
}

// lastPeriod is the finance month in which the window ends, "" for an open end.
func (a *answered) lastPeriod() spend.Period {
	switch q := a.query; {
	case q.Axis == spend.ByPeriod && q.Periods[1] != "":
		return q.Periods[1]
	case q.To.IsZero():
		return ""
	default:
		return a.calendar.Period(q.To.Add(-time.Microsecond))
	}
}

// part sets an amount against the cost.
//
// Example: 1 of 4 is the share "0.250000".
func part(amount, cost money.Amount) Part {
	if cost.IsZero() {
		return Part{Amount: amount}
	}
	share := new(big.Rat).SetFrac(amount.Big(), cost.Big()).FloatString(6)
	return Part{amount, &share}
}

func unpriced(u *spend.Unknown) []UnpricedUnits {
	units := []UnpricedUnits{}
	if u.Calls == 0 {
		return units
	}
	for _, each := range []struct {
		unit spend.Measure
		n    int64
	}{{spend.PromptTokens, u.PromptTokens}, {spend.OutputTokens, u.CompletionTokens}} {
		if each.n != 0 {
			units = append(units, UnpricedUnits{string(each.unit), money.FromInt(each.n), u.Calls})
		}
	}
	if len(units) == 0 {
		units = append(units, UnpricedUnits{string(spend.Calls), money.FromInt(u.Calls), u.Calls})
	}
	return units
}
