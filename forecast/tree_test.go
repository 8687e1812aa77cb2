package forecast_test

import (
	"math"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/forecast"
)

var month = forecast.Ask{Horizon: 28, Periods: []int{7}, Levels: []int{80}, Origins: 9}

// grove is a company of two teams with two workflows each, one of which began lately.
func grove(young int) []forecast.Node {
	node := func(name string, parent int, values []float64) forecast.Node {
		return forecast.Node{Series: forecast.Series{Name: name, Values: values}, Parent: parent}
	}
	leaves := [][]float64{week(420, 100, 1), week(420, 300, 2), week(420, 50, 3), week(young, 80, 4)}
	plus := func(a, b []float64) []float64 {
		sum := append([]float64{}, a...)
		for i, v := range b {
			sum[len(a)-len(b)+i] += v
		}
		return sum
	}
	first, second := plus(leaves[0], leaves[1]), plus(leaves[2], leaves[3])
	return []forecast.Node{
		node("all", -1, plus(first, second)), node("one", 0, first), node("a", 1, leaves[0]), node("b", 1, leaves[1]),
		node("two", 0, second), node("c", 4, leaves[2]), node("d", 4, leaves[3]),
	}
}

func tree(t *testing.T, nodes []forecast.Node) []forecast.Answer {
	t.Helper()
	answers, err := forecast.Tree(nodes, &month, 28)
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

func TestPartsAddUpToTheirWhole(t *testing.T) {
	t.Parallel()
	for _, young := range []int{420, 200, 10} {
		nodes := grove(young)
		answers := tree(t, nodes)
		for i := range nodes {
			steps, totals, parts := make([]float64, month.Horizon), 0.0, 0
			for j := range nodes {
				if nodes[j].Parent != i {
					continue
				}
				parts++
				totals += answers[j].Total.Mean
				for k, m := range answers[j].Mean {
					steps[k] += m
				}
			}
			if parts == 0 {
				continue
			}
			if math.Abs(totals-answers[i].Total.Mean) > 1e-6 {
				t.Errorf("%d young: the parts of %s are %g, it is %g", young, nodes[i].Name, totals, answers[i].Total.Mean)
			}
			for k, m := range answers[i].Mean {
				if math.Abs(m-steps[k]) > 1e-9 {
					t.Errorf("%d young: step %d of the parts of %s is %g, its own %g", young, k+1, nodes[i].Name, steps[k], m)
				}
			}
		}
	}
}

// TestTotalsAreOfWholePaths: the errors of days partly cancel, so the interval of a total
// is far narrower than the sum of the days' bounds.
func TestTotalsAreOfWholePaths(t *testing.T) {
	t.Parallel()
	for _, a := range tree(t, grove(420)) {
		b, sum := a.Total.Bounds[0], 0.0
		if b.Refused != "" {
			t.Fatalf("%s is refused: %s", a.Name, b.Refused)
		}
		for k := range a.Mean {
			sum += a.Bounds[0].High[k] - a.Bounds[0].Low[k]
		}
		if width := b.High - b.Low; width <= 0 || width > sum/2 {
			t.Errorf("%s: the total is %g wide, its days together %g", a.Name, width, sum)
		}
		if b.Low > a.Total.Mean || b.High < a.Total.Mean {
			t.Errorf("%s: %g to %g does not hold %g", a.Name, b.Low, b.High, a.Total.Mean)
		}
	}
}

func TestAYoungPartIsLikenedToItsWhole(t *testing.T) {
	t.Parallel()
	answers := tree(t, grove(14))
	young, whole := answers[6], answers[4]
	if !young.Likened || whole.Likened {
		t.Errorf("likened: %t and its whole %t", young.Likened, whole.Likened)
	}
	if b := young.Total.Bounds[0]; !strings.Contains(b.Refused, "14 steps of history, fewer than 28") || b.High != 0 {
		t.Errorf("its total is %+v", b)
	}
	if mean := young.Total.Mean / 28; math.Abs(mean-80) > 15 {
		t.Errorf("its level is %g, it was 80", mean)
	}
	if ratio := young.Mean[0] / answers[5].Mean[0]; math.Abs(ratio-young.Mean[5]/answers[5].Mean[5]) > 0.5 {
		t.Errorf("it does not follow its sibling's week: %v", young.Mean[:7])
	}
}

// TestAPartWithoutItsLastDaysEndsWithTheOthers: two days were not measured, and the week
// goes on where it was.
func TestAPartWithoutItsLastDaysEndsWithTheOthers(t *testing.T) {
	t.Parallel()
	nodes := grove(420)
	cut := append([]float64{}, nodes[3].Values...)
	cut[418], cut[419] = math.NaN(), math.NaN()
	nodes[3].Values = cut
	for k, m := range tree(t, nodes)[3].Mean {
		if want := 300 + []float64{0, 10, 12, 11, 9, -20, -22}[(420+k)%7]; math.Abs(m-want) > 4 {
			t.Errorf("step %d is %.1f, want about %.1f", k+1, m, want)
		}
	}
}

func TestATotalWithoutEnoughPastIsRefused(t *testing.T) {
	t.Parallel()
	nodes := grove(100)
	for i := range nodes {
		nodes[i].Values = nodes[i].Values[max(0, len(nodes[i].Values)-100):]
	}
	for _, a := range tree(t, nodes) {
		if b := a.Total.Bounds[0]; !strings.Contains(b.Refused, "needs the errors of 9 earlier totals") {
			t.Errorf("%s: %+v", a.Name, b)
		}
	}
}

// TestBoundsMoveInProportion is the worked example of Tree.
func TestBoundsMoveInProportion(t *testing.T) {
	t.Parallel()
	if low, high := forecast.Moved(90, 120, 100), forecast.Moved(150, 120, 100); low != 75 || high != 125 {
		t.Errorf("moved to %g and %g, want 75 and 125", low, high)
	}
	if got := forecast.Moved(-5, 0, 10); got != 5 {
		t.Errorf("without a proportion: %g, want 5", got)
	}
}
