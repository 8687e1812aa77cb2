package api

import (
	"context"
	"io"
	"net/http"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// TrueUpOrder asks to book what the bills of a month say otherwise than was metered.
type TrueUpOrder struct {
	Period   string `json:"period"`             // month like 2026-09
	Seller   string `json:"seller,omitempty"`   // one seller, all when empty
	Owner    string `json:"owner,omitempty"`    // team that answers for money of nobody, or of several teams
	Reported bool   `json:"reported,omitempty"` // accounts that have no bill are brought to what is reported
}

// Reconciler sets what was metered against what vendors report and bill.
type Reconciler interface {
	Reconcile(ctx context.Context, q *report.ReconcileAsk) (report.Reconciliation, error)
	// TrueUp books what the bills say otherwise, with its reasons.
	TrueUp(ctx context.Context, by auth.Identity, o *report.TrueUpAsk) (report.TrueUps, error)
}

func reconciliationRoutes() []route {
	return []route{{
		pattern: "POST /api/v1/reconciliation/true-ups", action: auth.ContractChange, handle: (*call).trueUp,
		summary: "Books what the bills of a month say otherwise than was metered, as adjustments with their reasons: afterwards the book metered comes to what is invoiced, or, of an account without a bill and where that is asked for, to what is reported. Sending it again books nothing; after a bill was revised, lines that changed are reversed and booked anew.",
		params:  []param{repeatKey()}, in: TrueUpOrder{}, out: report.TrueUps{}, status: http.StatusOK,
	}, {
		pattern: "GET /api/v1/reconciliation", action: auth.SpendRead, handle: (*call).reconciliation,
		summary: "Says how what was metered, reported and invoiced in a month agree, by seller, account, day and SKU, with reasons that sum to each difference.",
		params: []param{
			{"query", "period", "month like 2026-09, of each vendor's days: those of UTC, or of the zone that its bill names"},
			{"query", "seller", "one seller, like openai; all when empty"},
			{"query", "format", "json (when empty), csv, or text as the command line prints it"},
			{"query", "list", "of csv: rows (when empty), keys that nobody answers for, or rates"},
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
	list, known := map[string]func(io.Writer, *report.Reconciliation) error{
		"rows": report.ReconciliationCSV, "keys": report.ShadowCSV, "rates": report.InferredCSV,
	}[named(values, "list", "rows")]
	if !known {
		return reply{}, spend.Errorf(spend.KindInvalid, "read list", "%.40q is no list of this answer", values.Get("list")).WithHint("rows, keys or rates")
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	found, err := c.Reconciler.Reconcile(c.request.Context(), &q)
	if err != nil {
		return reply{}, err
	}
	return inForm(form, &found, list, report.ReconciliationText)
}

func (c *call) trueUp() (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	var order TrueUpOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	q, err := report.NewReconcileAsk(order.Period, order.Seller)
	if err != nil {
		return reply{}, err
	}
	done, err := c.Reconciler.TrueUp(c.request.Context(), c.who, &report.TrueUpAsk{ReconcileAsk: q, Owner: order.Owner, Reported: order.Reported})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, &done), nil
}
