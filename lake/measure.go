package lake

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// sumOf names the column that a measure sums, or how it is made of others; a meter's own name stands for
// itself. Runs, people, unpriced calls and quantiles are no plain sums.
func sumOf(m spend.Measure) (column string, nullable bool) {
	switch m {
	case spend.Cost:
		return "reporting", true
	case spend.ListCost, spend.Contracted, spend.BilledCost, spend.ReportedCost:
		return string(m), true
	case spend.NotionalCost:
		return "CASE WHEN flags LIKE '%" + spend.Notional.String() + "%' THEN list END", true
	}
	if isComponent(m) {
		return "CASE WHEN list IS NOT NULL THEN " + string(m) + " END", true
	}
	return string(m), false
}

// billing names the column with the currency of a measure that is not in the
// reporting currency, "" for any other measure.
func billing(m spend.Measure) string {
	switch m {
	case spend.ListCost, spend.Contracted, spend.BilledCost, spend.NotionalCost:
		return "currency"
	case spend.ReportedCost:
		return "reported_currency"
	}
	if isComponent(m) {
		return "currency"
	}
	return ""
}

// isComponent says that a measure is a part of the list cost, like cost_in.
func isComponent(m spend.Measure) bool {
	return strings.HasPrefix(string(m), "cost_") && m.Additive()
}

// sum gives the SQL of an additive measure as exact text. A sum of amounts is
// NULL when none of them is known and when they are of several currencies; a
// count of nothing is 0.
func sum(d Dialect, m spend.Measure) string {
	column, nullable := sumOf(m)
	meter, err := spend.ParseMeter(column)
	switch {
	case m == spend.UnpricedCalls:
		return d.AsText("coalesce(sum(calls) FILTER (WHERE price_state = 'unpriced'), 0)")
	case billing(m) != "":
		return d.AsText(fmt.Sprintf("CASE WHEN min(%[2]s) FILTER (WHERE %[1]s IS NOT NULL) = max(%[2]s) FILTER (WHERE %[1]s IS NOT NULL) THEN sum(%[1]s) END",
			column, billing(m)))
	case err == nil && !meter.InColumn():
		column = d.MapDecimal("extra", "'"+column+"'")
	}
	if nullable {
		return d.AsText("sum(" + column + ")")
	}
	return d.AsText("coalesce(sum(" + column + "), 0)")
}

// additive says that a measure is a plain sum.
func additive(m spend.Measure) bool { return m.Additive() }

// distincts lists the measures that count distinct values, each once.
func distincts(measures []spend.Measure) (found []spend.Measure) {
	for _, m := range measures {
		if m.Distinct() != "" && !slices.Contains(found, m) {
			found = append(found, m)
		}
	}
	return found
}

// nothing is the value of a measure over no line at all.
func nothing(m spend.Measure) money.Null {
	_, _, quantile := m.Quantile()
	if _, nullable := sumOf(m); nullable || quantile {
		return money.Null{}
	}
	return money.Known(money.Amount{})
}

func nothings(q *spend.Query) []money.Null {
	values := make([]money.Null, len(q.Measures))
	for i, m := range q.Measures {
		values[i] = nothing(m)
	}
	return values
}

// quantile reads a quantile from a histogram: durations in seconds, costs in
// wholes of the reporting currency, both within 4.5 %.
func quantile(histogram string, calls map[Bin]int64, q float64) money.Null {
	v, ok := BinQuantile(calls, q)
	if !ok {
		return money.Null{}
	}
	unit := int64(1_000_000) // a microsecond is 10⁶ of 10⁻¹² seconds
	if histogram == "cost" {
		unit = 1_000 // and 10⁻⁹ of the currency 10³ of 10⁻¹²
	}
	a, err := money.FromUnits(unit).MulInt(int64(math.Round(v)))
	if err != nil {
		return money.Null{}
	}
	return money.Known(a)
}

// histograms lists the histograms that the measures need, each once.
func histograms(measures []spend.Measure) []string {
	var names []string
	for _, m := range measures {
		if h, _, ok := m.Quantile(); ok && !contains(names, h) {
			names = append(names, h)
		}
	}
	return names
}

func contains(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}
