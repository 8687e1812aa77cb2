package api

import (
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// ClosedPeriod is a finance month that was closed, with all before it.
type ClosedPeriod struct {
	Period spend.Period `json:"period"` // 2026-11
	At     time.Time    `json:"at"`
	By     string       `json:"by"` // as the audit trail names who did it
}

// PeriodOrder names a finance month to be closed.
type PeriodOrder struct {
	Period spend.Period `json:"period"` // 2026-11
}

// PeriodList lists the finance months that were closed.
type PeriodList struct {
	Items []ClosedPeriod `json:"items"` // the last one first; each was closed with all before it
}

func periodRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/periods", action: auth.AuditRead, handle: (*call).listPeriods,
			summary: "Lists the finance months that were closed, the last one first, with when and by whom.",
			out:     PeriodList{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/periods", action: auth.PeriodClose, handle: (*call).closePeriod,
			summary: "Closes a finance month that is over, and all before it, for ever. What is booked of them later is posted in the first open one.",
			params:  []param{repeatKey()}, in: PeriodOrder{}, out: PeriodList{}, status: http.StatusOK,
		},
	}
}

func (c *call) listPeriods() (reply, error) {
	if _, err := c.parameters(); err != nil {
		return reply{}, err
	}
	all, err := c.Periods.ClosedPeriods(c.request.Context())
	return jsonReply(http.StatusOK, PeriodList{append([]ClosedPeriod{}, all...)}), err
}

func (c *call) closePeriod() (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	var order PeriodOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	if err := c.Periods.ClosePeriod(c.request.Context(), c.who, order.Period); err != nil {
		return reply{}, err
	}
	all, err := c.Periods.ClosedPeriods(c.request.Context())
	return jsonReply(http.StatusOK, PeriodList{append([]ClosedPeriod{}, all...)}), err
}
