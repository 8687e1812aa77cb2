package api

import "github.com/bursarhq/bursar/money"

// ConvertedBudget is how a window stands by the exchange rate of today.
type ConvertedBudget struct {
	Currency money.Currency `json:"currency"`
	Limit    money.Amount   `json:"limit"`
	Used     money.Amount   `json:"used"` // booked, settled and held
	Left     money.Amount   `json:"left"` // of the limit and its grace, zero when nothing is
}

// convertBudgets sets the figures of budgets of money beside them in the currency of the call, where
// a rate of today is known. A limit keeps its own currency, whatever it is shown in.
func (c *call) convertBudgets(all []BudgetStanding) (err error) {
	for i := range all {
		if c.currency != "" && all[i].Currency != "" && err == nil {
			all[i].Converted, err = c.convertedBudget(&all[i])
		}
	}
	return err
}

func (c *call) convertedBudget(b *BudgetStanding) (*ConvertedBudget, error) {
	used := b.Booked
	for _, more := range []money.Amount{b.Settled, b.Held} {
		var err error
		if used, err = used.Add(more); err != nil {
			return nil, err
		}
	}
	most, err := used.Add(b.Left) // the limit and its grace, unless nothing is left
	if err != nil {
		return nil, err
	}
	asks, zone := c.converting(), c.View().Location()
	limit, spent, room := asks.Today(b.Limit, b.Currency, zone), asks.Today(used, b.Currency, zone), asks.Today(most, b.Currency, zone)
	if !limit.Valid || !spent.Valid || !room.Valid {
		return nil, nil
	}
	left, err := room.Amount.Sub(spent.Amount)
	return &ConvertedBudget{Currency: c.currency, Limit: limit.Amount, Used: spent.Amount, Left: left}, err
}
