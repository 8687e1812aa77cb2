package tracker

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Row is the standard price of one token meter as one book states it.
type Row struct {
	Seller, SKU, Region string
	Meter               spend.Meter
	At                  time.Time    // the day of the book's snapshot
	Price               money.Amount // dollars per million tokens, as the book has it
	Others              []Said       // what the other sources say, our history first
	Undisputed          bool         // at least two others, one of them independent, say one thing
	Rejected            string       // why the book's price is not used whatever the others say, or ""
}

// Said is what one source says of a row.
type Said struct {
	Book  Book
	Price money.Amount
}

// Rows gives the chat rows of one book (fresh input, output and cached read of
// models that have input and output) beside what the other books say of them.
// langfuse and our history count as other sources.
func Rows(readings []Reading, b Book) ([]Row, error) {
	in := Inputs{Readings: readings}
	if err := in.Validate(); err != nil {
		return nil, err
	}
	all := newCompiler(in)
	all.expand()
	all.gather()
	stated := all.stated(b)
	var rows []Row
	for key, s := range stated {
		if _, chat := stated[cell{key.seller, key.sku, other(key.meter), key.when}]; !chat && key.meter != spend.CacheRead {
			continue
		}
		if _, chat := stated[cell{key.seller, key.sku, spend.InText, key.when}]; chat {
			rows = append(rows, all.row(b, key, s))
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Meter, b.Meter))
	})
	return rows, nil
}

func other(m spend.Meter) spend.Meter {
	if m == spend.InText {
		return spend.OutText
	}
	return spend.InText
}

// statement is a book's own price of a cell, before any lint.
type statement struct {
	price money.Amount
	own   bool
	why   string
}

// stated gives everything that the book states about standard token prices.
func (c *compiler) stated(b Book) map[cell]statement {
	stated := map[cell]statement{}
	r := c.books[b]
	if r == nil {
		return stated
	}
	book := linted(*r)
	for _, f := range r.Facts {
		w := f.When
		if w.PromptAbove > 0 || len(w.ServiceTiers) > 0 || len(w.Regions) > 1 || f.Price.IsZero() ||
			f.Meter != spend.InText && f.Meter != spend.OutText && f.Meter != spend.CacheRead || !f.Valid.Contains(OriginOf(b).Snapshot) {
			continue
		}
		name := f.SKU
		why := (beside{book, f}).broken()
		f.SKU = c.fold.of(f.Seller, name)
		if known, ok := stated[cellOf(f)]; !ok || !known.own && name == f.SKU {
			stated[cellOf(f)] = statement{f.Price, name == f.SKU, why}
		}
	}
	return stated
}

// row sets a book's statement beside those of the others.
func (c *compiler) row(b Book, key cell, s statement) Row {
	at := OriginOf(b).Snapshot
	r := Row{Seller: key.seller, SKU: key.sku, Meter: key.meter, At: at, Price: s.price}
	r.Region = strings.Split(key.when, "|")[1]
	for _, f := range c.owned[key] {
		if f.Valid.Contains(at) {
			r.Others = append(r.Others, Said{History, f.Price})
			break
		}
	}
	for _, o := range c.cells[key] {
		if o.book != b {
			r.Others = append(r.Others, Said{o.book, o.now().Price})
		}
	}
	r.Undisputed = undisputed(r.Others)
	r.Rejected = cmp.Or(s.why, c.ruledOut(b, key, s.price), farOff(s.price, r.Others))
	return r
}

// undisputed says that two sources at least, one of them no copy of others,
// agree and none dissents.
func undisputed(said []Said) bool {
	independent := false
	for _, s := range said {
		if s.Price != said[0].Price {
			return false
		}
		independent = independent || s.Book == History || s.Book == GenAI || s.Book == Langfuse
	}
	return len(said) > 1 && independent
}

// ruledOut gives the written decision that speaks against a book's price.
func (c *compiler) ruledOut(b Book, key cell, price money.Amount) string {
	for _, r := range rulings() {
		if r.about(key) && r.drops(b) {
			return r.reason
		}
	}
	region := strings.Split(key.when, "|")[1]
	if key.seller != "bedrock" || region == "global" || !dearerInRegion(canonical(key.seller, key.sku)) {
		return ""
	}
	global := key
	global.when = strings.Replace(key.when, "|"+region+"|", "|global|", 1)
	for _, o := range c.cells[global] {
		if o.now().Price == price {
			return "the global rate: in a region the price is a tenth higher"
		}
	}
	for _, f := range c.owned[global] {
		if f.Price == price {
			return "the global rate: in a region the price is a tenth higher"
		}
	}
	return ""
}

// farOff applies the lint's comparison with the other books.
func farOff(price money.Amount, said []Said) string {
	for _, s := range said {
		if !exceeds(price, s.Price, 5) && !exceeds(s.Price, price, 5) {
			return ""
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "more than five times off every other book"
}
