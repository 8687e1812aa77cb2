package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// Forecasts keeps what was forecast, append-only.
type Forecasts interface {
	// Maturity says from when on forecasts count.
	Maturity() Maturity
	// Ahead is what is known of days to come: the price book in force, and the calendar.
	Ahead() (*pricebook.Book, []occasion.Occasion)
	// Planned is what is meant to be spent.
	Planned() []plan.Line
	// KeepForecast keeps the first forecast of a question on a day, and gives the id of the
	// one that is kept. The error is of kind exhausted when it is not to be kept.
	KeepForecast(ctx context.Context, k *report.KeptForecast) (string, error)
	// Forecasts lists forecasts behind a place, the newest first.
	Forecasts(ctx context.Context, behind *ForecastPlace, limit int) ([]Foretold, error)
	// EndedForecasts lists those of a question whose days had ended at an instant, the last
	// to end first.
	EndedForecasts(ctx context.Context, asked string, by time.Time, limit int) ([]Foretold, error)
}

// Maturity says from when on forecasts count.
type Maturity struct {
	LeastDays   int // of history, to be forecast by its own past
	SettleDays  int // after the end of a forecast, before it is judged
	LeastJudged int // forecasts of a question, before it is said how they held
}

// Foretold is a forecast that is kept.
type Foretold struct {
	ID       string
	Kept     time.Time
	Forecast report.KeptForecast
}

// ForecastPlace is a place in the list of kept forecasts.
type ForecastPlace struct {
	Kept time.Time `json:"kept"`
	ID   string    `json:"id"`
}

const mostForeseen = 1_000 // groups with rows of their own

func forecastRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/forecast", action: auth.SpendRead, needs: (*call).askedAhead, handle: (*call).forecast,
			summary: "Says what comes next by day, with intervals of the sum of all days; parts add up to their whole. The first of a question on a day is kept, and how earlier ones of the same question held stands beside it.",
			params: []param{
				{"query", "by", "dimensions by commas, the widest first, like team,workflow; the whole when empty"},
				{"query", "horizon", "days like 90d, or weeks like 13w, at most 400 days; 30d when empty"},
				{"query", "levels", "per cent by commas; 80,95 when empty"},
				{"query", "measure", "cost (when empty), calls, prompt_tokens, completion_tokens or cached_tokens"},
				{"query", "where", "condition, like model=a,b or team!=x; may be repeated"},
				{"query", "book", "metered (when empty), reported, invoiced or allocated"},
				{"query", "as_of", "what the ledger knew then"},
				{"query", "zone", "IANA name; the organisation's when empty"},
				{"query", "top", "groups with rows of their own, at most 1000; 500 when empty"},
				{"query", "currency", "of cost, like EUR: days to come by the newest exchange rate, an assumption that the answer names, days before by their own; the organisation's when empty"},
				{"query", "days", "true: the days of every row too, in JSON"},
				{"query", "format", "json (when empty), csv, or text as the command line prints it"},
			},
			out: ForecastEnvelope{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/forecasts", action: auth.SpendRead, needs: inOwnScope, handle: (*call).listForecasts,
			summary: "Lists the forecasts that were kept, the newest first, each with what came as soon as its days are over and settled.",
			params: []param{
				{"query", "limit", "entries of a page, 1 to 50; 20 when empty"},
				{"query", "cursor", "next of the page before"},
			},
			out: Page[KeptForecast]{}, status: http.StatusOK,
		},
	}
}

// askedAhead reads the question, which needs what asking for its past does.
func (c *call) askedAhead() ([]need, error) {
	values, err := c.parameters()
	if err != nil {
		return nil, err
	}
	if c.form, err = formOf(values); err != nil {
		return nil, err
	}
	ask, err := c.aheadOf(values)
	if err != nil {
		return nil, err
	}
	f, err := ask.Foresight(c.now)
	if err != nil {
		return nil, err
	}
	c.foresight = &f
	return c.needsOf(&f.Past)
}

func (c *call) aheadOf(v url.Values) (report.ForecastAsk, error) {
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return report.ForecastAsk{}, err
	}
	top, err := strconv.Atoi(named(v, "top", strconv.Itoa(shownTop)))
	if err != nil || top < 1 || top > mostForeseen {
		return report.ForecastAsk{}, spend.Errorf(spend.KindInvalid, "read top", "%.40q is no number of groups", v.Get("top")).WithHint("1 to %d", mostForeseen)
	}
	if days := v.Get("days"); days != "" && days != "true" && days != "false" {
		return report.ForecastAsk{}, spend.Errorf(spend.KindInvalid, "read days", "%.40q is neither true nor false", days)
	}
	if v.Get("by") == "" {
		top = 0
	}
	to, err := c.currencyOf(v.Get("currency"))
	if measure := named(v, "measure", string(spend.Cost)); measure == string(spend.Cost) {
		c.currency = to
	}
	if err != nil {
		return report.ForecastAsk{}, err
	}
	return report.ForecastAsk{
		By: v.Get("by"), Horizon: named(v, "horizon", "30d"), Levels: named(v, "levels", "80,95"), Measure: named(v, "measure", string(spend.Cost)),
		Where: v["where"], Book: named(v, "book", string(spend.Metered)), AsOf: v.Get("as_of"), Zone: zone.String(), Top: top, Fiscal: c.View().Fiscal,
	}, nil
}

// forecast asks the ledger in turn, then thinks: one forecast at a time.
func (c *call) forecast() (reply, error) {
	o, past, err := c.foreseen()
	if err != nil {
		return reply{}, err
	}
	record, err := c.recordOf(o)
	if err != nil {
		return reply{}, err
	}
	shown := report.ForecastShown{Outlook: o, Record: record}
	id, notKept, err := c.keepForecast(o)
	if err != nil {
		return reply{}, err
	}
	if c.currency != "" {
		if err := c.converting().Foreseen(o, past); err != nil {
			return reply{}, err
		}
	}
	switch c.form {
	case formCSV:
		return written("text/csv; charset=utf-8", &shown, report.ForecastCSV)
	case formText:
		return written("text/plain; charset=utf-8", &shown, report.ForecastText)
	}
	envelope, err := c.forecastEnvelope(&shown)
	envelope.ID, envelope.NotKept = id, notKept
	return jsonReply(http.StatusOK, envelope), err
}

// foreseen gives what comes next in the currency of the books, and what it was made of.
func (c *call) foreseen() (*report.Outlook, *spend.Table, error) {
	var past, fed spend.Table
	_, c.foresight.Calendar = c.Forecasts.Ahead()
	err := c.inTurn(func(ctx context.Context) (err error) {
		if past, err = c.Asker.Answer(ctx, &c.foresight.Past); err != nil {
			return err
		}
		q := c.foresight.Fed()
		if fed, err = c.Asker.Answer(ctx, &q); err != nil {
			return err
		}
		if err := c.booked(ctx, &fed); err != nil {
			return err
		}
		return c.reprice(ctx)
	})
	if err != nil {
		return nil, nil, err
	}
	select {
	case c.thinking <- struct{}{}:
		defer func() { <-c.thinking }()
	case <-c.request.Context().Done():
		return nil, nil, spend.Errorf(spend.KindUnavailable, "forecast", "%w", c.request.Context().Err())
	}
	o, err := report.Foresee(c.foresight, &past, &fed, c.Forecasts.Maturity().LeastDays)
	if err != nil {
		return nil, nil, err
	}
	return &o, &past, c.adapt(&o)
}

// adapt lets intervals learn from the last forecast of the question that has settled. What
// the ledger knew at an earlier time is answered as it was then.
func (c *call) adapt(o *report.Outlook) error {
	m := c.Forecasts.Maturity()
	if !c.foresight.Past.AsOf.IsZero() {
		return nil
	}
	found, err := c.Forecasts.EndedForecasts(c.request.Context(), o.Foresight.Asked(), c.now.AddDate(0, 0, -m.SettleDays), 1)
	if err != nil || len(found) == 0 {
		return err
	}
	table, err := c.came(&found[0].Forecast)
	if err != nil {
		return err
	}
	return o.Adapt(&found[0].Forecast, &table, m.LeastJudged)
}

// booked asks what purchases have booked for the days ahead.
func (c *call) booked(ctx context.Context, fed *spend.Table) error {
	q, due := c.foresight.Bought(fed)
	if !due {
		return nil
	}
	bought, err := c.Asker.Answer(ctx, &q)
	if err != nil {
		return err
	}
	if q, due = c.foresight.Paid(&bought); !due {
		return nil
	}
	paid, err := c.Asker.Answer(ctx, &q)
	c.foresight.Booked, c.foresight.Unconverted = paid.Rows, bought.Totals.UnconvertedLines
	return err
}

// reprice reckons with the price changes that the book knows of.
func (c *call) reprice(ctx context.Context) error {
	book, _ := c.Forecasts.Ahead()
	q, due := c.foresight.Mix(book)
	if !due {
		return nil
	}
	mix, err := c.Asker.Answer(ctx, &q)
	if err != nil {
		return err
	}
	if err := c.foresight.Reprice(book, &mix); err != nil {
		return err
	}
	if q, due = c.foresight.Quantities(); !due {
		return nil
	}
	used, err := c.Asker.Answer(ctx, &q)
	if err == nil {
		c.foresight.Drive(book, &used)
	}
	return err
}

// keepForecast keeps what the ledger knows now, and says why where it does not. What it
// knew at an earlier time is no forecast that anybody was told, and what is booked ahead
// alone is none at all.
func (c *call) keepForecast(o *report.Outlook) (id, notKept string, err error) {
	if !c.foresight.Past.AsOf.IsZero() {
		return "", "it is of what the ledger knew at an earlier time", nil
	}
	if o.Alone != "" {
		return "", "it is what is booked ahead alone, of which nothing is to be judged", nil
	}
	kept := o.Kept()
	id, err = c.Forecasts.KeepForecast(c.request.Context(), &kept)
	if spend.KindOf(err) == spend.KindExhausted && err != nil {
		return "", err.Error(), nil
	}
	return id, "", err
}

// mostJudged is how many earlier forecasts a record is made of.
const mostJudged = 12

// recordOf sets earlier forecasts of the same question against what came: those that have
// settled, none of them overlapping another.
func (c *call) recordOf(o *report.Outlook) (report.Record, error) {
	m := c.Forecasts.Maturity()
	var all []report.Judgement
	var earliest time.Time
	for by := c.now.AddDate(0, 0, -m.SettleDays); len(all) < mostJudged; by = earliest {
		found, err := c.Forecasts.EndedForecasts(c.request.Context(), o.Foresight.Asked(), by, 1)
		if err != nil {
			return report.Record{}, err
		}
		if len(found) == 0 {
			break
		}
		j, err := c.judged(&found[0].Forecast)
		if err != nil {
			return report.Record{}, err
		}
		all, earliest = append(all, j), found[0].Forecast.From
	}
	r, err := report.RecordOf(all, m.LeastJudged)
	r.Earliest = earliest
	return r, err
}

// judged sets a kept forecast against what came.
func (c *call) judged(k *report.KeptForecast) (report.Judgement, error) {
	table, err := c.came(k)
	if err != nil {
		return report.Judgement{}, err
	}
	return k.Judge(&table)
}

// came asks the ledger what came in the days of a kept forecast.
func (c *call) came(k *report.KeptForecast) (table spend.Table, err error) {
	q, err := k.Query()
	if err != nil {
		return table, err
	}
	err = c.inTurn(func(ctx context.Context) error {
		table, err = c.Asker.Answer(ctx, &q)
		return err
	})
	return table, err
}
