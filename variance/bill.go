package variance

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Bill is why spend changed between two periods, by slice.
type Bill struct {
	Slices []Slice // the largest change first
	Total  Slice
	Index  Index        // of the list prices of what was bought in both periods
	New    money.Amount // the later period's cost of models without a call in the earlier one
	Gone   money.Amount // the earlier period's cost of models without a call in the later one
}

// Slice is the spend of one group of dimension values in both periods, and the effect
// of each driver, in the order of Drivers. After is Before and all effects.
type Slice struct {
	Keys          []string
	Before, After money.Amount
	Effects       []money.Amount
}

// Change is After less Before.
func (s *Slice) Change() (money.Amount, error) { return s.After.Sub(s.Before) }

// Add sums another slice into one.
func (s *Slice) Add(other *Slice) (err error) {
	if s.Before, err = s.Before.Add(other.Before); err != nil {
		return err
	}
	if s.After, err = s.After.Add(other.After); err != nil {
		return err
	}
	return s.add(other.Effects)
}

// Headline sums the effects of some drivers.
func (s *Slice) Headline(h Headline) (money.Amount, error) {
	var some []money.Amount
	for j, name := range Drivers() {
		if slices.Contains(h.Drivers, name) {
			some = append(some, s.Effects[j])
		}
	}
	return money.Sum(some...)
}

// Explain says why what the groups cost changed. Each part of the cost of a group is a
// chain of drivers, of which Shapley gives the effects:
//
//	calls, or outcomes · runs of each · calls of each · those outside runs ·
//	product line's share · asked name's share in it · model's share in that ·
//	route's share in that · tiers' share in that · tokens of a call · cached share ·
//	list price · terms · settlement
//
// An amount without a meter is one effect of its own. Worked example: 100 calls of
// 1,000 prompt tokens at 2 per million, then 150 calls of 2,000 at 1, cost 0.2 and then
// 0.3: calls +0.108333, context +0.183333, list price −0.191667.
//
// The calls of a workflow that has a head with outcomes and runs in both periods split, and
// the shares below are those of its own calls; all other groups have one number of calls.
func Explain(before, after []Group, heads []Head) (Bill, error) {
	l, err := newLedger(before, after, heads)
	if err != nil {
		return Bill{}, err
	}
	chains, owners, err := l.chains()
	if err != nil {
		return Bill{}, err
	}
	result, err := Shapley(Drivers(), chains)
	if err != nil {
		return Bill{}, err
	}
	found := map[string]*Slice{}
	for i := range result.Leaves {
		slice := sliceOf(found, owners[i].Slice)
		if err := slice.add(result.Leaves[i].Amounts); err != nil {
			return Bill{}, err
		}
	}
	leaves, err := l.leaves()
	if err != nil {
		return Bill{}, err
	}
	bill := Bill{Total: Slice{Effects: result.Total.Amounts}, Index: Matched(leaves)}
	if err := l.costs(&bill, found); err != nil {
		return Bill{}, err
	}
	for _, s := range found {
		bill.Slices = append(bill.Slices, *s)
	}
	slices.SortFunc(bill.Slices, func(a, b Slice) int {
		x, _ := a.Change()
		y, _ := b.Change()
		return cmp.Or(y.Abs().Cmp(x.Abs()), slices.Compare(a.Keys, b.Keys))
	})
	return bill, nil
}

func sliceOf(found map[string]*Slice, keys []string) *Slice {
	name := joined(keys)
	if found[name] == nil {
		found[name] = &Slice{Keys: keys, Effects: make([]money.Amount, len(Drivers()))}
	}
	return found[name]
}

func (s *Slice) add(effects []money.Amount) error {
	row := Row{Amounts: s.Effects}
	return row.Add(&Row{Leaf: strings.Join(s.Keys, ","), Amounts: effects})
}

// costs sums what both periods cost, in every slice and in all, and what came and went.
func (l *ledger) costs(bill *Bill, found map[string]*Slice) error {
	for t := range l.periods {
		for path, g := range l.periods[t] {
			sums := []*money.Amount{&sliceOf(found, g.Slice).Before, &bill.Total.Before}
			if t == 1 {
				sums = []*money.Amount{&sliceOf(found, g.Slice).After, &bill.Total.After}
			}
			if other := l.models[1-t][g.Model]; g.Model != "" && other.IsZero() && l.told(path) {
				sums = append(sums, [2]*money.Amount{&bill.Gone, &bill.New}[t])
			}
			if err := addToAll(sums, g.Cost); err != nil {
				return err
			}
		}
	}
	return nil
}

func addToAll(sums []*money.Amount, a money.Amount) (err error) {
	for _, sum := range sums {
		if *sum, err = sum.Add(a); err != nil {
			return err
		}
	}
	return nil
}

// leaves are the list prices of everything that has units, whatever workflow and slice used
// it, but for names that went over to another model: that is no price of one thing. What
// one slice used before and another one after has a price in both periods.
func (l *ledger) leaves() (leaves []Leaf, err error) {
	used := map[string]*[2]Group{}
	for _, path := range slices.Sorted(maps.Keys(l.paths)) {
		owner := l.paths[path]
		if l.pricing(owner) == Alias {
			continue
		}
		name := joined(owner.path()[2:])
		if used[name] == nil {
			used[name] = &[2]Group{{Metered: owner.Metered}, {Metered: owner.Metered}}
		}
		for t := range l.periods {
			if err := used[name][t].add(l.at(t, path)); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		before, after := &used[name][0], &used[name][1]
		if !before.told() || !after.told() {
			continue
		}
		for k := range spend.CostOther {
			leaves = append(leaves, Leaf{
				Name: name, Quantity: [2]Number{Exact(before.Quantity[k]), Exact(after.Quantity[k])},
				Price: [2]Number{Quotient(before.Costs[k], before.Quantity[k]), Quotient(after.Costs[k], after.Quantity[k])},
			})
		}
	}
	return leaves, nil
}
