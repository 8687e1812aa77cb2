package report

import "slices"

// When days on which nothing at all was booked are a feed that fell silent.
const (
	leastSilence = 7 // days from one with a feed to the next: shorter ones may be holidays
	silentTimes  = 3 // times as long as usual
)

// silences are the days of the stretches in which the feed of the whole ledger was silent,
// from its first day to its last one.
//
// Example: a feed of each day that stops for sixty days was silent, one of each tenth day is
// not, and one of each Monday is when three in a row are missing.
func silences(something []bool, first int) []bool {
	var days []int
	for day := first; day < len(something); day++ {
		if something[day] {
			days = append(days, day)
		}
	}
	silent := make([]bool, len(something))
	if len(days) < 2 {
		return silent
	}
	apart := make([]int, len(days)-1)
	for i := range apart {
		apart[i] = days[i+1] - days[i]
	}
	usual := slices.Sorted(slices.Values(apart))[len(apart)/2]
	for i, n := range apart {
		for day := days[i] + 1; n > max(leastSilence, silentTimes*usual) && day < days[i+1]; day++ {
			silent[day] = true
		}
	}
	return silent
}
