package tracker

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// choose gives the opinion to follow and how far to trust it.
//
// Where all agree: high when one of them is genai-prices or langfuse, medium
// when only books that copy one another agree, low for one alone. Where they do
// not: genai-prices, else what langfuse confirms, else LiteLLM, Portkey,
// models.dev; medium when at least three sources, one of them independent,
// outweigh the dissent, else low.
func choose(said []opinion) (*opinion, pricebook.Confidence) {
	best := ranked(said)
	if best == nil {
		return nil, pricebook.Low
	}
	agree, dissent, independent := 0, 0, false
	for i := range said {
		if said[i].now().Price != best.now().Price {
			dissent++
			continue
		}
		agree++
		independent = independent || said[i].book == GenAI || said[i].book == Langfuse
	}
	switch {
	case dissent == 0 && agree > 1 && independent:
		return best, pricebook.High
	case dissent == 0 && agree > 1, agree > 2 && agree > 2*dissent && independent:
		return best, pricebook.Medium
	}
	return best, pricebook.Low
}

// ranked gives the opinion of the book that counts most; langfuse lifts the
// books that it agrees with over all but genai-prices.
func ranked(said []opinion) (best *opinion) {
	confirmed := func(o *opinion) int {
		for i := range said {
			if said[i].book == Langfuse && said[i].now().Price == o.now().Price {
				return 0
			}
		}
		return 1
	}
	rank := func(o *opinion) int {
		place := slices.Index(Books(), o.book)
		if o.book == GenAI {
			return place
		}
		return place + 10*confirmed(o) + 1
	}
	for i := range said {
		if said[i].book != Langfuse && (best == nil || rank(&said[i]) < rank(best)) {
			best = &said[i]
		}
	}
	return best
}

// newest gives the latest day on which an agreeing book was read.
func newest(said []opinion, best *opinion) (day time.Time) {
	for i := range said {
		if at := OriginOf(said[i].book).Snapshot; said[i].now().Price == best.now().Price && at.After(day) {
			day = at
		}
	}
	return day
}

// outliers drops a value more than five times above or below what at least two
// other books agree on: a slip of a factor.
func (c *compiler) outliers(key cell, said []opinion) []opinion {
	return slices.DeleteFunc(slices.Clone(said), func(o opinion) bool {
		price := o.now().Price
		for i := range said {
			agreed := said[i].now().Price
			if (exceeds(price, agreed, 5) || exceeds(agreed, price, 5)) && supporters(said, agreed) > 1 {
				c.skip(o.book, key, key.meter.String()+" "+price.String(), "more than five times off what two other books say: "+agreed.String())
				return true
			}
		}
		return false
	})
}

// supporters counts the books that say the price.
func supporters(said []opinion, price money.Amount) (n int) {
	for i := range said {
		if said[i].now().Price == price {
			n++
		}
	}
	return n
}

// exceeds says that a > times·b.
func exceeds(a, b money.Amount, times int64) bool {
	bound, err := b.MulInt(times)
	return err == nil && a.Cmp(bound) > 0
}

// rule applies the decisions that are written down. The price that a decision
// gives is used where no book that is heard has one.
func (c *compiler) rule(key cell, said []opinion) []opinion {
	for _, r := range rulings() {
		if !r.about(key) {
			continue
		}
		heard := slices.DeleteFunc(slices.Clone(said), func(o opinion) bool { return r.drops(o.book) })
		for _, o := range said {
			if r.drops(o.book) {
				c.skip(o.book, key, key.meter.String()+" "+o.now().Price.String(), r.reason)
			}
		}
		if right, ok := r.corrected(said); ok && len(heard) == 0 {
			heard = append(heard, right)
		}
		said = heard
	}
	return said
}

// remember keeps what was decided for a global price on Bedrock.
func (c *compiler) remember(key cell, f pricebook.Fact) {
	if key.seller == "bedrock" && isRegion(f, "global") {
		c.global[unplaced(f)] = f
	}
}

// inRegion applies Bedrock's ten per cent: from Claude Sonnet 4.5 on a call that
// stays in a region costs a tenth more than a global one, and a book that writes
// the global rate for a region is wrong.
func (c *compiler) inRegion(key cell, said []opinion) []opinion {
	if key.seller != "bedrock" || len(said) == 0 || isRegion(*said[0].now(), "global") || !dearerInRegion(said[0].now().Model) {
		return said
	}
	global, ok := c.global[unplaced(*said[0].now())]
	if !ok || key.meter == spend.WebSearch {
		return said
	}
	kept := slices.DeleteFunc(slices.Clone(said), func(o opinion) bool { return o.now().Price == global.Price })
	if len(kept) < len(said) {
		c.skip(said[0].book, key, key.meter.String()+" "+global.Price.String(), "the global rate: in a region the price is a tenth higher")
	}
	if len(kept) > 0 {
		return kept
	}
	f := *said[0].now()
	price, err := global.Price.MulRatio(11, 10)
	if err != nil {
		return nil
	}
	f.Price, f.Basis, f.Note = price, pricebook.Derived, "global price plus a tenth, as for every Claude from Sonnet 4.5 on"
	return []opinion{{said[0].book, true, []pricebook.Fact{f}}}
}

// graded lifts a regional price on Bedrock that is a tenth above the global one:
// the rule supports what the book says.
func (c *compiler) graded(key cell, f pricebook.Fact, confidence pricebook.Confidence) pricebook.Confidence {
	global, ok := c.global[unplaced(f)]
	if confidence != pricebook.Low || !ok || key.seller != "bedrock" || f.Basis == pricebook.Derived || !dearerInRegion(f.Model) {
		return confidence
	}
	if price, err := global.Price.MulRatio(11, 10); err != nil || price != f.Price || global.Confidence == pricebook.Low {
		return confidence
	}
	return pricebook.Medium
}

func isRegion(f pricebook.Fact, region string) bool {
	return len(f.When.Regions) == 1 && f.When.Regions[0] == region
}

// unplaced is the cell of a fact without its region.
func unplaced(f pricebook.Fact) cell {
	f.When.Regions = nil
	return cellOf(f)
}
