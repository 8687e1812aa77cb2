package budget

import (
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/bursarhq/bursar/document"
)

// Open is what a rate counts that bounds how many calls run at once.
const Open Measure = "open"

// Rate bounds how fast calls or tokens come, or how many calls are open at once.
// It is a bucket that holds up to Burst, begins full and fills by Amount in each
// Per without a break. A call takes its bound out of it and gives back what it
// did not use.
//
// Example: 60 calls a minute with a burst of 10 lets 10 through at once, and
// then one each second.
type Rate struct {
	ID     string
	Scope  Selector
	Exempt []Selector
	Each   []string
	Counts Measure       // Calls, Tokens or Open
	Amount int64         // of Open the most that are open at once
	Per    time.Duration // zero for Open
	Burst  int64         // zero for Open
	Owner  string
}

const (
	maxRate = 1_000_000_000_000
	maxPer  = 24 * time.Hour
)

func (r *Rate) check(at string, found *document.Problems) {
	found.Add(!isName(r.ID), at+".id", "must be 1 to %d of a-z, 0-9, - _ . and /", document.MaxName)
	r.Scope.check(at+".scope", found)
	for _, s := range r.Exempt {
		s.check(at+".exempt", found)
		found.Add(len(s) == 0, at+".exempt", "an empty selector exempts every call")
	}
	checkEach(r.Each, at+".each", found)
	known := []Measure{Calls, Tokens, Open}
	found.Add(!slices.Contains(known, r.Counts), at+".counts", "must be one of %s", words(known))
	found.Add(r.Amount < 1 || r.Amount > maxRate, at+"."+string(r.Counts), "must be a whole number from 1 to %d", int64(maxRate))
	found.Add(isAddress(r.Owner), at+".owner", "is an address: name a team, a role or a principal id")
	found.Add(len(r.Owner) > maxText, at+".owner", "is longer than %d bytes", maxText)
	if r.Counts == Open {
		found.Add(r.Per != 0 || r.Burst != 0, at, "what is open at once has neither per nor burst")
		return
	}
	found.Add(r.Per < time.Millisecond || r.Per > maxPer, at+".per", "must be second, minute, hour, day or a length from 1ms to 24h")
	found.Add(r.Burst < 1 || r.Burst > maxRate, at+".burst", "must be a whole number from 1 to %d", int64(maxRate))
}

// bucket is what is left of a rate at an instant: level and a part, of which Per
// make one. Below zero it is a debt, which is not forgiven.
type bucket struct {
	level int64
	part  uint64
	at    int64 // Unix nanoseconds
}

// fill brings the bucket to an instant. One that lies before changes nothing.
func (b *bucket) fill(r *Rate, at int64) {
	if at <= b.at {
		return
	}
	elapsed := uint64(at) - uint64(b.at)
	b.at = at
	hi, lo := bits.Mul64(elapsed, uint64(r.Amount))
	lo, carry := bits.Add64(lo, b.part, 0)
	hi += carry
	if hi >= uint64(r.Per) {
		b.level, b.part = r.Burst, 0
		return
	}
	more, part := bits.Div64(hi, lo, uint64(r.Per))
	if room := uint64(r.Burst - b.level); more >= room {
		b.level, b.part = r.Burst, 0
		return
	}
	b.level, b.part = b.level+int64(more), part
}

// wait is how long until n fit, zero when they do. What is larger than the burst
// goes when the bucket is full, and leaves a debt.
func (b *bucket) wait(r *Rate, n int64) time.Duration {
	missing := min(n, r.Burst) - b.level
	if missing <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(missing), uint64(r.Per))
	lo, borrow := bits.Sub64(lo, b.part, 0)
	hi -= borrow
	lo, carry := bits.Add64(lo, uint64(r.Amount)-1, 0)
	hi += carry
	if hi >= uint64(r.Amount) {
		return math.MaxInt64
	}
	wait, _ := bits.Div64(hi, lo, uint64(r.Amount))
	return time.Duration(min(wait, math.MaxInt64))
}

// give puts back what was not used, or takes what was used beyond.
func (b *bucket) give(r *Rate, n int64) { b.level = min(b.level+n, r.Burst) }
