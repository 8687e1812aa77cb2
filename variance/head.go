package variance

import "github.com/bursarhq/bursar/money"

// Head is what the chain of a workflow begins with, in both periods: what it achieved, in
// how many runs, with how many calls. Workflows have outcomes of several kinds, so each
// has a head of its own and there is none of several together.
//
// Example: 50 outcomes took 100 runs of 4 calls each, then 80 took 240 of 5. At 0.001 a
// call that is 0.4 and then 1.2: outcomes +0.34, runs per outcome +0.295, calls per run
// +0.165.
type Head struct {
	Workflow string
	Outcomes [2]money.Amount // verified or matured
	Runs     [2]int64
	Calls    [2]int64 // that name one of the runs
}

// Missing says why the calls of a workflow stay one driver; "" is one whose calls split.
func (h *Head) Missing() string {
	if h.Workflow == "" {
		return "no workflow is named"
	}
	periods := [2]string{"the earlier period", "the later period"}
	for t, period := range periods {
		switch {
		case h.Outcomes[t].Sign() <= 0:
			return "no verified outcome in " + period
		case h.Runs[t] <= 0 || h.Calls[t] <= 0:
			return "no run in " + period
		}
	}
	return ""
}

// drivers begin a chain in a period, of all the calls that are explained of the workflow.
func (h *Head) drivers(t int, explained money.Amount) map[string]Number {
	runs, calls := money.FromInt(h.Runs[t]), money.FromInt(h.Calls[t])
	return map[string]Number{
		Outcomes: Exact(h.Outcomes[t]), RunsEach: Quotient(runs, h.Outcomes[t]), CallsEach: Quotient(calls, runs), OutsideRuns: Quotient(explained, calls),
	}
}

// split keeps the heads of workflows whose calls split, by name.
func split(heads []Head) map[string]*Head {
	kept := map[string]*Head{}
	for i := range heads {
		if heads[i].Missing() == "" {
			kept[heads[i].Workflow] = &heads[i]
		}
	}
	return kept
}
