package forecast

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// What one question may ask for, so that answering it takes bounded time and memory.
const (
	MaxHorizon = 10_000
	MaxPeriods = 4
	MaxPeriod  = 10_000
	MaxLevels  = 10
	MaxOrigins = 50
	MaxAnswers = 2_000_000 // steps of all series together
)

// Ask is how far to look and what is known of the series' rhythm.
type Ask struct {
	Horizon int   // steps after the last value, 1 or more
	Periods []int // seasons in steps, ascending, like 24 and 168 for hours; none for no season
	Levels  []int // per cent that an interval shall cover, ascending, 1 to 99
	Year    int   // steps of a year, whose season is looked for where two are known; 0 for none
	Origins int   // earlier origins that are tried at most; 8 when 0
}

// Validate lists everything that is wrong with a question.
func (a *Ask) Validate() error {
	var found []string
	if a.Horizon < 1 || a.Horizon > MaxHorizon {
		found = append(found, "horizon: it is 1 to "+strconv.Itoa(MaxHorizon)+" steps")
	}
	if !rising(a.Periods, 2, MaxPeriod) || len(a.Periods) > MaxPeriods {
		found = append(found, "periods: at most "+strconv.Itoa(MaxPeriods)+" of them, each once, each 2 to "+strconv.Itoa(MaxPeriod)+" steps")
	}
	if !rising(a.Levels, 1, 99) || len(a.Levels) > MaxLevels {
		found = append(found, "levels: at most "+strconv.Itoa(MaxLevels)+" of them, each once, each 1 to 99 per cent")
	}
	if a.Year < 0 || a.Year > MaxPeriod {
		found = append(found, "year: it is 1 to "+strconv.Itoa(MaxPeriod)+" steps, 0 for none")
	}
	if a.Origins < 0 || a.Origins > MaxOrigins {
		found = append(found, "origins: they are 1 to "+strconv.Itoa(MaxOrigins)+", 8 when 0")
	}
	if len(found) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "forecast", "%s", strings.Join(found, "\n")).
		WithHint("for hours, --horizon 48 --periods 24,168 --levels 80,95")
}

// check refuses a question that is wrong, or whose answer is too large.
func (a *Ask) check(series int) error {
	if err := a.Validate(); err != nil {
		return err
	}
	if series*a.Horizon > MaxAnswers {
		return spend.Errorf(spend.KindInvalid, "forecast", "%d series of %d steps are more than %d answers", series, a.Horizon, MaxAnswers).
			WithHint("ask for a shorter horizon, or split the file")
	}
	return nil
}

// rising says whether numbers lie in bounds and ascend.
func rising(numbers []int, low, high int) bool {
	for i, n := range numbers {
		if n < low || n > high || i > 0 && n <= numbers[i-1] {
			return false
		}
	}
	return true
}

// history is how many values at the end of a series the pool looks at.
func (a *Ask) history() int {
	longest := 1
	if len(a.Periods) > 0 {
		longest = slices.Max(a.Periods)
	}
	return max(2_000, 6*longest+a.origins()*a.Horizon)
}

// origins is how many earlier origins are tried at most.
func (a *Ask) origins() int {
	if a.Origins == 0 {
		return folds
	}
	return a.Origins
}
