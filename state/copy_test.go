package state_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func TestCopyHoldsOneInstant(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "state.db"), noon)
	person := func(name string) string {
		id := auth.NewPrincipal()
		write(t, store, func(tx *state.Tx) error { return tx.PutPerson(t.Context(), state.Person{Principal: id, Name: name}) })
		return id
	}
	kept, gone := person("Kept-Name"), person("Gone-Name")
	write(t, store, func(tx *state.Tx) error {
		_, err := auth.Erase(t.Context(), tx, auth.System(), gone)
		return err
	})
	dir := t.TempDir()
	path := filepath.Join(dir, "a copy?.db")
	var before map[string]string
	err := store.Read(t.Context(), func(tx *state.Tx) (err error) {
		before, err = tx.Figures(t.Context())
		write(t, store, func(tx *state.Tx) error {
			return tx.PutPerson(t.Context(), state.Person{Principal: auth.NewPrincipal()})
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.CopyTo(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	late := person("Late-Name")
	c := openCopy(t, path)
	err = c.Read(t.Context(), func(tx *state.Tx) error {
		after, err := tx.Figures(t.Context())
		if before["people.rows"] == after["people.rows"] || before["audit.rows"] != "1" || after["migrations.rows"] != before["migrations.rows"] {
			t.Errorf("before the copy %v, in it %v", before, after)
		}
		if _, found, _ := tx.Person(t.Context(), kept); !found {
			t.Error("a person is missing in the copy")
		}
		if _, found, _ := tx.Person(t.Context(), late); found {
			t.Error("the copy has what came after it")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if inFiles(t, dir, "Gone-Name") || !inFiles(t, dir, "Kept-Name") {
		t.Error("the copy holds an erased name, or not the other one")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if diff := cmp.Diff([]string{path}, files); diff != "" || err != nil {
		t.Errorf("reading a copy leaves other files: %s %v", diff, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is open to others: %v, %v", info.Mode(), err)
	}
	if problems, err := store.Sound(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("a sound store has %v, %v", problems, err)
	}
	if err := store.CopyTo(t.Context(), path); err == nil {
		t.Error("a copy replaced a file")
	}
}

func openCopy(t *testing.T, path string) *state.Copy {
	t.Helper()
	c, err := state.OpenCopy(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestOpenCopyRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, filepath.Join(dir, "state.db"), noon)
	newer, torn := filepath.Join(dir, "newer.db"), filepath.Join(dir, "torn.db")
	if err := store.CopyTo(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(newer)
	if err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, newer), `INSERT INTO migrations SELECT 99, 'x', 'x', 0`)
	if err := os.WriteFile(torn, bytes.Replace(b, b[5000:9000], bytes.Repeat([]byte{0xff}, 4000), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, kind := range map[string]spend.Kind{newer: spend.KindConflict, torn: spend.KindInternal, filepath.Join(dir, "missing"): spend.KindNotFound} {
		c, err := state.OpenCopy(t.Context(), path)
		if spend.KindOf(err) != kind {
			t.Errorf("%s: want %s, got %v", strings.TrimPrefix(path, dir), kind, err)
		}
		if err == nil {
			c.Close()
		}
	}
}
