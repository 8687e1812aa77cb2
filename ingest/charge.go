package ingest

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Schema is the version of the charge columns that this build writes.
const Schema = 1

// normalise brings times to UTC microseconds and gives the seller its one name,
// by its host when the source did not say it. It comes before dedupe, since the seller is part of
// an attempt's identity.
func normalise(e *spend.Event) {
	for _, t := range times(e) {
		if !t.IsZero() {
			*t = t.UTC().Truncate(time.Microsecond)
		}
	}
	e.Seller = SellerOf(e)
}

// SellerOf gives the one name of an event's seller, by its host when the source did
// not say it; "" when nobody knows.
func SellerOf(e *spend.Event) string {
	if e.Seller == "" {
		seller, _ := pricebook.SellerOf(e.Host) // an unknown host leaves it open
		return seller
	}
	return pricebook.Seller(e.Seller)
}

// CallOf is what the rater needs of a line; rating it again with the line's own
// book gives the same figures.
func CallOf(c *spend.Charge) pricebook.Call {
	return pricebook.Call{
		Seller: c.Seller, Account: c.Account, Model: c.Event.Model(), At: c.UsedAt,
		ServiceTier: c.RequestedTier, ServedTier: c.ServedTier, Region: c.Region, Kind: c.Kind,
		ImageSize: c.ImageSize, ImageQuality: c.ImageQuality, Usage: &c.Usage, Aggregated: c.Bucket,
	}
}

// price rates the usage. An amount that is not known stays null, with its hold
// in exposure.
func (p *Pipeline) price(c *spend.Charge) {
	call := CallOf(c)
	out := &p.rating
	p.Config.Book.Rate(&call, out)
	c.Canonical, c.Context = out.Canonical, out.Context
	c.Flags |= out.Flags
	switch {
	case c.UsageSource == spend.UsageUnobserved || out.State == spend.Unpriced && c.UsageSource != spend.UsageNone:
		p.hold(c, &call)
	case out.State == spend.Unpriced:
		p.settle(c, &pricebook.Rating{State: spend.Priced, Currency: p.Reporting})
	default:
		p.settle(c, out)
	}
}

// settle books a known amount.
func (p *Pipeline) settle(c *spend.Charge, out *pricebook.Rating) {
	c.PriceState, c.Costs, c.Currency = out.State, out.Costs, out.Currency
	c.List, c.Contracted = money.Known(out.List), money.Known(out.Contracted)
	if c.Flags&spend.Notional != 0 { // a seat covers it: nothing more is owed for these tokens
		c.Contracted = money.Known(money.Amount{})
	}
	c.Effective = c.Contracted
	c.Facts = p.factIDs(out.Lines)
	if differs(c) {
		c.Flags |= spend.ReportedCostDiffers
	}
	p.convert(c)
}

// take books the amount that a purchase, credit, tax or adjustment brings with
// it. What a bill says is billed.
func (p *Pipeline) take(c *spend.Charge) {
	if c.Book == spend.Invoiced {
		c.Billed = c.Reported
	}
	rating := pricebook.Rating{State: spend.Priced, List: c.Reported.Amount, Contracted: c.Reported.Amount, Currency: c.ReportedCurrency}
	rating.Costs[spend.CostOther] = c.Reported.Amount
	p.settle(c, &rating)
}

// report books what a vendor says of usage, at the vendor's own amount. Usage of
// which it tells no amount is unpriced and holds nothing: the money of an export of
// tokens stands in the export of costs, and would be there twice.
func (p *Pipeline) report(c *spend.Charge) {
	call := CallOf(c)
	out := &p.rating
	p.Config.Book.Rate(&call, out)
	c.Canonical = out.Canonical
	if !c.Reported.Valid {
		c.PriceState, c.Currency = spend.Unpriced, p.Reporting
		return
	}
	ours := spend.Charge{Event: c.Event, Currency: out.Currency, List: money.Known(out.List)}
	if out.State != spend.Unpriced && !c.Usage.IsZero() && differs(&ours) {
		c.Flags |= spend.ReportedCostDiffers
	}
	p.take(c)
}

// differs says that the source's own cost is more than one percent away from ours.
func differs(c *spend.Charge) bool {
	if !c.Reported.Valid || c.ReportedCurrency != c.Currency {
		return false
	}
	gap, err := c.Reported.Amount.Sub(c.List.Amount)
	percent, errPercent := gap.Abs().MulInt(100)
	return err != nil || errPercent != nil || percent.Cmp(c.List.Amount.Abs()) > 0
}

// hold leaves the amount unknown and puts the highest price it can have beside
// the totals.
func (p *Pipeline) hold(c *spend.Charge, call *pricebook.Call) {
	amount, flags := p.Config.Book.Hold(call)
	c.PriceState, c.Currency = spend.Unpriced, p.Reporting
	if c.Flags&spend.Notional != 0 {
		return // whatever its list price, nothing can be owed
	}
	c.Flags |= flags
	p.expose(c, amount)
}

// factIDs joins the ids of the facts used; the few combinations are kept, so
// that a line allocates nothing for them.
func (p *Pipeline) factIDs(lines []pricebook.Line) string {
	var room [512]byte
	b := room[:0]
	for i := range lines {
		for _, id := range [2]string{lines[i].FactID, lines[i].ContractedTerms} {
			if id != "" {
				b = append(append(b, id...), ',')
			}
		}
	}
	b = b[:max(0, len(b)-1)]
	if joined, ok := p.facts[string(b)]; ok {
		return joined
	}
	joined := strings.Clone(string(b))
	if len(p.facts) < 1<<16 {
		p.facts[joined] = joined
	}
	return joined
}

// attribute decides the scope: rules first, then register and organisation as they
// stood on the day of use, then the default rules. What was claimed is kept when they
// changed it.
func (p *Pipeline) attribute(c *spend.Charge) {
	var scope spend.Scope
	scope, c.Rule = p.decide(&c.Event)
	if !scope.Equal(&c.Scope) {
		c.Claims = claimsOf(&c.Scope)
		c.Scope = scope
	}
}

func claimsOf(s *spend.Scope) string {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // a struct of strings always marshals
	}
	return string(b)
}

// fromVendor says that a book holds a vendor's own word: its usage and costs, or its bill.
func fromVendor(b spend.Book) bool { return b == spend.Reported || b == spend.Invoiced }

// sourceFlags are the flags that an event of a book may bring. Who reads a vendor's
// export knows what an amount is for, where the line does not.
func sourceFlags(b spend.Book) spend.Flags {
	if fromVendor(b) {
		return spend.SourceFlags | spend.ReportedCostDiffers
	}
	return spend.SourceFlags
}

// sightingOf gives back the event as its source told it, before rules.
func sightingOf(c *spend.Charge) (spend.Event, error) {
	e := c.Event
	e.Flags &= sourceFlags(e.Book)
	if c.Claims == "" {
		return e, nil
	}
	e.Scope = spend.Scope{}
	err := json.Unmarshal([]byte(c.Claims), &e.Scope)
	return e, err
}
