package laketest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// newLinesAreAudited breaks each law behind lines that kept them all: an audit of what is
// new names what an audit of everything names.
func newLinesAreAudited(t *testing.T, open func(t *testing.T) Engine) {
	g := NewGenerator(19)
	sound := soundly(g.Charges(200))
	costly, unpriced, twice, astray := soundly(g.Charges(1))[0], soundly(g.Charges(1))[0], sound[3], soundly(g.Charges(1))[0]
	costly.PriceState, costly.List, costly.Costs[spend.CostOut] = spend.Priced, money.Known(money.Amount{}), money.FromInt(3)
	unpriced.PriceState, unpriced.List = spend.Priced, money.Null{}
	again := sound[5]
	again.ID = spend.Digest("again")
	half := sound[7].Reverse(sound[7].BookedAt, sound[7].Period)
	half.Calls += 5
	for name, broken := range map[string]spend.Charge{
		"none": soundly(g.Charges(1))[0], "components": costly, "price": unpriced, "line twice": twice, "two current lines": again,
		"reversal of nothing": astray.Reverse(astray.BookedAt, astray.Period), "half a reversal": half,
	} {
		e := filled(t, open, sound, []spend.Charge{broken})
		all, behind := brokenBy(t, e, lake.Laws()), brokenBy(t, e, lake.LawsSince(int64(len(sound))))
		if diff := cmp.Diff(all, behind); diff != "" || (len(all) == 0) != (name == "none") {
			t.Errorf("%s breaks %q; the audit of what is new differs (-all +new):\n%s", name, all, diff)
		}
		found, _, err := lake.AuditAll(t.Context(), e, false)
		if err != nil || lake.Sound(found) != (name == "none") || len(found) != len(lake.Laws()) {
			t.Errorf("%s: an audit finds %v, error %v", name, found, err)
		}
	}
}

// soundly lets the components of lines sum to their list price.
func soundly(lines []spend.Charge) []spend.Charge {
	for i := range lines { // the generator prices its components at random
		if lines[i].PriceState != spend.Unpriced {
			lines[i].List = money.Known(mustSum(money.Sum(lines[i].Costs[:]...)))
		}
	}
	return lines
}

func brokenBy(t *testing.T, e Engine, laws []lake.Law) (broken []string) {
	t.Helper()
	for _, law := range laws {
		if violations(t, e, law) != 0 {
			broken = append(broken, law.Name)
		}
	}
	return broken
}
