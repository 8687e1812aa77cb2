package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/report"
)

// EqualEnvelope compares the models of each workflow. Amounts and rates are decimal texts,
// null where they are unknown; costs are in the organisation's currency.
type EqualEnvelope struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"` // not included
	outcome.Comparison
}

// modelParams are those of outcomes, whose cost is that of the ledger here.
func modelParams() []param {
	return slices.DeleteFunc(outcomeParams(), func(p param) bool { return p.name == "measures" })
}

func (c *call) equalModels() (reply, error) {
	var found report.Equal
	err := c.inTurn(func(ctx context.Context) (err error) {
		found.Query = *c.question
		found.Comparison, err = c.Outcomes.EqualModels(ctx, c.question)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	switch c.form {
	case formCSV:
		return written("text/csv; charset=utf-8", &found, report.EqualCSV)
	case formText:
		return written("text/plain; charset=utf-8", &found, report.EqualText)
	}
	return jsonReply(http.StatusOK, EqualEnvelope{found.Query.From, found.Query.To, found.Comparison}), nil
}
