package state

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// step is one migration. Steps only go forward and are never edited: what is
// wrong with one is put right by the next.
type step struct {
	number int64
	name   string
	text   string
	digest string
}

const migrationsTable = `CREATE TABLE IF NOT EXISTS migrations (
    number     BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    applied_at BIGINT NOT NULL
)`

// embeddedMigrations reads 0001-name.sql, 0002-name.sql, … without a gap.
func embeddedMigrations() ([]step, error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, spend.Errorf(spend.KindInternal, "read the migrations", "%w", err)
	}
	steps := make([]step, 0, len(files))
	for i, file := range files {
		text, err := fs.ReadFile(migrationFiles, file)
		name := strings.TrimSuffix(strings.TrimPrefix(file, "migrations/"), ".sql")
		number := int64(i + 1)
		if err != nil {
			return nil, spend.Errorf(spend.KindInternal, "read the migrations", "%w", err)
		}
		if !strings.HasPrefix(name, fmt.Sprintf("%04d-", number)) {
			return nil, spend.Errorf(spend.KindInternal, "read the migrations", "%s is not number %d", file, number)
		}
		sum := sha256.Sum256(text)
		steps = append(steps, step{number, name, string(text), hex.EncodeToString(sum[:])})
	}
	return steps, nil
}

// migrate applies what is missing in one transaction, so that two processes that
// start at once, or one that dies half way, leave a whole schema.
func (s *Store) migrate(ctx context.Context, steps []step) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.exec(ctx, ask(migrationsTable)); err != nil {
			return err
		}
		applied, err := list(ctx, tx, ask(`SELECT number, name, digest FROM migrations ORDER BY number`), scanStep)
		if err != nil {
			return err
		}
		if err := sameHistory(applied, steps); err != nil {
			return err
		}
		for _, next := range steps[len(applied):] {
			if err := tx.apply(ctx, next); err != nil {
				return err
			}
		}
		return tx.reindex(ctx)
	})
}

func (tx *Tx) apply(ctx context.Context, next step) error {
	if err := tx.exec(ctx, ask(next.text)); err != nil {
		return spend.Errorf(spend.KindInternal, "migrate the state", "%s: %w", next.name, err).
			WithHint("nothing was changed; start the version that ran before and report this")
	}
	return tx.exec(ctx, ask(`INSERT INTO migrations (number, name, digest, applied_at) VALUES (?, ?, ?, ?)`,
		next.number, next.name, next.digest, micros(tx.now)))
}

func scanStep(scan scanner) (m step, err error) {
	return m, scan(&m.number, &m.name, &m.digest)
}

// sameHistory says that what was applied is how the known steps begin.
func sameHistory(applied, known []step) error {
	if len(applied) > len(known) {
		return spend.Errorf(spend.KindConflict, "open the state", "it has %d migrations and this version knows %d", len(applied), len(known)).
			WithHint("a newer Bursar wrote it: start that one, or restore a backup of this version")
	}
	for i, m := range applied {
		if m.digest != known[i].digest {
			return spend.Errorf(spend.KindConflict, "open the state", "migration %s is not the one of this version", m.name).
				WithHint("another build wrote it: start that one, or restore a backup")
		}
	}
	return nil
}

// Schema is the number of the last migration that this version knows.
func Schema() int {
	steps, err := embeddedMigrations()
	if err != nil {
		return 0
	}
	return len(steps)
}
