package duck_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func TestOpenLockedFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openAt(t, dir)
	_, err := duck.Open(dir, duck.Options{})
	if spend.KindOf(err) != spend.KindConflict || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) || spend.HintOf(err) == "" {
		t.Errorf("want a conflict that names this process and a hint, got %v", err)
	}
}

func TestOpenRefusesFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(t.TempDir(), "what?")} {
		if _, err := duck.Open(dir, duck.Options{}); err == nil {
			t.Errorf("%s was opened", dir)
		}
	}
}

// TestFilesAreTheirOwners opens a lake whose files others could read.
func TestFilesAreTheirOwners(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "lake.duckdb")
	for range 2 { // a new one, and one that was open to others
		l, err := duck.Open(dir, duck.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v, want 0600", info.Mode(), err)
		}
		if err := errors.Join(l.Close(), os.Chmod(path, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReopenKeepsLines(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := laketest.NewGenerator(3).Charges(10)
	l, err := duck.Open(dir, duck.Options{Threads: 1, MemoryLimit: "512MB"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Append(t.Context(), lake.Batch{Charges: want}), l.Close()); err != nil {
		t.Fatal(err)
	}
	if got := count(t, openAt(t, dir)); got != 10 {
		t.Errorf("%d lines after reopening, want 10", got)
	}
}

func count(t testing.TB, l *duck.Lake) (n int) {
	t.Helper()
	err := l.Query(t.Context(), lake.Statement{Text: "SELECT CAST(count(*) AS VARCHAR) FROM charges"}, func(cells []*string) error {
		_, err := fmt.Sscan(*cells[0], &n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestOpenOlderSchema opens a file whose charges have four columns.
func TestOpenOlderSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	execFile(t, dir, "CREATE TABLE charges (book VARCHAR, id UUID, team VARCHAR, reporting DECIMAL(18,12))",
		"INSERT INTO charges VALUES ('metered', '00112233-4455-6677-8899-aabbccddeeff', 'search', 1.25)")
	l := openAt(t, dir)
	if err := l.Append(t.Context(), lake.Batch{Charges: laketest.NewGenerator(4).Charges(100)}); err != nil {
		t.Fatal(err)
	}
	got, err := l.Lines(t.Context(), []spend.ID{{}})
	if err != nil {
		t.Fatal(err)
	}
	id, _ := spend.ParseID("00112233445566778899aabbccddeeff")
	want := spend.Charge{ID: id, Event: spend.Event{Book: spend.Metered}, Reporting: money.Known(money.FromInt(5))}
	want.Scope.Team = "search"
	want.Reporting.Amount, _ = want.Reporting.Amount.MulRatio(1, 4)
	if diff := cmp.Diff([]spend.Charge{want}, got); diff != "" {
		t.Errorf("the old line differs (-want +read):\n%s", diff)
	}
}

// TestOpenSchema1 opens a folder of the schema before open calls.
func TestOpenSchema1(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("testdata", "written-by-1.sql"))
	if err != nil {
		t.Fatal(err)
	}
	execFile(t, dir, string(text))
	l := openAt(t, dir)
	charges := laketest.NewGenerator(4).Charges(10)
	digest, _ := spend.ParseID("20112233445566778899aabbccddeeff")
	tried := lake.Resolution{Digest: digest, Source: "csv", File: "x.csv", Record: 2, At: laketest.Start().AddDate(1, 0, 0), By: "ada", Result: lake.RetryRefused}
	if err := l.Append(t.Context(), lake.Batch{Charges: charges[:5], Opens: charges[5:], Resolved: []lake.Resolution{tried}}); err != nil {
		t.Fatal(err)
	}
	kept, err := l.Quarantined(t.Context(), lake.Listing{Limit: 10})
	if err != nil || len(kept) != 1 {
		t.Fatalf("%d records, error %v, want the one", len(kept), err)
	}
	if r := kept[0]; r.Kind != lake.UsageRecord || r.Whole || r.Hold.Valid || r.Outcome != nil || r.Event.SourceKey != "row-2" || r.Result != lake.RetryRefused {
		t.Errorf("the old rejection reads %+v", r)
	}
	if n := count(t, l); n != 6 {
		t.Errorf("%d lines, want the old one and five", n)
	}
	if offset, found, err := l.FileOffset(t.Context(), "journal", ""); !found || offset.Bytes != 4096 || err != nil {
		t.Errorf("offset %+v, found %v, error %v", offset, found, err)
	}
}

func TestOpenNewerSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	execFile(t, dir, "CREATE TABLE meta (name VARCHAR, value VARCHAR)", "INSERT INTO meta VALUES ('schema', '999')")
	_, err := duck.Open(dir, duck.Options{})
	if spend.KindOf(err) != spend.KindConflict || !strings.Contains(err.Error(), "999") {
		t.Errorf("want a conflict that names schema 999, got %v", err)
	}
}

func execFile(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("duckdb", filepath.Join(dir, "lake.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAppendAllOrNothing(t *testing.T) {
	t.Parallel()
	l := open(t)
	charges := laketest.NewGenerator(5).Charges(5000)
	tooLarge := laketest.NewGenerator(6).Charges(1)
	tooLarge[0].List = money.Known(money.FromInt(1_000_000))
	badText := laketest.NewGenerator(7).Charges(1)
	badText[0].Scope.Team = "\xff"
	for _, bad := range [][]spend.Charge{tooLarge, badText} {
		err := l.Append(t.Context(), lake.Batch{Charges: append(charges, bad...), Offset: &lake.Offset{Source: "s"}})
		if err == nil {
			t.Fatal("a line that cannot be kept was appended")
		}
	}
	if _, found, err := l.Offset(t.Context(), "s"); found || err != nil {
		t.Errorf("offset found %t, error %v", found, err)
	}
	if err := l.Append(t.Context(), lake.Batch{Charges: charges}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, l); n != len(charges) {
		t.Errorf("%d lines, want %d", n, len(charges))
	}
}

func TestLargeAmountSaysWhatToDo(t *testing.T) {
	t.Parallel()
	c := laketest.NewGenerator(6).Charges(1)
	c[0].List = money.Known(money.FromInt(1_000_000))
	err := open(t).Append(t.Context(), lake.Batch{Charges: c})
	if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
		t.Errorf("want an invalid line with a hint, got %v (%s)", err, spend.KindOf(err))
	}
}

func TestEngineIsClosedToTheOutside(t *testing.T) {
	t.Parallel()
	l := open(t)
	outside := filepath.Join(t.TempDir(), "x.csv")
	for _, text := range []string{
		"COPY (SELECT 1) TO '" + outside + "'",
		"SELECT * FROM read_csv('/etc/passwd')",
		"INSTALL httpfs",
		"SET GLOBAL threads = 99",
		"SET GLOBAL enable_external_access = true",
		"ATTACH '" + outside + "' AS other",
	} {
		err := l.Query(t.Context(), lake.Statement{Text: text}, func([]*string) error { return nil })
		if err == nil {
			t.Errorf("the engine ran %s", text)
		}
	}
}

func TestCancelledQueryStops(t *testing.T) {
	t.Parallel()
	l := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	// Would take hours.
	text := "SELECT CAST(sum(a.range * b.range % 7) AS VARCHAR) FROM range(10000000) a, range(10000000) b"
	err := l.Query(ctx, lake.Statement{Text: text}, func([]*string) error { return nil })
	if spend.KindOf(err) != spend.KindUnavailable {
		t.Errorf("want unavailable, got %v", err)
	}
}

func TestCheckpointLeavesNoBlocksInMemory(t *testing.T) {
	t.Parallel()
	l, err := duck.Open(t.TempDir(), duck.Options{MemoryLimit: "256MiB"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	g := laketest.NewGenerator(9)
	for range 4 {
		if err := errors.Join(l.Append(t.Context(), lake.Batch{Charges: g.Charges(4000)}), l.Checkpoint(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	text := "SELECT CAST(sum(memory_usage_bytes) < 1000000 AS VARCHAR), current_setting('memory_limit') FROM duckdb_memory()"
	err = l.Query(t.Context(), lake.Statement{Text: text}, func(cells []*string) error {
		got = append(got, *cells[0], *cells[1])
		return nil
	})
	if want := []string{"true", "256.0 MiB"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("less than a megabyte in memory, and the limit: want %v, got %v, %v", want, got, err)
	}
}

// TestAppendsAndCheckpointsGoOnBesideEachOther ends when neither waits for ever.
func TestAppendsAndCheckpointsGoOnBesideEachOther(t *testing.T) {
	t.Parallel()
	l, copies := open(t), t.TempDir()
	const times, rows = 20, 20
	g := laketest.NewGenerator(10)
	lines := g.Charges(times * rows)
	ended := make(chan error)
	for _, f := range []func(i int) error{
		func(i int) error { return l.Append(t.Context(), lake.Batch{Charges: lines[i*rows:][:rows]}) },
		func(int) error { return l.Checkpoint(t.Context()) },
		func(i int) error {
			return l.CopyTo(t.Context(), filepath.Join(copies, strconv.Itoa(i)), func() error { return nil })
		},
	} {
		go func() {
			var err error
			for i := range times {
				err = errors.Join(err, f(i))
			}
			ended <- err
		}()
	}
	for range 3 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	var got string
	err := l.Query(t.Context(), lake.Statement{Text: "SELECT CAST(count(*) AS VARCHAR) FROM charges"}, func(cells []*string) error {
		got = *cells[0]
		return nil
	})
	if got != strconv.Itoa(times*rows) || err != nil {
		t.Errorf("%s lines, want %d, error %v", got, times*rows, err)
	}
}

func TestCheckpointPolicy(t *testing.T) {
	t.Parallel()
	l, err := duck.Open(t.TempDir(), duck.Options{Checkpoint: duck.Checkpoint{Rows: 100, Idle: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	g := laketest.NewGenerator(8)
	for _, step := range []struct {
		rows int
		wait time.Duration
		want bool
	}{{0, 2 * time.Hour, false}, {60, 0, false}, {60, 0, true}, {10, 0, false}, {0, 2 * time.Hour, true}, {0, 3 * time.Hour, false},
		{120, -time.Hour, false}, {0, 30 * time.Minute, true}} { // the last one was just now
		if err := l.Append(t.Context(), lake.Batch{Charges: g.Charges(step.rows)}); err != nil {
			t.Fatal(err)
		}
		if got, err := l.MaybeCheckpoint(t.Context(), time.Now().Add(step.wait)); got != step.want || err != nil {
			t.Errorf("after %d lines and %s: checkpoint %t, error %v", step.rows, step.wait, got, err)
		}
	}
}

// TestBlocks gives a new file small blocks and packs its documents, and keeps a file that
// is there as it is.
func TestBlocks(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"65536 ZSTD", "262144 Uncompressed"} {
		dir := t.TempDir()
		if want != "65536 ZSTD" {
			db, err := sql.Open("duckdb", filepath.Join(dir, "lake.duckdb"))
			if err == nil {
				_, err = db.Exec("CREATE TABLE meta (name VARCHAR, value VARCHAR)")
			}
			if err = errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
		}
		l, err := duck.Open(dir, duck.Options{})
		if err != nil {
			t.Fatal(err)
		}
		told := make([]lake.Sighting, 5000)
		for i := range told {
			told[i].Event.SourceKey = strconv.Itoa(i)
			told[i].Attempt = spend.Digest(told[i].Event.SourceKey)
		}
		err = errors.Join(l.Append(t.Context(), lake.Batch{Sightings: told}), l.Checkpoint(t.Context()))
		got := ""
		err = errors.Join(err, l.Query(t.Context(), lake.Statement{
			Text: "SELECT block_size || ' ' || (SELECT max(compression) FROM pragma_storage_info('sightings') WHERE column_name = 'event' AND segment_type = 'VARCHAR') FROM pragma_database_size()",
		}, func(cells []*string) error { got = *cells[0]; return nil }))
		back, lost := l.Sightings(t.Context(), []spend.ID{told[4321].Attempt})
		err = errors.Join(err, lost, l.Close())
		if err != nil || got != want {
			t.Errorf("blocks and packing are %s, want %s, error %v", got, want, err)
		}
		if len(back) != 1 || back[0].Event.SourceKey != "4321" {
			t.Errorf("%+v is not what was told", back)
		}
	}
}

func TestExportParquet(t *testing.T) {
	t.Parallel()
	l := open(t)
	charges := laketest.NewGenerator(9).Charges(500)
	if err := l.Append(t.Context(), lake.Batch{Charges: charges}); err != nil {
		t.Fatal(err)
	}
	from := laketest.Start().Add(laketest.Span / 2)
	want := int64(0)
	for _, c := range charges {
		if c.Book == spend.Metered && !c.UsedAt.Before(from) {
			want++
		}
	}
	path := filepath.Join(t.TempDir(), "out.parquet")
	n, err := l.ExportParquet(t.Context(), duck.Export{Window: lake.Window{From: from}, Book: spend.Metered, Path: path})
	if err != nil || n != want {
		t.Fatalf("%d lines exported, want %d, error %v", n, want, err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var got int64
	if err := db.QueryRow("SELECT count(*) FROM read_parquet(?)", path).Scan(&got); err != nil || got != want {
		t.Errorf("%d lines in the file, want %d, error %v", got, want, err)
	}
}
