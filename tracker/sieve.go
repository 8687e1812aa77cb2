package tracker

import (
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// sieve drops the prices of one book that cannot be right beside its own base
// prices, each with the rule that it breaks.
func sieve(r Reading) (kept []pricebook.Fact, dropped []Skip) {
	book := linted(r)
	for _, f := range r.Facts {
		if reason := (beside{book, f}).broken(); reason != "" {
			dropped = append(dropped, Skip{r.Book, f.Seller + "/" + f.SKU, f.Meter.String() + " " + f.Price.String(), reason})
			continue
		}
		kept = append(kept, f)
	}
	return kept, dropped
}

// linted gives the prices of a book to hold each of them against.
func linted(r Reading) map[dated]money.Amount {
	book := map[dated]money.Amount{}
	for i := range r.Facts {
		book[datedCell(r.Facts[i])] = r.Facts[i].Price
	}
	return book
}

// dated is a cell from a day on.
type dated struct {
	cell
	from time.Time
}

func datedCell(f pricebook.Fact) dated { return dated{cellOf(f), f.Valid.From} }

// beside is a fact beside the other prices of its book.
type beside struct {
	book map[dated]money.Amount
	fact pricebook.Fact
}

// broken names the rule that the fact breaks, or "".
func (b beside) broken() string {
	for _, rule := range []func() string{b.unit, b.cache, b.tier, b.context, b.region, b.same} {
		if reason := rule(); reason != "" {
			return reason
		}
	}
	return ""
}

// price gives the book's price of another meter or under other conditions.
func (b beside) price(m spend.Meter, change func(*pricebook.When)) (money.Amount, bool) {
	f := b.fact
	f.Meter = m
	change(&f.When)
	p, ok := b.book[datedCell(f)]
	return p, ok
}

// unit: no model costs a thousand dollars per million tokens; a price per minute
// or per page in a slot for tokens does.
func (b beside) unit() string {
	if tokenMeter(b.fact.Meter) && b.fact.Price.Cmp(money.FromInt(1000)) >= 0 {
		return "a thousand dollars per million tokens or more: another unit"
	}
	return ""
}

func asItIs(*pricebook.When) {}

// cache: a cached read costs no more than fresh input, a write one to one and a
// half times as much, an hour-long write of Claude twice.
func (b beside) cache() string {
	input, ok := b.price(spend.InText, asItIs)
	if !ok {
		return ""
	}
	switch b.fact.Meter {
	case spend.CacheRead:
		if b.fact.Price.Cmp(input) > 0 {
			return "cached read above input " + input.String()
		}
	case spend.CacheWrite5m, spend.CacheWriteOther:
		half, err := input.MulRatio(3, 2)
		if err == nil && (b.fact.Price.Cmp(input) < 0 || b.fact.Price.Cmp(half) > 0) {
			return "cache write outside 1 to 1.5 times input " + input.String()
		}
	case spend.CacheWrite1h:
		double, err := input.MulInt(2)
		if err == nil && b.fact.Price != double {
			return "one-hour cache write is not twice input " + input.String()
		}
	}
	return ""
}

// tier: batch and flex cost no more than standard, priority and fast no less,
// and priority at most four times as much.
func (b beside) tier() string {
	if len(b.fact.When.ServiceTiers) != 1 || !tokenMeter(b.fact.Meter) {
		return ""
	}
	standard, ok := b.price(b.fact.Meter, func(w *pricebook.When) { w.ServiceTiers = nil })
	if !ok {
		return ""
	}
	name, c := b.fact.When.ServiceTiers[0], b.fact.Price.Cmp(standard)
	switch {
	case c > 0 && (name == "batch" || name == "flex"):
		return name + " above standard " + standard.String()
	case name == "priority" && exceeds(b.fact.Price, standard, 4):
		return "priority more than four times standard " + standard.String()
	case c < 0 && (name == "priority" || name == "fast"):
		return name + " below standard " + standard.String()
	}
	return ""
}

// context: a long prompt costs no less than a short one.
func (b beside) context() string {
	if b.fact.When.PromptAbove == 0 {
		return ""
	}
	base, ok := b.price(b.fact.Meter, func(w *pricebook.When) { w.PromptAbove = 0 })
	if ok && b.fact.Price.Cmp(base) < 0 {
		return "long context below base " + base.String()
	}
	return ""
}

// region: a region costs one to one and a third times the global price, and a
// group of regions on Bedrock no less than a single one.
func (b beside) region() string {
	if len(b.fact.When.Regions) == 0 || isRegion(b.fact, "global") || !tokenMeter(b.fact.Meter) {
		return ""
	}
	base, ok := b.price(b.fact.Meter, func(w *pricebook.When) { w.Regions = nil })
	if !ok {
		base, ok = b.price(b.fact.Meter, func(w *pricebook.When) { w.Regions = []string{"global"} })
	}
	top, err := base.MulRatio(13, 10)
	if ok && err == nil && (b.fact.Price.Cmp(base) < 0 || b.fact.Price.Cmp(top) > 0) {
		return "region outside 1 to 1.3 times global " + base.String()
	}
	home, ok := b.price(b.fact.Meter, func(w *pricebook.When) { w.Regions = []string{"regional"} })
	if ok && b.fact.Price.Cmp(home) < 0 && !awsRegion.MatchString(b.fact.When.Regions[0]) {
		return "group of regions below a single region " + home.String()
	}
	return ""
}

// same: reasoning at the output rate is the rule of the field, not a price.
func (b beside) same() string {
	output, ok := b.price(spend.OutText, asItIs)
	if ok && b.fact.Meter == spend.OutReasoning && b.fact.Price == output {
		return "reasoning at the output rate needs no price of its own"
	}
	return ""
}

func tokenMeter(m spend.Meter) bool { return m.Prompt() || m.Completion() }
