package forecast

import "math"

// How fast intervals learn from what came, and how far.
const (
	reachPace  = 0.5
	mostReach  = 4   // times as far on either side
	leastReach = 0.4 // or as little: narrower is no evidence but luck
)

// Reach is by what the reach of a level's interval is multiplied after a forecast that was
// told has come true or not, given by what it was multiplied then. A miss makes it wider,
// a hit a little narrower: log r' = log r + 0.5 · (missed − α), so that in the long run the
// part α is missed, whatever the errors are distributed like. Missed is 0 or 1 of one
// series, or between where the misses of its siblings count too.
//
// Worked example: at 80 %, α is 0.2. A miss multiplies by e^0.4 = 1.49, a hit by
// e^−0.1 = 0.90, and four hits take back what a miss has given.
//
// It is adaptive conformal inference (Gibbs and Candès, 2021) on the scale of the interval
// instead of on its level, since an order statistic of few errors has no wider one.
func Reach(before float64, level int, missed float64) float64 {
	alpha := float64(100-level) / 100
	return min(max(before*math.Exp(reachPace*(missed-alpha)), leastReach), mostReach)
}
