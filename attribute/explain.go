package attribute

import (
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Fate is what became of a field that a rule acts on.
type Fate string

// The fates.
const (
	Filled  Fate = "filled"  // it was open
	Refined Fate = "refined" // it stands over what was claimed
	Kept    Fate = "kept"    // what was claimed stays, for the rule only sets
	Held    Fate = "held"    // what the credential says stays
	Lost    Fate = "lost"    // an earlier rule has decided it
	Empty   Fate = "empty"   // the event gives the value nothing
)

// Explanation says how an event comes to its scope, step by step.
type Explanation struct {
	Claimed spend.Scope `json:"claimed"` // by its sources
	Steps   []Step      `json:"steps"`   // every rule in order, then the organisation, then the defaults
	Scope   spend.Scope `json:"scope"`   // as it is decided
	Rule    string      `json:"rule"`    // that decided first, with its version; "" when nothing did
}

// Step is what one rule did, or the organisation.
type Step struct {
	Rule    string    `json:"rule"`              // with its version, or organisation
	Line    int       `json:"line,omitempty"`    // in the file of rules
	Matched bool      `json:"matched"`           //
	Dates   string    `json:"dates,omitempty"`   // why its dates do not hold
	Tried   []Trial   `json:"tried,omitempty"`   // every condition
	Outcome []Outcome `json:"outcome,omitempty"` // of a rule that matched, every field
}

// Trial is a condition, set against the event.
type Trial struct {
	Field string   `json:"field"`
	Value string   `json:"value"` // of the event, "" when it says nothing
	Want  Patterns `json:"want"`
	Holds bool     `json:"holds"`
}

// Outcome is what became of one field.
type Outcome struct {
	Field string `json:"field"`
	Value string `json:"value,omitempty"` // that the rule wants
	Fate  Fate   `json:"fate"`
	To    string `json:"to,omitempty"` // the rule that it was lost to
	Stays string `json:"stays,omitempty"`
}

// Explain is Resolve with its reasons.
func (r *Rules) Explain(e *spend.Event, complete Organisation) Explanation {
	x := explainer{rules: r, event: e, owners: map[string]string{}, Explanation: Explanation{Claimed: e.Scope, Scope: e.Scope, Steps: []Step{}}}
	x.Scope.Tags = maps.Clone(e.Scope.Tags)
	x.each(false)
	x.organisation(complete)
	if x.each(true) {
		x.organisation(complete)
	}
	return x.Explanation
}

type explainer struct {
	Explanation
	rules  *Rules
	event  *spend.Event
	owners map[string]string // who decided a field
}

// each tries all rules of a kind, and says whether one decided something.
func (x *explainer) each(defaults bool) (decided bool) {
	if x.rules == nil {
		return false
	}
	s := x.rules.subject(x.event, &x.Scope, nil)
	for i := range x.rules.rules {
		c := &x.rules.rules[i]
		if c.Default != defaults {
			continue
		}
		step := Step{Rule: c.ref, Line: c.Line, Tried: c.trials(&s), Matched: c.matches(&s), Dates: c.outOfForce(x.event.UsedAt)}
		s.tell = func(a *act, fate Fate, value string) { step.Outcome = append(step.Outcome, x.outcome(a, fate, value)) }
		if step.Matched && c.apply(&s) {
			decided = true
			x.decides(&step)
		}
		x.Steps = append(x.Steps, step)
	}
	return decided
}

// decides notes who decided what.
func (x *explainer) decides(step *Step) {
	if x.Rule == "" {
		x.Rule = step.Rule
	}
	for _, o := range step.Outcome {
		if o.Fate == Filled || o.Fate == Refined {
			x.owners[o.Field] = step.Rule
		}
	}
}

func (x *explainer) outcome(a *act, fate Fate, value string) Outcome {
	o := Outcome{Field: a.name, Value: value, Fate: fate}
	switch fate {
	case Lost, Kept, Held:
		o.To = x.owners[a.name]
		s := subject{scope: &x.Scope}
		o.Stays = s.now(a)
	}
	if o.To != "" {
		o.Fate = Lost
	}
	return o
}

func (c *compiled) trials(s *subject) (all []Trial) {
	for i := range c.conditions {
		one := &c.conditions[i]
		value := s.values[one.slot]
		all = append(all, Trial{one.field, value, one.said, one.match(value)})
	}
	return all
}

// outOfForce says why the dates of a rule do not hold, "" when they do.
func (c *compiled) outOfForce(at time.Time) string {
	switch {
	case c.inForce(at):
		return ""
	case at.Before(c.from):
		return "it holds from " + c.From + " on"
	}
	return "it held until " + c.Until
}

// organisation lets the organisation complete what is open.
func (x *explainer) organisation(complete Organisation) {
	if complete == nil {
		return
	}
	before := x.Scope
	step := Step{Rule: complete(&x.Scope, x.event.UsedAt)}
	if step.Matched = step.Rule != ""; !step.Matched {
		step.Rule = ByOrganisation
	}
	if !step.Matched && slices.ContainsFunc(x.Steps, func(s Step) bool { return s.Rule == ByOrganisation || s.Rule == ByRegister }) {
		return // once is enough to say that it has nothing to add
	}
	then, now := before.Fields(), x.Scope.Fields()
	for i, field := range spend.ScopeFields() {
		if *then[i] == *now[i] {
			continue
		}
		o := Outcome{Field: field, Value: *now[i], Fate: Filled}
		if *then[i] != "" { // it went by another name
			o.Fate = Refined
		}
		step.Outcome = append(step.Outcome, o)
	}
	if step.Matched {
		x.decides(&step)
	}
	x.Steps = append(x.Steps, step)
}
