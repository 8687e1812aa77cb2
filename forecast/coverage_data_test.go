//go:build data

package forecast_test

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/bursarhq/bursar/forecast"
)

// What is simulated: companies of five kinds of workflow over 24 months, each forecast a
// month ahead from the beginning of each month of the second year.
const (
	simulatedSeeds  = 50
	simulatedOfKind = 3
	simulatedMonth  = 30
	simulatedMonths = 24
)

// simulatedKinds are the kinds of a company's workflows, and how a day of each is drawn.
func simulatedKinds() []struct {
	name string
	draw func(r *rand.Rand, days int) []float64
} {
	return []struct {
		name string
		draw func(r *rand.Rand, days int) []float64
	}{
		{"steady", func(r *rand.Rand, days int) []float64 { return simulated(r, days, [3]float64{0.0, 0.004, 0.15}) }},
		{"growing", func(r *rand.Rand, days int) []float64 { return simulated(r, days, [3]float64{0.002, 0.008, 0.2}) }},
		{"shifting", func(r *rand.Rand, days int) []float64 {
			values := simulated(r, days, [3]float64{0, 0.004, 0.2})
			factor := 1.0
			for i := range values {
				if r.Float64() < 1.0/150 {
					factor *= math.Exp(0.6 * r.NormFloat64())
				}
				values[i] *= factor
			}
			return values
		}},
		{"bursty", func(r *rand.Rand, days int) []float64 {
			values := simulated(r, days, [3]float64{0, 0.005, 0.4})
			for i := range values {
				if r.Float64() < 0.05 {
					values[i] *= 3 + 7*r.Float64()
				}
			}
			return values
		}},
		{"rare", func(r *rand.Rand, days int) []float64 {
			values := simulated(r, days, [3]float64{0, 0.005, 0.6})
			for i := range values {
				if r.Float64() < 0.7 {
					values[i] = 0
				}
			}
			return values
		}},
	}
}

// simulated is a level that drifts and wanders, with a week and noise, by day.
func simulated(r *rand.Rand, days int, of [3]float64) []float64 {
	drift, wander, noise := of[0], of[1], of[2]
	values := make([]float64, days)
	level, season := math.Log(5+200*r.Float64()), 0.8*r.Float64()
	for i := range values {
		level += drift + wander*r.NormFloat64()
		week := 1.0
		if i%7 >= 5 {
			week = 1 - season
		}
		values[i] = week * math.Exp(level+noise*r.NormFloat64())
	}
	return values
}

// company is one seed: all workflows, each with a part of a common course, below a total.
func company(seed uint64, months int) (nodes []forecast.Node, kinds []string) {
	r := rand.New(rand.NewPCG(seed, 7))
	total := make([]float64, simulatedMonth*months)
	nodes, kinds = []forecast.Node{{Series: forecast.Series{Name: "total"}, Parent: -1}}, []string{"total"}
	for _, kind := range simulatedKinds() {
		for n := range simulatedOfKind {
			values := kind.draw(r, len(total))
			for i, v := range values {
				total[i] += v
			}
			nodes = append(nodes, forecast.Node{Series: forecast.Series{Name: kind.name + strconv.Itoa(n), Values: values}})
			kinds = append(kinds, kind.name)
		}
	}
	nodes[0].Values = total
	return nodes, kinds
}

// tally counts what a seed's intervals of 80 % held, and those of 95 %.
type tally struct{ held, asked, refused, wide, widely float64 } // wide is what 95 % held, of widely

// TestDataTotalsHoldWhatTheySay sets the 80 % intervals of monthly totals against what
// came, by kind, with the spread between seeds: the errors of one company hang together.
func TestDataTotalsHoldWhatTheySay(t *testing.T) {
	t.Parallel()
	covered(t, simulation{months: simulatedMonths, past: simulatedMonths * simulatedMonth, seeds: simulatedSeeds})
}

// TestDataTotalsOfThreeYearsHold: the third year is forecast, and a season of the year is
// looked for, which none of them has. They are ten companies, whose coverage is known to a
// few per cent only.
func TestDataTotalsOfThreeYearsHold(t *testing.T) {
	t.Parallel()
	covered(t, simulation{months: 36, past: 36 * simulatedMonth, year: 12 * simulatedMonth, seeds: 10})
}

// TestDataTotalsOfShortPastsHold: half a year is known, which is too little.
func TestDataTotalsOfShortPastsHold(t *testing.T) {
	t.Parallel()
	covered(t, simulation{months: simulatedMonths, past: 6 * simulatedMonth, seeds: simulatedSeeds})
}

// simulation says for how many months companies go on, of which the last year is forecast,
// how many days before an origin are known, and how many a year has, whose season is
// looked for.
type simulation struct{ months, past, year, seeds int }

// covered forecasts every company, each month from as many days at most.
func covered(t *testing.T, of simulation) {
	t.Helper()
	seeds := of.seeds
	if n, err := strconv.Atoi(os.Getenv("BURSAR_SEEDS")); err == nil {
		seeds = n
	}
	first, _ := strconv.ParseUint(os.Getenv("BURSAR_FIRST_SEED"), 10, 64)
	totals, steps := map[string][]tally{}, map[string][]tally{}
	for seed := range seeds {
		ofSeed, ofSteps := coverageOf(t, first+uint64(seed), of)
		for kind := range ofSeed {
			totals[kind], steps[kind] = append(totals[kind], *ofSeed[kind]), append(steps[kind], *ofSteps[kind])
		}
	}
	for kind, all := range totals {
		cover, spread, refused := clustered(all)
		stepwise, _, _ := clustered(steps[kind])
		wide, widely := 0.0, 0.0
		for _, one := range all {
			wide, widely = wide+one.wide, widely+one.widely
		}
		t.Logf("%-9s totals: 80 %% cover %.1f ± %.1f %%, refused %.0f %%; 95 %% cover %.1f %% of %.0f; days: 80 %% cover %.1f %%",
			kind, 100*cover, 200*spread, 100*refused, 100*wide/max(1, widely), widely, 100*stepwise)
		if seeds < simulatedSeeds { // what so few can tell apart
			spread *= 2
		} else {
			spread = 0
		}
		if refused < 1 && (cover+spread < 0.75 || cover-spread > 0.85) {
			t.Errorf("%s: 80 %% of monthly totals cover %.1f %%", kind, 100*cover)
		}
	}
}

// coverageOf forecasts every month of a company's last year.
func coverageOf(t *testing.T, seed uint64, of simulation) (totals, steps map[string]*tally) {
	t.Helper()
	nodes, kinds := company(seed, of.months)
	totals, steps = map[string]*tally{}, map[string]*tally{}
	for _, kind := range kinds {
		totals[kind], steps[kind] = &tally{}, &tally{}
	}
	ask := forecast.Ask{Horizon: simulatedMonth, Periods: []int{7}, Year: of.year, Levels: []int{80, 95}, Origins: 9}
	for origin := (of.months - 12) * simulatedMonth; origin < of.months*simulatedMonth; origin += simulatedMonth {
		past := make([]forecast.Node, len(nodes))
		for i := range nodes {
			values := nodes[i].Values[max(0, origin-of.past):origin]
			past[i] = forecast.Node{Series: forecast.Series{Name: nodes[i].Name, Values: values}, Parent: nodes[i].Parent}
		}
		answers, err := forecast.Tree(past, &ask, 28)
		if err != nil {
			t.Fatal(err)
		}
		for i := range answers {
			hold(&answers[i], nodes[i].Values[origin:origin+simulatedMonth], totals[kinds[i]], steps[kinds[i]])
		}
	}
	return totals, steps
}

func hold(a *forecast.Answer, came []float64, total, steps *tally) {
	sum := 0.0
	for k, v := range came {
		sum += v
		if b := a.Bounds[0]; b.Refused == "" {
			steps.asked++
			if b.Low[k] <= v && v <= b.High[k] {
				steps.held++
			}
		}
	}
	if b := a.Total.Bounds[1]; b.Refused == "" {
		total.widely++
		if b.Low <= sum && sum <= b.High {
			total.wide++
		}
	}
	b := a.Total.Bounds[0]
	switch {
	case b.Refused != "":
		total.refused++
	case b.Low <= sum && sum <= b.High:
		total.held++
		fallthrough
	default:
		total.asked++
	}
}

// clustered is the mean of the seeds' coverage, its standard error, and what was refused.
func clustered(all []tally) (cover, spread, refused float64) {
	var by []float64
	asked := 0.0
	for _, one := range all {
		refused += one.refused
		asked += one.asked + one.refused
		if one.asked > 0 {
			by = append(by, one.held/one.asked)
			cover += one.held / one.asked
		}
	}
	n := float64(len(by))
	cover /= n
	for _, c := range by {
		spread += (c - cover) * (c - cover)
	}
	return cover, math.Sqrt(spread / (n - 1) / n), refused / asked
}
