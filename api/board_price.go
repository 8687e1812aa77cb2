package api

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// prices asks how list prices moved up to the month in which the period ends.
func (b *boarding) prices(ctx context.Context) error {
	last := b.Now.To.Add(-time.Microsecond)
	if last.After(b.now) {
		last = b.now
	}
	month := string(calendar.Of(&b.Base).Period(last))
	ask := report.IndexAsk{Month: month, Zone: b.Zone, Fiscal: b.Base.Fiscal}
	x, err := b.indexed(ctx, &ask)
	if err != nil {
		return err
	}
	b.source(board.Origin{ID: board.AskIndex, Question: "bursar price index", Finality: b.Sources[0].Finality}, "price-index", [2]string{"month", month})
	b.Prices = &board.Prices{
		Ours: x.Ours, Market: x.Market, Newest: x.Newest, Families: x.Families, Repriced: x.Repriced, Currency: x.Currency, Models: x.Models, Checked: x.Checked,
	}
	return nil
}

// usage asks what usage with a price cost in both periods, and would have by the list.
// What has no price would lower the cost of a unit, so it is not among the units.
func (b *boarding) usage(ctx context.Context) error {
	for i, p := range []board.Period{b.BoardPeriods.Before, b.Now} {
		q := b.Base
		q.From, q.To = p.From, p.To
		q.Where = append(slices.Clone(q.Where), spend.Filter{By: "category", Values: []string{string(spend.CategoryUsage)}},
			spend.Filter{By: "price_state", Values: []string{string(spend.Unpriced)}, Not: true})
		q.Measures = []spend.Measure{spend.Cost, spend.ListCost, spend.PromptTokens, spend.OutputTokens, spend.CachedTokens}
		table, err := b.Asker.Answer(ctx, &q)
		if err != nil {
			return err
		}
		if b.Usage[i], err = usageCost(&table); err != nil {
			return err
		}
	}
	b.source(board.Origin{ID: board.AskUnit, Question: "bursar spend", Finality: b.Sources[0].Finality}, "spend",
		append(window(&b.Now), [2]string{"where", "category=usage"}, [2]string{"where", "price_state!=unpriced"}, [2]string{"measures", "cost,list,prompt_tokens,completion_tokens,cached_tokens"})...)
	return nil
}

func usageCost(t *spend.Table) (u board.UsageCost, err error) {
	values := t.Totals.Values
	if len(values) < 5 || len(t.Rows) == 0 {
		return u, nil
	}
	u.Cost, u.List = values[0], values[1]
	if t.Totals.Unconverted > 0 {
		u.Cost = money.Null{} // of some of its tokens only
	}
	if len(t.Totals.Currencies) > 1 && t.Totals.Currencies[1] != t.Currency {
		u.List = money.Null{}
	}
	u.Prompt, u.Cached, u.Calls = values[2].Amount, values[4].Amount, t.Totals.Calls
	u.Tokens, err = values[2].Amount.Add(values[3].Amount)
	return u, err
}
