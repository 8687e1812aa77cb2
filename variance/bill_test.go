package variance_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// group has fresh prompt tokens alone, at a price for a million.
func group(model string, calls, tokens int64, price string) variance.Group {
	g := variance.Group{Slice: []string{"claims"}, Line: "acme/one", Model: model, Route: []string{"acme"}, Metered: true, Calls: money.FromInt(calls)}
	g.Quantity[spend.CostIn] = money.FromInt(calls * tokens)
	cost, _ := money.Must(price).MulRatio(calls*tokens, 1_000_000)
	g.Costs[spend.CostIn], g.List, g.Contracted, g.Cost = cost, cost, cost, cost
	return g
}

func named(model, asked, line string, g variance.Group) variance.Group {
	g.Model, g.Requested, g.Line = model, asked, line
	return g
}

// moved lists the effects that are not zero.
func moved(s *variance.Slice, digits int) map[string]string {
	found := map[string]string{}
	for j, name := range variance.Drivers() {
		if !s.Effects[j].IsZero() {
			found[name] = s.Effects[j].Fixed(digits)
		}
	}
	return found
}

func TestEachDriverHasItsName(t *testing.T) {
	t.Parallel()
	half := group("one", 100, 1000, "2")
	half.Contracted, _ = half.List.MulRatio(1, 2)
	half.Cost = half.Contracted
	covered := group("one", 100, 1000, "2")
	covered.Cost = money.Amount{}
	cached := group("one", 100, 1000, "2")
	cached.Quantity[spend.CostIn], cached.Quantity[spend.CostCacheRead] = money.FromInt(50_000), money.FromInt(50_000)
	cached.Costs[spend.CostIn], cached.Costs[spend.CostCacheRead] = money.Must("0.1"), money.Must("0.01")
	cached.List, cached.Contracted, cached.Cost = money.Must("0.11"), money.Must("0.11"), money.Must("0.11")
	seats := variance.Group{Slice: []string{"claims"}, Cost: money.FromInt(30)}
	one := group("one", 100, 1000, "2")
	priority := one
	priority.Tier = []string{"priority"}
	priority.Costs[spend.CostIn], priority.List, priority.Contracted, priority.Cost = money.Must("0.4"), money.Must("0.4"), money.Must("0.4"), money.Must("0.4")
	dearer := priority
	dearer.Route, dearer.Tier = []string{"other"}, nil
	promoted := group("one", 100, 1000, "1")
	promoted.Pricing = variance.Promotion
	repointed := group("one", 100, 1000, "1")
	repointed.Pricing = variance.Alias
	repriced := group("two", 50, 1000, "1")
	repriced.Pricing = variance.Alias
	for name, tc := range map[string]struct {
		before, after []variance.Group
		want          map[string]string
	}{
		"the example": {[]variance.Group{one}, []variance.Group{group("one", 150, 2000, "1")},
			map[string]string{variance.Calls: "0.108333", variance.Context: "0.183333", variance.ListPrice: "-0.191667"}},
		"terms":          {[]variance.Group{one}, []variance.Group{half}, map[string]string{variance.Terms: "-0.100000"}},
		"a seat":         {[]variance.Group{one}, []variance.Group{covered}, map[string]string{variance.Settlement: "-0.200000"}},
		"a cache":        {[]variance.Group{one}, []variance.Group{cached}, map[string]string{variance.Cache: "-0.090000"}},
		"purchases":      {[]variance.Group{one}, []variance.Group{one, seats}, map[string]string{variance.Purchases: "30.000000"}},
		"a tier":         {[]variance.Group{one}, []variance.Group{priority}, map[string]string{variance.Tiers: "0.200000"}},
		"another seller": {[]variance.Group{one}, []variance.Group{dearer}, map[string]string{variance.Routing: "0.200000"}},
		"a promotion":    {[]variance.Group{one}, []variance.Group{promoted}, map[string]string{variance.Promotion: "-0.100000"}},
		"a repoint of a name that is a model of its own": {[]variance.Group{one}, []variance.Group{repointed}, map[string]string{variance.Alias: "-0.100000"}},
		"a repoint that takes a share of the calls, too": {
			[]variance.Group{named("one", "latest", "acme/one", group("one", 100, 1000, "2"))},
			[]variance.Group{named("one", "latest", "acme/one", group("one", 50, 1000, "2")), named("two", "latest", "acme/one", repriced)},
			map[string]string{variance.Alias: "-0.050000"}},
		"it ends": {[]variance.Group{promoted}, []variance.Group{one}, map[string]string{variance.Promotion: "0.100000"}},
		"an alias": {[]variance.Group{named("one", "latest", "acme/one", one)}, []variance.Group{named("two", "latest", "acme/two", group("two", 100, 1000, "3"))},
			map[string]string{variance.Alias: "0.100000"}},
		"a successor": {[]variance.Group{one}, []variance.Group{named("two", "two", "acme/one", group("two", 100, 1000, "3"))},
			map[string]string{variance.Succession: "0.100000"}},
		"another vendor": {[]variance.Group{one}, []variance.Group{named("two", "two", "other/two", group("two", 100, 1000, "3"))},
			map[string]string{variance.Lines: "0.100000"}},
		"no calls": {[]variance.Group{one}, []variance.Group{{Slice: []string{"claims"}, Model: "one", Metered: true, Cost: money.FromInt(1), List: money.FromInt(1)}},
			map[string]string{variance.Calls: "-0.200000", variance.Uncounted: "1.000000"}},
		"nothing before": {nil, []variance.Group{one}, map[string]string{variance.Calls: "0.200000"}},
	} {
		bill, err := variance.Explain(tc.before, tc.after, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tc.want, moved(&bill.Total, 6)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		sums(t, name, &bill)
	}
}

type failing interface {
	Helper()
	Errorf(format string, args ...any)
}

// sums wants before and effects to be after, in every slice, and slices to be the total.
func sums(t failing, name string, bill *variance.Bill) {
	t.Helper()
	var before, after []money.Amount
	for _, s := range append(bill.Slices, bill.Total) {
		got, err := money.Sum(append([]money.Amount{s.Before}, s.Effects...)...)
		if err != nil || got != s.After {
			t.Errorf("%s: %v and its effects are %v, %v; want %v", name, s.Before, got, err, s.After)
		}
		before, after = append(before, s.Before), append(after, s.After)
	}
	for _, all := range [][]money.Amount{before, after} {
		if sum, err := money.Sum(all[:len(all)-1]...); err != nil || sum != all[len(all)-1] {
			t.Errorf("%s: slices sum to %v, %v; want %v", name, sum, err, all[len(all)-1])
		}
	}
}

// drawGroups draws groups that may fit no chain, be there twice, or have negative sums.
func drawGroups(t *rapid.T) []variance.Group {
	groups := make([]variance.Group, rapid.IntRange(0, 5).Draw(t, "groups"))
	amount := func() money.Amount {
		return money.FromUnits(rapid.SampledFrom([]int64{0, 0, 1, 3, -7, 1_000_003, 999_999_999_999}).Draw(t, "amount"))
	}
	for i := range groups {
		name := func(of string) string { return fmt.Sprint(of, rapid.IntRange(0, 1).Draw(t, of)) }
		g := variance.Group{Slice: []string{name("team")}, Workflow: name("flow"), Line: name("line"), Requested: name("asked"), Model: name("model"), Route: []string{name("route")}, Tier: []string{name("tier")}, Pricing: rapid.SampledFrom([]string{"", variance.Promotion, variance.Alias}).Draw(t, "pricing"),
			Metered: rapid.Bool().Draw(t, "metered"), Calls: money.FromInt(rapid.Int64Range(0, 3).Draw(t, "calls")), Contracted: amount(), Cost: amount()}
		for k := range g.Costs {
			g.Costs[k], g.Quantity[k] = amount(), money.FromInt(rapid.Int64Range(0, 9).Draw(t, "tokens"))
			g.List, _ = g.List.Add(g.Costs[k])
		}
		groups[i] = g
	}
	return groups
}

// drawHeads draws heads of some workflows, of which some have nothing in a period.
func drawHeads(t *rapid.T) []variance.Head {
	heads := make([]variance.Head, rapid.IntRange(0, 2).Draw(t, "heads"))
	for i := range heads {
		heads[i].Workflow = fmt.Sprint("flow", i)
		for p := range 2 {
			heads[i].Outcomes[p] = money.FromInt(rapid.Int64Range(0, 4).Draw(t, "outcomes"))
			heads[i].Runs[p], heads[i].Calls[p] = rapid.Int64Range(0, 5).Draw(t, "runs"), rapid.Int64Range(0, 9).Draw(t, "calls of runs")
		}
	}
	return heads
}

func TestABillIsWhollyExplained(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bill, err := variance.Explain(drawGroups(t), drawGroups(t), drawHeads(t))
		if err != nil {
			t.Fatal(err)
		}
		sums(t, "drawn", &bill)
	})
}

// TestTheIndexIsThatOfAllSlices: claims used a model before and sales after, for half of the
// price, which is no new thing.
func TestTheIndexIsThatOfAllSlices(t *testing.T) {
	t.Parallel()
	before, after := group("one", 100, 1000, "2"), group("one", 300, 1000, "1")
	for _, slice := range []string{"claims", "sales"} {
		after.Slice = []string{slice}
		bill, err := variance.Explain([]variance.Group{before}, []variance.Group{after}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if x := bill.Index; x.Leaves != 1 || x.Fisher != money.Known(money.Must("0.5")) || x.Then != money.Known(money.Must("0.6")) {
			t.Errorf("after in %s: %+v", slice, x)
		}
	}
}
