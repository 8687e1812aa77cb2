package report

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Outcomes sets results against spend in the other currency. The days of the costs are
// converted as those of any answer are, so that what is with an outcome and what is not sum
// to the cost, workflows sum to the total, and the total is that of the same question about
// spend. Ask gives the table of a question by day.
func (c *Currency) Outcomes(ctx context.Context, q *spend.Query, ask func(context.Context, *spend.Query) (outcome.Table, error)) (outcome.Table, error) {
	daily := *q
	daily.Grain = spend.Day
	t, err := ask(ctx, &daily)
	if err != nil || t.Currency == c.To {
		return t, err
	}
	if t.Basis != spend.Cost {
		return t, spend.Errorf(spend.KindInvalid, "read currency", "%s keeps the currency of the bills", t.Basis).WithHint("leave currency out, or ask for cost")
	}
	d := c.fates(&t, q.Zone)
	for i := range t.Rows {
		for _, fate := range []outcome.Fate{outcome.InWinning, outcome.InOthers, outcome.InNoRun} {
			part := t.Rows[i].Part(fate)
			part.Cost, part.Exposure = money.Null{}, money.Amount{}
		}
	}
	if err := c.placeFates(&t, d); err != nil {
		return t, err
	}
	t.Currency, t.Query = c.To, *q
	if !d.left.IsZero() {
		t.WithoutRate = []money.Money{{Amount: d.left, Currency: d.from}}
	}
	return t, t.Sum()
}

// fates converts the days of a table, each fate of each workflow as a group.
func (c *Currency) fates(t *outcome.Table, zone *time.Location) *days {
	rows := make([]*spend.Row, len(t.Days))
	for i := range t.Days {
		rows[i] = rowOfDay(&t.Days[i])
	}
	return c.gather(rows, t.Currency, zone)
}

func rowOfDay(day *outcome.Day) *spend.Row {
	return &spend.Row{
		Bucket: day.At.UTC(), Keys: []string{day.Workflow, string(day.Fate)},
		Values: []money.Null{day.Part.Cost, money.Known(day.Part.Exposure), money.Known(money.FromInt(day.Part.Calls)), money.Known(money.FromInt(day.Part.Unknown))},
	}
}

// placeFates sums the converted days into the rows. What has no rate is of an unknown
// amount, as what has no price is.
func (c *Currency) placeFates(t *outcome.Table, d *days) error {
	rows := map[string]*outcome.Row{}
	for i := range t.Rows {
		rows[t.Rows[i].Workflow] = &t.Rows[i]
	}
	for i := range t.Days {
		day := &t.Days[i]
		r := rowOfDay(day)
		row, values := rows[day.Workflow], d.cells[cellOf{bucket: r.Bucket, keys: keysOf(r)}]
		if row == nil || len(values) < len(converted()) {
			continue
		}
		more := outcome.Part{Cost: values[0], Exposure: values[1].Amount}
		if day.Part.Cost.Valid && !values[0].Valid {
			more.Unknown = day.Part.Calls - day.Part.Unknown
			more.UnknownLines = max(more.Unknown, 1)
		}
		part := row.Part(day.Fate)
		sum, err := part.Plus(more)
		if err != nil {
			return err
		}
		*part = sum
	}
	for i := range t.Rows {
		if err := t.Rows[i].Close(); err != nil {
			return err
		}
	}
	return d.err
}
