package forecast_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/forecast"
)

// years are days with a week, noise, slow growth, and a season of the year.
func years(seed uint64, n int, season float64) []float64 {
	r := rand.New(rand.NewPCG(seed, 5))
	values := week(n, 100, seed)
	for i := range values {
		values[i] *= math.Exp(0.0003*float64(i) + season*math.Sin(2*math.Pi*float64(i)/365) + 0.05*r.NormFloat64())
	}
	return values
}

// TestASeasonOfTheYear: with two years before three origins it is found, and a month is
// forecast better at each of twelve days of the year; where there is none, or too little
// past, it does no harm.
func TestASeasonOfTheYear(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		season      float64
		days        int
		least, most float64 // errors with it by those without
		found       bool
	}{
		"half as much again in summer": {0.4, 900, 0, 0.85, true},
		"no season":                    {0, 900, 0.9, 1.1, false},
		"too short":                    {0.4, 700, 1, 1, false},
	} {
		off := map[int]float64{}
		found := 0
		for seed := range uint64(12) {
			all := years(seed, c.days+30*int(seed)+month.Horizon, c.season)
			if c.days < 730 {
				all = all[30*int(seed):]
			}
			past, came := all[:len(all)-month.Horizon], all[len(all)-month.Horizon:]
			for _, year := range []int{0, 365} {
				q := month
				q.Year = year
				a := ask(t, q, forecast.Series{Values: past})[0]
				for k, m := range a.Mean {
					off[year] += math.Abs(came[k] - m)
				}
				if slices.ContainsFunc(a.Methods, func(m string) bool { return strings.HasPrefix(m, "yearly") }) {
					found++
				}
			}
		}
		ratio := off[365] / off[0]
		t.Logf("%s: errors are %.2f of those without, it is used %d times in 12", name, ratio, found)
		if ratio < c.least || ratio > c.most || c.found && found < 9 {
			t.Errorf("%s: errors are %.2f of those without, it is used %d times", name, ratio, found)
		}
	}
}
