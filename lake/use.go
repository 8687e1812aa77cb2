package lake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Use is what lines of the metered book used that nobody tells apart: as much of
// one line as limits count, with the sums of all.
type Use struct {
	spend.Charge       // scope, seller, region, kind, requested model, time of use, money, calls, notional flag
	Tokens       int64 // prompt and completion
}

// Uses asks what was used. Lines are one use when they agree in every dimension
// that is asked for, in the measures that are unknown, in the sign of their exposure,
// and in the slices of time.
type Uses struct {
	By     []string        // fields of the scope, seller, model, region, kind
	Tags   []string        // names of tags
	From   time.Time       // first time of use
	Runs   time.Time       // also every line of the runs that were used since; zero for none
	Slices []time.Duration // lengths whose multiples since 1970 part the time, beside quarters of an hour
	Apart  bool            // each line is a use of its own, since sums round differently
}

// useModel is the model by which a line is priced.
const useModel = "CASE WHEN served_model <> '' THEN served_model ELSE requested_model END"

// columns are the dimensions as SQL.
func (u *Uses) columns(c *compiler) (all []string, err error) {
	for _, by := range u.By {
		switch {
		case by == "model":
			all = append(all, useModel)
		case slices.Contains(spend.ScopeFields(), by) || slices.Contains([]string{"seller", "region", "kind"}, by):
			all = append(all, by)
		default:
			return nil, spend.Errorf(spend.KindInternal, "sum what was used", "there is no dimension %.40q", by)
		}
	}
	for _, tag := range u.Tags {
		all = append(all, c.dialect.MapText("tags", c.argument(tag)))
	}
	return append(all, "CASE WHEN credential <> '' THEN '(some)' ELSE '' END", "currency", "CASE WHEN flags LIKE '%notional%' THEN 'notional' ELSE '' END"), nil
}

// measures are the additive columns, those that may be unknown first.
func useMeasures() []string {
	return []string{"list", "contracted", "effective", "reporting", "exposure", "calls", "prompt_tokens + completion_tokens"}
}

func (u *Uses) statement(d Dialect) (Statement, error) {
	c := &compiler{dialect: d}
	columns, err := u.columns(c)
	if err != nil {
		return Statement{}, err
	}
	sum, first := "sum(%s)", "min(used_at)"
	if u.Apart {
		sum, first = "%s", "used_at"
	}
	keys := columns
	for _, measure := range useMeasures()[:4] {
		keys = append(keys, fmt.Sprintf("CASE WHEN %s IS NULL THEN 1 ELSE 0 END", measure))
	}
	keys = append(keys, "CASE WHEN exposure > 0 THEN 1 WHEN exposure < 0 THEN -1 ELSE 0 END")
	for _, slice := range append([]time.Duration{15 * time.Minute}, u.Slices...) {
		keys = append(keys, d.Divide(d.Micros("used_at")+" * 1000", int64(max(slice, 1))))
	}
	n := len(keys)
	selected := append(slices.Clone(keys), d.AsText(d.Micros(first)))
	for _, measure := range useMeasures() {
		selected = append(selected, d.AsText(fmt.Sprintf(sum, measure)))
	}
	text := fmt.Sprintf("SELECT %s\nFROM charges\nWHERE book = 'metered' AND %s", strings.Join(selected, ", "), u.since(d))
	if !u.Apart {
		text += "\nGROUP BY " + ordinals(n)
	}
	return c.finish(text), nil
}

func (u *Uses) since(d Dialect) string {
	text := "used_at >= " + d.Moment(micros(u.From))
	if !u.Runs.IsZero() {
		text = fmt.Sprintf("(%s OR run IN (SELECT run FROM charges WHERE run <> '' AND used_at >= %s))", text, d.Moment(micros(u.Runs)))
	}
	return text
}

// EachUse calls f for what was used, in no order; an error of f ends it.
func EachUse(ctx context.Context, r Reader, u Uses, f func(*Use) error) error {
	s, err := u.statement(r.Dialect())
	if err != nil {
		return err
	}
	return r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, s, func(cells []*string) error {
			use, err := u.read(cells)
			if err != nil {
				return err
			}
			return f(&use)
		})
	})
}

// read reads a row of the statement.
func (u *Uses) read(cells []*string) (use Use, err error) {
	use.Book = spend.Metered
	for i, by := range u.By {
		*use.dimension(by) = textOf(cells[i])
	}
	cells = cells[len(u.By):]
	for i, tag := range u.Tags {
		if value := textOf(cells[i]); value != "" {
			if use.Scope.Tags == nil {
				use.Scope.Tags = map[string]string{}
			}
			use.Scope.Tags[tag] = value
		}
	}
	cells = cells[len(u.Tags):]
	if use.Scope.Credential == "" {
		use.Scope.Credential = textOf(cells[0])
	}
	use.Currency = money.Currency(textOf(cells[1]))
	if textOf(cells[2]) != "" {
		use.Flags |= spend.Notional
	}
	return use, use.sums(cells[len(cells)-1-len(useMeasures()):])
}

// dimension gives the field of a dimension.
func (u *Use) dimension(by string) *string {
	switch by {
	case "seller":
		return &u.Seller
	case "model":
		return &u.RequestedModel
	case "region":
		return &u.Region
	case "kind":
		return &u.Kind
	}
	return u.Scope.Field(by)
}

func (u *Use) sums(cells []*string) error {
	at, err := wholeOf(cells[0])
	u.UsedAt = time.UnixMicro(at).UTC()
	errs := []error{err}
	var exposure money.Null
	for i, into := range []*money.Null{&u.List, &u.Contracted, &u.Effective, &u.Reporting, &exposure} {
		*into, err = amountOf(cells[1+i])
		errs = append(errs, err)
	}
	u.Exposure = exposure.Amount
	u.Calls, err = wholeOf(cells[6])
	errs = append(errs, err)
	u.Tokens, err = wholeOf(cells[7])
	return errors.Join(append(errs, err)...)
}
