package company

import "math/bits"

// dice is a SplitMix64 stream. A fresh one costs nothing, so that every run and
// every step has its own and none depends on how much another one drew.
type dice uint64

func (d *dice) roll() uint64 {
	*d += 0x9e3779b97f4a7c15
	return mix(uint64(*d))
}

// below draws from 0 to n−1; n below 1 gives 0.
func (d *dice) below(n int64) int64 {
	if n < 1 {
		return 0
	}
	hi, _ := bits.Mul64(d.roll(), uint64(n))
	return int64(hi)
}

// chance is true for so many of a thousand draws.
func (d *dice) chance(permille int64) bool { return d.below(1000) < permille }

// around draws evenly within so many per cent of n.
func (d *dice) around(n, percent int64) int64 {
	return n * (100 - percent + d.below(2*percent+1)) / 100
}

// skewed draws from 0 to n−1 with the low numbers far more often: a few clients
// make most of the requests.
func (d *dice) skewed(n int64) int64 { return d.below(d.below(n) + 1) }

// mix is SplitMix64's finaliser, a bijection: different numbers stay different.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// spread is a distribution by its quantiles at 0, 25, 50, 75, 90, 95, 99, 99.9
// and 100 %; between two of them it is even.
type spread [9]int64

// quantiles are the places of a spread's values in a hundred thousand.
var quantiles = spread{0, 25_000, 50_000, 75_000, 90_000, 95_000, 99_000, 99_900, 100_000}

func (s *spread) draw(d *dice) int64 {
	at := d.below(quantiles[len(quantiles)-1])
	i := 1
	for at >= quantiles[i] {
		i++
	}
	within, width := at-quantiles[i-1], quantiles[i]-quantiles[i-1]
	return s[i-1] + (s[i]-s[i-1])*within/width
}

// curve is a value that is straight between its knots and level outside them.
type curve []knot

type knot struct{ at, value int64 }

func (c curve) at(x int64) int64 {
	for i, right := range c {
		switch {
		case x > right.at:
			continue
		case i == 0:
			return right.value
		}
		left := c[i-1]
		return left.value + (right.value-left.value)*(x-left.at)/(right.at-left.at)
	}
	if len(c) == 0 {
		return 0
	}
	return c[len(c)-1].value
}
