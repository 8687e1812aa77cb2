package purchase_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

func day(text string) purchase.Day {
	d, err := purchase.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

func plan(from, through string) purchase.Purchase {
	return purchase.Purchase{
		ID: "p", Vendor: "openai", Product: "plan", Kind: purchase.Subscription, Amount: money.FromInt(100), Currency: "USD",
		From: day(from), Through: day(through),
	}
}

func events(t testing.TB, p *purchase.Purchase, zone *time.Location) []spend.Event {
	t.Helper()
	if problems := p.Validate(); len(problems) > 0 {
		t.Fatal(problems)
	}
	all, err := p.Events(zone, 250_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The worked example of the package comment.
func TestAMonth(t *testing.T) {
	t.Parallel()
	p := plan("2026-11-01", "2026-11-30")
	all := events(t, &p, time.UTC)
	if len(all) != 30 {
		t.Fatalf("%d days, want 30", len(all))
	}
	for i, e := range all {
		want := money.Must("3.333333333333")
		if i < 10 {
			want = money.Must("3.333333333334")
		}
		if e.Reported.Amount != want || e.Category != spend.CategoryPurchase || e.Calls() != 0 {
			t.Errorf("day %d: %+v, want %s", i+1, e, want)
		}
	}
}

func TestCycles(t *testing.T) {
	t.Parallel()
	p := plan("2026-01-31", "2026-04-05")
	p.Cycle = purchase.Monthly
	sums, days := map[int]money.Amount{}, map[int]int{}
	for i, e := range events(t, &p, time.UTC) {
		cycle := 0
		if i >= 28 {
			cycle = 1
		}
		if i >= 59 {
			cycle = 2
		}
		sums[cycle], _ = sums[cycle].Add(e.Reported.Amount)
		days[cycle]++
	}
	hundred := money.FromInt(100)
	if diff := cmp.Diff(map[int]int{0: 28, 1: 31, 2: 6}, days); diff != "" {
		t.Errorf("days of the cycles (-want +got):\n%s", diff)
	}
	if sums[0] != hundred || sums[1] != hundred || sums[2] != hundred {
		t.Errorf("the cycles cost %v, want 100 each", sums)
	}
	p = plan("2024-02-29", "2026-02-28")
	p.Cycle = purchase.Yearly
	all := events(t, &p, time.UTC)
	if len(all) != 731 {
		t.Errorf("%d days, want 731 from a leap day through the last February", len(all))
	}
	total := money.Amount{}
	for _, e := range all {
		total, _ = total.Add(e.Reported.Amount)
	}
	if total != money.FromInt(300) { // from 2024-02-29, 2025-02-28 and, for its one last day, 2026-02-28
		t.Errorf("%s, want 300", total)
	}
}

func TestDaysBeginWithTheZone(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	p := plan("2026-03-28", "2026-03-30") // the clocks go forward on the 29th
	var starts []string
	for _, e := range events(t, &p, zone) {
		starts = append(starts, e.UsedAt.Format(time.RFC3339))
	}
	want := []string{"2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"}
	if diff := cmp.Diff(want, starts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEverythingSums(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := day("2026-01-01").Plus(rapid.IntRange(0, 800).Draw(t, "from"))
		p := purchase.Purchase{
			ID: "p", Vendor: "v", Product: "x", Kind: purchase.Seat, Currency: "USD", From: from,
			Through:  from.Plus(rapid.IntRange(0, 800).Draw(t, "days")),
			Amount:   money.FromUnits(rapid.Int64Range(0, 1<<62).Draw(t, "amount")),
			Assigned: money.FromInt(rapid.Int64Range(0, 500).Draw(t, "seats")),
		}
		if rapid.IntRange(0, 9).Draw(t, "large") == 0 {
			p.Amount, _ = p.Amount.MulInt(50)
		}
		all, err := p.Events(time.UTC, 250_000)
		if err != nil {
			t.Fatal(err)
		}
		amount, seats, keys := money.Amount{}, money.Amount{}, map[string]bool{}
		for i := range all {
			amount, _ = amount.Add(all[i].Reported.Amount)
			seats, _ = seats.Add(all[i].Usage.Get(spend.Seat))
			keys[all[i].SourceKey] = true
			if all[i].Reported.Amount.Cmp(money.FromInt(1_000_000)) >= 0 {
				t.Fatalf("%s on one line", all[i].Reported)
			}
		}
		if amount != p.Amount || seats != p.Assigned || len(keys) != len(all) {
			t.Fatalf("%s of %s, %s of %s seats, %d keys of %d events", amount, p.Amount, seats, p.Assigned, len(keys), len(all))
		}
	})
}

func TestMistakesComeAtOnce(t *testing.T) {
	t.Parallel()
	p := purchase.Purchase{Kind: "gift", Amount: money.Must("-1"), Currency: "usd", Active: money.Known(money.FromInt(1)), Cycle: "week", From: day("2026-01-01"), Through: day("2025-01-01")}
	fields := map[string]bool{}
	for _, problem := range p.Validate() {
		fields[problem.Field] = true
	}
	want := map[string]bool{
		"id": true, "vendor": true, "product": true, "kind": true, "cycle": true, "currency": true, "amount": true,
		"seats_active": true, "through": true,
	}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	credit := plan("2026-11-01", "2026-11-01")
	credit.Kind = purchase.Credit
	if problems := credit.Validate(); len(problems) != 1 || problems[0].Field != "amount" {
		t.Errorf("a credit above zero: %v", problems)
	}
	credit.Amount = money.FromInt(-5)
	if all := events(t, &credit, time.UTC); len(all) != 1 || all[0].Category != spend.CategoryCredit || all[0].Reported.Amount != money.FromInt(-5) {
		t.Errorf("%+v", all)
	}
}
