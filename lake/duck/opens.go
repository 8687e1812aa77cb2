package duck

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Opened gives the lines of attempts that are open: those that no line reverses.
func (l *Lake) Opened(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error) {
	if len(attempts) == 0 {
		return nil, nil
	}
	lines, err := all(ctx, l, lake.OpenCalls(), "attempt_id IN "+wanted, joined(attempts))
	if err != nil {
		return nil, err
	}
	return current(lines), nil
}

// EachOpened streams the line of every open call.
func (l *Lake) EachOpened(ctx context.Context, f func(*spend.Charge)) error {
	t := lake.OpenCalls().Stored()
	text := fmt.Sprintf("SELECT %s FROM %s WHERE NOT reverses AND id NOT IN (SELECT corrects FROM %[2]s WHERE reverses)",
		strings.Join(t.Names(), ", "), t.Name)
	return l.rows(ctx, text, nil, func(rows *sql.Rows) error { return scanAll(rows, t, f) })
}
