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
