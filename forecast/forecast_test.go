package forecast_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/spend"
)

// week is a rhythm of seven days around a level, with noise of 1 by a fixed seed.
func week(n int, level float64, seed uint64) []float64 {
	noise := rand.New(rand.NewPCG(seed, 1))
	values := make([]float64, n)
	for i := range values {
		values[i] = level + []float64{0, 10, 12, 11, 9, -20, -22}[i%7] + noise.NormFloat64()
	}
	return values
}

func ask(t *testing.T, q forecast.Ask, series ...forecast.Series) []forecast.Answer {
	t.Helper()
	answers, err := forecast.All(series, &q)
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

var days = forecast.Ask{Horizon: 14, Periods: []int{7}, Levels: []int{80, 95}}

func TestAWeekIsFoundAgain(t *testing.T) {
	t.Parallel()
	values := week(364, 100, 1)
	answer := ask(t, days, forecast.Series{Name: "a", Values: values[:350]})[0]
	covered := 0
	for k, came := range values[350:] {
		if math.Abs(answer.Mean[k]-came) > 4 {
			t.Errorf("step %d: mean %.1f, came %.1f", k+1, answer.Mean[k], came)
		}
		if b := answer.Bounds[1]; b.Low[k] <= came && came <= b.High[k] {
			covered++
		}
	}
	if covered < 12 {
		t.Errorf("95 %% cover %d of 14 steps", covered)
	}
}

func TestLevelsAreNestedAndNeverBelowZero(t *testing.T) {
	t.Parallel()
	values := week(300, 21, 2)
	for i := range values {
		values[i] = max(0, values[i]-15)
	}
	answer := ask(t, days, forecast.Series{Name: "a", Values: values})[0]
	inner, outer := answer.Bounds[0], answer.Bounds[1]
	for k, m := range answer.Mean {
		if low := outer.Low[k]; low < 0 || low > inner.Low[k] || inner.Low[k] > m || m > inner.High[k] || inner.High[k] > outer.High[k] {
			t.Errorf("step %d: %g, %g, %g, %g, %g; want them ascending from 0", k+1, low, inner.Low[k], m, inner.High[k], outer.High[k])
		}
	}
}

func TestALevelWithoutEvidenceIsRefused(t *testing.T) {
	t.Parallel()
	short := forecast.Series{Name: "short", Values: week(60, 100, 3)}
	for _, b := range ask(t, days, short)[0].Bounds {
		if b.Refused == "" || b.Low != nil {
			t.Errorf("%d %% of 60 values is published", b.Level)
		}
	}
	series := []forecast.Series{short}
	for seed := range uint64(19) {
		series = append(series, forecast.Series{Name: strconv.FormatUint(seed, 10), Values: week(200, 1e6, seed)})
	}
	for _, b := range ask(t, days, series...)[0].Bounds {
		if b.Refused != "" {
			t.Errorf("siblings lend nothing: %s", b.Refused)
		}
	}
}

// TestARefusalNamesWhatIsShort: a horizon of one step has as many errors as origins, and of
// origins there are enough.
func TestARefusalNamesWhatIsShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		horizon, values int
		want            string
	}{
		{1, 200, "95 % needs 39 errors for each step, and 8 earlier origins with a horizon of 1 have 8; other series lent those of 0 origins, where 39 from 10 series would do"},
		{14, 60, "95 % needs the errors of 8 earlier origins, each with 14 steps after it, and the history has room for 4; other series lent those of 0 origins, where 39 from 10 series would do"},
	} {
		step := forecast.Ask{Horizon: c.horizon, Periods: []int{7}, Levels: []int{95}}
		if b := ask(t, step, forecast.Series{Name: "short", Values: week(c.values, 100, 3)})[0].Bounds[0]; b.Refused != c.want {
			t.Errorf("got %q, want %q", b.Refused, c.want)
		}
	}
}

func TestTheFutureAndTheOrderSayNothing(t *testing.T) {
	t.Parallel()
	a, b := forecast.Series{Name: "a", Values: week(200, 100, 4)}, forecast.Series{Name: "b", Values: week(90, 10, 5)}
	there, back := ask(t, days, a, b), ask(t, days, b, a)
	if diff := cmp.Diff(there[0], back[1], cmpopts.IgnoreUnexported(forecast.Answer{})); diff != "" {
		t.Errorf("a, in another order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(there[1], back[0], cmpopts.IgnoreUnexported(forecast.Answer{})); diff != "" {
		t.Errorf("b, in another order (-want +got):\n%s", diff)
	}
}

func TestALastingStepIsFollowed(t *testing.T) {
	t.Parallel()
	values := week(140, 100, 6)
	for i := range values[:112] {
		values[i] /= 4
	}
	for k, m := range ask(t, days, forecast.Series{Name: "a", Values: values})[0].Mean {
		if want := 100 + []float64{0, 10, 12, 11, 9, -20, -22}[k%7]; math.Abs(m-want) > 8 {
			t.Errorf("step %d: %.1f, want about %.0f", k+1, m, want)
		}
	}
}

func TestGapsAreNoZeroes(t *testing.T) {
	t.Parallel()
	values := week(350, 100, 7)
	for i := 5; i < 345; i += 3 {
		values[i] = math.NaN()
	}
	for k, m := range ask(t, days, forecast.Series{Name: "a", Values: values})[0].Mean {
		if want := 100 + []float64{0, 10, 12, 11, 9, -20, -22}[k%7]; math.Abs(m-want) > 4 {
			t.Errorf("step %d: %.1f, want about %.0f", k+1, m, want)
		}
	}
}

func TestAnyLengthIsAnswered(t *testing.T) {
	t.Parallel()
	for n := 1; n < 120; n++ {
		for k, m := range ask(t, days, forecast.Series{Name: "a", Values: week(n, 30, 8)})[0].Mean {
			if math.IsNaN(m) || m < -60 || m > 130 {
				t.Fatalf("%d values: step %d is %g", n, k+1, m)
			}
		}
	}
}

func TestTheWorkedStep(t *testing.T) {
	t.Parallel()
	got := forecast.Levelled([]float64{10, 10, 12, 12, 11, 11, 10, 10, 30, 30, 31, 31, 32, 32}, 2)
	ratio := 31 / 10.75
	want := []float64{10 * ratio, 10 * ratio, 12 * ratio, 12 * ratio, 11 * ratio, 11 * ratio, 10 * ratio, 10 * ratio, 30, 30, 31, 31, 32, 32}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("on one level (-want +got):\n%s", diff)
	}
	slope := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	if diff := cmp.Diff(slope, forecast.Levelled(slope, 2)); diff != "" {
		t.Errorf("a line was taken for a step (-want +got):\n%s", diff)
	}
}

func TestEvidenceThatALevelNeeds(t *testing.T) {
	t.Parallel()
	for level, want := range map[int]int{50: 3, 80: 9, 90: 19, 95: 39, 99: 199} {
		if got := forecast.Needed(level); got != want {
			t.Errorf("%d %% needs %d errors, want %d", level, got, want)
		}
	}
}

func TestAQuestionIsRefusedWhole(t *testing.T) {
	t.Parallel()
	_, err := forecast.All(nil, &forecast.Ask{Horizon: 0, Periods: []int{7, 7}, Levels: []int{0}})
	for _, want := range []string{"horizon", "periods", "levels"} {
		if err == nil || !strings.Contains(err.Error(), want) || spend.HintOf(err) == "" {
			t.Errorf("no word of %s, or of what to do: %v", want, err)
		}
	}
}
