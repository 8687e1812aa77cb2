package lake

import (
	"context"
	"strings"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Tells says whether a source has told of any line.
func Tells(ctx context.Context, r Reader, source string) (bool, error) {
	c := compiler{dialect: r.Dialect()}
	text := "SELECT source FROM charges WHERE source = " + c.argument(source) + " LIMIT 1"
	return some(ctx, r, c.finish(text))
}

// Holds says whether there is any line.
func Holds(ctx context.Context, r Reader) (bool, error) {
	return some(ctx, r, Statement{Text: "SELECT source FROM charges LIMIT 1"})
}

// Counted lists the definitions that outcomes stand under, or once did.
func Counted(ctx context.Context, r Reader) (map[outcome.Name]bool, error) {
	found := map[outcome.Name]bool{}
	err := r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, Statement{Text: "SELECT DISTINCT definition, version FROM outcomes"}, func(cells []*string) error {
			version, err := wholeOf(cells[1])
			found[outcome.Name{ID: textOf(cells[0]), Version: int(version)}] = true
			return err
		})
	})
	return found, err
}

// Exchanged says whether an exchange rate has converted any line that a question
// is about.
func Exchanged(ctx context.Context, r Reader, q *spend.Query) (bool, error) {
	if err := q.Validate(); err != nil {
		return false, err
	}
	found := false
	err := r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		if err := a.daysMark(ctx); err != nil {
			return err
		}
		c := a.rolled(&compiler{dialect: a.dialect, query: q})
		conditions := append(c.conditions(), "rate_fact <> ''", "rate_fact <> "+c.argument(exchange.Par().Fact))
		text := "SELECT source FROM " + c.source() + " WHERE " + strings.Join(conditions, " AND ") + " LIMIT 1"
		return ask(ctx, c.finish(text), func([]*string) error { found = true; return nil })
	})
	return found, err
}

// some says whether a statement has a row.
func some(ctx context.Context, r Reader, s Statement) (found bool, err error) {
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, s, func([]*string) error {
			found = true
			return nil
		})
	})
	return found, err
}
