package app

import (
	"context"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Unfolded is a ledger line with how its amount came about.
type Unfolded struct {
	spend.Charge
	Factors    []Factor        // empty when the line is unpriced, or its book is not in force
	Rates      []exchange.Rate // that converted the amount, none at par
	InCurrency money.Currency  // of the amount that was converted
}

// Factor is one meter of a line: quantity × rate / per, by a fact.
type Factor struct {
	pricebook.Line
	Fact pricebook.Fact
}

// maxUnfolded bounds the lines that one look-up shows.
const maxUnfolded = 100

// Unfold finds the lines of a record and rates each again, which gives the same
// figures when the line's price book is still in force.
func (a *App) Unfold(ctx context.Context, record string) ([]Unfolded, error) {
	lines, err := a.Lake.Find(ctx, record, maxUnfolded)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, spend.Errorf(spend.KindNotFound, "unfold", "no line of a record %.60q", record).
			WithHint("name a record by its source key, the vendor's response id, or an attempt id of an export")
	}
	all := make([]Unfolded, len(lines))
	for i := range lines {
		all[i] = Unfolded{Charge: lines[i], Factors: a.factors(&lines[i]), InCurrency: a.Currency()}
		if all[i].Rates, err = a.ratesOf(ctx, &lines[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (a *App) ratesOf(ctx context.Context, c *spend.Charge) (rates []exchange.Rate, err error) {
	ids := exchange.FactIDs(c.RateFact)
	if len(ids) == 0 {
		return nil, nil
	}
	err = a.State.Read(ctx, func(tx *state.Tx) error {
		for _, id := range ids {
			rate, found, err := tx.Rate(ctx, id)
			if err != nil {
				return err
			}
			if found {
				rates = append(rates, rate)
			}
		}
		return nil
	})
	return rates, err
}

func (a *App) factors(c *spend.Charge) []Factor {
	if c.PriceBook != a.Book().Hash() || c.PriceState == spend.Unpriced {
		return nil
	}
	call := ingest.CallOf(c)
	var rating pricebook.Rating
	a.Book().Rate(&call, &rating)
	factors := make([]Factor, len(rating.Lines))
	for i, l := range rating.Lines {
		fact, _ := a.Book().Fact(l.FactID)
		factors[i] = Factor{l, fact}
	}
	return factors
}
