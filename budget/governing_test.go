package budget_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/budget"
)

func TestWhatGovernsCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scope  budget.Selector
		exempt []budget.Selector
		calls  budget.Known
		beside budget.Selector
		may    bool
	}{
		"everything":            {nil, nil, budget.Known{"agent": "planner"}, budget.Selector{}, true},
		"the agent itself":      {budget.Selector{"agent": {"planner"}}, nil, budget.Known{"agent": "planner"}, budget.Selector{}, true},
		"another agent":         {budget.Selector{"agent": {"writer"}}, nil, budget.Known{"agent": "planner"}, nil, false},
		"a model that it calls": {budget.Selector{"model": {"gpt-5"}}, nil, budget.Known{"agent": "planner"}, budget.Selector{"model": {"gpt-5"}}, true},
		"where it does not run": {budget.Selector{"environment": {"test"}}, nil, budget.Known{"agent": "planner", "environment": "production"}, nil, false},
		"nobody's":              {budget.Selector{"team": {""}}, nil, budget.Known{"team": ""}, budget.Selector{}, true},
		"but this":              {nil, []budget.Selector{{"agent": {"planner"}}}, budget.Known{"agent": "planner"}, nil, false},
		"but some of this":      {nil, []budget.Selector{{"agent": {"planner"}, "model": {"gpt-5"}}}, budget.Known{"agent": "planner"}, budget.Selector{}, true},
	} {
		beside, may := budget.Governs(c.scope, c.exempt, c.calls)
		if may != c.may || may && !cmp.Equal(c.beside, beside) {
			t.Errorf("%s: %v besides %v, want %v besides %v", name, may, beside, c.may, c.beside)
		}
	}
}

// TestGovernsMissesNoCall: what is said to govern nothing looks at no call that has the
// known values, whatever its others are, and without exemptions the reverse.
func TestGovernsMissesNoCall(t *testing.T) {
	t.Parallel()
	names, values := []string{"team", "agent", "model"}, []string{"", "a", "b", "c"}
	selector := rapid.MapOf(rapid.SampledFrom(names), rapid.SliceOfNDistinct(rapid.SampledFrom(values[:3]), 1, 2, rapid.ID))
	rapid.Check(t, func(t *rapid.T) {
		scope, exempt := selector.Draw(t, "scope"), rapid.SliceOfN(selector, 0, 2).Draw(t, "exempt")
		calls := rapid.MapOf(rapid.SampledFrom(names), rapid.SampledFrom(values)).Draw(t, "known")
		var exemptions []budget.Selector
		for _, e := range exempt {
			exemptions = append(exemptions, e)
		}
		_, may := budget.Governs(scope, exemptions, calls)
		looked := false
		for i := range len(values) * len(values) * len(values) {
			call := budget.Known{names[0]: values[i%4], names[1]: values[i/4%4], names[2]: values[i/16]}
			maps.Copy(call, calls)
			_, looks := budget.Governs(scope, exemptions, call)
			looked = looked || looks
		}
		if looked && !may || may && !looked && len(exempt) == 0 {
			t.Fatalf("may %v, looked at one %v", may, looked)
		}
		if _, all := budget.Governs(scope, nil, calls); may && !all {
			t.Fatal("an exemption lets a limit look at more")
		}
	})
}
