package company_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/spend"
)

func TestImperfections(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	all := float64(z.events)
	broken := z.statuses[spend.StatusError] + z.statuses[spend.StatusAborted] + z.statuses[spend.StatusInterrupted]
	between(t, "failed, aborted and interrupted calls", float64(broken)/all, 0.02, 0.03)
	if z.statuses[spend.StatusInterrupted] != z.sources[spend.UsageUnobserved] {
		t.Errorf("%d interrupted calls, %d without observed usage", z.statuses[spend.StatusInterrupted], z.sources[spend.UsageUnobserved])
	}
	between(t, "calls counted by a tokenizer", float64(z.sources[spend.UsageEstimate])/all, 0.005, 0.012)
	between(t, "calls on the shared key", float64(z.clients["key-shared-legacy"])/all, 0.05, 0.07)
	between(t, "calls of a model without a price", float64(z.models["nightjar-private-preview"])/all, 0.006, 0.014)
	between(t, "calls for a named customer", float64(z.customers)/all, 0.1, 0.3)
	between(t, "calls of sub-agents", float64(z.parents)/all, 0.02, 0.1)
	between(t, "calls with a web search", float64(z.searches)/all, 0.001, 0.02)
	between(t, "calls outside production", 1-float64(z.environments["production"])/all, 0.08, 0.16)
	for _, kind := range []string{"chat", "embeddings", "transcription", "image"} {
		if z.kinds[kind] == 0 {
			t.Errorf("no call of kind %s", kind)
		}
	}
	for seller, n := range z.reported {
		if want := map[bool]int{true: n[0]}[seller == "openrouter"]; n[1] != want {
			t.Errorf("%s reports the cost of %d of %d calls, want %d", seller, n[1], n[0], want)
		}
	}
}

// No model is called before it was on sale.
func TestModelsWaitForTheirLaunch(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	for model, launch := range map[string]string{
		"gemini-3.6-flash": "2026-07-22", "gemini-3.7-flash": "2026-08-13", "claude-sonnet-5": "2026-06-30",
		"claude-opus-4-8": "2026-05-28", "claude-opus-5": "2026-07-24", "gpt-5.6-sol": "2026-07-10",
		"gpt-5.6-luna": "2026-07-10", "gpt-5.6-terra": "2026-07-09", "openai.gpt-5.6-terra": "2026-07-13",
		"gpt-6-astra": "2026-09-03", "grok-4.3": "2026-05-01",
	} {
		if first := z.first[model]; first < launch {
			t.Errorf("%s is first called on %q, on sale since %s", model, first, launch)
		}
	}
}

func TestTeamsMigrate(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	if got := z.appraise["2026-06"]; got["gpt-5.4"] == 0 || len(got) != 1 {
		t.Errorf("risk appraisal in June: %v, want gpt-5.4 alone", got)
	}
	if got := z.appraise["2026-07"]; got["gpt-5.4"] == 0 || got["gpt-5.6-sol"] == 0 {
		t.Errorf("risk appraisal in July: %v, want both models", got)
	}
	if got := z.appraise["2026-08"]; got["gpt-5.6-sol"] == 0 || len(got) != 1 {
		t.Errorf("risk appraisal in August: %v, want gpt-5.6-sol alone", got)
	}
}

// The bill rises although prices fall, and standing agents are why.
func TestStandingAgentsGrow(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	may, october := z.months["2026-05"], z.months["2026-10"]
	between(t, "October's weighted tokens to May's", october.cost/may.cost, 1.3, 2.5)
	share := func(month string) float64 { return z.standing[month].cost / z.months[month].cost }
	between(t, "standing agents' share in May", share("2026-05"), 0.005, 0.05)
	between(t, "growth of that share to October", share("2026-10")/share("2026-05"), 4, 12)
}

// For eleven hours of a weekend one run burns some thirty times the usual rate.
func TestAnAgentLoops(t *testing.T) {
	t.Parallel()
	z := defaultCensus()
	start := time.Date(2026, time.September, 12, 22, 0, 0, 0, time.UTC)
	var loop, usual float64
	for hour := start.AddDate(0, 0, -7); hour.Before(start.Add(11 * time.Hour)); hour = hour.Add(time.Hour) {
		cost := entry(z.looping, hour.Format("2006-01-02 15")).cost
		if hour.Before(start) {
			usual += cost / (7 * 24)
		} else {
			loop += cost / 11
		}
	}
	between(t, "hourly cost of the incident to the week before", loop/usual, 20, 45)
	calls := 0
	for _, n := range z.loopers {
		calls += n
	}
	longest := 0
	for _, n := range z.loopers {
		longest = max(longest, n)
	}
	between(t, "the longest run's share of the incident", float64(longest)/float64(calls), 0.9, 1)
}

// Every run with a parent belongs to the parent's workflow, and its parent exists.
func TestSubAgentsHaveParents(t *testing.T) {
	t.Parallel()
	workflows, children := map[string]string{}, map[string]string{}
	for e := range company.New(company.Config{Events: 200_000}).Events() {
		workflows[e.Scope.Run] = e.Scope.Workflow
		if e.Scope.ParentRun != "" {
			children[e.Scope.Run] = e.Scope.ParentRun
			if e.Scope.Trigger != "agent" {
				t.Fatalf("sub-agent's run %s was started by %s", e.Scope.Run, e.Scope.Trigger)
			}
		}
	}
	for child, parent := range children {
		if workflow, known := workflows[parent]; !known || workflow != workflows[child] {
			t.Fatalf("run %s of %s has parent %s of %q", child, workflows[child], parent, workflow)
		}
	}
	if len(children) < 100 {
		t.Errorf("%d runs of sub-agents, want at least 100", len(children))
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	c := company.New(company.Config{Events: 400_000})
	runs := map[string]string{}
	for e := range c.Events() {
		runs[e.Scope.Run] = e.Scope.Workflow
	}
	var last time.Time
	seen := map[string]bool{}
	kinds := map[string][2]int{} // all, verified
	for o := range c.Outcomes() {
		if runs[o.Run] != o.Workflow || seen[o.Run] {
			t.Fatalf("outcome of run %s of %s: the run is of %q, or claims twice", o.Run, o.Workflow, runs[o.Run])
		}
		if o.At.Before(last) {
			t.Fatalf("outcome of %s is out of order", o.At)
		}
		last, seen[o.Run] = o.At, true
		repaired := o.RemediationMinutes > 0 && o.Verified && !o.Reversed
		if o.Reversed && !o.Verified || o.Value.IsZero() == o.Verified || o.Value.Sign() < 0 || repaired || o.RemediationMinutes < 0 {
			t.Fatalf("outcome contradicts itself: %+v", o)
		}
		n := kinds[o.Kind]
		n[0]++
		if o.Verified {
			n[1]++
		}
		kinds[o.Kind] = n
	}
	merged := kinds["pull request merged"]
	between(t, "coding agents' success", float64(merged[1])/float64(merged[0]), 0.68, 0.80)
	if len(kinds) < 10 {
		t.Errorf("%d kinds of outcome, want at least 10", len(kinds))
	}
}

// Readers at the same time do not disturb each other, and may stop early.
func TestConcurrentReaders(t *testing.T) {
	t.Parallel()
	c := company.New(company.Config{Events: 3000})
	results := make(chan []string, 3)
	for range cap(results) {
		go func() {
			var keys []string
			for e := range c.Events() {
				if keys = append(keys, e.SourceKey); len(keys) == 2000 {
					break
				}
			}
			results <- keys
		}()
	}
	first := <-results
	for range cap(results) - 1 {
		if diff := cmp.Diff(first, <-results); diff != "" {
			t.Error(diff)
		}
	}
}
