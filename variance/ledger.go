package variance

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// ledger holds the groups of two periods and the calls of everything above them.
type ledger struct {
	heads   map[string]*Head  // of workflows whose calls split
	paths   map[string]*Group // any group of a path
	periods [2]map[string]*Group
	calls   [2]map[string]money.Amount // by what stands above a group
	models  [2]map[string]money.Amount // calls of a model
}

func newLedger(before, after []Group, heads []Head) (*ledger, error) {
	l := &ledger{heads: split(heads), paths: map[string]*Group{}}
	lines := linesOf(before, after)
	for t, groups := range [2][]Group{before, after} {
		l.periods[t], l.calls[t], l.models[t] = map[string]*Group{}, map[string]money.Amount{}, map[string]money.Amount{}
		for i := range groups {
			g := groups[i]
			if l.heads[g.Workflow] == nil {
				g.Workflow = "" // all that does not split counts together
			}
			if name := g.asked(); len(lines[name]) > 1 {
				g.Line = "name " + name
			}
			if err := l.put(t, g); err != nil {
				return nil, err
			}
		}
	}
	return l, l.count()
}

// linesOf gives the product lines that answered to a name: a name that moves from one
// to another is a line of its own, so that the move is one of the alias.
func linesOf(before, after []Group) map[string]map[string]bool {
	lines := map[string]map[string]bool{}
	for _, groups := range [2][]Group{before, after} {
		for i := range groups {
			name := groups[i].asked()
			if lines[name] == nil {
				lines[name] = map[string]bool{}
			}
			lines[name][groups[i].Line] = true
		}
	}
	return lines
}

func (l *ledger) put(t int, g Group) error {
	path := joined(g.path())
	l.paths[path] = &g
	if known := l.periods[t][path]; known != nil {
		return known.add(&g)
	}
	l.periods[t][path] = &g
	return nil
}

// count sums the calls of the groups that a chain can tell.
func (l *ledger) count() error {
	for path := range l.paths {
		if !l.told(path) {
			continue
		}
		for t := range l.periods {
			if err := l.countGroup(t, l.paths[path], l.at(t, path).Calls); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *ledger) countGroup(t int, owner *Group, calls money.Amount) error {
	names := owner.path()
	for depth := range len(names) {
		if err := addTo(l.calls[t], above(names, depth), calls); err != nil {
			return err
		}
	}
	return addTo(l.models[t], owner.Model, calls)
}

// above names what the first names of a path are of, all for none.
func above(path []string, depth int) string { return strconv.Itoa(depth) + joined(path[:depth]) }

func addTo(sums map[string]money.Amount, name string, a money.Amount) (err error) {
	sums[name], err = sums[name].Add(a)
	return err
}

// at is a group of a period, empty where there is none.
func (l *ledger) at(t int, path string) *Group {
	if g := l.periods[t][path]; g != nil {
		return g
	}
	return &Group{Metered: l.paths[path].Metered}
}

func (l *ledger) told(path string) bool { return l.at(0, path).told() && l.at(1, path).told() }

// chains gives every part of every group as a chain, and the group that it is of.
func (l *ledger) chains() (chains []Chain, owners []*Group, err error) {
	for _, path := range slices.Sorted(maps.Keys(l.paths)) {
		owner := l.paths[path]
		found := []Chain{l.lump(path, owner)}
		if l.told(path) {
			if found, err = l.driven(path, owner); err != nil {
				return nil, nil, err
			}
		}
		for range found {
			owners = append(owners, owner)
		}
		chains = append(chains, found...)
	}
	return chains, owners, nil
}

// lump is a group of which only the amount is known.
func (l *ledger) lump(path string, owner *Group) Chain {
	driver := Purchases
	if owner.Metered {
		driver = Uncounted
	}
	amounts := [2]Number{Exact(l.at(0, path).Cost), Exact(l.at(1, path).Cost)}
	return Chain{Name: path, Factors: drivenBy(map[string][2]Number{driver: amounts})}
}

// driven gives the parts of a group that cost something in either period.
func (l *ledger) driven(path string, owner *Group) ([]Chain, error) {
	var settled, contracted [2][spend.Components]money.Amount
	for t := range l.periods {
		g, err := l.at(t, path), error(nil)
		if contracted[t], err = parts(g.Contracted, g.Costs, g.List); err != nil {
			return nil, err
		}
		if settled[t], err = parts(g.Cost, contracted[t], g.Contracted); err != nil {
			return nil, err
		}
	}
	var chains []Chain
	for k := range spend.Components {
		if settled[0][k].IsZero() && settled[1][k].IsZero() {
			continue
		}
		factors := map[string][2]Number{}
		for t := range l.periods {
			g := l.at(t, path)
			drivers, err := l.drivers(t, owner, g, k)
			if err != nil {
				return nil, err
			}
			drivers[Terms], drivers[Settlement] = Quotient(contracted[t][k], g.Costs[k]), Quotient(settled[t][k], contracted[t][k])
			for name, n := range drivers {
				pair := factors[name]
				pair[t] = n
				factors[name] = pair
			}
		}
		chains = append(chains, Chain{Name: path + "\x00" + k.String(), Factors: drivenBy(factors)})
	}
	return chains, nil
}

// drivers are those of one part of a group in a period, up to its list price.
func (l *ledger) drivers(t int, owner, g *Group, k spend.Component) (map[string]Number, error) {
	names := owner.path()
	calls := func(depth int) money.Amount { return l.calls[t][above(names, depth)] }
	found := map[string]Number{Calls: Exact(calls(1))}
	if head := l.heads[owner.Workflow]; head != nil {
		found = head.drivers(t, calls(1))
	}
	maps.Copy(found, map[string]Number{
		Lines: Quotient(calls(3), calls(1)), Succession: Quotient(calls(4), calls(3)),
		Alias: Quotient(calls(5), calls(4)), Routing: Quotient(calls(6), calls(5)), Tiers: Quotient(g.Calls, calls(6)),
	})
	price, pricing := Quotient(g.Costs[k], g.Quantity[k]), l.pricing(owner)
	if share, both := found[pricing]; both {
		price = share.times(price)
	}
	found[pricing] = price
	switch k {
	case spend.CostOut:
		found[Output] = Quotient(g.Quantity[k], g.Calls)
	case spend.CostOther:
		found[Meters] = Quotient(g.Quantity[k], g.Calls)
	default:
		prompt, err := g.prompt()
		if err != nil {
			return nil, err
		}
		found[Context], found[Cache] = Quotient(prompt, g.Calls), Quotient(g.Quantity[k], prompt)
	}
	return found, nil
}

// pricing is the driver that a change of the list price of a group is told under.
func (l *ledger) pricing(owner *Group) string {
	path := joined(owner.path())
	return cmp.Or(l.at(0, path).Pricing, l.at(1, path).Pricing, ListPrice)
}
