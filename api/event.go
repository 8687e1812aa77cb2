package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// batch is the body of the events route, for the document.
type batch []map[string]any

func eventRoutes() []route {
	return []route{
		{
			pattern: "POST /api/v1/events", action: auth.EventWrite, needs: inOwnScope, handle: (*call).events,
			summary: "Keeps usage events: one CloudEvent or an array of them. Answers when they are on disk.",
			params:  []param{repeatKey()}, in: batch{}, out: Receipt{}, status: http.StatusAccepted,
		},
	}
}

func (c *call) events() (reply, error) { return c.accept(c.Acceptor.Accept) }

// accept hands a body to the acceptor, which answers when the journal has synced
// it. A request of which nothing could be kept is an error with every mistake.
func (c *call) accept(keep func(context.Context, auth.Identity, []byte) (Receipt, error)) (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	receipt, err := keep(c.request.Context(), c.who, c.body)
	if err != nil {
		return reply{}, err
	}
	c.counts.posted(&receipt)
	if receipt.Accepted == 0 {
		return reply{}, nothingKept(&receipt)
	}
	if receipt.Rejected == nil {
		receipt.Rejected = []Refusal{}
	}
	return jsonReply(http.StatusAccepted, receipt), nil
}

func nothingKept(r *Receipt) error {
	problems := []spend.Problem{}
	for _, refused := range r.Rejected {
		for _, p := range refused.Problems {
			problems = append(problems, spend.Problem{Field: fmt.Sprintf("events[%d].%s", refused.Index, p.Field), Msg: p.Msg})
		}
	}
	err := spend.Errorf(spend.KindInvalid, "accept events", "none of %d can be booked", len(r.Rejected)).
		WithHint("mend the problems and send them again; rejected events are listed at /api/v1/quarantine")
	return rejection{err, problems}
}
