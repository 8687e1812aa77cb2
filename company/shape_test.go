package company_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// between fails unless low ≤ got ≤ high.
func between(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if !(got >= low && got <= high) {
		t.Errorf("%s is %.4g, want %g to %g", what, got, low, high)
	}
}

// Mean prompt tokens by step are those of 20,163 measured calls of coding
// agents, and so is the cached share.
func TestContextGrows(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	for _, profile := range []string{"coding agent", "desk agent", "research agent", "always-on agent"} {
		for _, want := range []struct {
			steps               string
			prompt, least, most float64
		}{
			{"1", 1_840, 0.01, 0.04}, {"6-10", 7_211, 0.75, 0.85}, {"21-40", 18_988, 0.85, 0.92}, {"81+", 51_092, 0.92, 0.96},
		} {
			c := z.contexts[profile+" "+want.steps]
			between(t, profile+": prompt at steps "+want.steps, c.prompt/c.calls, want.prompt*0.9, want.prompt*1.1)
			between(t, profile+": cached share at steps "+want.steps, c.cached/c.prompt, want.least, want.most)
		}
	}
}

// The dearest hundredth of an agent's runs costs 3.5 to 50 times the median.
func TestRunCostHasALongTail(t *testing.T) {
	t.Parallel()
	byWorkflow := map[string][]float64{}
	for key, run := range defaultCensus().runs {
		workflow, _, _ := strings.Cut(key, " ")
		byWorkflow[workflow] = append(byWorkflow[workflow], run.cost)
	}
	for workflow, costs := range byWorkflow {
		slices.Sort(costs)
		between(t, "p99/p50 of "+workflow, costs[len(costs)*99/100]/costs[len(costs)/2], 3.5, 50)
	}
}

func TestWeekHasARhythm(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	between(t, "busiest hour to mean", float64(slices.Max(z.hours[:]))*24/float64(z.events), 1.8, 2.1)
	var weekend, week, weekends, weeks float64
	for day, n := range z.days {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
			weekend, weekends = weekend+float64(n), weekends+1
		} else {
			week, weeks = week+float64(n), weeks+1
		}
	}
	between(t, "day of the weekend to a working day", weekend/weekends/(week/weeks), 0.25, 0.6)
	between(t, "holiday to the Monday before", float64(z.days["2026-05-25"])/float64(z.days["2026-05-18"]), 0.2, 0.6)
}

// One client makes a good part of all calls, and batch clients are far from an
// even stream.
func TestFewClientsCarryTheBursts(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	between(t, "top client's share", float64(slices.Max(slices.Collect(maps.Values(z.clients))))/float64(z.events), 0.16, 0.52)
	for workflow, rests := range z.batches {
		between(t, "variation of the times between calls of "+workflow, rests.variation(), 6, 27)
	}
	if len(z.batches) < 5 {
		t.Errorf("%d nightly workflows, want at least 5", len(z.batches))
	}
}
