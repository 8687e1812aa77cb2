package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/bursarhq/bursar/lake"
)

// Query runs one statement and calls row with the cells of each row, nil for
// NULL. Cancelling the context interrupts the engine.
func (l *Lake) Query(ctx context.Context, s lake.Statement, row func(cells []*string) error) error {
	return l.Snapshot(ctx, func(ask lake.Ask) error { return ask(ctx, s, row) })
}

// Snapshot lets f ask several statements of one state of the lake, on one
// reading connection.
func (l *Lake) Snapshot(ctx context.Context, f func(lake.Ask) error) error {
	conn, err := l.reads.Conn(ctx)
	if err != nil {
		return failed("query lake", err)
	}
	defer conn.Close()
	tx, err := begin(ctx, conn)
	if err != nil {
		return failed("query lake", err)
	}
	defer end(conn, tx)
	v := &view{memory: &l.memory, retired: l.memory.retired.Load(), tx: tx}
	return f(func(ctx context.Context, s lake.Statement, row func([]*string) error) error {
		if s.Reads != nil {
			return v.recall(ctx, s, row)
		}
		return run(ctx, tx, s, row)
	})
}

// begin opens a transaction whole, even for a question that is given up meanwhile: one
// that had begun in part would stay on the connection.
func begin(ctx context.Context, conn *sql.Conn) (*sql.Tx, error) {
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, errors.Join(err, discard(conn))
	}
	return tx, nil
}

// end closes a transaction that wrote nothing. A connection on which that fails, since the
// question's end was interrupted too, is nobody's any more.
func end(conn *sql.Conn, tx *sql.Tx) {
	if tx.Rollback() != nil {
		_ = discard(conn) // it says what discards it
	}
}

// discard keeps a connection from going back to the others.
func discard(conn *sql.Conn) error {
	return conn.Raw(func(any) error { return driver.ErrBadConn })
}

// run asks the engine.
func run(ctx context.Context, tx *sql.Tx, s lake.Statement, row func([]*string) error) error {
	rows, err := tx.QueryContext(ctx, s.Text, s.Args...)
	if err != nil {
		return failed("query lake", err)
	}
	defer rows.Close()
	if err := eachRow(rows, row); err != nil {
		return failed("query lake", err)
	}
	return nil
}

func eachRow(rows *sql.Rows, row func([]*string) error) error {
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]*string, len(names))
	into := make([]any, len(names))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := row(cells); err != nil {
			return err
		}
	}
	return rows.Err()
}
