package ingest

import (
	"context"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// convert sets the amount in the reporting currency, by the rate of the day of
// use. Without a rate it stays unknown, which is never zero, and is flagged.
func (p *Pipeline) convert(c *spend.Charge) {
	c.Reporting, c.RateFact = p.inReporting(c, money.Money{Amount: c.Effective.Amount, Currency: c.Currency})
	if !c.Reporting.Valid {
		c.Flags |= spend.Unconverted
	}
}

// expose puts a hold beside the totals, which are in the reporting currency. A
// hold that no rate converts can stand in none of them: its call is counted and
// flagged.
func (p *Pipeline) expose(c *spend.Charge, hold money.Amount) {
	if hold.IsZero() {
		return
	}
	held, fact := p.inReporting(c, money.Money{Amount: hold, Currency: pricebook.HoldCurrency})
	if !held.Valid {
		c.Flags |= spend.Unconverted
		return
	}
	if c.Exposure = held.Amount; fact != exchange.Par().Fact {
		c.RateFact = fact
	}
}

// inReporting gives an amount of a line in the reporting currency with the fact
// that says so, unknown without one.
func (p *Pipeline) inReporting(c *spend.Charge, a money.Money) (money.Null, string) {
	if a.Currency == p.Reporting { // nearly every line: spare it the calendar
		return money.Known(a.Amount), exchange.Par().Fact
	}
	quote, found := p.Exchange.On(exchange.Want{
		From: a.Currency, To: p.Reporting, Day: exchange.DayOf(c.UsedAt, p.Calendar.Location()), Seller: c.Seller, Account: c.Account,
	})
	if !found {
		return money.Null{}, ""
	}
	converted, err := quote.Convert(a.Amount)
	if err != nil { // beyond all amounts
		return money.Null{}, ""
	}
	return money.Known(converted), quote.Fact
}

// UseRates makes exchange rates the ones in force for what is booked from now on.
func (p *Pipeline) UseRates(r *exchange.Rates) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Exchange = r
}

// Unconverted looks up what waits for an exchange rate.
type Unconverted interface {
	// Unconverted gives current lines with the flag unconverted in the order of
	// their ids, behind an id, at most limit.
	Unconverted(ctx context.Context, after spend.ID, limit int) ([]spend.Charge, error)
}

// Reconversion says what rates did to lines that had none.
type Reconversion struct {
	Result                             // of the corrections
	Converted map[money.Currency]int64 // lines, by the currency that they had
	Left      map[money.Currency]int64 // lines that still no rate converts, by their currency
}

// reconvertAtOnce bounds the lines of one transaction, and with them how long
// new records wait.
const reconvertAtOnce = 4096

// Reconvert books anew, by the rates in force, the current lines that had no
// rate when they were booked. What a rate has converted it leaves alone, whatever
// was corrected since; so twice changes nothing.
func (p *Pipeline) Reconvert(ctx context.Context, ledger Unconverted) (Reconversion, error) {
	total := Reconversion{Converted: map[money.Currency]int64{}, Left: map[money.Currency]int64{}}
	for after := (spend.ID{}); ; {
		lines, err := p.reconvert(ctx, ledger, after, &total)
		if err != nil || len(lines) < reconvertAtOnce {
			return total, err
		}
		after = lines[len(lines)-1].ID
	}
}

// reconvert books one page and gives its lines.
func (p *Pipeline) reconvert(ctx context.Context, ledger Unconverted, after spend.ID, total *Reconversion) ([]spend.Charge, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.commit(ctx); err != nil { // the ledger must hold all that is under way
		return nil, err
	}
	lines, err := ledger.Unconverted(ctx, after, reconvertAtOnce)
	if err != nil {
		return nil, err
	}
	b := newBatch(p, nil)
	for i := range lines {
		due := p.converted(b, &lines[i])
		if due.Flags&spend.Unconverted != 0 {
			total.Left[waits(&lines[i])]++
			continue
		}
		b.Corrections++
		total.Converted[waits(&lines[i])]++
		b.append(spend.Correct(lines[i], due, p.Closed)...)
	}
	if err := b.finish(ctx, &Delivery{}); err != nil {
		return nil, err
	}
	if err := p.commit(ctx); err != nil {
		return nil, err
	}
	total.Result, err = total.Add(b.Result)
	return lines, err
}

// converted is the line with its amount or hold in the reporting currency, and
// with the flag when there is still no rate, or the amount does not fit a line.
func (p *Pipeline) converted(b *batch, c *spend.Charge) spend.Charge {
	due := *c
	due.Flags &^= spend.Unconverted
	due.BookedAt, due.Period = b.at, c.Origin.Post(p.Closed)
	if c.PriceState == spend.Unpriced { // never of the book reported, which holds nothing
		call := CallOf(&due)
		due.PriceBook = p.Config.Book.Hash()
		p.hold(&due, &call)
	} else {
		p.convert(&due)
	}
	if oversized(&due) != nil {
		return *c
	}
	return due
}

// waits is the currency that a line could not be converted from.
func waits(c *spend.Charge) money.Currency {
	if c.PriceState == spend.Unpriced {
		return pricebook.HoldCurrency
	}
	return c.Currency
}
