package journaltest

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bursarhq/bursar/spend"
)

// newest gives the file that is being written and its bytes.
func newest(t *testing.T, dir string) (string, []byte) {
	t.Helper()
	files := segments(t, dir)
	path := files[len(files)-1]
	return path, contents(t, path)
}

// contents gives the bytes of a file without the zeros that wait for records.
func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimRight(b, "\x00")
}

func segments(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.seg"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no segments in %s: %v", dir, err)
	}
	slices.Sort(files)
	return files
}

func rewrite(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// tornTailIsCut ends the file at every byte of the last record, and also leaves
// zeros from there on, as a file system may.
func tornTailIsCut(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	filled(t, j, 0, 3)
	_, before := newest(t, dir)
	filled(t, j, 3, 4)
	closed(t, j)
	path, whole := newest(t, dir)
	if len(whole) <= len(before) {
		t.Fatalf("the last record added nothing to %s", path)
	}
	for cut := len(before); cut < len(whole); cut++ {
		rewrite(t, path, whole[:cut])
		goesOnAfter(t, open, dir)
		rewrite(t, path, append(bytes.Clone(whole[:cut]), make([]byte, len(whole)-cut)...))
		goesOnAfter(t, open, dir)
	}
}

// goesOnAfter checks that three records are left and that another one fits
// behind them.
func goesOnAfter(t *testing.T, open Open, dir string) {
	t.Helper()
	j := opened(t, open, dir)
	want(t, j, 0, upTo(0, 3))
	filled(t, j, 3, 4)
	closed(t, j)
	j = opened(t, open, dir)
	want(t, j, 0, upTo(0, 4))
	closed(t, j)
}

// cutOffStaysAway breaks the first of two records that were on their way when
// the power went. The second one must not reappear behind a new record of the
// first one's length.
func cutOffStaysAway(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	filled(t, j, 0, 2)
	_, before := newest(t, dir)
	if _, err := j.Append(t.Context(), numbered(2), numbered(3)); err != nil {
		t.Fatal(err)
	}
	closed(t, j)
	path, whole := newest(t, dir)
	whole[len(before)] ^= 1
	rewrite(t, path, whole)
	j = opened(t, open, dir)
	want(t, j, 0, upTo(0, 2))
	filled(t, j, 62, 63) // as long as 2
	closed(t, j)
	want(t, opened(t, open, dir), 0, []int{0, 1, 62})
}

// damageIsTold turns a bit of every byte of a record that others follow.
func damageIsTold(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	filled(t, j, 0, 2)
	_, before := newest(t, dir)
	filled(t, j, 2, 3)
	_, after := newest(t, dir)
	filled(t, j, 3, 5)
	closed(t, j)
	path, whole := newest(t, dir)
	for i := len(before); i < len(after); i++ {
		broken := bytes.Clone(whole)
		broken[i] ^= 1 << (i % 8)
		rewrite(t, path, broken)
		wantDamage(t, open, dir, i)
		if _, left := newest(t, dir); !bytes.Equal(left, broken) {
			t.Fatalf("byte %d: a damaged file was changed", i)
		}
	}
	rewrite(t, path, whole)
	want(t, opened(t, open, dir), 0, upTo(0, 5))
}

func oldDamageIsTold(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	filled(t, j, 0, several)
	closed(t, j)
	files := segments(t, dir)
	if len(files) < 3 {
		t.Fatalf("%d segments, want several: open with small ones", len(files))
	}
	for _, path := range files[:len(files)-1] {
		whole := contents(t, path)
		for _, i := range []int{0, len(whole) / 2, len(whole) - 1} {
			broken := bytes.Clone(whole)
			broken[i] ^= 0x10
			rewrite(t, path, broken)
			wantDamage(t, open, dir, i)
		}
		rewrite(t, path, whole[:len(whole)-1])
		wantDamage(t, open, dir, len(whole)-1)
		rewrite(t, path, whole)
	}
	if err := os.Remove(files[1]); err != nil {
		t.Fatal(err)
	}
	wantDamage(t, open, dir, 0)
}

// wantDamage wants opening or replaying to fail.
func wantDamage(t *testing.T, open Open, dir string, at int) {
	t.Helper()
	j, err := open(dir, nil)
	if err == nil {
		_, err = replayed(j, 0)
		closed(t, j)
	}
	if err == nil {
		t.Fatalf("damage at byte %d went unnoticed", at)
	}
	wantKind(t, err, spend.KindInternal)
}
