package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// TestTheCompanyIsForecast asks a simulated company's server what comes next, at the end of
// its past and a week later, when the first forecast can be judged.
func TestTheCompanyIsForecast(t *testing.T) {
	t.Parallel()
	_, now := demoCompany()
	config := app.Config{Data: filled(t), Now: func() time.Time { return now }, Forecast: api.Maturity{LeastDays: 28, LeastJudged: 1}}
	s, err := app.OpenServer(t.Context(), config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ask := url.Values{"by": {"team,workflow"}, "horizon": {"7d"}, "levels": {"80"}}
	e := askAhead(t, s, ask)
	sums := make([]money.Amount, len(e.Rows))
	for i := range e.Rows {
		if p := e.Rows[i].Parent; p >= 0 {
			if sums[p], err = sums[p].Add(e.Rows[i].Mean); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range e.Rows {
		if e.Rows[i].Depth < 2 && !e.Rows[i].Other && sums[i] != e.Rows[i].Mean {
			t.Errorf("the parts of %v are %v, it is %v", e.Rows[i].Keys, sums[i], e.Rows[i].Mean)
		}
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, From: e.From.AddDate(0, 0, -7), To: e.From, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC}
	came, err := s.Answer(t.Context(), &q)
	if err != nil || came.Totals.Cost != e.Rows[0].Before.Amount || came.Totals.Cost.IsZero() {
		t.Errorf("the days before came to %v, the ledger has %v, %v", e.Rows[0].Before, came.Totals.Cost, err)
	}
	if again := askAhead(t, s, ask); again.ID != e.ID || e.ID == "" {
		t.Errorf("the same forecast is kept as %q and %q", e.ID, again.ID)
	}
	now = now.AddDate(0, 0, 9)
	later := askAhead(t, s, ask)
	if r := later.Record; !r.Enough || r.Judged != 1 || len(r.Levels) != 1 || r.Levels[0].Asked == 0 {
		t.Errorf("the record is %+v", r)
	}
}

// askAhead asks a server, within the process, for a forecast.
func askAhead(t *testing.T, s *app.Server, ask url.Values) (e api.ForecastEnvelope) {
	t.Helper()
	var body bytes.Buffer
	err := s.Inside(t.Context(), func(cl *client.Client) error { return cl.Raw(t.Context(), "/api/v1/forecast", ask, &body) })
	if err == nil {
		err = json.Unmarshal(body.Bytes(), &e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestWhatNamesAPersonIsNotKept: an address in a condition.
func TestWhatNamesAPersonIsNotKept(t *testing.T) {
	t.Parallel()
	_, now := demoCompany()
	s, err := app.OpenServer(t.Context(), app.Config{Data: filled(t), Now: func() time.Time { return now }}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if e := askAhead(t, s, url.Values{"where": {"customer!=ada@example.com"}, "horizon": {"7d"}}); e.ID != "" || !strings.Contains(e.NotKept, "address") {
		t.Errorf("kept as %q: %s", e.ID, e.NotKept)
	}
	handler, err := s.Handler(app.Door{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := handler.Forecasts.Forecasts(context.Background(), nil, 9)
	if err != nil || len(kept) != 0 {
		t.Errorf("%d are kept, %v", len(kept), err)
	}
}

// TestAskingAgainKeepsNothing: what was told first stands for the day, also when the ledger
// has learned more since.
func TestAskingAgainKeepsNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 26, 7, 0, 0, 0, time.UTC)
	s := clocked(t, t.TempDir(), &now)
	spendsDaily(t, s, now, 60)
	ask := url.Values{"horizon": {"7d"}}
	first := askAhead(t, s, ask)
	also := func(name string, at time.Time) {
		r := sighting("events:t/a/daily", "key", spend.RankSpan)
		r.Event.SourceKey, r.Event.Response, r.Event.UsedAt, r.Event.StartedAt = name, name, at, at
		_, err := s.Ingest.Pipeline.Deliver(t.Context(), ingest.Delivery{Records: []ingest.Record{*r}})
		must(t, err)
		must(t, s.Ingest.Pipeline.Settle(t.Context()))
	}
	also("late", now.AddDate(0, 0, -2))
	second := askAhead(t, s, ask)
	if first.Rows[0].Before == second.Rows[0].Before || first.ID == "" || first.ID != second.ID {
		t.Errorf("kept as %q and %q, of %v and %v", first.ID, second.ID, first.Rows[0].Before, second.Rows[0].Before)
	}
	also("today", now)
	now = now.AddDate(0, 0, 1)
	if third := askAhead(t, s, ask); third.ID == first.ID || third.ID == "" {
		t.Errorf("the next day's is kept as %q, that before as %q", third.ID, first.ID)
	}
	closed(t, s)
}

// TestTheCalendarThatIsAppliedIsForecast: a launch of the team that doubles it, of which the
// same question knew nothing before.
func TestTheCalendarThatIsAppliedIsForecast(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 26, 7, 0, 0, 0, time.UTC)
	s := clocked(t, t.TempDir(), &now)
	spendsDaily(t, s, now, 60)
	ask := url.Values{"horizon": {"8d"}, "by": {"team"}, "where": {"team=t"}}
	before := askAhead(t, s, ask)
	const launch = "kind: calendar\nname: house\nlaunches:\n  - {name: pilot, dates: [2026-11-30], where: {team: t}, effect: 2}\n"
	if _, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, launch)}); err != nil {
		t.Fatal(err)
	}
	after := askAhead(t, s, ask)
	if o := after.Calendar; len(o) != 1 || o[0].Groups != 1 || !o[0].Declared || o[0].Factor != money.Known(money.FromInt(2)) || len(before.Calendar) != 0 {
		t.Fatalf("before %+v, after %+v", before.Calendar, o)
	}
	if want := money.Must("15"); before.Rows[0].Mean != money.Must("10") || after.Rows[0].Mean != want { // 4 days of 1.25, and 4 of 2.50
		t.Errorf("%v became %v, want %v", before.Rows[0].Mean, after.Rows[0].Mean, want)
	}
	closed(t, s)
}

// TestWhatIsBookedAheadIsForecast: calls of 1.25 a day, seats of 10 a day that go on for four
// days, a subscription of 1000 a day from tomorrow on, and support of 2 a day that ended
// yesterday, of which nobody says that it does not go on.
func TestWhatIsBookedAheadIsForecast(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 26, 7, 0, 0, 0, time.UTC)
	s := clocked(t, t.TempDir(), &now)
	spendsDaily(t, s, now, 60)
	sold := func(id, amount string, from, through purchase.Day) purchase.Purchase {
		return purchase.Purchase{ID: id, Vendor: "cursor", Product: id, Kind: purchase.Subscription, Amount: money.Must(amount), Currency: "USD", From: from, Through: through, Owner: spend.Scope{Team: "t"}}
	}
	today := purchase.Date(2026, time.November, 26)
	bought(t, s, everybody(), []purchase.Purchase{
		sold("seats", "640", today.Plus(-60), today.Plus(3)), sold("plan", "1000000", today.Plus(1), today.Plus(1000)), sold("support", "120", today.Plus(-60), today.Plus(-1)),
	})
	e := askAhead(t, s, url.Values{"horizon": {"7d"}, "by": {"team"}, "where": {"team=t"}})
	for _, r := range e.Rows {
		if r.Before.Amount != money.Must("92.75") || r.Booked != money.Must("6040") || r.Mean != money.Must("6062.75") {
			t.Errorf("%v: %v before, %v booked of %v; want 92.75, and 6040 of 6062.75", r.Keys, r.Before, r.Booked, r.Mean)
		}
	}
	closed(t, s)
}
