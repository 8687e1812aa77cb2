package duck_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

func figures(t *testing.T, r lake.Reader) map[string]string {
	t.Helper()
	found, err := lake.Figures(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func openCopy(t *testing.T, path string) *duck.Copy {
	t.Helper()
	c, err := duck.OpenCopy(path, duck.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestCopyHoldsOneInstant copies while another goroutine appends and a reader holds
// an old snapshot. The copy holds what was seen while appends waited.
func TestCopyHoldsOneInstant(t *testing.T) {
	t.Parallel()
	l := open(t)
	g := laketest.NewGenerator(5)
	appendLines := func(n int) error { return l.Append(t.Context(), lake.Batch{Charges: g.Charges(n)}) }
	if err := appendLines(3000); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	path := filepath.Join(t.TempDir(), "lake.duckdb")
	var before map[string]string
	err := l.Snapshot(t.Context(), func(ask lake.Ask) error { // a reader with a snapshot from before
		if err := ask(t.Context(), lake.Statement{Text: "SELECT 'one' FROM charges LIMIT 1"}, func([]*string) error { return nil }); err != nil {
			return err
		}
		if err := appendLines(500); err != nil {
			return err
		}
		return l.CopyTo(t.Context(), path, func() error {
			go func() { done <- appendLines(700) }()
			before = figures(t, l)
			return nil
		})
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	if before["offsets.rows"] != "0" || before["charges.metered.USD.rows"] == "" {
		t.Errorf("no figures: %v", before)
	}
	if got := count(t, l); got != 4200 {
		t.Errorf("%d lines after the copy, want 4200", got)
	}
	for range 2 { // two readers of one copy
		if diff := cmp.Diff(before, figures(t, openCopy(t, path))); diff != "" {
			t.Errorf("the copy holds something else (-lake +copy):\n%s", diff)
		}
	}
	others, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(others) != 1 {
		t.Errorf("reading a copy left %v, %v", others, err)
	}
	var lines []spend.ID
	err = openCopy(t, path).Snapshot(t.Context(), func(ask lake.Ask) error {
		return ask(t.Context(), lake.Statement{Text: "DELETE FROM charges"}, func([]*string) error { return nil })
	})
	if err == nil {
		t.Errorf("a copy was changed: %v", lines)
	}
}

func TestCopyFails(t *testing.T) {
	t.Parallel()
	l := open(t)
	path := filepath.Join(t.TempDir(), "copy.duckdb")
	stop := errors.New("stop")
	if err := l.CopyTo(t.Context(), path, func() error { return stop }); !errors.Is(err, stop) {
		t.Errorf("want the error of what was held, got %v", err)
	}
	if err := l.CopyTo(t.Context(), path, func() error { return nil }); err == nil {
		t.Error("a copy replaced a file")
	}
	if err := l.Append(t.Context(), lake.Batch{Charges: laketest.NewGenerator(1).Charges(3)}); err != nil {
		t.Errorf("the lake does not go on: %v", err)
	}
}

func TestOpenCopyRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no lake ", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	execFile(t, dir, "CREATE TABLE meta (name VARCHAR, value VARCHAR)", "INSERT INTO meta VALUES ('schema', '99')")
	for path, kind := range map[string]spend.Kind{
		text: spend.KindInternal, filepath.Join(dir, "missing"): spend.KindNotFound, filepath.Join(dir, "a?b"): spend.KindInvalid,
		filepath.Join(dir, "lake.duckdb"): spend.KindConflict,
	} {
		if _, err := duck.OpenCopy(path, duck.Options{}); spend.KindOf(err) != kind {
			t.Errorf("%s: want %s, got %v", path, kind, err)
		}
	}
}
