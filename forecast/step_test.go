package forecast_test

import (
	"testing"

	"github.com/bursarhq/bursar/forecast"
)

// TestAStepWeeksAgoLeavesTheInterval: 100 a day became 300 five weeks ago, and a week is 2100
// since. With room for nineteen origins the worst on either side is left out; with fewer the
// week of the step is an error of 1400 and some noise, not of three times that.
func TestAStepWeeksAgoLeavesTheInterval(t *testing.T) {
	t.Parallel()
	question := forecast.Ask{Horizon: 7, Periods: []int{7}, Levels: []int{80}, Origins: 9}
	for n, most := range map[int]float64{400: 500, 120: 2_000} {
		values := week(n, 100, 10)
		for i := n - 35; i < n; i++ {
			values[i] += 200
		}
		total := ask(t, question, forecast.Series{Name: "a", Values: values})[0].Total
		if b := total.Bounds[0]; b.Refused != "" || total.Mean < 2_000 || total.Mean > 2_200 || b.High-b.Low > most {
			t.Errorf("of %d days, a week is %.0f, %.0f to %.0f, want about 2100 within %.0f", n, total.Mean, b.Low, b.High, most)
		}
	}
}
