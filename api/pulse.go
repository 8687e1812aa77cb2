package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// pulseTopic is that of the figures of the last second.
const pulseTopic = "pulse"

// Pulse is what was booked of calls that have just been made. Whoever reads it sees the
// rows of the own scope, and their total.
type Pulse struct {
	At       time.Time      `json:"at"` // end of the last second
	Currency money.Currency `json:"currency"`
	Total    PulseFigures   `json:"total"`
	Rows     []PulseRow     `json:"rows"` // with a call in the last minute, the dearest of it first
	Runs     []PulseRun     `json:"runs"` // of those, the dearest few
}

// PulseFigures are of the last second and of the last minute. Costs hold what is priced.
type PulseFigures struct {
	Calls      int64        `json:"calls"`
	Cost       money.Amount `json:"cost"`
	CallsMin   int64        `json:"calls_minute"`
	CostMin    money.Amount `json:"cost_minute"`
	Unpriced   int64        `json:"unpriced_minute"` // calls without a price
	Failed     int64        `json:"failed_minute"`   // calls that did not end well
	PromptMin  int64        `json:"prompt_tokens_minute"`
	OutputsMin int64        `json:"completion_tokens_minute"`
}

// PulseRow is one agent in one workflow.
type PulseRow struct {
	Scope spend.Scope `json:"scope"` // business unit, team, application, workflow and agent
	PulseFigures
}

// PulseRun is a run.
type PulseRun struct {
	Run string `json:"run"`
	PulseRow
}

// Plus adds figures; an amount that does not fit is left out.
func (f *PulseFigures) Plus(g *PulseFigures) {
	for _, pair := range [][2]*int64{
		{&f.Calls, &g.Calls}, {&f.CallsMin, &g.CallsMin}, {&f.Unpriced, &g.Unpriced}, {&f.Failed, &g.Failed},
		{&f.PromptMin, &g.PromptMin}, {&f.OutputsMin, &g.OutputsMin},
	} {
		*pair[0] += *pair[1]
	}
	for _, pair := range [][2]*money.Amount{{&f.Cost, &g.Cost}, {&f.CostMin, &g.CostMin}} {
		if sum, err := pair[0].Add(*pair[1]); err == nil {
			*pair[0] = sum
		}
	}
}

// seen is the part that an identity may see.
func (p *Pulse) seen(who auth.Identity) *Pulse {
	part := &Pulse{At: p.At, Currency: p.Currency, Rows: []PulseRow{}, Runs: []PulseRun{}}
	may := func(s *spend.Scope) bool { return auth.Authorise(who, auth.SpendRead, auth.Target{Scope: *s}).Allowed }
	for i := range p.Rows {
		if row := &p.Rows[i]; may(&row.Scope) {
			part.Rows = append(part.Rows, *row)
			part.Total.Plus(&row.PulseFigures)
		}
	}
	for i := range p.Runs {
		if may(&p.Runs[i].Scope) {
			part.Runs = append(part.Runs, p.Runs[i])
		}
	}
	return part
}

// PublishPulse hands each open stream the part that it may see. The last one stays, for
// readers that ask instead. The error is of kind internal.
func (l *Live) PublishPulse(p *Pulse) error {
	whole, err := json.Marshal(p.seen(auth.Identity{Grants: []auth.Grant{{Role: auth.Viewer}}}))
	if err != nil {
		return spend.Errorf(spend.KindInternal, "publish", "the pulse: %w", err)
	}
	l.last.Store(p)
	l.add(Message{Topic: pulseTopic, Data: whole, pulse: p})
	return nil
}

// dataOf is a message as the reader of the stream may see it.
func (f *follower) dataOf(m *Message) (string, error) {
	if m.pulse == nil || auth.Authorise(f.who, auth.SpendRead, auth.Target{}).Allowed {
		return string(m.Data), nil
	}
	part, err := json.Marshal(m.pulse.seen(f.who))
	return string(part), err
}

func pulseRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/pulse", action: auth.SpendRead, needs: inOwnScope, handle: (*call).showPulse,
		summary: "Shows the latest of the topic pulse of the live stream: calls and spend of the last second and minute by workflow and agent. Who may see one scope gets what is in it.",
		out:     Pulse{}, status: http.StatusOK,
	}}
}

func (c *call) showPulse() (reply, error) {
	p := c.Live.last.Load()
	if p == nil {
		p = &Pulse{At: c.now, Currency: c.House().Currency}
	}
	return jsonReply(http.StatusOK, p.seen(c.who)), nil
}
