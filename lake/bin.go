package lake

import (
	"math"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Bin is the number of a fixed logarithmic histogram bucket. Bins are the same
// in every engine, so histograms merge by plain sums of calls. Bin 0 means
// unknown. Each power of two holds 8 bins: a quantile read from them is within
// 4.5 % of the value.
type Bin = int16

const binsPerOctave = 8

// DurationBin sorts a duration, counted in microseconds.
func DurationBin(d time.Duration, known bool) Bin {
	if !known {
		return 0
	}
	return binOf(float64(d.Microseconds()))
}

// CostBin sorts the cost of a line, counted in 10⁻⁹ of the currency.
func CostBin(cost money.Null) Bin {
	if !cost.Valid {
		return 0
	}
	return binOf(cost.Amount.Approx() * 1e9)
}

func binOf(v float64) Bin {
	v = math.Abs(v)
	if v < 1 {
		return 1
	}
	return 2 + Bin(math.Floor(math.Log2(v)*binsPerOctave))
}

// BinValue gives the middle of a bin in the unit of its histogram.
func BinValue(b Bin) float64 {
	if b <= 1 {
		return 0
	}
	return math.Exp2((float64(b-2) + 0.5) / binsPerOctave)
}

// BinQuantile reads the q-quantile from a histogram of calls by bin, false when
// it holds no call. Bins whose calls net to zero or less do not count.
func BinQuantile(calls map[Bin]int64, q float64) (float64, bool) {
	var total int64
	var last Bin
	for b, n := range calls {
		if n > 0 {
			total += n
			last = max(last, b)
		}
	}
	if total == 0 {
		return 0, false
	}
	rank := int64(math.Ceil(q * float64(total)))
	for b := Bin(1); b < last; b++ {
		if n := calls[b]; n > 0 {
			if rank -= n; rank <= 0 {
				return BinValue(b), true
			}
		}
	}
	return BinValue(last), true
}
