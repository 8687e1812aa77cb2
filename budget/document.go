package budget

import (
	"fmt"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/document"
)

// Document is what a text declares.
type Document struct {
	Name    string
	Budgets []Budget
	Rates   []Rate
}

// MaxLimits bounds the limits of one document.
const MaxLimits = 20_000

const maxBytes = 4 << 20

// Parse reads a YAML text, unknown keys refused. The calendar is that of the
// organisation; a budget may name another zone, or civil months.
//
//	kind: budget
//	name: support
//	budgets:
//	  - id: support/month
//	    scope: {application: support, environment: production}
//	    exempt: [{feature: outage}]
//	    each: [workflow]
//	    amount: 500
//	    currency: USD
//	    counts: effective        # contracted, list, tokens, calls, depth
//	    period: month            # minute … year, run, call, rolling 24h
//	    per_outcome: {outcome: support.resolution, amount: 0.40}
//	    alerts: [50, 80, 100, forecast 100]
//	    at_limit: downgrade      # watch, warn, throttle with pace: {calls: 6, per: minute}, downgrade, stop
//	    fallback: gpt-5-mini
//	    grace: 5%
//	    unproven: 0.50           # or refuse
//	    owner: support
//	    override: {reason: launch, until: 2026-12-31}
//	rates:
//	  - {id: support/keys, each: credential, calls: 60, per: minute, burst: 10}
//	  - {id: support/open, each: workflow, open: 20}
//
// Left out, counts is effective, at_limit is warn, alerts are 50, 80 and 100, a
// call without a bound is refused, and a burst is the amount. Every mistake is
// reported at once, in an error of kind invalid.
func Parse(text []byte, of calendar.Calendar) (Document, error) {
	if len(text) > maxBytes {
		return Document{}, refused("it is larger than 4 MiB")
	}
	var w written
	if err := document.Decode(text, &w); err != nil {
		return Document{}, refused(err.Error())
	}
	if len(w.Budgets)+len(w.Rates) > MaxLimits {
		return Document{}, refused(fmt.Sprintf("it has more than %d limits; use each for limits that are alike", MaxLimits))
	}
	var found document.Problems
	d := Document{Name: w.Name}
	found.Add(w.Kind != "" && w.Kind != "budget", "kind", "is %.40q, want budget", w.Kind)
	found.Add(w.Name != "" && !isName(w.Name), "name", "must be 1 to %d of a-z, 0-9, - _ . and /", document.MaxName)
	for i := range w.Budgets {
		at := nameOf("budgets", i, w.Budgets[i].ID)
		b := w.Budgets[i].read(at, of, &found)
		b.check(at, &found)
		d.Budgets = append(d.Budgets, b)
	}
	for i := range w.Rates {
		at := nameOf("rates", i, w.Rates[i].ID)
		r := w.Rates[i].read(at, &found)
		r.check(at, &found)
		d.Rates = append(d.Rates, r)
	}
	if err := found.Err(refused); err != nil {
		return Document{}, err
	}
	return d, nil
}

// written is a document as it stands in a file; numbers are read from their text.
type written struct {
	Kind    string          `yaml:"kind"`
	Name    string          `yaml:"name"`
	Budgets []writtenBudget `yaml:"budgets"`
	Rates   []writtenRate   `yaml:"rates"`
}
