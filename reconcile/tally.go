package reconcile

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// mostCells bounds the memory of a tally.
const mostCells = 200_000

// Options are what a reconciliation asks of others. Each may be nil.
type Options struct {
	Zone    func(seller string) *time.Location                                                // in which a vendor counts its days; UTC
	Rate    func(Asked) money.Null                                                            // the list price of usage, null when there is none
	Convert func(a money.Amount, from, to money.Currency, day time.Time) (money.Amount, bool) // at the rate of a day
}

// Asked is usage whose price is asked for.
type Asked struct {
	Seller, Model, Tier, Region string
	Day                         time.Time
	Usage                       *spend.Usage
	Currency                    money.Currency
}

// Tally sums the lines of the books metered, reported and invoiced. It is for one
// goroutine.
type Tally struct {
	options Options
	cells   map[place]*cell
	shadow  map[shadowKey]*Shadow
	booked  map[Booked]money.Amount       // true-ups, by their account
	bills   map[[2]string]map[string]bool // ids of what is invoiced, by seller and account
}

// place is where figures stand beside each other.
type place struct {
	seller, account, day, sku string
	currency                  money.Currency // "" of usage without an amount
}

// cell is what the books say of a place.
type cell struct {
	metered, reported, invoiced side
	model                       bool // the SKU is a model
	owner                       string
	shared                      bool // by several teams
	converted                   bool // what was metered is in the currency of the bill
}

// side is what one book says.
type side struct {
	there    bool
	money    bool // an amount is told
	usage    money.Amount
	terms    money.Amount // credits, purchases and adjustments
	tax      money.Amount
	quantity spend.Usage
	costs    [spend.Components]money.Amount // of usage, at list prices
	calls    int64
	unpriced int64  // calls without an amount
	model    string // as the source calls it
	tier     string
	region   string
	sources  map[string]*source
}

// source is what one source of a book says.
type source struct {
	amount money.Amount
	tokens [spend.Components]int64
}

// NewTally makes an empty one.
func NewTally(o Options) *Tally {
	return &Tally{options: o, cells: map[place]*cell{}, shadow: map[shadowKey]*Shadow{}, booked: map[Booked]money.Amount{}, bills: map[[2]string]map[string]bool{}}
}

// Add counts a line of any book, or the sum of lines of one day that agree in everything but
// their quantities and in whether their amount is known; a reversal takes back what it
// reverses. What a seat covers is owed to nobody and left out, and so are lines of
// chargeback.
func (t *Tally) Add(c *spend.Charge) error {
	if c.Book == spend.Allocated || c.Flags&spend.Notional != 0 {
		return nil
	}
	if c.Source == Source {
		return t.trueUp(c)
	}
	sku, model := skuOf(c)
	at := place{seller: c.Seller, account: c.Account, day: c.UsedAt.In(t.zone(c.Seller)).Format(time.DateOnly), sku: sku}
	if c.Contracted.Valid {
		at.currency = c.Currency // money of two currencies is never summed
	}
	one := t.cells[at]
	if one == nil {
		if len(t.cells) >= mostCells {
			return spend.Errorf(spend.KindExhausted, "reconcile", "there are more than %d days, accounts and SKUs", mostCells).WithHint("ask about one seller, or a shorter period")
		}
		one = &cell{model: model}
		t.cells[at] = one
	}
	one.of(c.Scope.Team, false)
	switch c.Book {
	case spend.Reported:
		return errors.Join(one.reported.add(c), t.unseen(c, at.day))
	case spend.Invoiced:
		t.bill(c)
		return errors.Join(one.invoiced.add(c), t.unseen(c, at.day))
	}
	return one.metered.add(c)
}

// zone is that in which a seller counts its days.
func (t *Tally) zone(seller string) *time.Location {
	if t.options.Zone == nil {
		return time.UTC
	}
	return t.options.Zone(seller)
}

// of notes a team that has a part of it.
func (c *cell) of(team string, shared bool) {
	c.shared = c.shared || shared || team != "" && c.owner != "" && team != c.owner
	if team != "" && (c.owner == "" || team < c.owner) {
		c.owner = team
	}
}

// trueUp counts a line that a reconciliation of before has booked.
func (t *Tally) trueUp(c *spend.Charge) error {
	var sum adder
	of := Booked{Seller: c.Seller, Account: c.Account, Currency: c.Currency, Basis: spend.Invoiced}
	if c.Scope.Tags[basisTag] == string(spend.Reported) {
		of.Basis = spend.Reported
	}
	t.booked[of] = sum.of(t.booked[of], c.Contracted.Amount)
	return sum.err
}

// bill notes the id of a bill.
func (t *Tally) bill(c *spend.Charge) {
	of := [2]string{c.Seller, c.Account}
	if t.bills[of] == nil {
		t.bills[of] = map[string]bool{}
	}
	t.bills[of][c.Source+" "+c.Partition] = true
}

// skuOf is the model of a line, else what the vendor or the buyer calls what is paid for.
func skuOf(c *spend.Charge) (sku string, model bool) {
	if c.Canonical.Name != "" {
		return c.Canonical.Developer + "/" + c.Canonical.Name, true
	}
	if m := c.Event.Model(); m != "" {
		return m, true
	}
	for _, tag := range skuTags() {
		if name := c.Scope.Tags[tag]; name != "" {
			return name, false
		}
	}
	return string(c.Category), false
}

// skuTags name what is paid for where no model does.
func skuTags() []string { return []string{"sku", "line_item", "cost_type", "product"} }

// Tags are the tags by which lines are told apart.
func Tags() []string { return append(slices.Concat(skuTags(), identities()), basisTag) }

func (s *side) add(c *spend.Charge) error {
	s.there = true
	var sum adder
	amount := c.Contracted
	s.money = s.money || amount.Valid
	switch {
	case c.Category == spend.CategoryTax:
		s.tax = sum.of(s.tax, amount.Amount)
	case !c.Category.IsUsage():
		s.terms = sum.of(s.terms, amount.Amount)
	default:
		s.usage = sum.of(s.usage, amount.Amount)
		for k := range s.costs {
			s.costs[k] = sum.of(s.costs[k], c.Costs[k])
		}
	}
	s.calls += c.Calls
	if !amount.Valid {
		s.unpriced += c.Calls
	}
	c.Usage.Each(func(m spend.Meter, q spend.Quantity) {
		sum.err = cmp.Or(sum.err, s.quantity.Set(m, sum.of(s.quantity.Get(m), q)))
	})
	s.model, s.tier, s.region = first(s.model, c.Event.Model()), first(s.tier, c.Event.Tier()), first(s.region, c.Region)
	s.ofSource(c, &sum)
	return sum.err
}

func (s *side) ofSource(c *spend.Charge, sum *adder) {
	if s.sources == nil {
		s.sources = map[string]*source{}
	}
	from := s.sources[c.Source]
	if from == nil {
		from = &source{}
		s.sources[c.Source] = from
	}
	from.amount = sum.of(from.amount, c.Contracted.Amount)
	for k, n := range tokensOf(&c.Usage) {
		from.tokens[k] += n
	}
}

// tokensOf are the tokens of usage by the component of cost that they are paid in.
func tokensOf(u *spend.Usage) (n [spend.Components]int64) {
	for m := range spend.ColumnMeters {
		n[spend.ComponentOf(m)] += u.Tokens[m]
	}
	return n
}

func (s *side) tokens() [spend.Components]int64 { return tokensOf(&s.quantity) }

func (s *side) total(sum *adder) money.Amount { return sum.of(s.usage, s.terms, s.tax) }

// with merges what another side says.
func (s *side) with(o *side, sum *adder) {
	if !o.there {
		return
	}
	s.there, s.money = true, s.money || o.money
	s.model, s.tier, s.region = first(s.model, o.model), first(s.tier, o.tier), first(s.region, o.region)
	s.usage, s.terms, s.tax = sum.of(s.usage, o.usage), sum.of(s.terms, o.terms), sum.of(s.tax, o.tax)
	for k := range s.costs {
		s.costs[k] = sum.of(s.costs[k], o.costs[k])
	}
	o.quantity.Each(func(m spend.Meter, q spend.Quantity) {
		sum.err = cmp.Or(sum.err, s.quantity.Set(m, sum.of(s.quantity.Get(m), q)))
	})
	s.calls, s.unpriced = s.calls+o.calls, s.unpriced+o.unpriced
	if s.sources == nil {
		s.sources = map[string]*source{}
	}
	for _, name := range slices.Sorted(maps.Keys(o.sources)) {
		if s.sources[name] == nil {
			s.sources[name] = &source{}
		}
		to, from := s.sources[name], o.sources[name]
		to.amount = sum.of(to.amount, from.amount)
		for k := range to.tokens {
			to.tokens[k] += from.tokens[k]
		}
	}
}

// first is the first by name of what is said, so that no order of lines decides.
func first(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// adder sums amounts and keeps the first sum that is beyond all of them.
type adder struct{ err error }

func (s *adder) of(all ...money.Amount) (total money.Amount) {
	for _, a := range all {
		var err error
		total, err = total.Add(a)
		s.err = cmp.Or(s.err, err)
	}
	return total
}
