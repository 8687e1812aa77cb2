package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
)

const callsMapping = `mapping: bursar/1
name: calls
format: csv
rank: gateway
key: [id]
time: {field: at, format: rfc3339}
fields:
  seller: {value: openai}
  requested_model: {value: gpt-5}
usage:
  convention: inclusive
  input: input_tokens
`

// calls writes a CSV file of n calls.
func calls(t *testing.T, name string, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,at,input_tokens\n")
	for i := range n {
		fmt.Fprintf(&b, "call-%d,%s,%d\n", i, noon().Add(time.Duration(i)*time.Second).Format(time.RFC3339), 1000+i)
	}
	return write(t, name, b.String())
}

// imported opens a folder at an instant, imports a file and closes.
func imported(t *testing.T, data, path, mapping string, now time.Time) ingest.Result {
	t.Helper()
	m, err := connect.ParseMapping([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(app.Config{Data: data, Create: true, Now: func() time.Time { return now }, Bulk: 1000})
	if err != nil {
		t.Fatal(err)
	}
	result, err := a.Import(t.Context(), app.File{Path: path, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return result
}

func TestAFileImportedAgainAfterAYearAddsNoLine(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	path := calls(t, "calls.csv", 20_000)
	later := noon().AddDate(1, 0, 0)
	if r := imported(t, data, path, callsMapping, later.AddDate(-1, 0, 1)); r.Booked != 20_000 {
		t.Fatalf("%+v, want 20,000 booked", r)
	}
	if r := imported(t, data, path, callsMapping, later); r.Booked != 0 || r.Skipped == 0 {
		t.Errorf("%+v, want the same file passed over", r)
	}
	other := filepath.Join(filepath.Dir(path), "copy.csv")
	if err := os.Rename(path, other); err != nil {
		t.Fatal(err)
	}
	if r := imported(t, data, other, callsMapping, later); r.Booked != 0 || r.Duplicates != 20_000 {
		t.Errorf("%+v, want 20,000 duplicates of a file of another name", r)
	}
}

// TestALineThatIsStillWritten ends files within their last line: it is booked when it is
// whole, and read again by the next import, with what was written since.
func TestALineThatIsStillWritten(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	path := write(t, "calls.csv", "")
	const first, second = "id,at,input_tokens\ncall-0,2026-03-01T10:00:00Z,10\n", "call-1,2026-03-01T10:00:01Z,20"
	for _, c := range []struct {
		text                        string
		booked, known, bad, skipped int64
	}{
		{first[:20], 0, 0, 1, 0},
		{strings.TrimSuffix(first, "\n"), 1, 0, 0, 0},
		{first + second[:9], 0, 1, 1, 0},
		{first + second, 1, 0, 0, 2},
		{first + second, 0, 1, 0, 2},
		{first + second + "\ncall-2,2026-03-01T10:00:02Z,30\n", 1, 1, 0, 2},
		{first + second + "\ncall-2,2026-03-01T10:00:02Z,30\n", 0, 0, 0, 4},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := imported(t, data, path, callsMapping, noon().AddDate(0, 0, 1))
		if r.Booked != c.booked || r.Duplicates != c.known || r.Quarantined != c.bad || r.Skipped != c.skipped {
			t.Errorf("after %q: %+v, want %d booked, %d known, %d rejected, %d skipped", c.text, r, c.booked, c.known, c.bad, c.skipped)
		}
	}
}

func TestAGrownFileGoesOnAndAChangedOneStartsAnew(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	dir := t.TempDir()
	path := filepath.Join(dir, "calls.csv")
	put := func(n int, mark string) {
		text, err := os.ReadFile(calls(t, "calls.csv", n))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), "call-1,", mark)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(100, "call-1,")
	imported(t, data, path, callsMapping, noon().AddDate(0, 0, 1))
	put(150, "call-1,")
	if r := imported(t, data, path, callsMapping, noon().AddDate(0, 0, 1)); r.Booked != 50 || r.Read != 50 || r.Skipped < 100 {
		t.Errorf("%+v, want the 50 new rows read and booked", r)
	}
	put(150, "call-one,")
	if r := imported(t, data, path, callsMapping, noon().AddDate(0, 0, 1)); r.Booked != 1 || r.Duplicates != 149 {
		t.Errorf("%+v, want the changed file read whole and its one new row booked", r)
	}
	mended := strings.Replace(callsMapping, "value: gpt-5", "value: gpt-5-mini", 1)
	if r := imported(t, data, path, mended, noon().AddDate(0, 0, 1)); r.Read != 150 || r.Quarantined != 150 {
		t.Errorf("%+v, want another mapping to read the file anew, and its contradictions in the quarantine", r)
	}
}
