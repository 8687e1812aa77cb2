package lake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// list reads the lines that stand: one that was taken back is none, and of an attempt
// that was corrected the current line alone is.
func (t *tree) list(ctx context.Context) error {
	if err := t.ask(ctx, t.standing(), t.addLine); err != nil {
		return err
	}
	t.Rest = RunRest{Calls: t.Whole.Calls, Cost: t.Whole.Cost}
	for i := range t.Lines {
		l := &t.Lines[i]
		if l.Open {
			continue
		}
		t.Rest.Calls -= l.Calls
		if err := addKnown(&t.Rest.Cost, money.Null{Amount: l.Cost.Amount.Neg(), Valid: l.Cost.Valid}); err != nil {
			return err
		}
	}
	if len(t.Lines) < t.q.Calls {
		t.Rest = RunRest{}
		return nil
	}
	return t.ask(ctx, t.count(), func(cells []*string) (err error) {
		t.Rest.Lines, err = wholeOf(cells[0])
		if t.Rest.Lines -= int64(len(t.Lines)); t.Rest.Lines == 0 {
			t.Rest = RunRest{}
		}
		return err
	})
}

// standingLines is the head of a statement with the lines of the tree that stand.
func (c *compiler) standingLines(names []string) string {
	part := func(table, open string) string {
		where := strings.Join(append(c.conditions(), "run IN ("+c.list(names)+")"), " AND ")
		taken := strings.Join(append(c.conditions(), "run IN ("+c.list(names)+")"), " AND ")
		return fmt.Sprintf("SELECT *, %s AS open\n\tFROM (SELECT %s FROM %s WHERE NOT reverses AND %s) AS told\n\tWHERE id NOT IN (SELECT corrects FROM %s WHERE reverses AND %s)",
			open, strings.Join(runLineColumns(), ", "), table, where, table, taken)
	}
	return "WITH standing AS (\n\t" + part(Charges().Name, "0") + "\n\tUNION ALL\n\t" + part(OpenCalls().Name, "1") + "\n)\n"
}

func runLineColumns() []string {
	columns := []string{
		"id", "run", "step", "attempt_id", "kind", "category", "seller", "model", "requested_model", "agent", "status", "price_state", "usage_source",
		"price_book", "facts", "currency", "used_at", "started_at", "first_token_at", "ended_at", "booked_at",
		"calls", "prompt_tokens", "cached_tokens", "completion_tokens", "reporting", "exposure", "list",
	}
	for k := range spend.Components {
		columns = append(columns, "cost_"+k.String())
	}
	return columns
}

func (t *tree) count() Statement {
	c := &compiler{dialect: t.dialect, query: t.query}
	return c.finish(c.standingLines(t.names) + "SELECT " + t.dialect.AsText("count(*)") + "\nFROM standing")
}

func (t *tree) standing() Statement {
	c, d := &compiler{dialect: t.dialect, query: t.query}, t.dialect
	columns := []string{"run", "step", d.AsText("open"), d.AsText("attempt_id"), "kind", "category", "seller",
		"CASE WHEN model <> '' THEN model ELSE requested_model END", "agent", "status", "price_state", "usage_source", "price_book", "facts", "currency"}
	for _, moment := range []string{"used_at", "started_at", "first_token_at", "ended_at", "booked_at"} {
		columns = append(columns, d.AsText(d.Micros(moment)))
	}
	for _, sum := range []string{"calls", "prompt_tokens", "cached_tokens", "completion_tokens", "reporting", "exposure", "list"} {
		columns = append(columns, d.AsText(sum))
	}
	for k := range spend.Components {
		columns = append(columns, d.AsText("cost_"+k.String()))
	}
	return c.finish(fmt.Sprintf("%sSELECT %s\nFROM standing\nORDER BY coalesce(started_at, used_at), attempt_id, id\nLIMIT %d",
		c.standingLines(t.names), strings.Join(columns, ", "), t.q.Calls))
}

func (t *tree) addLine(cells []*string) (err error) {
	at, known := t.node[[2]string{textOf(cells[0]), textOf(cells[1])}]
	if !known {
		return nil
	}
	l := RunLine{Node: at, Open: textOf(cells[2]) == "1"}
	if l.Attempt, err = idOf(cells[3]); err != nil {
		return err
	}
	for i, into := range []*string{
		&l.Kind, (*string)(&l.Category), &l.Seller, &l.Model, &l.Agent, (*string)(&l.Status), (*string)(&l.PriceState), (*string)(&l.Usage),
		&l.PriceBook, &l.Facts, (*string)(&l.Currency),
	} {
		*into = textOf(cells[4+i])
	}
	errs := []error{l.times(cells[15:20])}
	for i, into := range []*int64{&l.Calls, &l.Prompt, &l.Cached, &l.Completion} {
		*into, err = wholeOf(cells[20+i])
		errs = append(errs, err)
	}
	errs = append(errs, l.money(cells[24:]))
	t.Lines = append(t.Lines, l)
	return errors.Join(errs...)
}

func (l *RunLine) times(cells []*string) error {
	var errs []error
	for i, into := range []*time.Time{&l.Used, &l.Started, &l.FirstToken, &l.Ended, &l.Booked} {
		micros, err := wholeOf(cells[i])
		if errs = append(errs, err); cells[i] != nil {
			*into = time.UnixMicro(micros).UTC()
		}
	}
	return errors.Join(errs...)
}

func (l *RunLine) money(cells []*string) (err error) {
	var errs []error
	exposure := money.Null{}
	for i, into := range []*money.Null{&l.Cost, &exposure, &l.List} {
		*into, err = amountOf(cells[i])
		errs = append(errs, err)
	}
	l.Exposure, l.Parts = exposure.Amount, map[string]money.Amount{}
	for k := range spend.Components {
		part, err := amountOf(cells[3+k])
		if errs = append(errs, err); !part.Amount.IsZero() {
			l.Parts[k.String()] = part.Amount
		}
	}
	return errors.Join(errs...)
}
