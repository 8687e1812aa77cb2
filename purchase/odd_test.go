package purchase_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// What Validate lets through, the ledger takes day by day: nothing of a purchase
// is booked without the rest of it.
func TestWhatIsSoundIsBookedWhole(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name   string
		change func(*purchase.Purchase)
		field  string // of the mistake, "" for a sound one
	}{
		{"as it is", func(*purchase.Purchase) {}, ""},
		{"a long id", func(p *purchase.Purchase) { p.ID = strings.Repeat("x", 512) }, "id"},
		{"the longest id", func(p *purchase.Purchase) { p.ID = strings.Repeat("x", 480) }, ""},
		{"an id with a line break", func(p *purchase.Purchase) { p.ID = "a\nb" }, "id"},
		{"a vendor that is not UTF-8", func(p *purchase.Purchase) { p.Vendor = "a\xff" }, "vendor"},
		{"a product in words", func(p *purchase.Purchase) { p.Product = "Büro, “Plus”" }, ""},
		{"a long account", func(p *purchase.Purchase) { p.Account = strings.Repeat("x", 513) }, "account"},
		{"a long owner", func(p *purchase.Purchase) { p.Owner.Team = strings.Repeat("x", 513) }, "owner.team"},
		{"owned by a run", func(p *purchase.Purchase) { p.Owner.Run = "r" }, "owner.run"},
		{"owned by a person", func(p *purchase.Purchase) { p.Owner.Principal = "mia@example.org" }, "owner.principal"},
		{"with tags", func(p *purchase.Purchase) { p.Owner.Tags = map[string]string{"product": "other"} }, "owner.tags"},
		{"beyond all lines", func(p *purchase.Purchase) { p.Amount = money.Must("1000000000000000000") }, "amount"},
		{"a large one", func(p *purchase.Purchase) { p.Amount = money.Must("999999999.99") }, ""},
		{"a large credit", func(p *purchase.Purchase) { p.Kind, p.Amount = purchase.Credit, money.Must("-1000000000.01") }, "amount"},
		{"too many seats", func(p *purchase.Purchase) { p.Assigned = money.Must("1000000000000000000") }, "seats_assigned"},
		{"before there was anything to buy", func(p *purchase.Purchase) { p.From, p.Through = day("2014-12-31"), day("2015-01-31") }, "from"},
		{"a revision below zero", func(p *purchase.Purchase) { p.Revision = -1 }, "revision"},
	} {
		p := plan("2026-11-01", "2026-11-30")
		f.change(&p)
		got := ""
		if found := p.Validate(); len(found) > 0 {
			got = found[0].Field
		}
		if got != f.field {
			t.Errorf("%s: a mistake in %q, want it in %q", f.name, got, f.field)
		}
		if got == "" {
			booked(t, f.name, &p)
		}
	}
}

func booked(t *testing.T, name string, p *purchase.Purchase) {
	t.Helper()
	total := money.Amount{}
	all := events(t, p, time.UTC)
	for i := range all {
		if found := ingest.Problems(&all[i], time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)); len(found) > 0 {
			t.Fatalf("%s: day %d: %v", name, i+1, found)
		}
		total, _ = total.Add(all[i].Reported.Amount)
	}
	if total != p.Amount {
		t.Errorf("%s: its days come to %s, want %s", name, total, p.Amount)
	}
}

// A day begins once, also where the clocks jump over midnight or show it twice.
func TestDaysOfOddZones(t *testing.T) {
	t.Parallel()
	for _, f := range []struct{ zone, from, through string }{
		{"America/Santiago", "2026-09-05", "2026-09-07"}, // midnight of the 6th is skipped
		{"America/Havana", "2026-10-31", "2026-11-02"},   // midnight of the 1st comes twice
		{"Asia/Kolkata", "2024-02-28", "2024-03-01"},     // a leap day, half an hour off
		{"Pacific/Chatham", "2026-04-04", "2026-04-06"},
	} {
		zone, err := time.LoadLocation(f.zone)
		if err != nil {
			t.Fatal(err)
		}
		p := plan(f.from, f.through)
		all := events(t, &p, zone)
		if len(all) != 3 {
			t.Errorf("%s: %d days, want 3", f.zone, len(all))
		}
		for i, e := range all {
			local := e.UsedAt.In(zone)
			if got, want := local.Format(time.DateOnly), day(f.from).Plus(i).String(); got != want {
				t.Errorf("%s: day %d begins on %s, want %s", f.zone, i+1, got, want)
			}
			if before := local.Add(-time.Microsecond).Format(time.DateOnly); before == local.Format(time.DateOnly) {
				t.Errorf("%s: %s is not the first instant of its day", f.zone, local)
			}
		}
	}
}

// The owner of a purchase is not changed by spreading it.
func TestSpreadingLeavesThePurchaseAlone(t *testing.T) {
	t.Parallel()
	p := plan("2026-11-01", "2026-11-02")
	p.Owner = spend.Scope{Team: "platform"}
	if events(t, &p, time.UTC); p.Owner.Tags != nil {
		t.Errorf("the owner has tags %v", p.Owner.Tags)
	}
}
