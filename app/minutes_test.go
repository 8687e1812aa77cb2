package app_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// A usageDay is a day of a vendor's usage export: one partition, in one version.
type usageDay struct {
	start    time.Time
	calls    int
	version  int
	reviewed bool // of each ten calls the first is taken back, the second counts more, and another one comes
}

func dayOfUsage(n, calls int) usageDay {
	return usageDay{start: time.Date(2026, 10, 1+n, 0, 0, 0, 0, time.UTC), calls: calls, version: 1}
}

// each gives the calls of the day by number; they are as far apart as the day allows.
func (d *usageDay) each(f func(n int, at time.Time, workflow string, in, out int64)) {
	apart := 24 * time.Hour / time.Duration(d.calls)
	for i := range d.calls {
		at, in := d.start.Add(time.Duration(i)*apart), int64(1000+i%50)
		workflow := fmt.Sprintf("workflow-%02d", (i*i+i/7)%32)
		switch {
		case d.reviewed && i%10 == 0:
			f(d.calls+i, at.Add(apart/2), workflow, in, 1)
			continue
		case d.reviewed && i%10 == 1:
			in *= 2
		}
		f(i, at, workflow, in, int64(i%7))
	}
}

// file writes the day as CSV under a name of its own.
func (d *usageDay) file(t testing.TB, path string) string {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("id,version,at,workflow,input,output\n")
	d.each(func(n int, at time.Time, workflow string, in, out int64) {
		fmt.Fprintf(&text, "%s-%d,%d,%d,%s,%d,%d\n", d.start.Format(time.DateOnly), n, d.version, at.UnixMicro(), workflow, in, out)
	})
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// minuteOf is what a workflow used in a minute.
type minuteOf struct {
	at       time.Time
	workflow string
}

type taken struct {
	calls, prompt, completion int64
	cost                      money.Amount
}

// counted sums the day call by call, at $1.25 and $10 per million tokens.
func (d *usageDay) counted() map[minuteOf]taken {
	all := map[minuteOf]taken{}
	d.each(func(_ int, at time.Time, workflow string, in, out int64) {
		m := minuteOf{at.Truncate(time.Minute), workflow}
		u := all[m]
		cost, _ := u.cost.Add(money.FromUnits(in*1_250_000 + out*10_000_000))
		all[m] = taken{u.calls + 1, u.prompt + in, u.completion + out, cost}
	})
	return all
}

// byMinute asks for each workflow of a day by minute.
func (d *usageDay) byMinute() *spend.Query {
	return &spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, From: d.start, To: d.start.AddDate(0, 0, 1), Grain: spend.Minute, By: []spend.Dimension{"workflow"},
		Measures: []spend.Measure{spend.Calls, spend.PromptTokens, spend.OutputTokens, spend.Cost},
	}
}

// told reads the answer, whose rows add up to its totals.
func (d *usageDay) told(t *testing.T, a *app.App) map[minuteOf]taken {
	t.Helper()
	table, err := lake.Answer(t.Context(), a.Lake, d.byMinute())
	if err != nil {
		t.Fatal(err)
	}
	all, calls, cost := map[minuteOf]taken{}, int64(0), money.Amount{}
	for _, r := range table.Rows {
		var u taken
		u.calls, _ = r.Values[0].Amount.Int()
		u.prompt, _ = r.Values[1].Amount.Int()
		u.completion, _ = r.Values[2].Amount.Int()
		u.cost = r.Values[3].Amount
		calls += u.calls
		cost, _ = cost.Add(u.cost)
		all[minuteOf{r.Bucket.UTC(), r.Keys[0]}] = u
	}
	if calls != table.Totals.Calls || cost != table.Totals.Cost {
		t.Errorf("minutes sum to %d calls of %s, the totals are %d and %s", calls, cost, table.Totals.Calls, table.Totals.Cost)
	}
	return all
}

// booking imports days, and counts the lines that were ever booked of them.
type booking struct {
	app     *app.App
	mapping *connect.Mapping
	data    string // the ledger's folder
	files   string
	n       int // imported so far
}

func (b *booking) book(t testing.TB, d *usageDay) ingest.Result {
	t.Helper()
	b.n++
	path := d.file(t, filepath.Join(b.files, fmt.Sprintf("usage-%d.csv", b.n)))
	result, err := b.app.Import(t.Context(), app.File{Path: path, Mapping: b.mapping})
	if err != nil || result.Quarantined != 0 || result.Unpriced != 0 {
		t.Fatalf("%s: %+v (%v)", path, result, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	return result
}

func (b *booking) lines(t *testing.T) (n int) {
	t.Helper()
	if err := b.app.Lake.EachLine(t.Context(), func(*spend.Charge) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func newBooking(t testing.TB, data string) *booking {
	t.Helper()
	a, err := app.Open(app.Config{Data: data, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := connect.LoadMapping(filepath.Join("testdata", "days.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return &booking{app: a, mapping: m, data: data, files: t.TempDir()}
}

// TestADayTakenInAgain is a vendor's usage by days: each workflow by minute is what was
// told, call by call; a day that comes again changes nothing, a new version of it takes its
// place, and the old one that comes late changes nothing either.
func TestADayTakenInAgain(t *testing.T) {
	t.Parallel()
	const days, calls = 3, 4000
	b := newBooking(t, t.TempDir())
	all := make([]usageDay, days)
	check := func(when string) {
		t.Helper()
		for i := range all {
			if diff := cmp.Diff(all[i].counted(), all[i].told(t, b.app), cmp.AllowUnexported(taken{}, minuteOf{})); diff != "" {
				t.Fatalf("%s, day %d by minute (-told +booked):\n%.2000s", when, i, diff)
			}
		}
	}
	for i := range all {
		all[i] = dayOfUsage(i, calls)
		if r := b.book(t, &all[i]); r.Booked != calls {
			t.Fatalf("of day %d %+v, want %d booked", i, r, calls)
		}
	}
	check("at first")
	again := all[1]
	if r := b.book(t, &again); r.Duplicates != calls || r.Booked+r.Corrections+r.Withdrawn+r.Sightings != 0 || b.lines(t) != days*calls {
		t.Errorf("the day again is %+v and %d lines, want %d duplicates and no line", r, b.lines(t), calls)
	}
	check("the same day again")
	all[1].version, all[1].reviewed = 2, true
	const part = calls / 10
	if r := b.book(t, &all[1]); r.Booked != part || r.Corrections != part || r.Withdrawn != part {
		t.Errorf("the new version is %+v, want %d booked, corrected and withdrawn", r, part)
	}
	check("a new version")
	lines := b.lines(t)
	if lines != days*calls+part+2*part+part {
		t.Errorf("%d lines after %d corrections and as many withdrawn and new calls", lines, part)
	}
	if r := b.book(t, &all[1]); r.Booked+r.Corrections+r.Withdrawn != 0 || b.lines(t) != lines {
		t.Errorf("the new version again is %+v and %d lines, want nothing of it booked and %d", r, b.lines(t), lines)
	}
	check("the new version again")
	for range 2 { // comes late
		if r := b.book(t, &again); r.Booked+r.Corrections != 0 || r.Withdrawn != part {
			t.Errorf("the old version is %+v, want the %d withdrawn that it brings back", r, part)
		}
		check("the old version")
	}
	if err := b.app.Close(); err != nil {
		t.Fatal(err)
	}
}
