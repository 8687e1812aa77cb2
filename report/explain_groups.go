package report

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// Explanation is why spend changed, with the answers that it is made of.
type Explanation struct {
	By            []spend.Dimension
	Before, After spend.Table // detailed, with what stands beside each total
	Bill          variance.Bill
	Heads         Heads // what the calls of workflows are divided by

	Market *variance.Index // of the market basket between the ends of both periods; nil when it is not asked for
}

// Explain reads the groups of two answers to a question by some dimensions, which
// [Detailed] gave of the same heads. The book says which models are of one product line and
// which prices are promotions; nil takes the family for the line, and knows of no promotion.
func Explain(book *pricebook.Book, by []spend.Dimension, tables [2]spend.Table, heads Heads) (Explanation, error) {
	e := Explanation{By: by, Before: tables[0], After: tables[1], Heads: heads}
	shape := shape{slices: len(by), skipped: len(by) + len(heads.below())}
	units := map[string]map[spend.Meter]bool{}
	for p := range tables {
		var err error
		if tables[p].Rows, err = heads.together(tables[p].Rows, shape); err != nil {
			return e, err
		}
		for i := range tables[p].Rows {
			noteUnits(units, &tables[p].Rows[i])
		}
	}
	shop := shopping{book: book, spans: [2]pricebook.Span{spanOf(&e.Before), spanOf(&e.After)}, moved: map[[2]string]string{}}
	var groups [2][]variance.Group
	for p, t := range tables {
		for i := range t.Rows {
			g, known, err := shape.groupOf(&t.Rows[i], units)
			if err != nil {
				return e, err
			}
			if known {
				shop.name(&g, t.Rows[i].Keys[shape.skipped:])
				groups[p] = append(groups[p], g)
			}
		}
	}
	var err error
	e.Bill, err = variance.Explain(groups[0], groups[1], heads.Of)
	return e, err
}

// shape says what the names of a row are: its slice, the workflow where calls are divided,
// and its routes.
type shape struct {
	slices  int // names of a slice
	skipped int // names before the routes
}

// noteUnits collects which meters that are no tokens each group has, in either period.
func noteUnits(units map[string]map[spend.Meter]bool, r *spend.Row) {
	name := unitsOf(r)
	for _, m := range spend.Meters() {
		if spend.ComponentOf(m) == spend.CostOther && !meter(r, m).IsZero() {
			if units[name] == nil {
				units[name] = map[spend.Meter]bool{}
			}
			units[name][m] = true
		}
	}
}

// unitsOf names what a row is counted with: rows that differ in their price state alone
// are of one group.
func unitsOf(r *spend.Row) string { return strings.Join(r.Keys[:max(len(r.Keys)-1, 0)], "\x00") }

func meter(r *spend.Row, m spend.Meter) money.Amount {
	return at(r.Values, 4+int(spend.Components)+int(m)).Amount
}

// groupOf reads one row; it is not known where it has no cost, which stands beside.
func (s shape) groupOf(r *spend.Row, units map[string]map[spend.Meter]bool) (g variance.Group, known bool, err error) {
	cost, list, contracted := at(r.Values, 1), at(r.Values, 2), at(r.Values, 3)
	if !cost.Valid {
		return g, false, nil
	}
	if len(r.Keys) != s.skipped+len(routes()) {
		return g, false, spend.Errorf(spend.KindInternal, "explain", "a group has %d names, want %d", len(r.Keys), s.skipped+len(routes()))
	}
	names := r.Keys[s.skipped:]
	g = variance.Group{
		Slice: r.Keys[:s.slices], Workflow: strings.Join(r.Keys[s.slices:s.skipped], ""), Requested: names[2], Model: names[3], Route: []string{names[5], names[8], names[9]}, Tier: names[6:8],
		Metered: spend.Category(names[4]).IsUsage() && list.Valid && contracted.Valid,
		Calls:   at(r.Values, 0).Amount, Cost: cost.Amount, List: list.Amount, Contracted: contracted.Amount,
	}
	for k := range spend.Components {
		g.Costs[k] = at(r.Values, 4+int(k)).Amount
	}
	own := units[unitsOf(r)]
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
	return g, true, unfold(&g, own)
}

// unfold counts what is paid in a vendor's credits by what it did: a credit always costs
// the same, so that in credits a dearer rate would look like more of them. The native
// units are the tokens of the group; one without tokens stays in credits.
//
// Example: 1,000 tokens cost 10 credits of 0.01 and then 20: the price of a token rose
// from 0.0001 to 0.0002, and the volume did not.
func unfold(g *variance.Group, own map[spend.Meter]bool) error {
	if len(own) != 1 || !own[spend.Credit] {
		return nil
	}
	var native money.Amount
	for k := range g.Costs {
		if spend.Component(k) == spend.CostOther {
			continue
		}
		if !g.Costs[k].IsZero() {
			return nil
		}
		var err error
		if native, err = native.Add(g.Quantity[k]); err != nil {
			return err
		}
	}
	if native.Sign() > 0 {
		g.Quantity[spend.CostOther] = native
	}
	return nil
}

// shopping looks up in a book what the groups of two periods bought.
type shopping struct {
	book  *pricebook.Book
	spans [2]pricebook.Span
	moved map[[2]string]string // drivers by seller and the name that was asked for
}

// name sets the product line of a group, and what moved its list price.
func (s *shopping) name(g *variance.Group, names []string) {
	g.Line = s.book.Line(names[0], names[1], g.Model)
	asked := [2]string{names[5], names[2]}
	if asked[1] == "" {
		_, asked[1], _ = strings.Cut(g.Model, "/")
	}
	driver, known := s.moved[asked]
	if !known {
		driver = map[pricebook.Moved]string{
			pricebook.Promotion: variance.Promotion, pricebook.Repointed: variance.Alias,
		}[s.book.Moved(asked[0], asked[1], s.spans[0], s.spans[1])]
		s.moved[asked] = driver
	}
	g.Pricing = driver
}

func spanOf(t *spend.Table) pricebook.Span {
	return pricebook.Span{From: t.Query.From, To: t.Query.To}
}

// OfTheMarket sets how the market's list prices moved meanwhile.
func (e *Explanation) OfTheMarket(book *pricebook.Book) error {
	if book == nil {
		return nil
	}
	basket := market.NewBasket(book)
	index, err := basket.Between(spanOf(&e.Before).To.Add(-time.Microsecond), spanOf(&e.After).To.Add(-time.Microsecond))
	e.Market = &index
	return err
}
