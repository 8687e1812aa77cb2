package budget

import (
	"math"
	"math/bits"
	"strings"
	"time"
)

// Key names what a reason counts in: its limit, and the values of each.
func (r *Reason) Key() string { return r.Limit + separator + strings.Join(r.Each, separator) }

// Rates gives the rates that look at a call, as reasons, whether it fits them or not,
// and holds nothing: for whoever lets calls wait in a line for a rate, and none go
// before those. Wait is the time in which the rate makes room for the call, also where
// there is some.
func (e *Engine) Rates(c *Call) (found []Reason) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !c.isSound() {
		return nil
	}
	v := c.Subject.values()
	e.set.index.each(&v, &c.Subject, func(i int32) {
		l := &e.set.limits[i]
		if l.rate == nil || !l.looksAt(&v, &c.Subject) {
			return
		}
		key := e.key(i, &v, &c.Subject)
		taken, r := e.tryRate(l.rate, key, c)
		if r == nil {
			r = e.tooFast(l.rate, key, taken.n)
		}
		r.Wait = max(r.Wait, l.rate.interval(taken.n))
		found = append(found, *r)
	})
	return found
}

// interval is in which time a rate makes room for n.
func (r *Rate) interval(n int64) time.Duration {
	if r.Counts == Open {
		return openWait
	}
	hi, lo := bits.Mul64(uint64(max(n, 0)), uint64(r.Per))
	if hi >= uint64(r.Amount) {
		return math.MaxInt64
	}
	wait, _ := bits.Div64(hi, lo, uint64(r.Amount))
	return time.Duration(min(wait, math.MaxInt64))
}
