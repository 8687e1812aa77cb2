package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// currencyOf reads the currency of an answer, "" for that of the organisation.
func (c *call) currencyOf(text string) (money.Currency, error) {
	to, own := money.Currency(text), c.House().Currency
	if text == "" || to == own {
		return "", nil
	}
	known := c.Exchange.InForce().Named()
	if slices.Contains(known, to) {
		return to, nil
	}
	refused := spend.Errorf(spend.KindInvalid, "read currency", "%.40q has no exchange rate", text)
	if len(known) == 0 {
		return "", refused.WithHint("there is none at all; bring some with bursar rate import, or leave currency out")
	}
	names := make([]string, len(known))
	for i, one := range known {
		names[i] = string(one)
	}
	return "", refused.WithHint("one of %s, or %s when left out; more come with bursar rate import", strings.Join(names, ", "), own)
}

func currencyParam() param {
	return param{"query", "currency", "of cost and exposure, like EUR: each day by its exchange rate; the organisation's when empty"}
}

// converting answers in the currency of the call.
func (c *call) converting() *report.Currency {
	return &report.Currency{To: c.currency, Rates: c.Exchange.InForce(), Now: c.now, Before: lake.Before, Ask: c.Asker.Answer}
}

// answerOf asks the ledger in the currency of the call.
func (c *call) answerOf(ctx context.Context, q *spend.Query) (spend.Table, error) {
	if c.currency == "" {
		return c.Asker.Answer(ctx, q)
	}
	return c.converting().Answer(ctx, q)
}

// outcomesOf sets results against spend in the currency of the call, as far as whoever
// asks may read.
func (c *call) outcomesOf(ctx context.Context, q *spend.Query) (outcome.Table, error) {
	ask := c.Outcomes.Outcomes
	if !c.seesAll() {
		ask = c.ownOutcomes
	}
	if c.currency == "" {
		return ask(ctx, q)
	}
	return c.converting().Outcomes(ctx, q, ask)
}

// standing says by which rates an answer in another currency is converted too.
func (c *call) standing(ctx context.Context, q *spend.Query) (Standing, error) {
	s, err := c.Asker.Standing(ctx, q)
	if err != nil || c.currency == "" {
		return s, err
	}
	end := c.now
	if !q.To.IsZero() && q.To.Before(end) {
		end = q.To.Add(-time.Microsecond)
	}
	newest := c.Exchange.InForce().Newest(exchange.DayOf(end, q.Zone))
	s.Rates = &Rates{Basis: "day of use", AsOf: newest.Start(q.Zone)}
	return s, nil
}

// queryID names the question of the call, its currency with it.
func (c *call) queryID() string {
	id := queryID(c.question)
	if c.currency == "" || id == "" {
		return id
	}
	return spend.Digest("converted", id, string(c.currency)).String()
}
