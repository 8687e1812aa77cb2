package tracker

import (
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Inputs are the books to compile, each at most once. Our own history is
// optional; without it nothing has a price history.
type Inputs struct {
	Readings []Reading
	Lineage  []byte // family-lineage.csv: models along product lines; may be left out
}

// Validate says which book is named twice or has no name.
func (in Inputs) Validate() error {
	seen := map[Book]bool{}
	for _, r := range in.Readings {
		if !slices.Contains(Books(), r.Book) || seen[r.Book] {
			return spend.Errorf(spend.KindInvalid, "compile prices", "book %.40q is unknown or there twice", r.Book)
		}
		seen[r.Book] = true
	}
	return nil
}

// Result is what the books make together.
type Result struct {
	Facts   []pricebook.Fact    // sorted; no two tie
	Aliases []pricebook.Alias   // sorted; no alias is the name of a SKU with facts
	Limits  []pricebook.Limit   // sorted; of SKUs with facts
	Lineage []pricebook.Lineage // by line, the first model first; of models with facts
	Skipped []Skip              // everything that a book says and that was not used
}

// cell is what one price is of.
type cell struct {
	seller, sku string
	meter       spend.Meter
	when        string // plain conditions
}

// opinion is what one book says about a cell: one fact, or several that follow
// one another in time.
type opinion struct {
	book  Book
	own   bool // under the SKU's own name, not under an alias
	facts []pricebook.Fact
}

// now gives the fact in force on the day of the book's snapshot.
func (o *opinion) now() *pricebook.Fact {
	at := OriginOf(o.book).Snapshot
	for i := range o.facts {
		if o.facts[i].Valid.Contains(at) {
			return &o.facts[i]
		}
	}
	return &o.facts[0]
}

// compiler holds the state of one compilation.
type compiler struct {
	books    map[Book]*Reading
	fold     folding
	launches map[string]time.Time
	cells    map[cell][]opinion
	owned    map[cell][]pricebook.Fact // what history says
	chosen   []pricebook.Fact
	global   map[cell]pricebook.Fact // on Bedrock: chosen for the global profile
	skipped  []Skip
}

// Compile makes one set of facts of all books. History is taken as it is. What
// it lacks comes from the trackers, cell by cell: the value that the books agree
// on, or by rank where they do not; graded by how independent the agreement is.
//
// The steps: patterns of a book are applied to the ids that the other books
// name; values that break the lint are dropped; names are folded into one SKU;
// each cell is decided; facts get their start, and their end where history knows
// a later price of the same SKU; regions of one price share a fact.
func Compile(in Inputs) (Result, error) {
	if err := in.Validate(); err != nil {
		return Result{}, err
	}
	c := newCompiler(in)
	c.expand()
	c.gather()
	for _, key := range c.order() {
		c.decide(key)
	}
	facts := shareRegions(c.settle(oneBedrockPrice(c.chosen)))
	slices.SortFunc(facts, compareFacts)
	for i := range facts {
		facts[i].ID = facts[i].ContentID()
	}
	facts = c.lint(facts)
	for _, r := range c.books {
		c.skipped = append(c.skipped, r.Skipped...)
	}
	slices.SortFunc(c.skipped, compareSkips)
	result := Result{Facts: facts, Aliases: c.fold.aliases(facts), Skipped: c.skipped}
	var err error
	if result.Limits, err = limitsOf(c.books, &result); err != nil {
		return result, err
	}
	err = lineageOf(in.Lineage, &result)
	return result, err
}

func newCompiler(in Inputs) *compiler {
	c := &compiler{books: map[Book]*Reading{}, launches: map[string]time.Time{},
		cells: map[cell][]opinion{}, owned: map[cell][]pricebook.Fact{}, global: map[cell]pricebook.Fact{}}
	for _, r := range in.Readings {
		c.books[r.Book] = &r
	}
	return c
}

// expand lets the books that name models by pattern speak for the ids that the
// other books name.
func (c *compiler) expand() {
	known := c.plainIDs()
	for _, b := range []Book{GenAI, Langfuse} {
		r, ok := c.books[b]
		if !ok {
			continue
		}
		spoken := map[listing]bool{}
		for _, l := range r.listed {
			spoken[l] = true
		}
		expanded := *r // the caller's reading stays as it is
		expanded.Facts, expanded.Skipped = slices.Clone(r.Facts), slices.Clone(r.Skipped)
		for _, seller := range sortedKeys(known) {
			ids := slices.DeleteFunc(slices.Clone(known[seller]), func(id string) bool { return spoken[listing{seller, id}] })
			expanded.speakFor(r.rules, seller, ids)
		}
		c.books[b] = &expanded
	}
}

// plainIDs lists by seller every id of every book that carries no condition.
func (c *compiler) plainIDs() map[string][]string {
	known := map[string][]string{}
	for _, b := range Books() {
		if c.books[b] == nil {
			continue
		}
		for _, l := range c.books[b].listed {
			if plainID(l) {
				known[l.seller] = append(known[l.seller], l.id)
			}
		}
	}
	return known
}

// plainID says that an id carries no condition but a region prefix, so that a
// pattern may be tried on it.
func plainID(l listing) bool {
	who := identify(l.seller, l.id)
	conditioned := (l.seller == "bedrock" || l.seller == "azure") && strings.Contains(l.id, "/")
	return !conditioned && who.size == "" && who.quality == "" && !contextTail.MatchString(l.id)
}

// gather sorts every fact of every book into its cell.
func (c *compiler) gather() {
	clean := map[Book][]pricebook.Fact{}
	for _, b := range Books() {
		r, ok := c.books[b]
		if !ok {
			continue
		}
		facts, dropped := r.Facts, []Skip(nil)
		if b != History {
			facts, dropped = sieve(*r)
		}
		clean[b] = oneRegionEach(facts)
		c.skipped = append(c.skipped, dropped...)
	}
	c.fold = foldNames(clean)
	c.foldLaunches()
	for _, b := range Books() {
		for _, f := range clean[b] {
			c.file(b, f)
		}
	}
}

// file puts one fact into its cell under its folded name. A book that speaks of
// a SKU under several names is heard under the SKU's own.
func (c *compiler) file(b Book, f pricebook.Fact) {
	name := f.SKU
	f.SKU = c.fold.of(f.Seller, name)
	key := cellOf(f)
	if b == History {
		f.Valid = within(f.Valid, limits(f))
		c.owned[key] = append(c.owned[key], f)
		return
	}
	own, said := name == f.SKU, c.cells[key]
	for i := range said {
		switch {
		case said[i].book != b:
		case own && !said[i].own:
			said[i] = opinion{b, own, []pricebook.Fact{f}}
			return
		case own == said[i].own && follows(said[i].facts, f):
			said[i].facts = prolong(said[i].facts, f)
			return
		default:
			return
		}
	}
	c.cells[key] = append(said, opinion{b, own, []pricebook.Fact{f}})
}

// follows says that a fact's validity begins where the last one's ends, or that
// it holds at other hours.
func follows(facts []pricebook.Fact, f pricebook.Fact) bool {
	last := facts[len(facts)-1]
	return !f.Valid.From.IsZero() && !last.Valid.To.IsZero() && !f.Valid.From.Before(last.Valid.To) ||
		conditions(last.When) != conditions(f.When)
}

// prolong appends a fact to those before it, or lengthens the last one when the
// price goes on.
func prolong(facts []pricebook.Fact, f pricebook.Fact) []pricebook.Fact {
	last := &facts[len(facts)-1]
	if last.Price == f.Price && last.Valid.To.Equal(f.Valid.From) && conditions(last.When) == conditions(f.When) {
		last.Valid.To = f.Valid.To
		return facts
	}
	return append(facts, f)
}

func cellOf(f pricebook.Fact) cell { return cell{f.Seller, f.SKU, f.Meter, plainConditions(f.When)} }

// oneRegionEach splits facts for several regions, so that each is decided for
// itself.
func oneRegionEach(facts []pricebook.Fact) (split []pricebook.Fact) {
	for _, f := range facts {
		if len(f.When.Regions) < 2 {
			split = append(split, f)
			continue
		}
		for _, region := range f.When.Regions {
			one := f
			one.When.Regions = []string{region}
			split = append(split, one)
		}
	}
	return split
}

// order lists the cells, those of global prices first: regional ones are judged
// by them.
func (c *compiler) order() []cell {
	var keys []cell
	for key := range c.owned {
		keys = append(keys, key)
	}
	for key := range c.cells {
		if _, ok := c.owned[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, compareCells)
	return keys
}

// decide settles one cell.
func (c *compiler) decide(key cell) {
	said := c.cells[key]
	if facts, ok := c.owned[key]; ok {
		c.chosen = append(c.chosen, facts...)
		c.remember(key, facts[len(facts)-1])
		c.chosen = append(c.chosen, revoked(said)...)
		return
	}
	said = c.rule(key, said)
	said = c.inRegion(key, said)
	said = c.outliers(key, said)
	best, confidence := choose(said)
	if best == nil {
		return
	}
	for _, f := range best.facts {
		f.Confidence = c.graded(key, f, confidence)
		if why := doubted(key); why != "" {
			f.Confidence, f.Note = pricebook.Low, why
		}
		f.Source.Checked = newest(said, best)
		c.place(best.book, f)
	}
	now := *best.now()
	now.Confidence = confidence
	c.remember(key, now)
}

func (c *compiler) skip(b Book, key cell, what, reason string) {
	c.skipped = append(c.skipped, Skip{b, key.seller + "/" + key.sku, what, reason})
}
