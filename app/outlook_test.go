package app_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// spendsDaily books a call of 1.25 dollars in the morning of each of the days before
// an instant.
func spendsDaily(t *testing.T, s *app.Server, until time.Time, days int) {
	t.Helper()
	var records []ingest.Record
	for i := range days {
		r := sighting("events:t/a/daily", "key", spend.RankSpan)
		r.Event.SourceKey, r.Event.Response = strconv.Itoa(i), "daily-"+strconv.Itoa(i)
		r.Event.UsedAt = until.AddDate(0, 0, -i-1).Truncate(24 * time.Hour).Add(8 * time.Hour)
		r.Event.StartedAt = r.Event.UsedAt
		records = append(records, *r)
	}
	_, err := s.Ingest.Pipeline.Deliver(t.Context(), ingest.Delivery{Records: records})
	must(t, err)
	must(t, s.Ingest.Pipeline.Settle(t.Context()))
}

// TestAForecastIsToldOnce spends 1.25 a day until the 26th of a month of 30 days: 25
// days are 31.25, and 37.5 are expected.
func TestAForecastIsToldOnce(t *testing.T) {
	t.Parallel()
	const foreseen = "kind: budget\nbudgets:\n" +
		"  - {id: a/month, scope: {team: t}, amount: 36, currency: USD, period: month, alerts: [forecast 100, forecast 105]}\n" +
		"  - {id: a/each, scope: {team: t}, each: application, amount: 37.5, currency: USD, period: month, alerts: [forecast 100]}\n" +
		"  - {id: a/spent, scope: {application: a}, amount: 36, currency: USD, period: month, alerts: [100]}\n" +
		"  - {id: a/hour, scope: {team: t}, amount: 1, currency: USD, period: hour, alerts: [forecast 1]}\n"
	for name, c := range map[string]struct {
		days int
		want []string
	}{
		"enough evidence": {60, []string{
			"Budget a/each is expected to use 100 % of 37.5 USD: application a: given_up ", "Budget a/month is expected to use 100 % of 36 USD: given_up ",
		}},
		"a past that is too short": {20, nil},
		"nothing was spent":        {0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, data := time.Date(2026, time.November, 26, 7, 0, 0, 0, time.UTC), t.TempDir()
			s := clocked(t, data, &now)
			spendsDaily(t, s, now, c.days)
			if got := tries(t, s, foreseen); got != "a/hour: its thresholds on the forecast tell nobody; a forecast takes a period of day, week, month, quarter or year" {
				t.Errorf("remarks %q", got)
			}
			for range 2 { // and not again, also by another server
				must(t, s.Foresee(t.Context()))
				must(t, s.Tell(t.Context()))
				if diff := cmp.Diff(c.want, sorted(states(t, s))); diff != "" {
					t.Errorf("notices (-want +got):\n%s", diff)
				}
				closed(t, s)
				s = clocked(t, data, &now)
			}
			closed(t, s)
		})
	}
}

// TestABudgetsOutlookKnowsTheCalendar spends 1.25 a day until the 26th: of the last five
// days of the month four are declared to be holidays of half as much, and later of twice
// as much. 37.5 without them are 35 and 42.5, which of 50 are 75, 70 and 85 %.
func TestABudgetsOutlookKnowsTheCalendar(t *testing.T) {
	t.Parallel()
	const budgets = "kind: budget\nbudgets:\n" +
		"  - {id: a, scope: {team: t}, amount: 50, currency: USD, period: month, alerts: [forecast 70, forecast 72, forecast 85]}\n"
	told := func(percents ...string) (all []string) {
		for _, percent := range percents {
			all = append(all, "Budget a is expected to use "+percent+" % of 50 USD: given_up ")
		}
		return all
	}
	for name, c := range map[string]struct {
		calendar string
		want     []string
	}{
		"no calendar":         {"", told("70", "72")},
		"holidays of a half":  {"{dates: [2026-11-27/2026-11-30], effect: 0.5}", told("70")},
		"of twice as much":    {"{dates: [2026-11-27/2026-11-30], effect: 2}", told("70", "72", "85")},
		"of another team":     {"{where: {team: u}, dates: [2026-11-27/2026-11-30], effect: 2}", told("70", "72")},
		"of the budget's own": {"{where: {team: t}, dates: [2026-11-27/2026-11-30], effect: 0.5}", told("70")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, time.November, 26, 7, 0, 0, 0, time.UTC)
			s := clocked(t, t.TempDir(), &now)
			spendsDaily(t, s, now, 60)
			texts := []string{budgets}
			if c.calendar != "" {
				texts = append(texts, "kind: calendar\nname: year\nholidays:\n  - {name: days off, "+c.calendar[1:]+"\n")
			}
			if got := tries(t, s, texts...); got != "" {
				t.Fatal(got)
			}
			must(t, s.Foresee(t.Context()))
			must(t, s.Tell(t.Context()))
			if diff := cmp.Diff(sorted(c.want), sorted(states(t, s))); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
			closed(t, s)
		})
	}
}
