package app_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func inEuros(data string) app.Config {
	return app.Config{Data: data, Create: true, Reporting: "EUR", Now: noon}
}

// importInto books calls of August and closes the folder.
func importInto(t *testing.T, data string, n int) ingest.Result {
	t.Helper()
	m, err := connect.ParseMapping([]byte(callsMapping))
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(inEuros(data))
	if err != nil {
		t.Fatal(err)
	}
	result, err := a.Import(t.Context(), app.File{Path: calls(t, "calls.csv", n), Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return result
}

func serverIn(t *testing.T, data string) *app.Server {
	t.Helper()
	s, err := app.OpenServer(t.Context(), inEuros(data), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t *testing.T, s *app.Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestRatesConvertWhatHadNone(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if before := importInto(t, data, 100); before.Booked != 100 || !before.Cost.IsZero() {
		t.Fatalf("%+v, want a hundred calls and nothing in EUR", before)
	}
	s := serverIn(t, data)
	defer closed(t, s)
	rate := exchange.Rate{
		From: "EUR", To: "USD", Rate: money.Must("1.25"), Day: exchange.DayOf(noon(), time.UTC) - 1, Basis: exchange.DayRate, Source: "ecb",
	}
	other := rate
	other.To = "GBP"
	change, err := s.AddRates(t.Context(), auth.Local(), []exchange.Rate{rate, other})
	if err != nil || change.Added != 2 || change.Known != 0 || change.Converted["USD"] != 100 || len(change.Left) != 0 {
		t.Errorf("%+v (%v), want two rates added and a hundred lines converted", change, err)
	}
	again, err := s.AddRates(t.Context(), auth.Local(), []exchange.Rate{rate})
	if err != nil || again.Added != 0 || again.Known != 1 || len(again.Converted) != 0 {
		t.Errorf("%+v (%v), want nothing new", again, err)
	}
	table, err := s.Answer(t.Context(), &spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost, spend.ListCost}})
	if err != nil {
		t.Fatal(err)
	}
	euros, dollars := table.Totals.Values[0].Amount, table.Totals.Values[1].Amount
	if back, err := euros.MulQuotient(money.Must("1.25"), money.FromInt(1)); err != nil || back != dollars || euros != table.Totals.Cost || table.Totals.UnconvertedLines != 0 || len(table.Totals.WithoutRate) != 0 {
		t.Errorf("%s EUR and %s USD, %d calls and %v unconverted", euros, dollars, table.Totals.Unconverted, table.Totals.WithoutRate)
	}
	err = s.State.Read(t.Context(), func(tx *state.Tx) error {
		trail, err := auth.Verify(t.Context(), tx, auth.Head{})
		if trail.Entries != 1 || trail.Broken != 0 {
			t.Errorf("audit trail %+v, want one entry for the one change", trail)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestAnAnswerSaysByWhichRates: only where one was used, and as of the newest day
// up to the end of the window.
func TestAnAnswerSaysByWhichRates(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	importInto(t, data, 100)
	s := serverIn(t, data)
	defer closed(t, s)
	whole := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC}
	early, before, other := whole, whole, whole
	early.To = noon().AddDate(0, 0, 1)
	before.To = noon().AddDate(-1, 0, 0)
	other.Where = []spend.Filter{{By: "seller", Values: []string{"nobody"}}}
	says := func(q *spend.Query) string {
		standing, err := s.Standing(t.Context(), q)
		if err != nil || standing.Rates == nil {
			return fmt.Sprint("nothing", err)
		}
		return standing.Rates.Basis + " " + standing.Rates.AsOf.Format(time.RFC3339)
	}
	if got := says(&whole); got != "nothing<nil>" {
		t.Errorf("without rates: %s", got)
	}
	day := exchange.DayOf(noon(), time.UTC)
	rates := []exchange.Rate{{From: "EUR", To: "USD", Rate: money.Must("1.25"), Day: day - 1, Basis: exchange.DayRate, Source: "ecb"}}
	if _, err := s.AddRates(t.Context(), auth.Local(), rates); err != nil {
		t.Fatal(err)
	}
	newest := "day of use " + (day - 1).Start(time.UTC).Format(time.RFC3339)
	for name, c := range map[string]struct {
		q    *spend.Query
		want string
	}{
		"everything": {&whole, newest}, "up to tomorrow": {&early, newest}, "before all of it": {&before, "nothing<nil>"}, "another seller": {&other, "nothing<nil>"},
	} {
		if got := says(c.q); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	listed, err := s.Rates(t.Context(), api.RateList{From: "EUR", Limit: 10})
	if err != nil || len(listed) != 1 || listed[0].ID == "" {
		t.Errorf("listed %+v (%v)", listed, err)
	}
}

func TestAnImportConvertsByTheRatesOfItsFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serverIn(t, data)
	rate := exchange.Rate{
		From: "USD", To: "EUR", Rate: money.Must("0.8"), Day: exchange.DayOf(noon(), time.UTC), Basis: exchange.DayRate, Source: "ecb",
	}
	if _, err := s.AddRates(t.Context(), auth.Local(), []exchange.Rate{rate}); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if result := importInto(t, data, 10); result.Booked != 10 || result.Cost.Sign() <= 0 {
		t.Errorf("%+v, want ten calls with a cost in EUR", result)
	}
}

func TestRatesThatCannotBeKept(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	sound := exchange.Rate{From: "USD", To: "EUR", Rate: money.Must("0.8"), Day: exchange.DayOf(noon(), time.UTC), Basis: exchange.DayRate, Source: "ecb"}
	bad := sound
	bad.Day += 30
	change, err := s.AddRates(t.Context(), auth.Local(), []exchange.Rate{sound, bad})
	if spend.KindOf(err) != spend.KindInvalid || change.Added != 0 {
		t.Errorf("%+v, %v; want both refused", change, err)
	}
	if change, err = s.AddRates(t.Context(), auth.Local(), []exchange.Rate{sound}); err != nil || change.Added != 1 {
		t.Errorf("%+v (%v), want nothing kept of the refused list", change, err)
	}
}
