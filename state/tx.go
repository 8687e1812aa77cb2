package state

import (
	"context"
	"database/sql"
	"time"
)

// Tx is a transaction with a fixed instant. It is good until the function that
// it was handed to returns, in that goroutine.
type Tx struct {
	tx     *sql.Tx
	store  *Store
	now    time.Time
	erased bool // something personal was deleted: scrub after the commit
	retold bool // a token was changed: forget those in memory after the commit
}

// Now is the instant of the transaction, UTC with microseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// question is a text with its arguments.
type question struct {
	text string
	args []any
}

func ask(text string, args ...any) question { return question{text, args} }

// scanner reads the columns of one row.
type scanner func(into ...any) error

func (tx *Tx) exec(ctx context.Context, q question) error {
	_, err := tx.change(ctx, q)
	return err
}

// change gives the number of rows that a statement touched.
func (tx *Tx) change(ctx context.Context, q question) (int64, error) {
	result, err := tx.tx.ExecContext(ctx, tx.store.dialect.Rebind(q.text), q.args...)
	if err != nil {
		return 0, tx.store.failed("write the state", err)
	}
	n, err := result.RowsAffected()
	return n, tx.store.failed("write the state", err)
}

// list reads every row of an answer.
func list[T any](ctx context.Context, tx *Tx, q question, read func(scanner) (T, error)) ([]T, error) {
	rows, err := tx.tx.QueryContext(ctx, tx.store.dialect.Rebind(q.text), q.args...)
	if err != nil {
		return nil, tx.store.failed("read the state", err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows.Scan)
		if err != nil {
			return nil, tx.store.failed("read the state", err)
		}
		all = append(all, one)
	}
	return all, tx.store.failed("read the state", rows.Err())
}

// first reads the first row of an answer, false when it has none.
func first[T any](ctx context.Context, tx *Tx, q question, read func(scanner) (T, error)) (T, bool, error) {
	all, err := list(ctx, tx, q, read)
	if err != nil || len(all) == 0 {
		var none T
		return none, false, err
	}
	return all[0], true, nil
}

// instant is a column of microseconds since 1970; 0 is the zero time, never.
type instant struct{ *time.Time }

// Scan reads the column.
func (i instant) Scan(from any) error {
	var n sql.NullInt64
	if err := n.Scan(from); err != nil {
		return err
	}
	*i.Time = time.Time{}
	if n.Int64 != 0 {
		*i.Time = time.UnixMicro(n.Int64).UTC()
	}
	return nil
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
