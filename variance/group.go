package variance

import (
	"errors"
	"math/big"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Group is what some lines of one period used and cost. Lines that differ in a name
// are in different groups; several groups of the same names count together.
type Group struct {
	Slice     []string // values of the dimensions that the bill is explained by
	Workflow  string   // whose outcomes its calls may be divided by, "" when that is not asked
	Line      string   // product line, "anthropic/claude-sonnet"
	Requested string   // the name that was asked for, "" when it is not known
	Model     string   // what answered
	Route     []string // seller, region, currency
	Tier      []string // service tier, context tier
	Pricing   string   // the driver that a change of its list price is one of; "" is ListPrice
	Metered   bool     // usage with a price; else an amount without one

	Calls      money.Amount
	Quantity   [spend.Components]money.Amount // tokens; of the other meters what they count, or their cost
	Costs      [spend.Components]money.Amount // list prices
	List       money.Amount                   // the sum of Costs
	Contracted money.Amount                   // in the currency of List
	Cost       money.Amount                   // in the currency of the answer
}

// asked is the name that was asked for, the model's own where that is not known.
func (g *Group) asked() string {
	if g.Requested == "" {
		return g.Model
	}
	return g.Requested
}

// path names what a group is, from the head of its chain and its slice down to its route.
func (g *Group) path() []string {
	metered := "metered"
	if !g.Metered {
		metered = ""
	}
	return []string{g.Workflow, joined(g.Slice), g.Line, g.asked(), g.Model, joined(g.Route), joined(g.Tier), metered}
}

func joined(names []string) string { return strings.Join(names, "\x00") }

// add sums the figures of a group into another one.
func (g *Group) add(other *Group) error {
	var errs []error
	sum := func(to *money.Amount, a money.Amount) {
		var err error
		*to, err = to.Add(a)
		errs = append(errs, err)
	}
	sum(&g.Calls, other.Calls)
	sum(&g.List, other.List)
	sum(&g.Contracted, other.Contracted)
	sum(&g.Cost, other.Cost)
	for k := range g.Costs {
		sum(&g.Quantity[k], other.Quantity[k])
		sum(&g.Costs[k], other.Costs[k])
	}
	return errors.Join(errs...)
}

// told says that a chain of drivers can tell what a group cost: there are calls, what
// costs has units, and the parts are those of the whole.
func (g *Group) told() bool {
	sum, err := money.Sum(g.Costs[:]...)
	if err != nil || !g.Metered || sum != g.List || g.List.IsZero() && !g.Contracted.IsZero() || g.Contracted.IsZero() && !g.Cost.IsZero() {
		return false
	}
	for k := range g.Costs {
		if g.Quantity[k].Sign() < 0 || g.Quantity[k].IsZero() && !g.Costs[k].IsZero() {
			return false
		}
	}
	return g.Calls.Sign() > 0 || g.empty()
}

// empty says that there is nothing in a group.
func (g *Group) empty() bool {
	return g.Calls.IsZero() && g.List.IsZero() && g.Contracted.IsZero() && g.Cost.IsZero() && g.Quantity == [spend.Components]money.Amount{} && g.Costs == [spend.Components]money.Amount{}
}

// prompt counts the prompt tokens of a group.
func (g *Group) prompt() (money.Amount, error) {
	return money.Sum(g.Quantity[spend.CostIn], g.Quantity[spend.CostCacheRead], g.Quantity[spend.CostCacheWrite])
}

// parts spreads an amount over the components as another one is.
func parts(amount money.Amount, as [spend.Components]money.Amount, whole money.Amount) (parts [spend.Components]money.Amount, err error) {
	if whole.IsZero() {
		return parts, nil
	}
	exact, names := make([]fraction, len(as)), make([]string, len(as))
	den := times(whole.Big(), integer(perUnit))
	for k := range as {
		exact[k], names[k] = fraction{times(amount.Big(), as[k].Big()), den}, spend.Component(k).String()
		if den.Sign() < 0 {
			exact[k] = fraction{exact[k].num.Neg(exact[k].num), new(big.Int).Neg(den)}
		}
	}
	for k, units := range apportion(exact, amount.Big(), names) {
		if parts[k], err = money.FromBig(units); err != nil {
			return parts, err
		}
	}
	return parts, nil
}
