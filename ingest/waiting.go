package ingest

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// wait counts a line that waits for an exchange rate; one that takes such a line back
// counts against it.
func (b *batch) wait(c *spend.Charge) {
	if lake.StandingOf(c)&lake.Unconverted == 0 {
		return
	}
	if lake.Reverses(c) {
		b.UnconvertedLines--
	} else {
		b.UnconvertedLines++
	}
	all, err := with(b.WithoutRate, money.Money{Amount: c.Effective.Amount, Currency: c.Currency})
	b.WithoutRate, b.err = all, cmp.Or(b.err, err)
}

// with adds an amount to those of its currency, in the order of the currencies.
func with(all []money.Money, m money.Money) ([]money.Money, error) {
	all = slices.Clone(all) // a result is a value: whoever has another one of it keeps its sums
	i, found := slices.BinarySearchFunc(all, m.Currency, func(x money.Money, c money.Currency) int { return cmp.Compare(x.Currency, c) })
	if !found {
		return slices.Insert(all, i, m), nil
	}
	sum, err := all[i].Add(m)
	if err == nil {
		all[i] = sum
	}
	return all, err
}
