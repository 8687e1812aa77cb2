package report

import (
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// IsCost says that a measure is an amount of money.
func IsCost(m spend.Measure) bool {
	switch m {
	case spend.Cost, spend.ListCost, spend.Contracted, spend.BilledCost, spend.ReportedCost, spend.NotionalCost, spend.Exposed, spend.CostP50, spend.CostP95:
		return true
	}
	return isPart(m)
}

// isPart says that a measure is a part of the list cost, like cost_in.
func isPart(m spend.Measure) bool { return strings.HasPrefix(string(m), "cost_") && m.Additive() }

// AsBilled says that a measure keeps the currency of the bills.
func AsBilled(m spend.Measure) bool {
	return isPart(m) || slices.Contains([]spend.Measure{spend.ListCost, spend.Contracted, spend.BilledCost, spend.ReportedCost, spend.NotionalCost}, m)
}

// key shows a group's key; the empty one is unattributed, never blank.
func key(k string) string {
	if k == "" {
		return "(none)"
	}
	return k
}

// bucket shows a time bucket by its start in the grain's own words, from a month
// on by its name in the fiscal calendar.
func bucket(t time.Time, q *spend.Query) string {
	switch q.Grain {
	case spend.Minute, spend.Hour:
		return t.Format("2006-01-02 15:04 -07")
	case spend.Month:
		return string(calendar.Of(q).Period(t))
	case spend.Quarter, spend.Year:
		return calendar.Of(q).Name(q.Grain, t)
	}
	return t.Format("2006-01-02")
}

// costDigits is the number of decimals that shows a column of amounts: cents, or
// more when the total would show fewer than four digits of itself.
func costDigits(total money.Amount) int {
	switch abs := total.Abs(); {
	case abs.IsZero(), abs.Cmp(money.FromInt(10)) >= 0:
		return 2
	case abs.Cmp(money.Must("0.1")) >= 0:
		return 4
	}
	return 8
}

// Safe keeps a spreadsheet from running a cell as a formula.
func Safe(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
