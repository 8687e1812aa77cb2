package outcome

import (
	"math"
	"strconv"

	"github.com/bursarhq/bursar/money"
)

// Rate is how many of some tries succeeded.
type Rate struct{ Won, Of int64 }

// Interval is an estimate and the ends of its 95 % interval, as parts of 1 with 6 decimals.
type Interval struct {
	Mean money.Null `json:"mean"`
	Low  money.Null `json:"low"`
	High money.Null `json:"high"`
}

// within95 is the quantile of the normal distribution that leaves 2.5 % above it.
const within95 = 1.959963984540054

// wilson is the 95 % interval of a rate (E. B. Wilson, 1927). It never leaves 0 to 1, and
// holds where successes or failures are few.
func (r Rate) wilson() (p, low, high float64) {
	n, z2 := float64(r.Of), within95*within95
	p = float64(r.Won) / n
	middle := (p + z2/(2*n)) / (1 + z2/n)
	half := within95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	return p, max(middle-half, 0), min(middle+half, 1)
}

// Gap is the difference of two rates, the first less the second, with its 95 % interval by
// method 10 of R. G. Newcombe, "Interval estimation for the difference between independent
// proportions" (1998), which is made of both Wilson intervals. It is unknown where either
// has no tries.
//
// Example: 56 of 70 less 48 of 80 is 0.2, between 0.0524 and 0.3339.
func Gap(a, b Rate) (Interval, error) {
	if a.Of <= 0 || b.Of <= 0 {
		return Interval{}, nil
	}
	p1, low1, high1 := a.wilson()
	p2, low2, high2 := b.wilson()
	d := p1 - p2
	var i Interval
	for _, end := range []struct {
		to    *money.Null
		value float64
	}{
		{&i.Mean, d}, {&i.Low, d - math.Hypot(p1-low1, high2-p2)}, {&i.High, d + math.Hypot(high1-p1, p2-low2)},
	} {
		amount, _, err := money.ParseRounded(strconv.FormatFloat(end.value, 'f', 6, 64))
		if err != nil {
			return i, err
		}
		*end.to = money.Known(amount)
	}
	return i, nil
}
