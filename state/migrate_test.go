package state_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func migrationFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	return files
}

func text(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// raw opens a database file without the store.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%.60s: %v", query, err)
	}
}

// writtenBy makes a database as the first files left it, with their rows.
func writtenBy(t *testing.T, files []string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	db := raw(t, path)
	run(t, db, `CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)`)
	for i, file := range files {
		schema := text(t, file)
		sum := sha256.Sum256([]byte(schema))
		run(t, db, schema)
		run(t, db, `INSERT INTO migrations VALUES (?, ?, ?, 1)`, i+1, strings.TrimSuffix(filepath.Base(file), ".sql"), hex.EncodeToString(sum[:]))
		run(t, db, text(t, fmt.Sprintf("testdata/written-by-%04d.sql", i+1)))
	}
	return path
}

func TestEachMigrationSaysWhy(t *testing.T) {
	t.Parallel()
	for _, file := range migrationFiles(t) {
		if !strings.HasPrefix(text(t, file), "-- Why: ") {
			t.Errorf("%s does not begin with a comment that says why", file)
		}
	}
}

func TestOpensWhatEachMigrationWrote(t *testing.T) {
	t.Parallel()
	files := migrationFiles(t)
	for n := range len(files) + 1 {
		t.Run(fmt.Sprintf("%04d", n), func(t *testing.T) {
			t.Parallel()
			store := open(t, writtenBy(t, files[:n]), noon)
			err := store.Read(t.Context(), func(tx *state.Tx) error {
				for i, reads := range []func(context.Context, *state.Tx) error{readPeople, readAudit, readOrganisation, readApplied, readRates, readExternalIDs, readCostCentres, readRegister, readBounds, readNotices, readUpstreamKeys, readViews, readForecasts, readPeriods}[:n] {
					if err := reads(t.Context(), tx); err != nil {
						t.Errorf("rows of migration %d: %v", i+1, err)
					}
				}
				_, err := tx.Documents(t.Context())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func want(ok bool, got any) error {
	if ok {
		return nil
	}
	return fmt.Errorf("read back %+v", got)
}

func readPeople(ctx context.Context, tx *state.Tx) error {
	p, _, err := tx.PersonByExternalID(ctx, "sso:1")
	if err != nil {
		return err
	}
	token, _, err := tx.Token(ctx, "bbbbbbbb")
	if err != nil {
		return err
	}
	grants, err := tx.GrantsOf(ctx, p.Principal)
	return joinWant(err, p.Name == "Ada Known" && token.Scope.Application == "triage" && len(grants) == 1, []any{p, token, grants})
}

func readBounds(ctx context.Context, tx *state.Tx) error {
	token, _, err := tx.Token(ctx, "bbbbbbbb")
	b := auth.BoundsOf(&token)
	return joinWant(err, b.Workflow == "triage" && b.Allows("gpt-5-mini") && !b.Allows("gpt-4o"), token)
}

func readViews(ctx context.Context, tx *state.Tx) error {
	all, err := tx.Views(ctx, "person/aaaaaaaaaaaaaaaaaaaaaaaaaa")
	return joinWant(err, len(all) == 1 && all[0].Page == "/explore" && all[0].Query == "range=mtd&f=team:risk", all)
}

func readForecasts(ctx context.Context, tx *state.Tx) error {
	all, err := tx.EndedForecasts(ctx, "q1", noon(), 9)
	return joinWant(err, len(all) == 1 && all[0].ID == "f1" && all[0].Text == `{"rows":[]}`, all)
}

func readPeriods(ctx context.Context, tx *state.Tx) error {
	all, err := tx.ClosedPeriods(ctx)
	return joinWant(err, len(all) == 1 && all[0].Period == "2025-10" && all[0].By == "token/aaaaaaaa", all)
}

func readExternalIDs(ctx context.Context, tx *state.Tx) error {
	p, _, err := tx.PersonByExternalID(ctx, "sso:2")
	return joinWant(err, p.Name == "Bo Known", p)
}

func joinWant(err error, ok bool, got any) error {
	if err != nil {
		return err
	}
	return want(ok, got)
}

func readAudit(ctx context.Context, tx *state.Tx) error {
	check, err := auth.Verify(ctx, tx, auth.Head{})
	return joinWant(err, check.Entries == 2 && check.Broken == 0, check)
}

func readOrganisation(ctx context.Context, tx *state.Tx) error {
	units, err := tx.Units(ctx, "2026-01-01")
	if err != nil {
		return err
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	rate, _, err := tx.Rate(ctx, "rate-1")
	ok := rate.Rate.String() == "1.08" && rate.Basis == exchange.DayRate && rate.Day.String() == "2025-11-24"
	return joinWant(err, len(units) == 1 && settings.Zone == "Europe/Zurich" && ok, []any{units, settings, rate})
}

func readCostCentres(ctx context.Context, tx *state.Tx) error {
	units, err := tx.UnitHistory(ctx, organisation.Team, "letters")
	return joinWant(err, len(units) == 1 && units[0].CostCentre == "CC-7", units)
}

func readRegister(ctx context.Context, tx *state.Tx) error {
	d, err := tx.Register(ctx)
	if err != nil {
		return err
	}
	seen, err := tx.Seen(ctx)
	ok := len(d.Entries) == 1 && d.Entries[0].Team == "claims" && len(d.Aliases) == 1 && len(seen) == 1
	return joinWant(err, ok, []any{d, seen})
}

func readNotices(ctx context.Context, tx *state.Tx) error {
	told, err := tx.Told(ctx, time.Time{})
	if err != nil {
		return err
	}
	all, err := tx.Notices(ctx, "", 9)
	return joinWant(err, len(told) == 1 && told[0].ID == "c1" && len(all) == 1 && all[0].Channel == "room", []any{told, all})
}

func readUpstreamKeys(ctx context.Context, tx *state.Tx) error {
	kept, err := tx.UpstreamKeys(ctx)
	return joinWant(err, len(kept) == 1 && kept[0].Name == "openai" && kept[0].Box == "bursar1.0a1b2c3d.AAAA", kept)
}

func readRates(ctx context.Context, tx *state.Tx) error {
	rate, _, err := tx.Rate(ctx, "rate-2")
	ok := rate.Basis == exchange.InvoiceRate && rate.Seller == "acme" && rate.Account == "eu" && rate.Period == "2025-11"
	return joinWant(err, ok, rate)
}

func readApplied(ctx context.Context, tx *state.Tx) error {
	document, _, err := tx.Document(ctx, "teams")
	if err != nil {
		return err
	}
	response, found, err := tx.Recall(ctx, state.Request{Scope: "period.close", Key: "k1", Digest: "d1"})
	return joinWant(err, document.YAML == "a: 1" && found && response == "closed", []any{document, response})
}

func refusedOpen(t *testing.T, path string, kind spend.Kind) {
	t.Helper()
	store, err := state.OpenSQLite(t.Context(), path, noon)
	if err == nil {
		store.Close()
	}
	if err == nil || spend.KindOf(err) != kind || spend.HintOf(err) == "" {
		t.Errorf("want an error of kind %s with a hint, got %v", kind, err)
	}
}

func TestRefusesForeignHistory(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"newer":  `INSERT INTO migrations VALUES (99, '0099-later', 'd', 1)`,
		"edited": `UPDATE migrations SET digest = 'other' WHERE number = 2`,
		"gap":    `DELETE FROM migrations WHERE number = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := writtenBy(t, migrationFiles(t))
			run(t, raw(t, path), change)
			refusedOpen(t, path, spend.KindConflict)
		})
	}
}

func TestAFailedMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	db := raw(t, path)
	run(t, db, `CREATE TABLE audit (somebody_elses TEXT)`)
	refusedOpen(t, path, spend.KindInternal)
	var tables int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_master WHERE type = 'table'`).Scan(&tables); err != nil || tables != 1 {
		t.Errorf("want the one table that was there, got %d (%v)", tables, err)
	}
}
