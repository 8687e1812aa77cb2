package company

import (
	"errors"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// vendor is who bills Tarnbrook for its calls, and how it does.
type vendor struct {
	seller            string // as calls name it
	provider, service string // as its bill does
	percent           int64  // of list prices that its contract says
	tax               int64  // percent of what its usage comes to
	aside             aside
}

// aside is use of a vendor's account by somebody who goes around every gateway.
type aside struct {
	project, model string // as the vendor names them, "" for none
	perMille       int64  // prompt tokens of a thousand that all others have on the day
}

// vendors are those that have billed the months gone by. What the others served is not
// billed yet.
func vendors() []vendor {
	return []vendor{
		{seller: "anthropic", provider: "Anthropic", service: "Claude API", percent: 100},
		{seller: "azure", provider: "Microsoft", service: "Azure OpenAI Service", percent: 93},
		{seller: "bedrock", provider: "AWS", service: "Amazon Bedrock", percent: 100, tax: 12},
		{seller: "google", provider: "Google", service: "Gemini API", percent: 100},
		{seller: "openai", provider: "OpenAI", service: "OpenAI API", percent: 100, aside: aside{project: "proj_notebooks", model: "gpt-5-mini", perMille: 90}},
	}
}

// Bill is what Tarnbrook's vendors charge for a month, in the making: what was metered,
// but for what their contracts and whoever goes around the gateway make of it. Its fields
// are set before the first line is added.
type Bill struct {
	Month time.Time                                      // its first midnight in UTC
	Zone  func(seller string) *time.Location             // of a seller's days and months
	Price func(*spend.Charge, *spend.Usage) money.Amount // of usage like that of a line at list prices, in the line's currency

	items map[item]owed
}

// item is a row of a bill: the tokens of one kind of a model on a day, or what comes
// beside them.
type item struct {
	vendor   int // of vendors
	project  string
	day      time.Time // its beginning
	model    string    // or what else is charged
	kind     kind
	category spend.Category
	currency money.Currency
}

// kind is one of tokens as a bill parts them, or of what is no token.
type kind uint8

const (
	fresh kind = iota
	cacheRead
	cacheWritten
	answered
	noToken
	kinds
)

// owed is what an item comes to.
type owed struct {
	tokens int64
	amount money.Amount
}

// Add takes lines that are alike, of a day of their seller, as one with their sums. What
// no vendor bills, or nobody can price, is left out.
func (b *Bill) Add(c *spend.Charge) error {
	at := slices.IndexFunc(vendors(), func(v vendor) bool { return v.seller == c.Seller })
	if at < 0 || c.Book != spend.Metered || !c.Contracted.Valid || c.Flags&spend.Notional != 0 {
		return nil
	}
	row := item{vendor: at, day: c.UsedAt, model: c.Event.Model(), kind: noToken, category: c.Category, currency: c.Currency}
	if c.Category.IsUsage() {
		return b.use(c, row)
	}
	row.model, row.day = c.Scope.Tags["product"], b.month(&vendors()[at], 0) // a seat has one row a month
	return b.add(row, owed{amount: c.Contracted.Amount})
}

// use adds what a model was used.
func (b *Bill) use(c *spend.Charge, row item) error {
	usages, err := parted(&c.Usage)
	if err != nil {
		return err
	}
	var weights [kinds]int64
	for i := range usages {
		weights[i], _ = b.Price(c, &usages[i]).Units()
	}
	due, err := c.Contracted.Amount.MulRatio(vendors()[row.vendor].percent, 100)
	if err == nil {
		err = b.tax(row, due)
	}
	if err != nil {
		return err
	}
	amounts, err := due.Split(weights[:])
	if err != nil {
		return err
	}
	for i, amount := range amounts {
		row.kind = kind(i)
		err = errors.Join(err, b.add(row, owed{usages[i].PromptTokens() + usages[i].CompletionTokens(), amount}))
	}
	return errors.Join(err, b.aside(c, row))
}

// tax adds what the vendor's country takes of an amount, in one row a month.
func (b *Bill) tax(row item, of money.Amount) error {
	v := &vendors()[row.vendor]
	row.model, row.day, row.category = "sales-tax", b.month(v, 1).AddDate(0, 0, -1), spend.CategoryTax
	due, err := of.MulRatio(v.tax, 100)
	return errors.Join(err, b.add(row, owed{amount: due}))
}

// aside adds what somebody used beside a line.
func (b *Bill) aside(c *spend.Charge, row item) error {
	a := vendors()[row.vendor].aside
	tokens := c.Usage.PromptTokens() * a.perMille / 1000
	if a.project == "" || tokens == 0 {
		return nil
	}
	row.project, row.model, row.kind = a.project, a.model, fresh
	var u spend.Usage
	u.Tokens[spend.InText] = tokens
	other := spend.Charge{Event: spend.Event{Seller: c.Seller, RequestedModel: a.model, UsedAt: c.UsedAt}, Currency: c.Currency}
	return b.add(row, owed{tokens, b.Price(&other, &u)})
}

func (b *Bill) add(row item, s owed) error {
	if b.items == nil {
		b.items = map[item]owed{}
	}
	had := b.items[row]
	amount, err := had.amount.Add(s.amount)
	b.items[row] = owed{had.tokens + s.tokens, amount}
	return err
}

// parted is usage by the kinds of its meters.
func parted(u *spend.Usage) (by [kinds]spend.Usage, err error) {
	u.Each(func(m spend.Meter, q spend.Quantity) { err = errors.Join(err, by[kindOf(m)].Set(m, q)) })
	return by, err
}

func kindOf(m spend.Meter) kind {
	switch {
	case m == spend.CacheRead, m == spend.CacheReadAudio, m == spend.CacheReadImage:
		return cacheRead
	case m >= spend.CacheWrite5m && m <= spend.CacheWriteOther, m == spend.CacheWrite30m:
		return cacheWritten
	case m.Prompt():
		return fresh
	case m.Completion():
		return answered
	}
	return noToken
}
