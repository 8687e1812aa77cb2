package outcome_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

// answered is what a model came to in the workflow triage.
func answered(model string, runs, won int64, cost string) outcome.ModelRuns {
	m := outcome.ModelRuns{Workflow: "triage", Model: model, Runs: runs, Won: won}
	if cost != "" {
		m.Cost = money.Known(money.Must(cost))
	}
	return m
}

// TestGapOfTwoRates takes figures that are published: the examples of Newcombe's paper, by
// its method 10.
func TestGapOfTwoRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b            outcome.Rate
		mean, low, high string
	}{
		{outcome.Rate{Won: 56, Of: 70}, outcome.Rate{Won: 48, Of: 80}, "0.2000", "0.0524", "0.3339"},
		{outcome.Rate{Won: 9, Of: 10}, outcome.Rate{Won: 3, Of: 10}, "0.6000", "0.1705", "0.8090"},
		{outcome.Rate{Won: 10, Of: 10}, outcome.Rate{Won: 0, Of: 20}, "1.0000", "0.6791", "1.0000"},
	} {
		gap, err := outcome.Gap(c.a, c.b)
		got := []string{gap.Mean.Amount.Fixed(4), gap.Low.Amount.Fixed(4), gap.High.Amount.Fixed(4)}
		if diff := cmp.Diff([]string{c.mean, c.low, c.high}, got); diff != "" || err != nil {
			t.Errorf("%v less %v, %v (-want +got):\n%s", c.a, c.b, err, diff)
		}
	}
	if none, err := outcome.Gap(outcome.Rate{}, outcome.Rate{Won: 1, Of: 2}); err != nil || none.Mean.Valid {
		t.Errorf("a rate of nothing: %+v, %v", none, err)
	}
}

func TestTheCheapestModelThatIsNotWorse(t *testing.T) {
	t.Parallel()
	bar := outcome.Bar{Margin: 5, LeastRuns: 200, Share: 90}
	large := answered("large", 1000, 900, "100")
	for name, c := range map[string]struct {
		models  []outcome.ModelRuns
		best    string // "" for the one in use
		saving  string
		missing string
		why     map[string]string
	}{
		"the example":              {[]outcome.ModelRuns{answered("small", 1000, 890, "40"), large}, "small", "59.550561797753", "", map[string]string{"small": ""}},
		"the same share, few runs": {[]outcome.ModelRuns{large, answered("small", 300, 267, "12")}, "", "0", "", map[string]string{"small": "its success rate may be lower by more than 5 points"}},
		"clearly worse":            {[]outcome.ModelRuns{large, answered("small", 1000, 500, "4")}, "", "0", "", map[string]string{"small": "its success rate may be lower by more than 5 points"}},
		"dearer for each success":  {[]outcome.ModelRuns{large, answered("huge", 900, 890, "400")}, "", "0", "", map[string]string{"huge": ""}},
		"the cheaper of two":       {[]outcome.ModelRuns{large, answered("mid", 900, 801, "80"), answered("small", 900, 801, "36")}, "small", "59.550561797753", "", map[string]string{"mid": "", "small": ""}},
		"too few runs":             {[]outcome.ModelRuns{large, answered("small", 199, 190, "1")}, "", "0", "no other model has 200 runs, costs and outcomes", map[string]string{"small": "has 199 runs, of 200 that it takes"}},
		"no outcome":               {[]outcome.ModelRuns{large, answered("small", 999, 0, "1")}, "", "0", "no other model has 200 runs, costs and outcomes", map[string]string{"small": "has no run with an outcome"}},
		"no cost of ours":          {[]outcome.ModelRuns{answered("large", 1000, 900, ""), answered("small", 900, 801, "36")}, "", "0", "large has calls without a cost", map[string]string{"small": "large has calls without a cost"}},
		"one model":                {[]outcome.ModelRuns{large}, "", "0", "no other model has 200 runs, costs and outcomes", map[string]string{}},
	} {
		found, err := outcome.Compare(c.models, bar)
		if err != nil || len(found.Verdicts) != 1 {
			t.Errorf("%s: %+v, %v", name, found, err)
			continue
		}
		v, best, why := found.Verdicts[0], "", map[string]string{}
		if v.Best >= 0 {
			best = v.Rivals[v.Best].Model
		}
		for _, r := range v.Rivals {
			why[r.Model] = r.Why
		}
		if best != c.best || found.Saving != money.Must(c.saving) || v.Missing != c.missing {
			t.Errorf("%s: %q saves %v, missing %q", name, best, found.Saving, v.Missing)
		}
		if diff := cmp.Diff(c.why, why); diff != "" {
			t.Errorf("%s: why not (-want +got):\n%s", name, diff)
		}
		if judged := c.missing == ""; judged != (found.Judged == 1) || judged != (found.Missing == "") {
			t.Errorf("%s: %d judged, %q", name, found.Judged, found.Missing)
		}
	}
}

// TestLessEvidenceMakesNoModelEqual keeps the rates and takes runs away.
func TestLessEvidenceMakesNoModelEqual(t *testing.T) {
	t.Parallel()
	equal := true
	for n := int64(2000); n >= 20; n /= 2 {
		found, err := outcome.Compare([]outcome.ModelRuns{answered("large", n, n*9/10, "100"), answered("small", n, n*89/100, "40")}, outcome.Bar{Margin: 5, LeastRuns: 1, Share: 90})
		if err != nil {
			t.Fatal(err)
		}
		now := found.Verdicts[0].Rivals[0].Equal
		if now && !equal {
			t.Errorf("%d runs are enough, and twice as many were not", n)
		}
		equal = now
	}
	if equal {
		t.Error("20 runs are enough for a margin of 5 points")
	}
}
