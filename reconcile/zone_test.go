package reconcile_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

func TestZonesOfSellers(t *testing.T) {
	t.Parallel()
	z, err := reconcile.NewZones([]string{"azure=Europe/Vienna", "vertex=UTC"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, seller := range []string{"azure", "vertex", "google", "openai"} {
		got[seller] = z.Of(seller).String()
	}
	want := map[string]string{"azure": "Europe/Vienna", "vertex": "UTC", "google": "America/Los_Angeles", "openai": "UTC"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, wrong := range []string{"azure", "=UTC", "azure=", "azure=Local", "azure=Mars/Olympus", "azure=../etc/passwd"} {
		if _, err := reconcile.NewZones([]string{wrong}); spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, err := reconcile.NewZones([]string{"azure=UTC", "azure=Asia/Tokyo"}); err == nil {
		t.Error("a seller has two zones")
	}
}

// billedBy gives calls of a seller at instants of Pacific time, two of each, and a bill with a
// line for each of their Pacific days that stands at its midnight.
func billedBy(t testing.TB, zone *time.Location, calls ...time.Time) (lines []*spend.Charge) {
	for _, at := range calls {
		call := line(t, "metered vertex 2026-09-01 m 2")
		call.UsedAt = at.UTC()
		told := line(t, "invoiced vertex 2026-09-01 m 2")
		year, month, day := at.In(zone).Date()
		told.UsedAt = time.Date(year, month, day, 0, 0, 0, 0, zone).UTC()
		lines = append(lines, call, told)
	}
	return lines
}

// TestPacificDaysMatch compares calls around midnight, around the end of a month and while
// clocks go back with a bill by days of Pacific time: every row matches by its day. In UTC
// most do not.
func TestPacificDaysMatch(t *testing.T) {
	t.Parallel()
	zones, err := reconcile.NewZones(nil)
	if err != nil {
		t.Fatal(err)
	}
	zone := zones.Of("vertex")
	local := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, zone)
	}
	back := local(11, 1, 0, 30).Add(time.Hour) // 01:30 in summer time, and again an hour later
	calls := []time.Time{
		local(10, 4, 23, 59), local(10, 5, 0, 0), local(10, 31, 16, 59), local(10, 31, 17, 0), local(10, 31, 23, 59),
		local(11, 1, 0, 0), back, back.Add(time.Hour), local(11, 1, 23, 30), local(11, 2, 0, 0), local(11, 30, 23, 59),
	}
	matched := func(of func(string) *time.Location) (days []string) {
		tally := reconcile.NewTally(reconcile.Options{Zone: of})
		for _, c := range billedBy(t, zone, calls...) {
			if err := tally.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		a, err := tally.Reconcile()
		if err != nil || len(a.Bills) != 1 || a.Bills[0].Zone != of("vertex").String() {
			t.Fatalf("%+v, %v", a.Bills, err)
		}
		for _, r := range a.Rows {
			if r.Level == reconcile.ByDay && r.Variance.IsZero() {
				days = append(days, r.Day)
			}
		}
		return days
	}
	want := []string{"2026-10-04", "2026-10-05", "2026-10-31", "2026-11-01", "2026-11-02", "2026-11-30"}
	if diff := cmp.Diff(want, matched(zones.Of)); diff != "" {
		t.Errorf("by days of Pacific time (-want +got)\n%s", diff)
	}
	if got := matched(reconcile.Zones{}.Of); len(got) >= len(want)-1 {
		t.Errorf("by days of UTC %v match", got)
	}
}

// TestTrueUpsStandOnTheVendorsDay puts true-ups at noon of the day of the row, and of the last
// day of the month, wherever the vendor counts them.
func TestTrueUpsStandOnTheVendorsDay(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"} {
		zones, err := reconcile.NewZones([]string{"s=" + name})
		if err != nil {
			t.Fatal(err)
		}
		zone := zones.Of("s")
		tally := reconcile.NewTally(reconcile.Options{Zone: zones.Of})
		for i, text := range []string{"metered s 2026-09-05 m 2 team:a", "invoiced s 2026-09-05 m 3 team:a", "metered s 2026-09-07 n 2 team:a", "invoiced s 2026-09-08 n 3 team:a"} {
			c := line(t, text)
			c.UsedAt = time.Date(2026, 9, []int{5, 5, 7, 8}[i], 0, 0, 0, 0, zone).UTC()
			if err := tally.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		a, err := tally.Reconcile()
		if err != nil {
			t.Fatal(err)
		}
		_, lines, err := a.TrueUps(reconcile.TrueUp{Period: "2026-09", Owner: "a", Zone: zones.Of})
		var got []string
		for i := range lines {
			got = append(got, lines[i].UsedAt.In(zone).Format("2006-01-02 15:04"))
		}
		if diff := cmp.Diff([]string{"2026-09-05 12:00", "2026-09-30 12:00"}, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
}

// TestAnyZoneIsExplained: in whatever zones sellers count, metered and the reasons come to
// what is billed, of every row and every bill.
func TestAnyZoneIsExplained(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var declared []string
		for _, seller := range []string{"r", "s"} {
			name := rapid.SampledFrom([]string{"UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Kiritimati"}).Draw(rt, "zone")
			declared = append(declared, seller+"="+name)
		}
		zones, err := reconcile.NewZones(declared)
		if err != nil {
			rt.Fatal(err)
		}
		tally := reconcile.NewTally(reconcile.Options{Zone: zones.Of})
		for range rapid.IntRange(1, 20).Draw(rt, "lines") {
			book := rapid.SampledFrom([]string{"metered", "metered", "reported", "invoiced"}).Draw(rt, "book")
			c := line(t, fmt.Sprintf("%s %s 2026-11-01 %s %d", book, rapid.SampledFrom([]string{"r", "s"}).Draw(rt, "seller"),
				rapid.SampledFrom([]string{"m", "n"}).Draw(rt, "model"), rapid.IntRange(0, 9).Draw(rt, "amount")))
			c.UsedAt = time.Unix(rapid.Int64Range(1793400000, 1793750000).Draw(rt, "at"), 0).UTC() // around the end of October
			if err := tally.Add(c); err != nil {
				rt.Fatal(err)
			}
		}
		a, err := tally.Reconcile()
		if err != nil {
			rt.Fatal(err)
		}
		allExplained(rt, &a)
	})
}
