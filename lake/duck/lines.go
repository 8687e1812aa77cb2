package duck

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// EachLine streams every line whose time of use lies in a window, reversals
// included, in no order. The first error of f is returned after the stream.
func (l *Lake) EachLine(ctx context.Context, within lake.Window, f func(*spend.Charge) error) error {
	t := lake.Charges().Stored()
	where, args := []string{"true"}, []any{}
	if !within.From.IsZero() {
		where, args = append(where, "used_at >= ?"), append(args, within.From.UTC())
	}
	if !within.To.IsZero() {
		where, args = append(where, "used_at < ?"), append(args, within.To.UTC())
	}
	var first error
	text := fmt.Sprintf("SELECT %s FROM %s WHERE %s", strings.Join(t.Names(), ", "), t.Name, strings.Join(where, " AND "))
	err := l.rows(ctx, text, args, func(rows *sql.Rows) error {
		return scanAll(rows, t, func(c *spend.Charge) {
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
