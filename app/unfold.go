package app

import (
	"context"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Unfolded is a ledger line with how its amount came about.
type Unfolded struct {
	spend.Charge
	Factors []Factor // empty when the line is unpriced, or its book is not in force
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
		all[i] = Unfolded{Charge: lines[i], Factors: a.factors(&lines[i])}
	}
	return all, nil
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
