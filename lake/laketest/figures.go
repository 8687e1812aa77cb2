package laketest

import (
	"maps"
	"math"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// measure computes one figure of some lines.
func measure(m spend.Measure, of lines) money.Null {
	if histogram, share, ok := m.Quantile(); ok {
		return quantile(histogram, share, of)
	}
	if m == spend.Runs || m == spend.People {
		return money.Known(money.FromInt(distinct(spend.Dimension(m.Distinct()), of)))
	}
	var sum money.Amount
	known := !amounts(m)
	currencies := map[money.Currency]bool{}
	for _, c := range of {
		if add := addend(m, c); add.Valid {
			known, sum = true, mustSum(sum.Add(add.Amount))
			currencies[currency(m, c)] = true
		}
	}
	if !known || len(currencies) > 1 {
		return money.Null{}
	}
	return money.Known(sum)
}

// amounts says that a measure sums amounts that may be unknown.
func amounts(m spend.Measure) bool {
	switch m {
	case spend.Cost, spend.ListCost, spend.Contracted, spend.BilledCost, spend.ReportedCost, spend.NotionalCost:
		return true
	}
	_, ok := component(m)
	return ok
}

// component is the part of the list cost that a measure sums.
func component(m spend.Measure) (spend.Component, bool) {
	for k := range spend.Components {
		if string(m) == "cost_"+k.String() {
			return k, true
		}
	}
	return 0, false
}

// currency is that of a measure's amount; those in the reporting currency, and
// counts, have one for all lines.
func currency(m spend.Measure, c *spend.Charge) money.Currency {
	switch m {
	case spend.ListCost, spend.Contracted, spend.BilledCost, spend.NotionalCost:
		return c.Currency
	case spend.ReportedCost:
		return c.ReportedCurrency
	}
	if _, ok := component(m); ok {
		return c.Currency
	}
	return ""
}

// currencies are those of the sums that keep the currency of the bills.
func currencies(q *spend.Query, all lines, values []money.Null) (found []money.Currency) {
	keeps := func(m spend.Measure) bool {
		return currency(m, &spend.Charge{Event: spend.Event{ReportedCurrency: "X"}, Currency: "X"}) != ""
	}
	if !slices.ContainsFunc(q.Measures, keeps) {
		return nil
	}
	found = make([]money.Currency, len(q.Measures))
	for i, m := range q.Measures {
		for _, c := range all {
			if values[i].Valid && addend(m, c).Valid {
				found[i] = currency(m, c)
			}
		}
	}
	return found
}

func addend(m spend.Measure, c *spend.Charge) money.Null {
	switch m {
	case spend.Cost:
		return c.Reporting
	case spend.ListCost:
		return c.List
	case spend.Contracted:
		return c.Contracted
	case spend.BilledCost:
		return c.Billed
	case spend.ReportedCost:
		return c.Reported
	case spend.NotionalCost:
		if c.Flags&spend.Notional == 0 {
			return money.Null{}
		}
		return c.List
	case spend.Exposed:
		return money.Known(c.Exposure)
	}
	if k, ok := component(m); ok {
		return money.Null{Amount: c.Costs[k], Valid: c.List.Valid}
	}
	return money.Known(count(m, c))
}

func count(m spend.Measure, c *spend.Charge) money.Amount {
	switch m {
	case spend.Calls:
		return money.FromInt(c.Calls)
	case spend.UnpricedCalls:
		if c.PriceState != spend.Unpriced {
			return money.Amount{}
		}
		return money.FromInt(c.Calls)
	case spend.PromptTokens:
		return money.FromInt(c.Usage.PromptTokens())
	case spend.OutputTokens:
		return money.FromInt(c.Usage.CompletionTokens())
	case spend.CachedTokens:
		cached := c.Usage.Get(spend.CacheRead)
		cached = mustSum(cached.Add(c.Usage.Get(spend.CacheReadAudio)))
		return mustSum(cached.Add(c.Usage.Get(spend.CacheReadImage)))
	}
	for _, meter := range spend.Meters() {
		if meter.String() == string(m) {
			return c.Usage.Get(meter)
		}
	}
	return money.Amount{}
}

func distinct(d spend.Dimension, of lines) (n int64) {
	calls := map[string]int64{}
	for _, c := range of {
		calls[Dimension(d, c)] += c.Calls
	}
	for value, calls := range calls {
		if value != "" && calls != 0 {
			n++
		}
	}
	return n
}

func quantile(histogram string, share float64, of lines) money.Null {
	calls := map[lake.Bin]int64{}
	for _, c := range of {
		calls[binOf(histogram, c)] += c.Calls
	}
	delete(calls, 0)
	value, ok := lake.BinQuantile(calls, share)
	if !ok {
		return money.Null{}
	}
	unit := int64(1_000_000)
	if histogram == "cost" {
		unit = 1_000
	}
	return money.Known(money.FromUnits(unit * int64(math.Round(value))))
}

func binOf(histogram string, c *spend.Charge) lake.Bin {
	switch histogram {
	case "cost":
		return lake.CostBin(c.Reporting)
	case "duration":
		return lake.DurationBin(c.Duration())
	}
	return lake.DurationBin(c.FirstToken())
}

func totals(q *spend.Query, all lines) (t spend.Totals) {
	for _, m := range q.Measures {
		t.Values = append(t.Values, measure(m, all))
	}
	t.Currencies = currencies(q, all, t.Values)
	unconverted := map[money.Currency]money.Amount{}
	t.Cost, t.Exposure = measure(spend.Cost, all).Amount, measure(spend.Exposed, all).Amount
	for _, c := range all {
		t.Calls += c.Calls
		addTo(&t.Unattributed, c.Reporting, c.Scope.Team == "")
		addTo(&t.Provisional, c.Reporting, c.Finality == spend.Provisional && (q.Axis != spend.ByPeriod || c.Period > q.Closed))
		if c.PriceState == spend.Unpriced {
			t.Unpriced.Calls += c.Calls
			t.Unpriced.PromptTokens += c.Usage.PromptTokens()
			t.Unpriced.CompletionTokens += c.Usage.CompletionTokens()
		} else if !c.Reporting.Valid {
			t.Unconverted += c.Calls
			t.UnconvertedLines += lineOf(c)
			unconverted[c.Currency] = mustSum(unconverted[c.Currency].Add(c.Effective.Amount))
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(unconverted)) {
		if amount := unconverted[currency]; !amount.IsZero() {
			t.WithoutRate = append(t.WithoutRate, money.Money{Amount: amount, Currency: currency})
		}
	}
	return t
}

// lineOf counts a line, and its reversal against it.
func lineOf(c *spend.Charge) int64 {
	if lake.Reverses(c) {
		return -1
	}
	return 1
}

func addTo(sum *money.Amount, add money.Null, when bool) {
	if when && add.Valid {
		*sum = mustSum(sum.Add(add.Amount))
	}
}
