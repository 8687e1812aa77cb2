package lake_test

import (
	"math"
	"testing"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
)

func TestBinValueIsWithinFivePercent(t *testing.T) {
	t.Parallel()
	for d := 2 * time.Microsecond; d < 24*time.Hour; d += 1 + d/7 {
		micros := float64(d.Microseconds())
		got := lake.BinValue(lake.DurationBin(d, true))
		if math.Abs(got-micros)/micros > 0.0443 {
			t.Errorf("the bin of %s stands for %.1f µs", d, got)
		}
	}
}

func TestBinsOfNothing(t *testing.T) {
	t.Parallel()
	if b := lake.DurationBin(time.Hour, false); b != 0 {
		t.Errorf("an unknown duration has bin %d, want 0", b)
	}
	if b := lake.CostBin(money.Null{}); b != 0 {
		t.Errorf("an unknown cost has bin %d, want 0", b)
	}
	if zero, minus := lake.CostBin(money.Known(money.Amount{})), lake.CostBin(money.Known(money.FromInt(-3))); zero != 1 || minus != lake.CostBin(money.Known(money.FromInt(3))) {
		t.Errorf("bins of zero and of a reversal are %d and %d", zero, minus)
	}
}

func TestBinQuantile(t *testing.T) {
	t.Parallel()
	bin := func(d time.Duration) lake.Bin { return lake.DurationBin(d, true) }
	calls := map[lake.Bin]int64{bin(time.Millisecond): 90, bin(time.Second): 9, bin(time.Minute): 1, bin(time.Hour): -5}
	for _, f := range []struct {
		q    float64
		want lake.Bin
	}{{0.5, bin(time.Millisecond)}, {0.9, bin(time.Millisecond)}, {0.95, bin(time.Second)}, {0.99, bin(time.Second)}, {1, bin(time.Minute)}} {
		if got, ok := lake.BinQuantile(calls, f.q); !ok || got != lake.BinValue(f.want) {
			t.Errorf("the %.2f quantile is %g, want %g", f.q, got, lake.BinValue(f.want))
		}
	}
	if _, ok := lake.BinQuantile(map[lake.Bin]int64{3: 0, 4: -1}, 0.5); ok {
		t.Error("there is a quantile of no call")
	}
}
