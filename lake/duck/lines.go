package duck

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// EachLine streams every line, reversals included, in no order: what any question may be
// checked against. The first error of f ends it.
func (l *Lake) EachLine(ctx context.Context, f func(*spend.Charge) error) error {
	t := lake.Charges().Stored()
	return l.eachCharge(ctx, fmt.Sprintf("SELECT %s FROM %s", strings.Join(t.Names(), ", "), t.Name), nil, f)
}

// eachCharge streams what a statement finds, whose columns are all of the stored ones. The
// first error of f ends it.
func (l *Lake) eachCharge(ctx context.Context, text string, args []any, f func(*spend.Charge) error) error {
	var first error
	err := l.rows(ctx, text, args, func(rows *sql.Rows) error {
		return scanAll(rows, lake.Charges().Stored(), func(c *spend.Charge) {
			if first == nil {
				first = f(c)
			}
		})
	})
	if err != nil {
		return err
	}
	return first
}

// EachReported streams the metered usage of a window for which a source says a cost of
// its own, and beside it what such a source says no cost of; reversals included, in no
// order. What our gateway saw has no cost but ours. The first error of f ends it.
func (l *Lake) EachReported(ctx context.Context, within lake.Window, f func(*spend.Charge) error) error {
	where, args := lake.ReportedLines(), []any{}
	if !within.From.IsZero() {
		where, args = where+" AND used_at >= ?", append(args, within.From.UTC())
	}
	if !within.To.IsZero() {
		where, args = where+" AND used_at < ?", append(args, within.To.UTC())
	}
	t := lake.Charges().Stored()
	text := fmt.Sprintf("SELECT %s FROM charges WHERE %s", strings.Join(t.Names(), ", "), where)
	return l.eachCharge(ctx, text, args, f)
}

// Find gives the lines whose record a person would name by this text: its source
// key, the vendor's response id, the gateway's attempt id, or the attempt or line
// id; reversals included, oldest first, at most limit.
func (l *Lake) Find(ctx context.Context, text string, limit int) ([]spend.Charge, error) {
	where, args := "source_key = ? OR response = ? OR attempt = ?", []any{text, text, text}
	if id, err := spend.ParseID(text); err == nil {
		where, args = "attempt_id = CAST(? AS UUID) OR id = CAST(? AS UUID)", []any{id.String(), id.String()}
	}
	return all(ctx, l, lake.Charges(), fmt.Sprintf("%s ORDER BY booked_at, reverses DESC, id LIMIT %d", where, limit), args...)
}
