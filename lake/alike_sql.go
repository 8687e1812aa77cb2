package lake

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// alikeKey is what tells lines apart, and where its value goes.
type alikeKey struct {
	expr string
	set  func(c *charge, value string)
}

// alikeKeys are those that the roll-up has too. The model of a line follows its developer.
func alikeKeys() []alikeKey {
	return []alikeKey{
		{"book", func(c *charge, v string) { c.Book = spend.Book(v) }},
		{"source", func(c *charge, v string) { c.Source = v }},
		{"seller", func(c *charge, v string) { c.Seller = v }},
		{"account", func(c *charge, v string) { c.Account = v }},
		{"developer", func(c *charge, v string) { c.Canonical.Developer = v }},
		{"model", func(c *charge, v string) { c.Canonical.Name = strings.TrimPrefix(v, c.Canonical.Developer+"/") }},
		{SoldName, func(c *charge, v string) { c.ServedModel = v }},
		{"service_tier", func(c *charge, v string) { c.ServedTier = v }},
		{"region", func(c *charge, v string) { c.Region = v }},
		{"team", func(c *charge, v string) { c.Scope.Team = v }},
		{"category", func(c *charge, v string) { c.Category = spend.Category(v) }},
		{"currency", func(c *charge, v string) { c.Currency = money.Currency(v) }},
		{"CASE WHEN contracted IS NULL THEN '' ELSE 'known' END", func(c *charge, v string) { c.Contracted.Valid = v != "" }},
		{"CASE WHEN flags LIKE '%" + spend.Notional.String() + "%' THEN 'notional' ELSE '' END", func(c *charge, v string) {
			if v != "" {
				c.Flags = spend.Notional
			}
		}},
	}
}

// alikeSums are the quantities as SQL: calls, what is contracted, costs, then the meters.
func alikeSums(d Dialect) []string {
	exprs := []string{"calls", "contracted"}
	for k := range spend.Components {
		exprs = append(exprs, "cost_"+k.String())
	}
	for _, m := range spend.Meters() {
		if m.InColumn() {
			exprs = append(exprs, m.String())
			continue
		}
		exprs = append(exprs, d.MapDecimal("extra", "'"+m.String()+"'"))
	}
	for i, expr := range exprs {
		exprs[i] = d.AsText("sum(" + expr + ")")
	}
	return exprs
}

// alike sums by the day and the keys, by partitions and some tags where they are asked for.
func (c *compiler) alike(tags []string, condition string) Statement {
	keys := []string{c.dialect.AsText(c.bucket())}
	for _, key := range alikeKeys() {
		keys = append(keys, key.expr)
	}
	if len(tags) > 0 {
		keys = append(keys, "partition_key")
	}
	for _, tag := range tags {
		keys = append(keys, c.dialect.MapText("tags", c.argument(tag)))
	}
	if c.days == nil {
		c.reads = &Reads{Window: Window{From: c.query.From, To: c.query.To}}
	}
	where := append([]string{condition}, c.window()...)
	for _, f := range c.query.Where {
		where = append(where, c.filter(f))
	}
	return c.finish(fmt.Sprintf("SELECT %s\nFROM %s\nWHERE %s\nGROUP BY %s",
		strings.Join(append(keys, alikeSums(c.dialect)...), ",\n\t"), c.source(), strings.Join(where, "\n\tAND "), ordinals(len(keys))))
}

// read reads a row of the statement.
func (q *Alike) read(rows *rowSet, cells []*string) (c spend.Charge, err error) {
	if c.UsedAt, err = rows.bucket(cells[0]); err != nil {
		return c, err
	}
	cells = cells[1:]
	for i, key := range alikeKeys() {
		key.set(&c, textOf(cells[i]))
	}
	cells = cells[len(alikeKeys()):]
	if len(q.Tags) > 0 {
		c.Partition, cells = textOf(cells[0]), cells[1:]
	}
	for i, tag := range q.Tags {
		if value := textOf(cells[i]); value != "" {
			if c.Scope.Tags == nil {
				c.Scope.Tags = map[string]string{}
			}
			c.Scope.Tags[tag] = value
		}
	}
	return c, readAlike(&c, cells[len(q.Tags):])
}

// readAlike reads what alikeSums selects.
func readAlike(c *charge, cells []*string) error {
	calls, err := wholeOf(cells[0])
	contracted, errMoney := amountOf(cells[1])
	c.Calls, c.Contracted.Amount = calls, contracted.Amount
	err, cells = errors.Join(err, errMoney), cells[2:]
	for k := range c.Costs {
		cost, errCost := amountOf(cells[k])
		c.Costs[k], err = cost.Amount, errors.Join(err, errCost)
	}
	for i, m := range spend.Meters() {
		quantity, errMeter := amountOf(cells[len(c.Costs)+i])
		err = errors.Join(err, errMeter, c.Usage.Set(m, quantity.Amount))
	}
	return err
}
