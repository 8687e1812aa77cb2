package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// ExplainedAttempt says how a booked call comes to its scope by the rules and the
// organisation in force. Who the person of a call is stays out of it.
type ExplainedAttempt struct {
	Attempt spend.ID    `json:"attempt"`
	Source  string      `json:"source"`
	UsedAt  time.Time   `json:"used_at"`
	Booked  BookedScope `json:"booked"`
	Moves   bool        `json:"moves"` // it is decided otherwise today: a restatement would book it anew
	attribute.Explanation
}

// BookedScope is how a line is attributed as it stands.
type BookedScope struct {
	Scope spend.Scope `json:"scope"`
	Rule  string      `json:"rule"` // that decided, with its version
}

func explainRoute() route {
	return route{
		pattern: "GET /api/v1/attribution/explain", action: auth.SpendRead, needs: (*call).needsOfAttempt, handle: (*call).explain,
		summary: "Says of one call which rule decides its scope, why, and what lost; by the rules in force, from what its sources claimed.",
		params: []param{
			{"query", "attempt", "its attempt id, source key, response id of the vendor or attempt id of the gateway"},
			{"query", "format", "json (when empty), or text as the command line prints it"},
		},
		out: ExplainedAttempt{}, status: http.StatusOK,
	}
}

// needsOfAttempt looks the attempt up and gives what it takes to read it: the right
// to read its scope. Whoever names one that is not there needs the right to read
// all, so that nobody learns what others have.
func (c *call) needsOfAttempt() ([]need, error) {
	values, err := c.parameters()
	if err != nil {
		return nil, err
	}
	if c.form, err = formOf(values); err == nil && c.form == formCSV {
		err = spend.Errorf(spend.KindInvalid, "read format", "an explanation has no rows").WithHint("json or text")
	}
	if err != nil {
		return nil, err
	}
	if own := (auth.Target{Scope: ownScope(c.who, auth.SpendRead)}); !auth.Authorise(c.who, auth.SpendRead, own).Allowed {
		return []need{{auth.SpendRead, own}}, nil // who may read nothing starts no search
	}
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	found, err := c.Attribution.Explain(c.request.Context(), values.Get("attempt"))
	if slices.Contains([]spend.Kind{spend.KindNotFound, spend.KindConflict, spend.KindInvalid}, spend.KindOf(err)) && err != nil {
		c.unexplained = err
		return []need{{auth.SpendRead, auth.Target{}}}, nil
	}
	c.explained = &found
	return []need{{auth.SpendRead, auth.Target{Scope: found.Booked.Scope}}}, err
}

func (c *call) explain() (reply, error) {
	if c.unexplained != nil {
		return reply{}, c.unexplained
	}
	shown := shownExplanation(c.explained)
	if c.form == formText {
		return reply{status: http.StatusOK, media: "text/plain; charset=utf-8", body: []byte(shown.text())}, nil
	}
	return jsonReply(http.StatusOK, shown), nil
}

// shownExplanation leaves out who the person is.
func shownExplanation(x *ingest.Explained) ExplainedAttempt {
	shown := ExplainedAttempt{
		Attempt: x.Booked.AttemptID, Source: x.Booked.Source, UsedAt: x.Booked.UsedAt.UTC(), Moves: x.Moves,
		Booked: BookedScope{x.Booked.Scope, x.Booked.Rule}, Explanation: x.Explanation,
	}
	for _, s := range []*spend.Scope{&shown.Booked.Scope, &shown.Claimed, &shown.Scope} {
		s.Principal = ""
	}
	shown.Steps = slices.Clone(shown.Steps)
	for i := range shown.Steps {
		step := &shown.Steps[i]
		step.Tried = slices.Clone(step.Tried)
		for k := range step.Tried {
			if step.Tried[k].Field == "principal" && step.Tried[k].Value != "" {
				step.Tried[k].Value = "(somebody)"
			}
		}
	}
	return shown
}

func (x *ExplainedAttempt) text() string {
	rule := x.Booked.Rule
	if rule == "" {
		rule = "nothing"
	}
	text := "attempt " + x.Attempt.String() + ", used " + x.UsedAt.Format(time.RFC3339) + ", booked as decided by " + rule + "\n" + x.Text()
	if x.Moves {
		text += "It is booked otherwise than it is decided today: bursar attribute restate books it anew.\n"
	}
	return text
}
