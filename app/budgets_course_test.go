package app_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/money"
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
