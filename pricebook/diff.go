package pricebook

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
)

// ChangeKind says what happened to a price between two sets of facts.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"   // nothing was priced there before
	Removed ChangeKind = "removed" // the fact is gone from the log
	Revoked ChangeKind = "revoked" // its known span was closed and nothing took its place
	Changed ChangeKind = "changed" // another price than before it
	Ended   ChangeKind = "ended"   // the same price, now with another end
)

// Change is one line of the preview of an import.
type Change struct {
	Kind   ChangeKind
	Old    *Fact      // nil when added
	New    *Fact      // nil when removed or revoked
	Factor money.Null // new price of a unit over the old one, cut to 12 decimals; known when changed from above zero
}

// Diff compares two sets of facts, in the order of seller, SKU and meter. Two
// facts are about the same thing when seller, SKU, meter, conditions, layer and
// start agree; only those that are known now count. A price that follows
// another without a gap is a change of it.
//
// Example: in_text of a SKU was 5 without an end; the new set has 5 until
// 2026-08-21 and 4 from then on: one change, with factor 0.8.
func Diff(old, next []Fact) []Change {
	before, after := index(old), index(next)
	var changes []Change
	for thing, f := range after.byStart {
		changes = append(changes, compareThing(before.byStart[thing], f, after)...)
	}
	all := ids(next)
	for thing, f := range before.byStart {
		if after.byStart[thing] != nil {
			continue
		}
		kind := Removed
		if all[f.ID] {
			kind = Revoked
		}
		changes = append(changes, Change{Kind: kind, Old: f})
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Or(compareFacts(a.fact(), b.fact()), cmp.Compare(a.Kind, b.Kind)) })
	return changes
}

func compareThing(was, f *Fact, after thingIndex) []Change {
	switch {
	case was == nil:
		if last := after.byEnd[f.thing(f.Valid.From)]; last != nil && !f.Valid.From.IsZero() {
			return []Change{{Changed, last, f, factor(last, f)}}
		}
		return []Change{{Kind: Added, New: f}}
	case was.Price != f.Price || was.Per != f.Per:
		return []Change{{Changed, was, f, factor(was, f)}}
	case was.Valid.To.Equal(f.Valid.To) || !f.Valid.To.IsZero() && after.byStart[f.thing(f.Valid.To)] != nil:
		return nil // as it was, or told by the price that follows
	}
	return []Change{{Kind: Ended, Old: was, New: f}}
}

func (c *Change) fact() *Fact {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

func compareFacts(a, b *Fact) int {
	return cmp.Or(strings.Compare(a.Seller, b.Seller), strings.Compare(a.SKU, b.SKU), cmp.Compare(a.Meter, b.Meter),
		a.Valid.From.Compare(b.Valid.From), strings.Compare(a.ID, b.ID))
}

func ids(facts []Fact) map[string]bool {
	all := make(map[string]bool, len(facts))
	for i := range facts {
		all[facts[i].ID] = true
	}
	return all
}

// thingIndex finds the facts known now by what they price and where they start
// or end.
type thingIndex struct{ byStart, byEnd map[string]*Fact }

func index(facts []Fact) thingIndex {
	x := thingIndex{map[string]*Fact{}, map[string]*Fact{}}
	for i := range facts {
		f := &facts[i]
		if f.Known.To.IsZero() {
			x.byStart[f.thing(f.Valid.From)] = f
			x.byEnd[f.thing(f.Valid.To)] = f
		}
	}
	return x
}

func (f *Fact) thing(at time.Time) string {
	return f.slot() + "\x00" + string(f.layer()) + "\x00" + formatTime(at)
}

// factor divides the prices of one unit.
func factor(was, is *Fact) money.Null {
	if was.Price.Sign() <= 0 || was.Per <= 0 || is.Per <= 0 {
		return money.Null{}
	}
	num := is.Price.Big()
	num.Mul(num, big.NewInt(was.Per)).Mul(num, money.FromInt(1).Big())
	den := was.Price.Big()
	den.Mul(den, big.NewInt(is.Per))
	quotient, err := money.FromBig(num.Quo(num, den))
	if err != nil {
		return money.Null{}
	}
	return money.Known(quotient)
}
