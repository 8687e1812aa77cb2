package forecast

// Naive2 is the measure that the M4 competition sets others against: the last value,
// without its season of m.
func Naive2(y []float64, horizon, m int) []float64 { return adjusted(y, horizon, m, naive) }

// Levelled brings what stands before a step onto the level after it.
func Levelled(y []float64, m int) []float64 { return levelled(y, m) }

// Needed is how many errors a level needs.
func Needed(level int) int { return needed(level) }

// Moved is a bound in its old proportion to a mean.
func Moved(bound, from, to float64) float64 { return moved(bound, from, to) }

// Settled takes a last value that is far off, alone, as what was to be expected.
func Settled(y []float64, periods []int) []float64 { return settled(y, periods) }
