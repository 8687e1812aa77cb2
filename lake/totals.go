package lake

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// totals reads what stands under the rows; quantiles has set its own already.
func (a *answer) totals(ctx context.Context, grouped *compiler, m *measured) error {
	everything := *grouped.query
	everything.By, everything.Grain = nil, spend.Whole
	told := grouped.tellsTotals()
	if told {
		if err := m.sumRows(grouped.query); err != nil {
			return err
		}
		everything.Measures = nil
	}
	c := a.rolled(&compiler{dialect: a.dialect, query: &everything, restated: grouped.restated})
	waits := false
	err := a.ask(ctx, c.totals(), func(cells []*string) error {
		standing, err := wholeOf(cells[0])
		if err != nil {
			return err
		}
		waits = waits || Standing(standing)&Unconverted != 0
		return addTotals(c.query, &m.totals, Standing(standing), cells[1:])
	})
	if err != nil {
		return err
	}
	if waits {
		if err := a.ask(ctx, c.unconverted(), func(cells []*string) error { return readUnconverted(&m.totals, cells) }); err != nil {
			return err
		}
	}
	if err := a.ask(ctx, c.opens(), func(cells []*string) error { return readOpens(&m.totals, cells) }); err != nil {
		return err
	}
	if told {
		return nil
	}
	total := &spend.Row{Values: m.totals.Values}
	if err := a.billed(ctx, c, &m.totals); err != nil {
		return err
	}
	return a.distinct(ctx, c, &rowSet{query: c.query, found: map[string]*spend.Row{rowKey(total): total}})
}

// billed replaces the sums that may mix currencies: only over all lines at once
// can it be seen whether they do.
func (a *answer) billed(ctx context.Context, c *compiler, t *spend.Totals) error {
	total := &spend.Row{Values: t.Values}
	if !slices.ContainsFunc(c.query.Measures, func(m spend.Measure) bool { return billing(m) != "" }) {
		return nil
	}
	err := a.ask(ctx, c.rows(), func(cells []*string) error {
		_, err := readSums(c.query, total, cells)
		return err
	})
	if err != nil {
		return err
	}
	t.Currencies = make([]money.Currency, len(c.query.Measures))
	return a.ask(ctx, c.currencies(), func(cells []*string) error {
		for i := range t.Currencies {
			if cells[i] != nil && total.Values[i].Valid {
				t.Currencies[i] = money.Currency(*cells[i])
			}
		}
		return nil
	})
}

// readOpens reads the calls that are open, and their holds.
func readOpens(t *spend.Totals, cells []*string) (err error) {
	if t.OpenCalls, err = wholeOf(cells[0]); err != nil {
		return err
	}
	holds, err := amountOf(cells[1])
	t.OpenHolds = holds.Amount
	return err
}

// readUnconverted reads the amount of one currency that waits for a rate. What a
// rate has converted since nets to zero.
func readUnconverted(t *spend.Totals, cells []*string) error {
	amount, err := amountOf(cells[1])
	if err == nil && !amount.Amount.IsZero() {
		t.WithoutRate = append(t.WithoutRate, money.Money{Amount: amount.Amount, Currency: money.Currency(textOf(cells[0]))})
	}
	return err
}

// addTotals adds the sums of the lines of one standing.
func addTotals(q *spend.Query, t *spend.Totals, standing Standing, cells []*string) error {
	part := spend.Row{Values: make([]money.Null, len(q.Measures))}
	cost, err := readSums(q, &part, cells)
	if err != nil {
		return err
	}
	for i, v := range part.Values {
		if err := addKnown(&t.Values[i], v); err != nil {
			return err
		}
	}
	if err := addCost(t, standing, cost.Amount); err != nil {
		return err
	}
	return addCounts(t, standing, cells[len(cells)-5:])
}

func addKnown(sum *money.Null, v money.Null) error {
	if !v.Valid {
		return nil
	}
	s, err := sum.Amount.Add(v.Amount)
	*sum = money.Known(s)
	return err
}

func addCost(t *spend.Totals, standing Standing, cost money.Amount) error {
	for _, part := range []struct {
		sum    *money.Amount
		counts bool
	}{
		{&t.Cost, true}, {&t.Unattributed, standing&Unattributed != 0}, {&t.Provisional, standing&Provisional != 0},
	} {
		if !part.counts {
			continue
		}
		s, err := part.sum.Add(cost)
		if err != nil {
			return err
		}
		*part.sum = s
	}
	return nil
}

// addCounts adds calls, exposure, prompt and completion tokens, and lines.
func addCounts(t *spend.Totals, standing Standing, cells []*string) error {
	exposure, err := amountOf(cells[1])
	if err != nil {
		return err
	}
	if t.Exposure, err = t.Exposure.Add(exposure.Amount); err != nil {
		return err
	}
	calls, err := wholeOf(cells[0])
	if err != nil {
		return err
	}
	t.Calls += calls
	switch {
	case standing&Unconverted != 0:
		lines, err := wholeOf(cells[4])
		t.Unconverted, t.UnconvertedLines = t.Unconverted+calls, t.UnconvertedLines+lines
		return err
	case standing&Unpriced != 0:
		return addUnpriced(&t.Unpriced, calls, cells[2:])
	}
	return nil
}

func addUnpriced(u *spend.Unknown, calls int64, cells []*string) error {
	prompt, err := wholeOf(cells[0])
	if err != nil {
		return err
	}
	completion, err := wholeOf(cells[1])
	u.Calls, u.PromptTokens, u.CompletionTokens = u.Calls+calls, u.PromptTokens+prompt, u.CompletionTokens+completion
	return err
}
