package laketest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Start is the time of use of the earliest generated line: ten days before the
// clocks of Europe go back, so that a fortnight holds a day of 25 hours.
func Start() time.Time { return time.Date(2026, 10, 15, 0, 0, 0, 0, time.UTC) }

// Span is how long after Start the last generated line was used.
const Span = 40 * 24 * time.Hour

// Generator makes random charges, the same ones for the same seed.
type Generator struct {
	rnd  *rand.Rand
	n    int
	pace time.Duration // fixed step of time between lines, random when 0
}

// NewGenerator makes lines at random times within Span.
func NewGenerator(seed uint64) *Generator {
	return &Generator{rnd: rand.New(rand.NewPCG(seed, 7))}
}

// NewSteadyGenerator makes lines in the order of their time of use, one per step.
func NewSteadyGenerator(seed uint64, step time.Duration) *Generator {
	g := NewGenerator(seed)
	g.pace = step
	return g
}

// Charges gives n more lines without corrections.
func (g *Generator) Charges(n int) []spend.Charge {
	lines := make([]spend.Charge, n)
	for i := range lines {
		lines[i] = g.charge()
	}
	return lines
}

// Ledger gives about n lines in which some are reversed, and most of those
// replaced, at later booking times.
func (g *Generator) Ledger(n int) []spend.Charge {
	var lines []spend.Charge
	for len(lines) < n {
		c := g.charge()
		lines = append(lines, c)
		for g.rnd.IntN(5) == 0 {
			at := c.BookedAt.Add(time.Duration(1+g.rnd.IntN(72)) * time.Hour)
			lines = append(lines, c.Reverse(at, c.Period))
			if g.rnd.IntN(3) == 0 {
				break
			}
			next := g.corrected(c, at)
			lines = append(lines, next)
			c = next
		}
	}
	return lines
}

func (g *Generator) corrected(c spend.Charge, at time.Time) spend.Charge {
	next := c
	next.Scope.Team, next.BookedAt, next.Corrects = g.pick("team", 5), at, c.ID
	next.Revision++
	g.price(&next)
	next.ContentID = next.Event.Content()
	next.ID = spend.Digest("replacement", c.ID.String(), next.ContentID.String())
	return next
}

func (g *Generator) charge() spend.Charge {
	g.n++
	var c spend.Charge
	c.Event = g.event()
	c.ContentID = c.Event.Content()
	c.AttemptID = c.Event.Keys()[0]
	c.ID = spend.Digest("line", c.AttemptID.String(), c.ContentID.String())
	c.Book = spend.Metered
	if c.Category == "" {
		c.Category = spend.CategoryUsage
	}
	if g.rnd.IntN(20) == 0 {
		c.Book = spend.Invoiced
	}
	c.Calls = c.Event.Calls()
	c.BookedAt = c.UsedAt.Add(time.Duration(g.rnd.IntN(48)) * time.Hour)
	c.Period = spend.PeriodOf(c.BookedAt, time.UTC)
	c.Origin = spend.PeriodOf(c.UsedAt, time.UTC)
	c.Canonical = spend.Model{Developer: "acme", Family: "swift", Name: c.ServedModel, Version: g.some("2026", 3)}
	c.Context = g.some(">", 2)
	c.PriceBook, c.Rule = "book-0123456789abcdef0123456789abcdef", g.some("rule-", 4)
	if g.rnd.IntN(5) == 0 {
		c.Rule = attribute.DefaultMark + "rule"
	}
	c.Facts = "pf_0123456789abcdef,pf_" + g.pick("fedcba987654321", 4)
	c.Finality = spend.Provisional
	if g.rnd.IntN(2) == 0 {
		c.Finality = spend.Final
	}
	c.Claims = g.some(`{"team":"claimed"}#`, 2)
	c.Schema = 1
	g.price(&c)
	return c
}

// price sets every amount. What is no usage has the one that it brings.
func (g *Generator) price(c *spend.Charge) {
	g.rate(c)
	if c.Category.IsUsage() {
		return
	}
	c.Costs, c.PriceState, c.Exposure = [spend.Components]money.Amount{}, spend.Priced, money.Amount{}
	c.Costs[spend.CostOther] = c.Reported.Amount
	c.List, c.Contracted, c.Effective, c.Billed, c.Reporting = c.Reported, c.Reported, c.Reported, money.Null{}, money.Null{}
	if c.Currency = c.ReportedCurrency; c.Currency == "USD" {
		c.Reporting, c.Flags = c.Reported, c.Flags&^spend.Unconverted
	} else {
		c.Flags |= spend.Unconverted
	}
}

// rate sets the amounts of usage; one line in eight is unpriced, one in ten of
// the others has no exchange rate.
func (g *Generator) rate(c *spend.Charge) {
	c.Costs = [spend.Components]money.Amount{}
	c.List, c.Contracted, c.Effective, c.Billed, c.Reporting = money.Null{}, money.Null{}, money.Null{}, money.Null{}, money.Null{}
	c.Exposure, c.Currency, c.RateFact = money.Amount{}, "USD", "par"
	if g.rnd.IntN(8) == 0 {
		c.PriceState, c.Exposure = spend.Unpriced, g.amount()
		return
	}
	c.PriceState = spend.Priced
	var list []money.Amount
	for i := range c.Costs {
		c.Costs[i] = g.amount()
		list = append(list, c.Costs[i])
	}
	sum, _ := money.Sum(list...)
	c.List, c.Contracted, c.Effective = money.Known(sum), money.Known(g.amount()), money.Known(g.amount())
	if g.rnd.IntN(10) > 0 {
		c.Reporting = c.Effective
	} else {
		c.Currency, c.Flags = "EUR", c.Flags|spend.Unconverted
	}
	if g.rnd.IntN(3) == 0 {
		c.Billed = money.Known(g.amount())
	}
}

// amount is anything from 10⁻¹² to some dollars.
func (g *Generator) amount() money.Amount {
	return money.FromUnits(1 + g.rnd.Int64N(1<<(1+g.rnd.IntN(42))))
}

func (g *Generator) event() spend.Event {
	e := spend.Event{
		Source: g.pick("source-", 3), SourceKey: fmt.Sprintf("record-%08d", g.n), Partition: g.some("2026-10-", 9),
		Revision: g.rnd.Int64N(3), Rank: spend.Rank(1 + g.rnd.IntN(7)),
		Account: g.some("account-", 3), Response: g.some(fmt.Sprintf("resp_%08x_", g.n), 2), Operation: fmt.Sprintf("op-%d", g.n/2),
		Seller: g.pick("seller-", 4), Host: g.some("host-", 2),
		RequestedModel: g.pick("swift-", 6), ServedModel: g.some("swift-", 6),
		RequestedTier: g.some("batch", 2), ServedTier: g.some("flex", 2), Region: g.some("eu-central-", 3),
		Kind: g.pick("chat", 2), ImageSize: g.some("1024x", 3), Status: spend.StatusOK,
		UsageSource: spend.UsageProvider, Flags: spend.Flags(g.rnd.IntN(8)),
		Scope: g.scope(),
	}
	if e.Flags == 5 {
		e.Flags |= spend.Notional
	}
	g.times(&e)
	g.usage(&e.Usage)
	if g.rnd.IntN(4) == 0 {
		e.Bucket, e.CallCount = true, g.rnd.Int64N(50)
	}
	if g.rnd.IntN(5) == 0 {
		e.Reported, e.ReportedCurrency = money.Known(g.amount()), []money.Currency{"USD", "EUR"}[g.rnd.IntN(2)]
	}
	if g.n%16 == 0 {
		g.buy(&e)
	}
	return e
}

// buy makes an event one of money alone; one in four gives money back, one in six
// is in a currency without a rate.
func (g *Generator) buy(e *spend.Event) {
	e.Category, e.Reported, e.ReportedCurrency = spend.CategoryPurchase, money.Known(money.FromUnits(int64(g.n)*1_000_000_007)), "USD"
	if g.n%64 == 0 {
		e.Category, e.Reported = spend.CategoryCredit, e.Reported.Neg()
	}
	if g.n%96 == 0 {
		e.ReportedCurrency = "EUR"
	}
	e.Usage, e.UsageSource, e.Bucket, e.CallCount = spend.Usage{}, spend.UsageNone, false, 0
	_ = e.Usage.Set(spend.Seat, money.Must("0.5")) // only a column meter refuses
	if g.n%32 == 0 {
		e.Scope.Run, e.Scope.ParentRun = "", ""
	}
}

func (g *Generator) times(e *spend.Event) {
	at := Start().Add(time.Duration(g.rnd.Int64N(int64(Span/time.Microsecond))) * time.Microsecond)
	if g.pace > 0 {
		at = Start().Add(time.Duration(g.n) * g.pace)
	}
	e.UsedAt = at
	if g.rnd.IntN(6) == 0 {
		return
	}
	e.StartedAt = at
	e.EndedAt = at.Add(time.Duration(g.rnd.Int64N(90_000_000)) * time.Microsecond)
	if g.rnd.IntN(2) == 0 {
		e.FirstTokenAt = at.Add(time.Duration(g.rnd.Int64N(3_000_000)) * time.Microsecond)
	}
}

func (g *Generator) usage(u *spend.Usage) {
	u.Tokens[spend.InText], u.Tokens[spend.OutText] = g.rnd.Int64N(20_000), g.rnd.Int64N(2_000)
	if g.rnd.IntN(3) == 0 {
		u.Tokens[spend.CacheRead] = g.rnd.Int64N(100_000)
	}
	for m := range spend.ColumnMeters {
		if g.rnd.IntN(12) == 0 {
			u.Tokens[m] = g.rnd.Int64N(1_000)
		}
	}
	if g.rnd.IntN(8) > 0 {
		return
	}
	for _, m := range []spend.Meter{spend.CacheReadAudio, spend.OutVideo, spend.WebSearch} {
		u.Extra = append(u.Extra, spend.Extra{Meter: m, Quantity: money.FromInt(1 + g.rnd.Int64N(9))})
	}
	if g.rnd.IntN(2) == 0 {
		u.Extra = append(u.Extra, spend.Extra{Meter: spend.Seat, Quantity: g.amount()})
	}
}

func (g *Generator) scope() spend.Scope {
	s := spend.Scope{
		BusinessUnit: g.some("unit-", 2), Team: g.some("team-", 5), Application: g.pick("app-", 8), Workflow: g.pick("workflow-", 30),
		Agent: g.pick("agent-", 200), Run: g.some(fmt.Sprintf("run-%08d-", g.n/20), 2), Trigger: g.pick("human", 2), Principal: g.pick("principal-000-", 50),
		Credential: g.pick("credential-", 9), Environment: g.pick("prod", 2), CostCentre: g.some("cc-", 4), Customer: g.some("customer-", 20),
	}
	if g.rnd.IntN(4) == 0 {
		s.Tags = map[string]string{"project": g.pick("p", 4), "unusual name: “é”": "x"}
	}
	return s
}

// pick gives one of n names, some also the empty one.
func (g *Generator) pick(name string, n int) string { return fmt.Sprintf("%s%d", name, g.rnd.IntN(n)) }

func (g *Generator) some(name string, n int) string {
	if g.rnd.IntN(n+1) == 0 {
		return ""
	}
	return g.pick(name, n)
}
