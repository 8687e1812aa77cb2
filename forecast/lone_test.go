package forecast_test

import (
	"math"
	"testing"

	"github.com/bursarhq/bursar/forecast"
)

// TestOneLastValueIsNoLevel: a day of ten times as much, a credit and a day that is not all
// told do not become what comes next, and the interval says that they were.
func TestOneLastValueIsNoLevel(t *testing.T) {
	t.Parallel()
	question := forecast.Ask{Horizon: 14, Periods: []int{7}, Levels: []int{80}, Origins: 9}
	usual := ask(t, question, forecast.Series{Name: "a", Values: week(200, 100, 9)})[0].Total.Mean
	for _, last := range []float64{1_000, -500, 20} {
		values := week(200, 100, 9)
		values[199] = last
		total := ask(t, question, forecast.Series{Name: "a", Values: values})[0].Total
		if math.Abs(total.Mean-usual) > 0.02*usual {
			t.Errorf("after %g two weeks are %.0f, want about %.0f", last, total.Mean, usual)
		}
		if b := total.Bounds[0]; b.High-b.Low < math.Abs(last-100)/2 {
			t.Errorf("after %g two weeks are %.0f to %.0f, as if nothing had come", last, b.Low, b.High)
		}
	}
}

// TestALevelIsSeenFromItsSecondDay: the day before says so too.
func TestALevelIsSeenFromItsSecondDay(t *testing.T) {
	t.Parallel()
	for since, want := range map[int]float64{1: 150, 2: 250, 9: 300} {
		values := week(200, 100, 9)
		for i := 200 - since; i < 200; i++ {
			values[i] *= 4
		}
		mean := ask(t, forecast.Ask{Horizon: 1}, forecast.Series{Name: "a", Values: values})[0].Mean[0]
		if seen := mean > want; seen != (since > 1) {
			t.Errorf("%d days of four times as much say %.0f", since, mean)
		}
	}
}

// TestWhatStandsAloneIsTheWorkedOne, and what the day before says too does not.
func TestWhatStandsAloneIsTheWorkedOne(t *testing.T) {
	t.Parallel()
	values := make([]float64, 91)
	for i := range values {
		values[i] = 100 + 2*float64(i%5)
	}
	values[90] = 1_000
	if got := forecast.Settled(values, []int{7})[90]; got < 95 || got > 110 {
		t.Errorf("1,000 is taken as %g, want about 100", got)
	}
	if values[89] = 990; forecast.Settled(values, []int{7})[90] != 1_000 {
		t.Error("the second day is not believed")
	}
}
