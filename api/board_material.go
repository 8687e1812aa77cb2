package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// The most that a report lists of a kind; the rest is summed or counted.
const (
	mostVendors = 10_000
	mostUnowned = 1_000
	mostSources = 1_000
)

// teams explains spend by team.
func (b *boarding) teams(ctx context.Context) error {
	q := b.Base
	final, err := b.final(ctx, &q)
	if err != nil {
		return err
	}
	periods := b.against(b.BoardPeriods.Before, []spend.Dimension{"team"})
	heads, err := b.headsOf(ctx, periods)
	if err != nil {
		return err
	}
	e, err := b.parted(ctx, periods, heads)
	if err != nil {
		return err
	}
	b.Teams, b.Totals, b.Currency = e.Bill, [2]spend.Totals{e.Before.Totals, e.After.Totals}, e.After.Currency
	if !sameCurrency(&e) {
		b.Teams.Index.Now, b.Teams.Index.Then = money.Null{}, money.Null{}
	}
	b.source(board.Origin{ID: board.AskTeams, Question: "bursar explain", Finality: final}, "explain",
		[2]string{"from", b.BoardPeriods.Before.Name}, [2]string{"to", b.Now.Name}, [2]string{"by", "team"})
	return nil
}

// against are the questions for an earlier period and for that of the report.
func (b *boarding) against(earlier board.Period, by []spend.Dimension) (periods [2]*spend.Query) {
	for i, p := range []board.Period{earlier, b.Now} {
		base := b.Base
		base.By, base.From, base.To = by, p.From, p.To
		periods[i] = &base
	}
	return periods
}

// sameCurrency says whether list prices are in the currency of the report.
func sameCurrency(e *report.Explanation) bool {
	for _, t := range []*spend.Table{&e.Before, &e.After} {
		i := slices.Index(t.Query.Measures, spend.ListCost)
		if i >= 0 && i < len(t.Totals.Currencies) && t.Totals.Currencies[i] != t.Currency {
			return false
		}
	}
	return true
}

// vendors asks for spend, and for bills, by seller.
func (b *boarding) vendors(ctx context.Context) (err error) {
	q := b.Base
	q.By, q.Top, q.Previous, q.Against = []spend.Dimension{"seller"}, mostVendors, true, [2]time.Time{b.BoardPeriods.Before.From, b.BoardPeriods.Before.To}
	if b.Vendors, err = b.Asker.Answer(ctx, &q); err != nil {
		return err
	}
	final := b.Sources[0].Finality
	against := [2]string{"compare", q.Against[0].Format(time.RFC3339) + ".." + q.Against[1].Format(time.RFC3339)}
	b.source(board.Origin{ID: board.AskVendors, Question: "bursar spend", Finality: final}, "spend",
		append(window(&b.Now), against, [2]string{"by", "seller"}, [2]string{"measures", "cost"})...)
	q.Previous, q.Against, q.Book = false, [2]time.Time{}, spend.Invoiced
	bills, err := b.Asker.Answer(ctx, &q)
	if err != nil {
		return err
	}
	b.source(board.Origin{ID: board.AskBills, Question: "bursar spend", Finality: final}, "spend",
		append(window(&b.Now), [2]string{"book", "invoiced"}, [2]string{"by", "seller"}, [2]string{"measures", "cost"})...)
	q.Book = spend.Reported
	reported, err := b.Asker.Answer(ctx, &q)
	if err != nil {
		return err
	}
	b.source(board.Origin{ID: board.AskReported, Question: "bursar spend", Finality: final}, "spend",
		append(window(&b.Now), [2]string{"book", "reported"}, [2]string{"by", "seller"}, [2]string{"measures", "cost"})...)
	b.Bills, b.Reported = &bills, &reported
	if len(bills.Rows) > 0 || len(reported.Rows) > 0 {
		return nil
	}
	b.Missing = append(b.Missing, board.Missing{Part: "Bills", Why: "no bill and no report of costs of the period is booked, so all of it is accrued"})
	return nil
}

// outcomes sets results against spend in both periods.
func (b *boarding) outcomes(ctx context.Context) error {
	for i, p := range []board.Period{b.BoardPeriods.Before, b.Now} {
		q := b.Base
		q.By, q.From, q.To = []spend.Dimension{"workflow"}, p.From, p.To
		var err error
		if b.Outcomes[i], err = b.call.Outcomes.Outcomes(ctx, &q); err != nil {
			return err
		}
		id := []string{board.AskEarlier, board.AskOutcomes}[i]
		b.source(board.Origin{ID: id, Question: "bursar spend --outcome", Finality: b.Sources[0].Finality}, "outcomes", window(&p)...)
	}
	return nil
}

// equal compares the models of each workflow by the outcomes of the period.
func (b *boarding) equal(ctx context.Context) error {
	q := b.Base
	q.By = []spend.Dimension{"workflow"}
	found, err := b.call.Outcomes.EqualModels(ctx, &q)
	if err != nil {
		return err
	}
	b.Equal = &found
	b.source(board.Origin{ID: board.AskModels, Question: "bursar spend --outcome --by model", Finality: b.Sources[0].Finality}, "outcomes/models", window(&b.Now)...)
	return nil
}

// lastYear compares list prices with those of a year before, where anything was bought.
func (b *boarding) lastYear(ctx context.Context) error {
	q := b.Base
	q.From, q.To = b.BoardPeriods.LastYear.From, b.BoardPeriods.LastYear.To
	past, err := b.Asker.Answer(ctx, &q)
	if err != nil || past.Totals.Calls == 0 {
		return err
	}
	e, err := b.parted(ctx, b.against(b.BoardPeriods.LastYear, nil), report.Heads{})
	if err != nil || !sameCurrency(&e) {
		return err
	}
	b.Material.LastYear = &e.Bill.Index
	b.source(board.Origin{ID: board.AskLastYear, Question: "bursar explain", Finality: b.Sources[0].Finality}, "explain",
		[2]string{"from", b.BoardPeriods.LastYear.Name}, [2]string{"to", b.Now.Name})
	return nil
}

// unowned asks for the workflows that nobody answers for.
func (b *boarding) unowned(ctx context.Context) error {
	found, err := b.Register.Registered(ctx, RegisterQuestion{Kind: register.Workflow, Unowned: true, From: b.Now.From, To: b.Now.To, Most: mostUnowned})
	if err != nil {
		return err
	}
	b.Beyond = found.More
	for _, e := range found.Items {
		if e.Calls != 0 {
			b.Unowned = append(b.Unowned, board.Named{Name: e.Name, Cost: e.Cost})
		}
	}
	b.source(board.Origin{ID: board.AskOwners, Question: "bursar register list --kind workflow --unowned", Finality: b.Sources[0].Finality}, "register",
		[2]string{"kind", "workflow"}, [2]string{"unowned", "true"})
	return nil
}

// silent asks who tells no more what it told in the period before.
func (b *boarding) silent(ctx context.Context) error {
	found, err := b.call.Sources.Sources(ctx, b.now, false)
	if err != nil {
		return err
	}
	q := b.Base
	q.By, q.Top, q.From, q.To = []spend.Dimension{"source"}, mostSources, b.BoardPeriods.Before.From, b.BoardPeriods.Before.To
	told, err := b.Asker.Answer(ctx, &q)
	if err != nil {
		return err
	}
	for _, s := range found {
		if s.Rhythm != Silent || !s.Last.Before(b.Now.To) {
			continue
		}
		silent := board.Silent{Source: s.Source, Last: s.Last}
		for i := range told.Rows {
			if r := &told.Rows[i]; !r.Other && len(r.Keys) == 1 && r.Keys[0] == s.Source && len(r.Values) > 0 {
				silent.Before = r.Values[0]
			}
		}
		b.Silent = append(b.Silent, silent)
	}
	b.source(board.Origin{ID: board.AskTold, Question: "bursar spend", Finality: b.Sources[0].Finality}, "spend",
		append(window(&b.BoardPeriods.Before), [2]string{"by", "source"}, [2]string{"measures", "cost"})...)
	return nil
}

// foresightOf is the forecast of the whole for some days.
func (b *boarding) foresightOf(days int) (report.Foresight, error) {
	ask := report.ForecastAsk{
		Horizon: fmt.Sprintf("%dd", days), Levels: "80,95", Measure: string(spend.Cost), Book: string(spend.Metered), Zone: b.Zone, Fiscal: b.Base.Fiscal,
	}
	return ask.Foresight(b.now)
}

// foretold looks for a forecast of exactly the period, made before it began.
func (b *boarding) foretold(ctx context.Context) error {
	days := int(b.Now.To.Sub(b.Now.From).Round(24*time.Hour) / (24 * time.Hour))
	if days < 1 || days > report.MostForecastDays {
		return nil
	}
	f, err := b.foresightOf(days)
	if err != nil {
		return err
	}
	kept, err := b.Forecasts.EndedForecasts(ctx, f.Asked(), b.now, 1_000)
	for i := range kept {
		k := &kept[i].Forecast
		if !k.From.Equal(b.Now.From) || !k.To.Equal(b.Now.To) || len(k.Rows) == 0 {
			continue
		}
		b.Foretold = &board.Ahead{Period: b.Now, Before: b.Teams.Total.Before, Mean: k.Rows[0].Mean}
		if at := slices.Index(k.Levels, 80); at >= 0 {
			b.Foretold.Low, b.Foretold.High = k.Rows[0].Low[at], k.Rows[0].High[at]
		}
	}
	return err
}

// nextDays is how far a report looks ahead.
const nextDays = 30

// ahead forecasts the days to come, or says why not.
func (b *boarding) ahead() error {
	f, err := b.foresightOf(nextDays)
	if err != nil {
		return err
	}
	b.foresight = &f
	b.source(board.Origin{ID: board.AskForecast, Question: "bursar forecast", Finality: string(Ongoing)}, "forecast", [2]string{"horizon", fmt.Sprintf("%dd", nextDays)})
	o, _, err := b.foreseen()
	if err != nil && spend.KindOf(err) == spend.KindNotFound {
		b.Missing = append(b.Missing, board.Missing{Part: "Forecast", Why: "nothing was booked that a forecast could go on from"})
		return nil
	}
	if err != nil {
		return err
	}
	if o.Alone != "" {
		b.Missing = append(b.Missing, board.Missing{Part: "Forecast", Why: o.Alone + ": " + o.Rows[0].Booked.Fixed(2) + " " + string(o.Currency)})
		return nil
	}
	if _, _, err := b.keepForecast(o); err != nil {
		return err
	}
	whole := &o.Rows[0]
	last := o.To.AddDate(0, 0, -1).Format(time.DateOnly)
	b.Ahead = &board.Ahead{Period: board.Period{Name: o.From.Format(time.DateOnly) + " to " + last, From: o.From, To: o.To}, Before: whole.Before, Mean: whole.Mean}
	for _, bounds := range whole.Bounds {
		if bounds.Level == 80 {
			b.Ahead.Low, b.Ahead.High, b.Ahead.Refused = bounds.Low, bounds.High, bounds.Refused
		}
	}
	b.Ahead.Plan, err = b.plannedAhead(o.From, o.To)
	return err
}
