package api

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// ForecastEnvelope says what comes next. Figures are decimal texts; the means of parts sum
// to that of their whole, and the days of a row to its mean.
type ForecastEnvelope struct {
	ID       string                 `json:"id"`       // under which it is kept, "" where it is not
	NotKept  string                 `json:"not_kept"` // why
	Measure  spend.Measure          `json:"measure"`
	Currency money.Currency         `json:"currency"`
	From     time.Time              `json:"from"` // the day after the last one that the ledger knows
	To       time.Time              `json:"to"`   // not included
	Zone     string                 `json:"tz"`
	Days     int                    `json:"days"`
	Levels   []int                  `json:"levels"`
	Rows     []ForecastRow          `json:"rows"` // the whole first, then each part below its whole
	Unpriced spend.Unknown          `json:"unpriced"`
	Exposure money.Amount           `json:"exposure"` // of the past, in no figure
	Lines    int64                  `json:"unconverted_lines"`
	Prices   []report.PriceChange   `json:"price_changes"` // that are known and reckoned with
	Calendar []report.OccasionAhead `json:"occasions"`     // holidays and launches within the days
	Ahead    *report.OneRate        `json:"rate_ahead"`    // by which days to come are told in the currency that was asked for; null in that of the books
	Record   report.Record          `json:"record"`        // how earlier forecasts of the question held
}

// ForecastRow is one series with the sum of all its days.
type ForecastRow struct {
	Keys      map[spend.Dimension]string `json:"keys"`   // as many as it is deep; "" is unattributed
	Depth     int                        `json:"depth"`  // 0 is the whole
	Parent    int                        `json:"parent"` // its row, from 0; -1 for the whole
	Other     bool                       `json:"other"`  // what lies beyond the groups with rows of their own
	History   int                        `json:"history_days"`
	Analogy   bool                       `json:"by_analogy"`    // too young to be forecast by its own past
	Like      string                     `json:"analogy"`       // what it is like, then
	Driven    bool                       `json:"by_quantities"` // by those that it will use, and their known prices
	Priced    money.Amount               `json:"price_effect"`  // of the mean, what known price changes add or take away
	Before    money.Null                 `json:"before"`        // in as many days before; null where none of them has an exchange rate
	Mean      money.Amount               `json:"mean"`
	Booked    money.Amount               `json:"booked_ahead"` // of the mean, what purchases have booked for these days: known, without an interval of its own
	Intervals []ForecastInterval         `json:"intervals"`
	Methods   []string                   `json:"methods"` // that were averaged, the heaviest first
	Days      []ForecastDay              `json:"days,omitempty"`
}

// ForecastInterval is one level's interval of a sum, or why there is none.
type ForecastInterval struct {
	Level   int        `json:"level"`
	Low     money.Null `json:"low"`
	High    money.Null `json:"high"`
	Refused string     `json:"refused"`
	Reach   money.Null `json:"reach"` // by which it was multiplied for how earlier forecasts held, null where it was not
}

// ForecastDay is one day. Its bounds do not sum to those of all days.
type ForecastDay struct {
	Day    string       `json:"day"`
	Mean   money.Amount `json:"mean"`
	Bounds [][2]float64 `json:"bounds"` // low and high by level, none where a level is refused; a statistic
}

// KeptForecast is a forecast that was kept, with what came where that is known.
type KeptForecast struct {
	ID        string             `json:"id"`
	Kept      time.Time          `json:"kept_at"`
	Measure   spend.Measure      `json:"measure"`
	Currency  money.Currency     `json:"currency"`
	Book      spend.Book         `json:"book"`
	By        []spend.Dimension  `json:"by"`
	Where     []spend.Filter     `json:"where"`
	From      time.Time          `json:"from"`
	To        time.Time          `json:"to"`
	Mean      money.Amount       `json:"mean"`      // of the whole
	Intervals []ForecastInterval `json:"intervals"` // of the whole
	Series    int                `json:"series"`
	State     string             `json:"state"`     // running, settling, or judged
	Judgement *ForecastJudgement `json:"judgement"` // null before its days are over and settled
}

// ForecastJudgement sets a forecast against what came.
type ForecastJudgement struct {
	Came    money.Amount       `json:"came"`
	Error   money.Amount       `json:"error"` // what came less what was forecast
	Percent money.Null         `json:"error_pct"`
	Levels  []report.LevelHeld `json:"levels"`
}

func (c *call) forecastEnvelope(f *report.ForecastShown) (ForecastEnvelope, error) {
	q := &f.Foresight.Past
	e := ForecastEnvelope{
		Measure: q.Measures[0], Currency: f.Currency, From: f.From, To: f.To, Zone: q.Zone.String(), Days: f.Foresight.Days, Levels: f.Foresight.Levels,
		Rows: []ForecastRow{}, Unpriced: f.Totals.Unpriced, Exposure: f.Totals.Exposure, Lines: f.Totals.UnconvertedLines, Record: f.Record,
		Prices: append([]report.PriceChange{}, f.Foresight.Prices.Changes...), Calendar: f.Occasions, Ahead: f.Ahead,
	}
	days := c.request.URL.Query().Get("days") == "true"
	if days && len(f.Rows)*f.Foresight.Days > c.limits.Rows {
		return e, spend.Errorf(spend.KindInvalid, "forecast", "the days of %d rows are more than %d figures", len(f.Rows), c.limits.Rows).
			WithHint("ask without days, or for a smaller top")
	}
	for i := range f.Rows {
		row := forecastRow(q, &f.Rows[i])
		if days {
			row.Days = forecastDays(f.From.In(q.Zone), &f.Rows[i])
		}
		e.Rows = append(e.Rows, row)
	}
	return e, nil
}

func forecastRow(q *spend.Query, r *report.OutlookRow) ForecastRow {
	row := ForecastRow{
		Keys: map[spend.Dimension]string{}, Depth: len(r.Keys), Parent: r.Parent, Other: r.Other, History: r.History, Analogy: r.Likened, Like: r.Analogy, Driven: r.Driven, Priced: r.Priced,
		Before: money.Null{Amount: r.Before, Valid: !r.Unrated}, Mean: r.Mean, Booked: r.Booked, Intervals: []ForecastInterval{}, Methods: append([]string{}, r.Methods...),
	}
	for i, k := range r.Keys {
		if !r.Other {
			row.Keys[q.By[i]] = k
		}
	}
	for _, b := range r.Bounds {
		row.Intervals = append(row.Intervals, ForecastInterval{b.Level, b.Low, b.High, b.Refused, b.Reach})
	}
	return row
}

func forecastDays(from time.Time, r *report.OutlookRow) []ForecastDay {
	year, month, day := from.Date()
	days := make([]ForecastDay, len(r.Days))
	for k := range days {
		days[k] = ForecastDay{Day: time.Date(year, month, day+k, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Mean: r.Days[k], Bounds: boundsAt(r.Around, k)}
	}
	return days
}

func boundsAt(all []forecast.Bounds, k int) [][2]float64 {
	out := [][2]float64{}
	for _, b := range all {
		if b.Refused == "" {
			out = append(out, [2]float64{b.Low[k], b.High[k]})
		}
	}
	return out
}

const keptPage = 50

// listForecasts lists the kept forecasts whose questions the caller may ask.
func (c *call) listForecasts() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	limit, err := keptLimit(v)
	if err != nil {
		return reply{}, err
	}
	behind, err := readCursor[ForecastPlace](v.Get("cursor"))
	if err != nil {
		return reply{}, err
	}
	found, err := c.Forecasts.Forecasts(c.request.Context(), behind, limit+1)
	if err != nil {
		return reply{}, err
	}
	page := Page[KeptForecast]{Items: []KeptForecast{}}
	for i := range found[:min(len(found), limit)] {
		if !c.mayAsk(&found[i].Forecast) {
			continue
		}
		shown, err := c.keptForecast(&found[i])
		if err != nil {
			return reply{}, err
		}
		page.Items = append(page.Items, shown)
	}
	if len(found) > limit {
		page.Next = cursorOf(&ForecastPlace{found[limit-1].Kept, found[limit-1].ID})
	}
	return jsonReply(http.StatusOK, page), nil
}

func keptLimit(v url.Values) (int, error) {
	n, err := strconv.Atoi(named(v, "limit", "20"))
	if err != nil || n < 1 || n > keptPage {
		return 0, spend.Errorf(spend.KindInvalid, "read limit", "%.40q is no length of a page", v.Get("limit")).WithHint("1 to %d", keptPage)
	}
	return n, nil
}

// mayAsk says whether the caller may ask the question of a kept forecast.
func (c *call) mayAsk(k *report.KeptForecast) bool {
	q, err := k.Query()
	if err != nil {
		return false
	}
	scopes, err := scopesOf(&q)
	for _, s := range scopes {
		if !auth.Authorise(c.who, auth.SpendRead, auth.Target{Scope: s}).Allowed {
			return false
		}
	}
	return err == nil
}

func (c *call) keptForecast(f *Foretold) (KeptForecast, error) {
	k := &f.Forecast
	shown := KeptForecast{
		ID: f.ID, Kept: f.Kept, Measure: k.Measure, Currency: k.Currency, Book: k.Book, By: append([]spend.Dimension{}, k.By...), Where: append([]spend.Filter{}, k.Where...),
		From: k.From, To: k.To, Intervals: []ForecastInterval{}, Series: len(k.Rows), State: "running",
	}
	if len(k.Rows) > 0 {
		shown.Mean = k.Rows[0].Mean
		for i, level := range k.Levels {
			shown.Intervals = append(shown.Intervals, ForecastInterval{Level: level, Low: k.Rows[0].Low[i], High: k.Rows[0].High[i]})
		}
	}
	settled := k.To.AddDate(0, 0, c.Forecasts.Maturity().SettleDays)
	switch {
	case c.now.Before(k.To):
		return shown, nil
	case c.now.Before(settled):
		shown.State = "settling"
		return shown, nil
	}
	j, err := c.judged(k)
	shown.State, shown.Judgement = "judged", &ForecastJudgement{Came: j.Came, Error: j.Error, Percent: j.Percent, Levels: j.Levels}
	return shown, err
}
