package app

import (
	"bytes"
	"context"
	"time"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// bookBills books what the vendors of a simulated company bill for each whole month of it,
// a file of FOCUS a month.
func (a *App) bookBills(ctx context.Context, pipeline *ingest.Pipeline, c *company.Company) error {
	for _, month := range c.Months() {
		text, err := a.demoBill(ctx, month)
		if err != nil {
			return err
		}
		run := &exportRun{in: bytes.NewReader(text), file: month.Format("focus-2006-01.csv"), options: vendor.Options{Vendor: "focus"}}
		if _, err := a.bookExport(ctx, pipeline, run); err != nil {
			return err
		}
	}
	return nil
}

// demoBill is what was metered in a month, as it is billed.
func (a *App) demoBill(ctx context.Context, month time.Time) ([]byte, error) {
	bill := company.Bill{Month: month, Zone: a.zones.Of, Price: func(c *spend.Charge, u *spend.Usage) money.Amount {
		return a.listed(reconcile.Asked{
			Seller: c.Seller, Model: c.Event.Model(), Tier: c.Tier(), Region: c.Region, Day: c.UsedAt, Usage: u, Currency: c.Currency,
		}).Amount
	}}
	alike := lake.Alike{From: month, To: month.AddDate(0, 1, 0), Tags: reconcile.Tags(), Zones: a.zones}
	if err := lake.EachAlike(ctx, a.Lake, alike, bill.Add); err != nil {
		return nil, err
	}
	return bill.FOCUS()
}
