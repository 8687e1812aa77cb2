package outcome

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Standing is what all events of one outcome come to. Count and Value are what
// a plain sum over outcomes adds: a reversed outcome has 0 of both.
type Standing struct {
	Definition string         `json:"definition"`
	Version    int            `json:"version"` // the version under which it counts, 0 when it is not defined
	Subject    string         `json:"subject"`
	Workflow   string         `json:"workflow"`
	State      State          `json:"state"`
	Level      Level          `json:"level"`
	At         time.Time      `json:"at"`       // when the result came about first
	Since      time.Time      `json:"since"`    // when it came to its state
	Count      money.Amount   `json:"count"`    // in the definition's unit
	Value      money.Null     `json:"value"`    // unknown where nobody states one, never zero
	Currency   money.Currency `json:"currency"` // of a known value
	Minutes    money.Amount   `json:"minutes"`  // of human repair; a reversal does not give them back
	Links      []Link         `json:"links"`    // every weight known
	Human      money.Amount   `json:"human"`    // the share of people; with the weights it sums to 1
}

// Fold gives the standing of one outcome from its events, at least one, in any
// order and any number of copies.
//
// Example: claimed on Monday, verified on Tuesday with a value of 6.40 USD and
// reversed on Friday folds to reversed since Friday, count 0, value 0; without
// the reversal to verified since Tuesday, count 1, value 6.40 USD.
func Fold(events []Event, definitions *Definitions) Standing {
	order := inOrder(events)
	s := Standing{Definition: order[0].Definition, Subject: order[0].Subject, Version: order[0].Version, At: order[0].At}
	d, defined := definitions.Find(s.Definition, s.Version)
	if defined {
		s.Version = d.Version
	}
	if i := slices.IndexFunc(order, func(e Event) bool { return e.State == Claimed || e.State.Counts() }); i >= 0 {
		s.At = order[i].At
	}
	said := Event{Quantity: money.Known(money.FromInt(1))}
	for i := range order {
		s.advance(&order[i])
		said.take(&order[i])
	}
	s.Workflow = cmp.Or(d.Workflow, said.Workflow)
	s.Count, s.Minutes = said.Quantity.Amount, said.RemediationMinutes.Amount
	s.Value, s.Currency = d.Value.of(&said)
	s.Links, s.Human = Shares(said.Runs, d.HumanShare)
	if s.State == Reversed {
		s.Count = money.Amount{}
		s.Value.Amount = money.Amount{}
	}
	return s
}

// inOrder drops copies and sorts by instant, then by the strength of the state,
// then by what tells any two events apart.
func inOrder(events []Event) []Event {
	order := slices.Clone(events)
	slices.SortFunc(order, func(a, b Event) int {
		k, l, c, d := a.Key(), b.Key(), a.Content(), b.Content()
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(States(), a.State), slices.Index(States(), b.State)),
			bytes.Compare(k[:], l[:]), bytes.Compare(c[:], d[:]))
	})
	seen := map[[16]byte]bool{}
	return slices.DeleteFunc(order, func(e Event) bool {
		key := e.Key()
		again := seen[key]
		seen[key] = true
		return again
	})
}

func (s *Standing) advance(e *Event) {
	next := s.State.then(e.State)
	if next != s.State {
		s.State, s.Since = next, e.At
	}
	switch {
	case next == Reversed:
		s.Level = SelfReported
	case next.Counts() && e.State.Counts():
		s.Level = max(s.Level, e.Level, e.State.least())
	}
}

// take keeps what a later event says.
func (e *Event) take(later *Event) {
	if later.Workflow != "" {
		e.Workflow = later.Workflow
	}
	if later.Quantity.Valid {
		e.Quantity = later.Quantity
	}
	if later.Value.Valid {
		e.Value, e.Currency = later.Value, later.Currency
	}
	if later.RemediationMinutes.Valid {
		e.RemediationMinutes = later.RemediationMinutes
	}
	if len(later.Runs) > 0 {
		e.Runs = later.Runs
	}
}

// of gives the value of what events say: their own, else quantity times the
// amount of the policy.
func (p *Policy) of(said *Event) (money.Null, money.Currency) {
	if said.Value.Valid {
		return said.Value, said.Currency
	}
	if !p.Amount.Valid {
		return money.Null{}, ""
	}
	v, err := p.Amount.Amount.Mul(said.Quantity.Amount, 1)
	if err != nil {
		return money.Null{}, ""
	}
	return money.Known(v), p.Currency
}

// Shares gives every run its weight and people theirs; together they are 1, to
// the last digit. Stated weights stand and people have the rest; else people
// have the given share and the runs the rest in equal parts. An outcome without
// runs belongs to people.
//
// Example: three runs and a human share of 0.2 make 0.266666666667,
// 0.266666666667, 0.266666666666 and 0.2.
func Shares(runs []Link, human money.Amount) ([]Link, money.Amount) {
	one := money.FromInt(1)
	if len(runs) == 0 {
		return nil, one
	}
	links := slices.Clone(runs)
	if runs[0].Weight.Valid {
		for _, l := range links {
			one, _ = one.Sub(l.Weight.Amount) // weights are from 0 to 1, see Validate
		}
		return links, one
	}
	equal := make([]int64, len(links))
	for i := range equal {
		equal[i] = 1
	}
	rest, _ := one.Sub(human)     // both are from 0 to 1
	parts, _ := rest.Split(equal) // fails for negative weights only
	for i := range links {
		links[i].Weight = money.Known(parts[i])
	}
	return links, human
}
