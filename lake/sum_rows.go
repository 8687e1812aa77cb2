package lake

import (
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// tellsTotals says that the totals of all measures are those of the rows: every measure
// is a sum, and amounts are told apart by currency. A question with many of them, like
// why a bill moved, is then one scan instead of four.
func (c *compiler) tellsTotals() bool {
	bills := false
	for _, m := range c.query.Measures {
		if !additive(m) || billing(m) != "" && !c.apart(m) {
			return false
		}
		bills = bills || billing(m) != ""
	}
	return bills && c.top == nil
}

// sumRows makes the totals of rows that tell them. Amounts of several currencies have
// none: 3 USD and 2 EUR are unknown, 3 USD and nothing in EUR are 3 USD.
func (m *measured) sumRows(q *spend.Query) error {
	at := slices.Index(q.By, "currency")
	m.totals.Currencies = make([]money.Currency, len(q.Measures))
	known, mixed := make([]bool, len(q.Measures)), make([]bool, len(q.Measures))
	for _, row := range m.rows.found {
		for i, v := range row.Values {
			if err := addKnown(&m.totals.Values[i], v); err != nil {
				return err
			}
			if currency := money.Currency(row.Keys[at]); v.Valid && billing(q.Measures[i]) != "" {
				mixed[i] = mixed[i] || known[i] && m.totals.Currencies[i] != currency
				known[i], m.totals.Currencies[i] = true, currency
			}
		}
	}
	for i := range mixed {
		if mixed[i] {
			m.totals.Values[i], m.totals.Currencies[i] = money.Null{}, ""
		}
	}
	return nil
}
