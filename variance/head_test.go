package variance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/variance"
)

// of is a group of one workflow.
func of(workflow string, g variance.Group) variance.Group {
	g.Workflow = workflow
	return g
}

// triage achieved 50 results in 100 runs of 4 calls, then 80 in 240 of 5.
func triage() variance.Head {
	return variance.Head{
		Workflow: "triage", Outcomes: [2]money.Amount{money.FromInt(50), money.FromInt(80)}, Runs: [2]int64{100, 240}, Calls: [2]int64{400, 1200},
	}
}

func TestCallsSplitByOutcomes(t *testing.T) {
	t.Parallel()
	outside := triage()
	outside.Calls = [2]int64{400, 600}
	before, after := group("one", 400, 1000, "1"), group("one", 1200, 1000, "1")
	other := named("two", "two", "acme/two", group("two", 100, 1000, "1"))
	for name, tc := range map[string]struct {
		before, after []variance.Group
		heads         []variance.Head
		want          map[string]string
	}{
		"the example": {[]variance.Group{of("triage", before)}, []variance.Group{of("triage", after)}, []variance.Head{triage()},
			map[string]string{variance.Outcomes: "0.340000", variance.RunsEach: "0.295000", variance.CallsEach: "0.165000"}},
		"no head": {[]variance.Group{of("triage", before)}, []variance.Group{of("triage", after)}, nil,
			map[string]string{variance.Calls: "0.800000"}},
		"half of the later calls name no run": {[]variance.Group{of("triage", before)}, []variance.Group{of("triage", after)}, []variance.Head{outside},
			map[string]string{variance.Outcomes: "0.358750", variance.RunsEach: "0.311250", variance.CallsEach: "-0.388750", variance.OutsideRuns: "0.518750"}},
		"another workflow changes nothing": {
			[]variance.Group{of("triage", before), of("ask", other)}, []variance.Group{of("triage", after), of("ask", other)}, []variance.Head{triage()},
			map[string]string{variance.Outcomes: "0.340000", variance.RunsEach: "0.295000", variance.CallsEach: "0.165000"}},
		"two models of the workflow: shares are those of its calls": {
			[]variance.Group{of("triage", group("one", 200, 1000, "1")), of("triage", named("two", "two", "acme/two", group("two", 200, 1000, "1")))},
			[]variance.Group{of("triage", group("one", 600, 1000, "1")), of("triage", named("two", "two", "acme/two", group("two", 600, 1000, "1")))}, []variance.Head{triage()},
			map[string]string{variance.Outcomes: "0.340000", variance.RunsEach: "0.295000", variance.CallsEach: "0.165000"}},
		"nothing of it is explained in the later period": {[]variance.Group{of("triage", before)}, nil, []variance.Head{triage()},
			map[string]string{variance.Outcomes: "0.152500", variance.RunsEach: "0.130833", variance.CallsEach: "0.070833", variance.OutsideRuns: "-0.754167"}},
	} {
		bill, err := variance.Explain(tc.before, tc.after, tc.heads)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tc.want, moved(&bill.Total, 6)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		sums(t, name, &bill)
	}
}

func TestWhyCallsStayOneDriver(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(h *variance.Head){
		"":                     func(*variance.Head) {},
		"no workflow is named": func(h *variance.Head) { h.Workflow = "" },
		"no verified outcome in the earlier period": func(h *variance.Head) { h.Outcomes[0] = money.Amount{} },
		"no verified outcome in the later period":   func(h *variance.Head) { h.Outcomes[1] = money.FromInt(-1) },
		"no run in the earlier period":              func(h *variance.Head) { h.Runs[0] = 0 },
		"no run in the later period":                func(h *variance.Head) { h.Calls[1] = 0 },
	} {
		h := triage()
		if change(&h); h.Missing() != want {
			t.Errorf("%+v: %q, want %q", h, h.Missing(), want)
		}
	}
}

// TestSlicesOfASplitWorkflowSumToIt draws how the calls of a workflow are spread over
// models and teams: by whatever it is sliced, its effects sum to the change, and those of a
// workflow whose shares stay are the same in all.
func TestSlicesOfASplitWorkflowSumToIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var periods [2][]variance.Group
		for i := range rapid.IntRange(1, 4).Draw(t, "models") {
			calls := rapid.Int64Range(1, 50).Draw(t, "calls")
			model := strings.Repeat("m", i+1)
			for p, times := range []int64{1, 3} {
				periods[p] = append(periods[p], of("triage", named(model, model, "acme/one", group(model, calls*times, 1000, "1"))))
			}
		}
		var first map[string]string
		for _, by := range []func(g *variance.Group) []string{
			func(*variance.Group) []string { return nil }, func(g *variance.Group) []string { return []string{g.Model} },
			func(g *variance.Group) []string { return []string{"claims", g.Model} },
		} {
			for p := range periods {
				for i := range periods[p] {
					periods[p][i].Slice = by(&periods[p][i])
				}
			}
			bill, err := variance.Explain(periods[0], slices.Clone(periods[1]), []variance.Head{triage()})
			if err != nil {
				t.Fatal(err)
			}
			sums(t, "drawn", &bill)
			got := moved(&bill.Total, 9)
			if first == nil {
				first = got
			}
			if diff := cmp.Diff(first, got); diff != "" {
				t.Fatalf("the slicing changes the effects (-first +this):\n%s", diff)
			}
		}
	})
}
