package state

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// CopyTo writes the state of one instant to a new file, which the caller syncs.
// Readers and writers go on meanwhile. What was deleted is not in it. It fails
// with exhausted when the disk is full.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return s.failed("copy the state", err)
	}
	if err := file.Close(); err != nil {
		return s.failed("copy the state", err)
	}
	return s.failed("copy the state", s.vacuumInto(ctx, path))
}

// vacuumInto uses a reading connection, so that writers need not wait for it.
func (s *Store) vacuumInto(ctx context.Context, path string) error {
	conn, err := s.reader.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "VACUUM INTO ?", path)
	_, back := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only = 1")
	return errors.Join(err, back)
}

// Sound says what the engine finds wrong with its own file, nothing when it is
// whole.
func (s *Store) Sound(ctx context.Context) ([]string, error) { return sound(ctx, s.reader) }

// Copy is a file that CopyTo has written, opened to be read alone.
type Copy struct{ store *Store }

// OpenCopy opens a copy. The error is of kind conflict when a newer Bursar wrote
// it, and internal when it is damaged.
func OpenCopy(ctx context.Context, path string) (*Copy, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "open copy of the state", "%w", err)
	}
	reader, err := sql.Open("sqlite", fileURL(path)+"?mode=ro&immutable=1&_pragma=query_only(1)")
	if err != nil {
		return nil, spend.Errorf(spend.KindInternal, "open copy of the state", "%w", err)
	}
	c := &Copy{&Store{dialect: SQLite(), reader: reader}}
	if err := c.known(ctx); err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	return c, nil
}

// known checks that the copy is whole and of a schema of this version.
func (c *Copy) known(ctx context.Context) error {
	problems, err := sound(ctx, c.store.reader)
	if err == nil && len(problems) > 0 {
		err = errors.New(strings.Join(problems, "; "))
	}
	if err != nil {
		return spend.Errorf(spend.KindInternal, "open copy of the state", "%w", err)
	}
	steps, err := embeddedMigrations()
	if err != nil {
		return err
	}
	return c.Read(ctx, func(tx *Tx) error {
		applied, err := list(ctx, tx, ask(`SELECT number, name, digest FROM migrations ORDER BY number`), scanStep)
		if err != nil {
			return err
		}
		return sameHistory(applied, steps)
	})
}

// Read runs a function in one snapshot of the copy.
func (c *Copy) Read(ctx context.Context, do func(*Tx) error) error {
	tx, err := c.store.reader.BeginTx(ctx, nil)
	if err != nil {
		return c.store.failed("read copy of the state", err)
	}
	defer tx.Rollback()
	return do(&Tx{tx: tx, store: c.store})
}

// Close ends it.
func (c *Copy) Close() error { return c.store.reader.Close() }

// Figures counts the rows of every table.
func (tx *Tx) Figures(ctx context.Context) (map[string]string, error) {
	figures := map[string]string{}
	tables, err := list(ctx, tx, ask(tx.store.dialect.Tables), scanText)
	for _, table := range tables {
		var rows []int64
		if err == nil {
			rows, err = list(ctx, tx, ask(`SELECT count(*) FROM "`+table+`"`), scanCount)
		}
		if err != nil {
			return nil, err
		}
		figures[table+".rows"] = strconv.FormatInt(rows[0], 10)
	}
	return figures, err
}

func scanText(scan scanner) (text string, err error) { return text, scan(&text) }

func scanCount(scan scanner) (n int64, err error) { return n, scan(&n) }

func sound(ctx context.Context, db *sql.DB) (problems []string, err error) {
	rows, err := db.QueryContext(ctx, "PRAGMA quick_check")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		if line != "ok" {
			problems = append(problems, line)
		}
	}
	return problems, rows.Err()
}
