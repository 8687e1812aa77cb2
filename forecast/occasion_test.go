package forecast_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bursarhq/bursar/forecast"
)

// holidays are every 30th day, on which a tenth is used.
func holidays(n, horizon int) (values []float64, o forecast.Occasion) {
	r := rand.New(rand.NewPCG(3, 9))
	values = week(n+horizon, 100, 5)
	o = forecast.Occasion{Name: "holiday"}
	for at := 15; at < len(values); at += 30 {
		o.Steps = append(o.Steps, at)
		values[at] *= 0.1 + 0.02*r.Float64()
	}
	return values, o
}

func only(t *testing.T, s forecast.Series) forecast.Answer {
	t.Helper()
	answers, err := forecast.All([]forecast.Series{s}, &month)
	if err != nil {
		t.Fatal(err)
	}
	return answers[0]
}

// TestHolidaysAreDaysUnlikeOthers: the day ahead is a tenth, and the days around it do not
// learn from those of the past, so that a month is forecast better than without.
func TestHolidaysAreDaysUnlikeOthers(t *testing.T) {
	t.Parallel()
	values, o := holidays(420, month.Horizon)
	plain := forecast.Series{Values: values[:420]}
	marked := plain
	marked.Occasions = []forecast.Occasion{o}
	off := func(a forecast.Answer) (sum float64) {
		for k, m := range a.Mean {
			sum += math.Abs(values[420+k] - m)
		}
		return sum
	}
	with, without := only(t, marked), only(t, plain)
	if a, b := off(with), off(without); a > 0.7*b {
		t.Errorf("off by %.0f with the calendar, %.0f without", a, b)
	}
	if e := with.Effects; len(e) != 1 || !e[0].Known || e[0].Learned != 14 || math.Abs(e[0].Factor-0.11) > 0.03 || !cmp.Equal(e[0].Ahead, []int{15}) {
		t.Errorf("effects %+v", e)
	}
	if w, wo := with.Total.Bounds[0], without.Total.Bounds[0]; w.Refused != "" || w.High-w.Low > wo.High-wo.Low {
		t.Errorf("the total is within %+v with the calendar, %+v without", w, wo)
	}
}

// TestEffects are of a flat series, where each is exact.
func TestEffects(t *testing.T) {
	t.Parallel()
	flat := func(n int, from int, level float64) []float64 {
		values := make([]float64, n)
		for i := range values {
			values[i] = 100
			if i >= from {
				values[i] = level
			}
		}
		return values
	}
	cut := func(values []float64, at ...int) []float64 {
		for _, i := range at {
			values[i] = 20
		}
		return values
	}
	for name, c := range map[string]struct {
		values []float64
		o      forecast.Occasion
		factor float64 // of the steps from the first ahead on
		until  int     // step, not included
		want   []forecast.Effect
	}{
		"a holiday of which the past says a fifth": {cut(flat(140, 140, 0), 50, 99), forecast.Occasion{Name: "h", Steps: []int{50, 99, 143}}, 0.2, 4,
			[]forecast.Effect{{Name: "h", Ahead: []int{3}, Factor: 0.2, Learned: 2, Known: true}}},
		"one day is no evidence": {cut(flat(140, 140, 0), 50), forecast.Occasion{Name: "h", Steps: []int{50, 143}}, 1, 4,
			[]forecast.Effect{{Name: "h", Ahead: []int{3}, Factor: 1}}},
		"declared": {cut(flat(140, 140, 0), 50), forecast.Occasion{Name: "h", Steps: []int{50, 143}, Effect: 0.5}, 0.5, 4,
			[]forecast.Effect{{Name: "h", Ahead: []int{3}, Factor: 0.5, Known: true}}},
		"a launch ahead": {flat(140, 140, 0), forecast.Occasion{Name: "l", Steps: []int{143}, Lasting: true, Effect: 1.5}, 1.5, month.Horizon,
			[]forecast.Effect{{Name: "l", Lasting: true, Ahead: []int{3}, Factor: 1.5, Known: true}}},
		"a launch as an earlier one": {flat(140, 70, 130), forecast.Occasion{Name: "l", Steps: []int{70, 143}, Lasting: true}, 1.3, month.Horizon,
			[]forecast.Effect{{Name: "l", Lasting: true, Ahead: []int{3}, Factor: 1.3, Learned: 1, Known: true}}},
		"a launch of which nothing is known": {flat(140, 140, 0), forecast.Occasion{Name: "l", Steps: []int{143}, Lasting: true}, 1, month.Horizon,
			[]forecast.Effect{{Name: "l", Lasting: true, Ahead: []int{3}, Factor: 1}}},
	} {
		a := only(t, forecast.Series{Values: c.values, Occasions: []forecast.Occasion{c.o}})
		if diff := cmp.Diff(c.want, a.Effects, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		level := c.values[len(c.values)-1]
		for k, m := range a.Mean {
			want := level
			if k >= 3 && k < c.until {
				want *= c.factor
			}
			if math.Abs(m-want) > 0.01*want {
				t.Errorf("%s: step %d is %.2f, want %.2f", name, k, m, want)
			}
		}
	}
}

// TestALaunchIsALevel: ten days after a launch that doubles, its declared effect carries the
// past onto the new level; without one the step is not believed yet.
func TestALaunchIsALevel(t *testing.T) {
	t.Parallel()
	values := week(420, 100, 2)
	for i := 410; i < len(values); i++ {
		values[i] += 100
	}
	a := only(t, forecast.Series{Values: values, Occasions: []forecast.Occasion{{Name: "l", Steps: []int{410}, Lasting: true, Effect: 2}}})
	if level := a.Total.Mean / float64(month.Horizon); level < 185 || level > 215 {
		t.Errorf("the level is %.1f, want about 200", level)
	}
	if len(a.Effects) != 0 {
		t.Errorf("what has begun is not ahead: %+v", a.Effects)
	}
}

// FuzzOccasions: whatever a calendar says, nothing is below zero or no number.
func FuzzOccasions(f *testing.F) {
	f.Add(uint64(1), 10, 50, 0.0, true)
	f.Add(uint64(2), 139, 160, 1e9, false)
	f.Fuzz(func(t *testing.T, seed uint64, one, two int, effect float64, lasting bool) {
		values := week(140, 100, seed)
		o := forecast.Occasion{Name: "x", Steps: []int{min(one, two), max(one, two)}, Lasting: lasting, Effect: effect}
		for k, m := range only(t, forecast.Series{Values: values, Occasions: []forecast.Occasion{o}}).Mean {
			if math.IsNaN(m) || m < 0 || math.IsInf(m, 0) {
				t.Fatalf("step %d is %g", k, m)
			}
		}
	})
}

// TestALaunchIsAsMuchLessSure: from the day on which it doubles, bounds are twice as far.
func TestALaunchIsAsMuchLessSure(t *testing.T) {
	t.Parallel()
	s := forecast.Series{Values: week(420, 100, 8)}
	plain := only(t, s)
	s.Occasions = []forecast.Occasion{{Name: "l", Steps: []int{434}, Lasting: true, Effect: 2}}
	launched := only(t, s)
	for _, k := range []int{13, 14, 27} {
		want, far := 1.0, func(a *forecast.Answer) float64 { return a.Bounds[0].High[k] - a.Mean[k] }
		if k >= 14 {
			want = 2
		}
		if got := far(&launched) / far(&plain); math.Abs(got-want) > 0.01 {
			t.Errorf("step %d reaches %.2f times as far, want %g", k, got, want)
		}
	}
	wide := func(a *forecast.Answer) float64 { return a.Total.Bounds[0].High - a.Total.Bounds[0].Low }
	if got := wide(&launched) / wide(&plain); got < 1.2 || got > 2 {
		t.Errorf("the total is %.2f times as wide", got)
	}
}
