package app

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// Reconcile sets what was metered in a month against what vendors report and bill. It asks
// the ledger for the sums of lines that are alike, as a stream.
func (a *App) Reconcile(ctx context.Context, q *report.ReconcileAsk) (report.Reconciliation, error) {
	r := report.Reconciliation{Period: q.Period, Seller: q.Seller}
	rates, err := ratesOf(ctx, a.State)
	if err != nil {
		return r, err
	}
	tally := reconcile.NewTally(reconcile.Options{
		Zone: a.zones.Of,
		Rate: a.listed,
		Convert: func(amount money.Amount, from, to money.Currency, day time.Time) (money.Amount, bool) {
			quote, found := rates.On(exchange.Want{From: from, To: to, Day: exchange.DayOf(day, time.UTC)})
			if !found {
				return amount, false
			}
			converted, err := quote.Convert(amount)
			return converted, err == nil
		},
	})
	alike := lake.Alike{From: q.From, To: q.To, Seller: q.Seller, Tags: reconcile.Tags(), Zones: a.zones, Exact: q.Exact}
	if err := lake.EachAlike(ctx, a.Lake, alike, tally.Add); err != nil {
		return r, err
	}
	r.Answer, err = tally.Reconcile()
	r.Explain()
	return r, err
}

// listed is the list price of usage in a currency, null where the book has none.
func (a *App) listed(asked reconcile.Asked) money.Null {
	var out pricebook.Rating
	call := pricebook.Call{
		Seller: asked.Seller, Model: asked.Model, At: asked.Day, ServedTier: asked.Tier, Region: asked.Region, Usage: asked.Usage, Aggregated: true,
	}
	if a.Book().Rate(&call, &out); out.State == spend.Unpriced || out.Currency != asked.Currency {
		return money.Null{}
	}
	return money.Known(out.List)
}
