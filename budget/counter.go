package budget

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
)

// accountKey is a limit with the values of its each.
type accountKey struct {
	limit int32
	each  string
}

// MaxValues bounds the values of each that one limit counts apart, some 300 bytes
// each. Others that come share one more counter, whose value is Capped, until
// some are forgotten: a client that makes up runs fills no memory.
const MaxValues = 100_000

// Capped stands for values that are not counted apart.
const Capped = "(capped)"

// key gives the account of a subject under a limit.
func (e *Engine) key(i int32, v *values, s *Subject) accountKey {
	l := &e.set.limits[i]
	key := accountKey{i, l.keyOf(v, s)}
	if e.values[i] < MaxValues || e.accounts[key] != nil {
		return key
	}
	key.each = strings.TrimSuffix(strings.Repeat(Capped+separator, len(l.each)), separator)
	return key
}

// account is what one limit counts of one value of each.
type account struct {
	counters []*counter // by their spans
	bucket   bucket     // of a rate
	open     int64      // calls that are open under a rate
	used     int64      // when it was used last
}

// counter sums one span.
type counter struct {
	span
	totals
}

// totals are the sums of a window.
type totals struct {
	booked  money.Amount
	settled money.Amount
	held    money.Amount
	earned  money.Amount // verified outcomes
	unknown int64        // calls that cost nobody knows what
}

func (t *totals) add(u *totals) {
	t.booked, t.settled, t.held = plus(t.booked, u.booked), plus(t.settled, u.settled), plus(t.held, u.held)
	t.earned, t.unknown = plus(t.earned, u.earned), t.unknown+u.unknown
}

// spent is what alerts look at: a hold is a bound, and would tell too early.
func (t *totals) spent() money.Amount { return plus(t.booked, t.settled) }

// used is what limits look at.
func (t *totals) used() money.Amount { return plus(t.spent(), t.held) }

// counter gives that of a span, and makes it where there is none.
func (a *account) counter(s span) *counter {
	i, found := slices.BinarySearchFunc(a.counters, s.from, func(c *counter, from int64) int { return cmp.Compare(c.from, from) })
	if !found {
		a.counters = slices.Insert(a.counters, i, &counter{span: s})
	}
	return a.counters[i]
}

// sum gives the totals of the window in which an instant lies. A rolling one takes
// what was used up to its length after the instant with it, so that calls whose
// instants are out of order never pass a limit together. What lies ahead of now does not
// count in it, as days of service that a purchase is spread over: they do when they have
// come.
func (a *account) sum(w *Window, s span, at time.Time, now int64) totals {
	around := w.around(at)
	around.to = min(around.to, max(at.UnixNano(), now)+1)
	return a.within(s, around)
}

// ahead says that something counts in slices that begin after an instant.
func (a *account) ahead(at int64) bool {
	return len(a.counters) > 0 && a.counters[len(a.counters)-1].from > at
}

// within adds what counts in a span, and in those that have a part of another one.
func (a *account) within(s, around span) (t totals) {
	if a == nil {
		return t
	}
	for _, c := range a.counters {
		if c.from == s.from || c.to > around.from && c.from < around.to {
			t.add(&c.totals)
		}
	}
	return t
}

// limitOf is what a window may use: the amount, and what its results add. Fewer
// than no results take nothing away.
func (b *Budget) limitOf(t *totals) money.Amount {
	if b.PerOutcome.Outcome == "" || t.earned.Sign() <= 0 {
		return b.Amount
	}
	more, err := b.PerOutcome.Amount.Mul(t.earned, 1)
	if err != nil {
		return b.Amount
	}
	return plus(b.Amount, more)
}

// percent gives a part of an amount, rounded half to even at 10⁻¹².
func percent(a money.Amount, of int64) money.Amount {
	part, err := a.MulRatio(of, 100)
	if err != nil {
		return a
	}
	return part
}

// withGrace is what calls may use of a limit before its budget does something.
func withGrace(limit money.Amount, grace int) money.Amount { return percent(limit, int64(100+grace)) }
