package api

import (
	"context"
	"net/http"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/report"
)

// Reconciler sets what was metered against what vendors report and bill.
type Reconciler interface {
	Reconcile(ctx context.Context, q *report.ReconcileAsk) (report.Reconciliation, error)
}

func reconciliationRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/reconciliation", action: auth.SpendRead, handle: (*call).reconciliation,
		summary: "Says how what was metered, reported and invoiced in a month agree, by seller, account, day and SKU, with reasons that sum to each difference.",
		params: []param{
			{"query", "period", "month like 2026-09, of the vendors' days, which are those of UTC"},
			{"query", "seller", "one seller, like openai; all when empty"},
			{"query", "format", "json (when empty), csv, or text as the command line prints it"},
		},
		out: report.Reconciliation{}, status: http.StatusOK,
	}}
}

// reconciliation waits for its turn as a question does.
func (c *call) reconciliation() (reply, error) {
	values, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	form, err := formOf(values)
	if err != nil {
		return reply{}, err
	}
	q, err := report.NewReconcileAsk(values.Get("period"), values.Get("seller"))
	if err != nil {
		return reply{}, err
	}
	if err := c.turns.enter(c.request.Context()); err != nil {
		return reply{}, err
	}
	defer c.turns.leave()
	found, err := c.Reconciler.Reconcile(c.request.Context(), &q)
	if err != nil {
		return reply{}, err
	}
	return inForm(form, &found, report.ReconciliationCSV, report.ReconciliationText)
}
