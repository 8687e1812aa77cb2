package report

import (
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// Explanation is why spend changed, with the answers that it is made of.
type Explanation struct {
	By            []spend.Dimension
	Before, After spend.Table // detailed, with what stands beside each total
	Bill          variance.Bill
}

// Explain reads the groups of two detailed answers to a question by some dimensions.
func Explain(by []spend.Dimension, before, after *spend.Table) (Explanation, error) {
	e := Explanation{By: by, Before: *before, After: *after}
	units := map[string]map[spend.Meter]bool{}
	for _, t := range []*spend.Table{before, after} {
		for i := range t.Rows {
			noteUnits(units, &t.Rows[i])
		}
	}
	var groups [2][]variance.Group
	for p, t := range []*spend.Table{before, after} {
		for i := range t.Rows {
			g, known, err := groupOf(&t.Rows[i], len(by), units)
			if err != nil {
				return e, err
			}
			if known {
				groups[p] = append(groups[p], g)
			}
		}
	}
	var err error
	e.Bill, err = variance.Explain(groups[0], groups[1])
	return e, err
}

// noteUnits collects which meters that are no tokens each group has, in either period.
func noteUnits(units map[string]map[spend.Meter]bool, r *spend.Row) {
	name := strings.Join(r.Keys, "\x00")
	for _, m := range spend.Meters() {
		if spend.ComponentOf(m) == spend.CostOther && !meter(r, m).IsZero() {
			if units[name] == nil {
				units[name] = map[spend.Meter]bool{}
			}
			units[name][m] = true
		}
	}
}

func meter(r *spend.Row, m spend.Meter) money.Amount {
	return at(r.Values, 4+int(spend.Components)+int(m)).Amount
}

// groupOf reads one row; it is not known where it has no cost, which stands beside.
func groupOf(r *spend.Row, slices int, units map[string]map[spend.Meter]bool) (g variance.Group, known bool, err error) {
	cost, list, contracted := at(r.Values, 1), at(r.Values, 2), at(r.Values, 3)
	if !cost.Valid {
		return g, false, nil
	}
	if len(r.Keys) != slices+len(routes()) {
		return g, false, spend.Errorf(spend.KindInternal, "explain", "a group has %d names, want %d", len(r.Keys), slices+len(routes()))
	}
	names := r.Keys[slices:]
	g = variance.Group{
		Slice: r.Keys[:slices], Line: names[0] + "/" + names[1], Requested: names[2], Model: names[3], Route: names[5:],
		Metered: spend.Category(names[4]).IsUsage() && list.Valid && contracted.Valid,
		Calls:   at(r.Values, 0).Amount, Cost: cost.Amount, List: list.Amount, Contracted: contracted.Amount,
	}
	for k := range spend.Components {
		g.Costs[k] = at(r.Values, 4+int(k)).Amount
	}
	own := units[strings.Join(r.Keys, "\x00")]
	for _, m := range spend.Meters() {
		k := spend.ComponentOf(m)
		if k == spend.CostOther && !(len(own) == 1 && own[m]) {
			continue
		}
		if g.Quantity[k], err = g.Quantity[k].Add(meter(r, m)); err != nil {
			return g, false, err
		}
	}
	if len(own) != 1 { // units that do not add up are counted by what they cost
		g.Quantity[spend.CostOther] = g.Costs[spend.CostOther]
	}
	return g, true, nil
}
