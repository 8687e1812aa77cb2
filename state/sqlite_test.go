package state_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	if _, err := state.OpenSQLite(t.Context(), "", noon); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("no path: %v", err)
	}
	if _, err := state.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "s.db"), nil); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("no clock: %v", err)
	}
	refusedOpen(t, filepath.Join(t.TempDir(), "missing", "s.db"), spend.KindUnavailable)
	torn := filepath.Join(t.TempDir(), "torn.db")
	if err := os.WriteFile(torn, bytes.Repeat([]byte("no database"), 500), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := state.OpenSQLite(t.Context(), torn, noon); err == nil {
		t.Error("opened a file that is no database")
	}
}

func TestPathsAreNoSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a?mode=memory&x=%41 #b.db")
	open(t, path, noon)
	for _, file := range []string{path, path + "-wal"} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is open to others: %s", file, info.Mode())
		}
	}
}

func TestDialect(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	store := open(t, path, noon)
	d := store.Dialect()
	db := raw(t, path)
	run(t, db, `INSERT INTO audit VALUES (1, '', '')`)
	_, unique := db.Exec(`INSERT INTO audit VALUES (1, '', '')`)
	_, null := db.Exec(`INSERT INTO audit VALUES (2, NULL, '')`)
	holder, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback()
	if _, err := holder.Exec(`DELETE FROM audit`); err != nil {
		t.Fatal(err)
	}
	_, busy := raw(t, path).Exec(`DELETE FROM audit`)
	got := fmt.Sprint(d.Name, d.Rebind("a = ?"), d.IsUnique(unique), d.IsUnique(null), d.IsUnique(busy), d.IsBusy(busy), d.IsBusy(unique), d.IsBusy(nil))
	if want := fmt.Sprint("sqlite", "a = ?", true, false, false, true, false, false); got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

// TestErasedBytesAreGone looks for an erased person in the bytes of every file.
func TestErasedBytesAreGone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := open(t, filepath.Join(folder, "state.db"), noon)
	const canary = "Quintilla-Canary"
	var ids []string
	for i := range 60 {
		id := auth.NewPrincipal()
		ids = append(ids, id)
		write(t, store, func(tx *state.Tx) error {
			name := fmt.Sprintf("%s-%03d", canary, i)
			return tx.PutPerson(t.Context(), state.Person{Principal: id, Name: name, Email: name + "@example.org", ExternalIDs: []string{name}})
		})
	}
	if !inFiles(t, folder, canary) {
		t.Fatal("the canary was never written, so that its absence would prove nothing")
	}
	for _, id := range ids {
		write(t, store, func(tx *state.Tx) error {
			_, err := auth.Erase(t.Context(), tx, auth.System(), id)
			return err
		})
	}
	if inFiles(t, folder, canary) {
		t.Error("the name of an erased person is still in a file")
	}
}

func TestAReaderOnlyDelaysTheScrub(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := open(t, filepath.Join(folder, "state.db"), noon)
	id := auth.NewPrincipal()
	write(t, store, func(tx *state.Tx) error {
		return tx.PutPerson(t.Context(), state.Person{Principal: id, Name: "Lingering-Name"})
	})
	err := store.Read(t.Context(), func(tx *state.Tx) error {
		if _, _, err := tx.Person(t.Context(), id); err != nil {
			return err
		}
		write(t, store, func(tx *state.Tx) error {
			_, err := auth.Erase(t.Context(), tx, auth.System(), id)
			return err
		})
		if err := store.Scrub(t.Context()); spend.KindOf(err) != spend.KindUnavailable {
			t.Errorf("scrubbed under a reader: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, store, func(*state.Tx) error { return nil })
	if inFiles(t, folder, "Lingering-Name") {
		t.Error("the next write did not scrub")
	}
}

func write(t *testing.T, store *state.Store, do func(*state.Tx) error) {
	t.Helper()
	if err := store.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func inFiles(t *testing.T, folder, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

// TestTamperingIsFound changes each column, and each field inside the bytes, of
// each entry behind the store's back.
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	store := open(t, path, noon)
	var head auth.Head
	for range 3 {
		write(t, store, func(tx *state.Tx) (err error) {
			head, err = auth.Append(t.Context(), tx, auth.Note{
				Who: auth.System(), Action: auth.BudgetChange, Target: "budget/7", Before: auth.DigestOf("a"), After: auth.DigestOf("b"),
			})
			return err
		})
	}
	db := raw(t, path)
	for _, change := range []string{
		`UPDATE audit SET seq = 9 WHERE seq = ?`,
		`UPDATE audit SET hash = 'x' WHERE seq = ?`,
		`UPDATE audit SET hash = upper(hash) WHERE seq = ?`,
		`UPDATE audit SET entry = entry || ' ' WHERE seq = ?`,
		`UPDATE audit SET entry = '' WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, '"seq":', '"seq":1') WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, '"previous":"', '"previous":"0') WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, '"at":', '"at":1') WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, '"who":"system"', '"who":"person/x"') WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, 'budget.change', 'budget.read') WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, 'budget/7', 'budget/8') WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, '"before":"', '"before":"0') WHERE seq = ?`,
		`UPDATE audit SET entry = replace(entry, '"after":"', '"after":"0') WHERE seq = ?`,
		`DELETE FROM audit WHERE seq = ?`,
	} {
		for seq := range int64(3) {
			if got := brokenAfter(t, db, change, seq+1, head); got != seq+1 {
				t.Errorf("%s of %d: entry %d was named", change, seq+1, got)
			}
		}
	}
}

// brokenAfter makes a change in a transaction, asks which entry is broken, and
// undoes the change.
func brokenAfter(t *testing.T, db *sql.DB, change string, seq int64, head auth.Head) int64 {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	result, err := tx.Exec(change, seq)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("%s changed %d rows (%v)", change, n, err)
	}
	check, err := auth.Verify(t.Context(), rawTrail{tx}, head)
	if err != nil {
		t.Fatal(err)
	}
	return check.Broken
}

type rawTrail struct{ tx *sql.Tx }

func (r rawTrail) AuditAfter(ctx context.Context, seq int64, limit int) (all []auth.AuditRow, err error) {
	rows, err := r.tx.QueryContext(ctx, `SELECT seq, entry, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a auth.AuditRow
		if err := rows.Scan(&a.Seq, &a.Entry, &a.Hash); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

func TestHostileTextIsData(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "state.db"), noon)
	const nasty = `x'; DROP TABLE people; --?$1` + "\x00" + `"é` + "\u202e"
	write(t, store, func(tx *state.Tx) error {
		return tx.PutPerson(t.Context(), state.Person{Principal: nasty, Name: nasty, ExternalIDs: []string{nasty}})
	})
	err := store.Read(t.Context(), func(tx *state.Tx) error {
		p, found, err := tx.Person(t.Context(), nasty)
		if !found || p.Name != nasty || p.ExternalIDs[0] != nasty {
			t.Errorf("read back %+v", p)
		}
		_, injected, _ := tx.Token(t.Context(), `' OR '1'='1`)
		if injected {
			t.Error("a quote in a prefix found a token")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestACancelledWriteIsUnavailable(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "state.db"), noon)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := store.Write(ctx, func(*state.Tx) error { return errors.New("ran") })
	if spend.KindOf(err) != spend.KindUnavailable {
		t.Errorf("want unavailable, got %v", err)
	}
}
