package app_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// TestACourseSumsToItsWindow spends 1.25 a day until the 26th of a month of 30 days: the 25
// days that have ended are 31.25, and 37.5 are expected.
func TestACourseSumsToItsWindow(t *testing.T) {
	t.Parallel()
	const declared = "kind: budget\nbudgets:\n" +
		"  - {id: a/month, scope: {team: t}, amount: 36, currency: USD, period: month}\n" +
		"  - {id: a/each, each: application, amount: 50, currency: USD, period: month}\n" +
		"  - {id: a/day, amount: 5, currency: USD, period: day}\n" +
		"  - {id: a/hour, amount: 1, currency: USD, period: hour}\n"
	now := time.Date(2026, time.November, 26, 7, 0, 0, 0, time.UTC)
	s := clocked(t, t.TempDir(), &now)
	spendsDaily(t, s, now, 220)
	tries(t, s, declared)
	var told api.BudgetCourses
	var standing api.BudgetList
	must(t, s.Inside(t.Context(), func(cl *client.Client) error {
		ask := func(path string, into any) error { return cl.Get(t.Context(), path, nil, into) }
		must(t, ask("/api/v1/budgets", &standing))
		return ask("/api/v1/budgets/course", &told)
	}))
	booked := map[string]money.Amount{}
	for _, b := range standing.Items {
		booked[b.Budget] = b.Booked
	}
	if len(told.Items) != 3 || told.Items[2].Budget != "a/day" || told.Items[2].Step != "hour" || len(told.Items[2].Steps) != 8 {
		t.Fatalf("the courses are %+v", told.Items)
	}
	for _, c := range told.Items {
		last := c.Steps[len(c.Steps)-1]
		var sum money.Amount
		for _, step := range c.Steps {
			sum, _ = sum.Add(step.Used)
		}
		if last.SoFar != booked[c.Budget] || sum != last.SoFar {
			t.Errorf("%s: the steps sum to %s and end at %s, want %s", c.Budget, sum, last.SoFar, booked[c.Budget])
		}
	}
	month := told.Items[0]
	if month.Budget != "a/month" || len(month.Steps) != 26 || month.Steps[24].SoFar != money.Must("31.25") || month.Limit != money.FromInt(36) {
		t.Errorf("the month is %+v", month)
	}
	e := month.Expected
	if e == nil || e.Mean.Round(2) != money.Must("37.5") || e.Low.Valid && (e.Low.Amount.Cmp(e.Mean) > 0 || e.High.Amount.Cmp(e.Mean) < 0) {
		t.Errorf("what is expected of the month is %+v (%s)", e, month.Unknown)
	}
	closed(t, s)
}

// TestWhatIsBookedAheadIsExpected spends 1.25 a day until the 26th, of which 37.5 are
// expected of the month, beside a seat of 2 a day that ends on the 27th, 54 in all, and one
// of 1 a day from the 28th on. Of team u nothing is known but such a seat.
func TestWhatIsBookedAheadIsExpected(t *testing.T) {
	t.Parallel()
	const declared = "kind: budget\nbudgets:\n" +
		"  - {id: of/t, scope: {team: t}, amount: 100, currency: USD, period: month}\n" +
		"  - {id: of/u, scope: {team: u}, amount: 100, currency: USD, period: month}\n"
	now := time.Date(2026, time.November, 26, 7, 0, 0, 0, time.UTC)
	s := clocked(t, t.TempDir(), &now)
	spendsDaily(t, s, now, 220)
	day := func(month time.Month, day int) purchase.Day { return purchase.Date(2026, month, day) }
	seat := func(id, team, amount string, from, through purchase.Day) purchase.Purchase {
		return purchase.Purchase{ID: id, Vendor: "cursor", Product: id, Kind: purchase.Seat, Amount: money.Must(amount), Currency: "USD", From: from, Through: through, Owner: spend.Scope{Team: team}}
	}
	bought(t, s, everybody(), []purchase.Purchase{
		seat("ends", "t", "54", day(11, 1), day(11, 27)),
		seat("begins", "t", "30", day(11, 28), day(12, 27)),
		seat("new", "u", "30", day(11, 28), day(12, 27)),
	})
	tries(t, s, declared)
	var told api.BudgetCourses
	must(t, s.Inside(t.Context(), func(cl *client.Client) error {
		return cl.Get(t.Context(), "/api/v1/budgets/course", nil, &told)
	}))
	want := map[string][2]string{"of/t": {"94.5", "5"}, "of/u": {"3", "3"}}
	for _, c := range told.Items {
		if c.Expected == nil || c.Expected.Mean.Round(2) != money.Must(want[c.Budget][0]) || c.Ahead != money.Must(want[c.Budget][1]) {
			t.Errorf("%s: %+v is expected with %s ahead (%s), want %v", c.Budget, c.Expected, c.Ahead, c.Unknown, want[c.Budget])
		}
	}
	if u := told.Items[len(told.Items)-1]; len(told.Items) != 2 || u.Expected.Low.Valid || u.Unknown == "" {
		t.Errorf("what is booked ahead alone is %+v (%s)", u.Expected, u.Unknown)
	}
	closed(t, s)
}
