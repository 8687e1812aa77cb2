package api

import (
	"context"
	"errors"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// reasons asks why what vendors say is not what was metered in the period, which begins and
// ends for all vendors when it does for the report's sums. It reads the lines themselves, so
// it has half of the time of a question, and is left out beyond.
func (b *boarding) reasons(ctx context.Context) error {
	if len(b.Bills.Rows) == 0 && len(b.Reported.Rows) == 0 {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, b.call.limits.QueryTime/2)
	defer cancel()
	found, err := b.Reconciler.Reconcile(within, &report.ReconcileAsk{Period: spend.Period(b.Now.Name), From: b.Now.From, To: b.Now.To, Exact: true})
	switch {
	case ctx.Err() != nil:
		return err
	case spend.KindOf(err) == spend.KindExhausted || errors.Is(err, context.DeadlineExceeded):
		b.Missing = append(b.Missing, board.Missing{Part: "Explained difference to bills", Why: "the period has more lines than are reconciled for a report; bursar reconcile asks about one seller"})
		return nil
	case err != nil:
		return err
	}
	b.source(board.Origin{ID: board.AskReasons, Question: "bursar reconcile", Finality: b.Sources[0].Finality}, "reconciliation", [2]string{"period", b.Now.From.Format("2006-01")})
	b.Material.Reasons, err = reasonsOf(found.Bills, b.Currency)
	return err
}

// reasonsOf sums the reasons of a seller's accounts, in their order, as far as they are in
// a currency.
func reasonsOf(bills []reconcile.Bill, currency money.Currency) (map[string][]board.Reason, error) {
	sums := map[string]map[reconcile.Reason]money.Amount{}
	for i := range bills {
		bill := &bills[i]
		if bill.Currency != currency || bill.Basis == "" {
			continue
		}
		if sums[bill.Seller] == nil {
			sums[bill.Seller] = map[reconcile.Reason]money.Amount{}
		}
		for _, p := range bill.Reasons {
			sum, err := sums[bill.Seller][p.Reason].Add(p.Amount)
			if err != nil {
				return nil, err
			}
			sums[bill.Seller][p.Reason] = sum
		}
	}
	found := map[string][]board.Reason{}
	for seller, of := range sums {
		for _, reason := range reconcile.Reasons() {
			if amount := of[reason]; !amount.IsZero() {
				found[seller] = append(found[seller], board.Reason{Name: string(reason), What: reason.Why(), Amount: amount})
			}
		}
	}
	return found, nil
}
