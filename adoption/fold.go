package adoption

import "slices"

// folded merges neighbours until each holds nobody or at least limit people, and gives
// the first and last place of each. All together must be nobody, or at least limit.
//
// Example: of 7, 2, 1 and 6 people under a limit of five the places are 0 to 0 and 1 to 3.
func folded(people []int64, limit int64) (places [][2]int) {
	small := func(n int64) bool { return n > 0 && n < limit }
	var held int64
	first := 0
	for i, n := range people {
		if held += n; small(held) {
			continue
		}
		places, first, held = append(places, [2]int{first, i}), i+1, 0
	}
	for ; small(held); places = places[:len(places)-1] {
		if len(places) == 0 {
			return nil // fewer than the limit: nothing may be said
		}
		last := places[len(places)-1]
		held, first = held+sum(people, last), last[0]
	}
	if held > 0 || first < len(people) {
		places = append(places, [2]int{first, len(people) - 1})
	}
	return trimmed(people, places)
}

// trimmed leaves out what is empty before the first people and behind the last.
func trimmed(people []int64, places [][2]int) [][2]int {
	empty := func(p [2]int) bool { return sum(people, p) == 0 }
	for len(places) > 0 && empty(places[0]) {
		places = places[1:]
	}
	for len(places) > 0 && empty(places[len(places)-1]) {
		places = places[:len(places)-1]
	}
	return slices.Clone(places)
}

func sum(people []int64, place [2]int) (n int64) {
	for _, each := range people[place[0] : place[1]+1] {
		n += each
	}
	return n
}
