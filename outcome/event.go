package outcome

import (
	"slices"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Event is what one source says about one business result. Definition and
// Subject name the result, Source and ID the event; it never changes.
type Event struct {
	ID         string `json:"id"`
	Source     string `json:"source"`             // who says so, "zendesk/acme"
	Definition string `json:"definition"`         // what kind of result, "support.resolution"
	Version    int    `json:"version,omitempty"`  // of the definition; 0 is the one in force when it is booked
	Subject    string `json:"subject"`            // which result, "ticket/88121"
	Workflow   string `json:"workflow,omitempty"` // where the definition does not say it

	State State     `json:"state"`
	At    time.Time `json:"at"` // when it came to this state, UTC with microseconds
	Level Level     `json:"level"`

	Quantity money.Null     `json:"quantity"`           // in the definition's unit, above 0; 1 where no event says it
	Value    money.Null     `json:"value"`              // of the whole quantity, 0 or more
	Currency money.Currency `json:"currency,omitempty"` // of the value

	Runs               []Link     `json:"runs,omitempty"`      // the runs that produced it; none leaves them as they were
	RemediationMinutes money.Null `json:"remediation_minutes"` // human repair of this result so far, a running total
}

// Link names a run that had a part in an outcome. Weights are either all
// stated, from 0 to 1 and at most 1 together, or none is and the runs share
// equally; what is left is the share of people.
type Link struct {
	Run    string     `json:"run"`
	Weight money.Null `json:"weight"`
}

// Limits of an event.
const (
	maxText     = 512           // bytes of one text
	maxRuns     = 1_000         // links of one event
	maxQuantity = 1_000_000_000 // units
	maxValue    = 1_000_000_000_000
	maxMinutes  = 10_000_000 // 19 years
	maxEvents   = 1_000      // events of one outcome
)

// Key is the identity of the event: the same key twice is the same event.
func (e *Event) Key() spend.ID { return spend.Digest("outcome event", e.Source, e.ID) }

// Outcome is the identity of the business result that the event is about.
func (e *Event) Outcome() spend.ID { return spend.Digest("outcome", e.Definition, e.Subject) }

// Content digests everything that the event claims, so that a repeated event is
// told from a changed one.
func (e *Event) Content() spend.ID {
	parts := []string{
		e.Definition, strconv.Itoa(e.Version), e.Subject, e.Workflow, string(e.State), strconv.FormatInt(e.At.UnixMicro(), 10),
		e.Level.String(), e.Quantity.String(), e.Value.String(), string(e.Currency), e.RemediationMinutes.String(),
	}
	for _, l := range e.Runs {
		parts = append(parts, l.Run, l.Weight.String())
	}
	return spend.Digest(parts...)
}

// Validate lists every mistake of the event at once, none for a sound one.
func (e *Event) Validate() []spend.Problem {
	var p mistakes
	for _, t := range []struct {
		field, text string
		needed      bool
	}{
		{"id", e.ID, true}, {"source", e.Source, true}, {"definition", e.Definition, true}, {"subject", e.Subject, true},
		{"workflow", e.Workflow, false},
	} {
		p.Add(t.needed && t.text == "", t.field, "is missing")
		p.Add(len(t.text) > maxText, t.field, "has %d bytes; at most %d are kept", len(t.text), maxText)
	}
	p.Add(e.Version < 0, "version", "is %d; want 1 or more", e.Version)
	p.Add(!slices.Contains(States(), e.State), "state", "must be claimed, verified, matured, disputed or reversed")
	p.Add(e.At.Year() < 2000 || e.At.Year() > 2100, "at", "must be an instant between 2000 and 2100")
	p.Add(e.Level > Controlled, "level", "must be L0 to L4")
	p.Add(e.Level > SelfReported && !e.State.Counts(), "level", "is %s; only a verified or matured result has evidence above L0", e.Level)
	p.within("quantity", e.Quantity, maxQuantity)
	p.Add(e.Quantity.Valid && e.Quantity.Amount.IsZero(), "quantity", "is 0; want more, or reverse the outcome")
	p.within("value", e.Value, maxValue)
	p.Add(e.Value.Valid && e.Currency.Validate() != nil, "currency", "must be three capital letters such as USD beside a value")
	p.Add(!e.Value.Valid && e.Currency != "", "currency", "stands without a value")
	p.within("remediation_minutes", e.RemediationMinutes, maxMinutes)
	p.links(e.Runs)
	return p.Problems
}

// mistakes are those of an event.
type mistakes struct{ document.Problems }

func (p *mistakes) within(field string, n money.Null, most int64) {
	wrong := n.Amount.Sign() < 0 || n.Amount.Cmp(money.FromInt(most)) > 0
	p.Add(wrong, field, "is %s; want 0 to %d", n, most)
}

func (p *mistakes) links(runs []Link) {
	p.Add(len(runs) > maxRuns, "runs", "are %d; at most %d are kept", len(runs), maxRuns)
	seen, stated, sum := map[string]bool{}, 0, money.Amount{}
	for _, l := range runs[:min(len(runs), maxRuns)] {
		p.Add(l.Run == "", "runs", "names a run without an id")
		p.Add(len(l.Run) > maxText, "runs", "has a run id of %d bytes; at most %d are kept", len(l.Run), maxText)
		p.Add(seen[l.Run], "runs", "names a run twice")
		seen[l.Run] = true
		if !l.Weight.Valid {
			continue
		}
		stated++
		p.within("runs.weight", l.Weight, 1)
		if s, err := sum.Add(l.Weight.Amount); err == nil {
			sum = s
		}
	}
	p.Add(stated > 0 && stated < len(runs), "runs", "state some weights and not others; state all or none")
	p.Add(sum.Cmp(money.FromInt(1)) > 0, "runs", "have weights that sum to %s; one outcome is shared out once, at most 1", sum)
}
