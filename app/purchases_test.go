package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

const seatFile = "id,vendor,product,kind,amount,currency,from,through,team\n"

// everybody may speak for the whole organisation, one for a team of it.
func everybody() auth.Identity {
	return auth.Identity{Token: "all", Grants: []auth.Grant{{Role: auth.Ingest}}}
}

func one(team string) auth.Identity {
	return auth.Identity{Token: team, Grants: []auth.Grant{{Role: auth.Ingest, Scope: spend.Scope{Team: team}}}}
}

func seats(t *testing.T, amount, through string) []purchase.Purchase {
	t.Helper()
	last, err := purchase.ParseDay(through)
	if err != nil {
		t.Fatal(err)
	}
	return []purchase.Purchase{{
		ID: "seats", Vendor: "cursor", Product: "Teams", Kind: purchase.Seat, Amount: money.Must(amount), Currency: "EUR",
		From: purchase.Date(2026, time.September, 1), Through: last, Owner: spend.Scope{Team: "platform"},
	}}
}

func bought(t *testing.T, s *app.Server, who auth.Identity, all []purchase.Purchase) ingest.Result {
	t.Helper()
	result, err := s.Purchase(t.Context(), who, all)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// paid is the cost of every team, and the lines behind it must stand the audit.
func paid(t *testing.T, s *app.Server) map[string]string {
	t.Helper()
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"team"}, Measures: []spend.Measure{spend.Cost, spend.Calls}, Zone: time.UTC}
	table, err := s.Answer(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	costs := map[string]string{}
	for _, r := range table.Rows {
		costs[r.Keys[0]] = r.Values[0].Amount.String()
	}
	if table.Totals.Calls != 0 {
		t.Errorf("%d calls, want none", table.Totals.Calls)
	}
	return costs
}

func wantPaid(t *testing.T, s *app.Server, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, paid(t, s)); diff != "" {
		t.Errorf("costs by team (-want +got):\n%s", diff)
	}
}

// TestPurchaseIsReplaced changes one purchase back and forth under a clock that
// stands still: the last word counts, whichever way it comes.
func TestPurchaseIsReplaced(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	if r := bought(t, s, everybody(), seats(t, "300", "2026-09-30")); r.Booked != 30 {
		t.Errorf("%+v, want 30 days", r)
	}
	if r := bought(t, s, everybody(), seats(t, "300", "2026-09-30")); r.Duplicates != 30 || r.Corrections+r.Withdrawn != 0 {
		t.Errorf("%+v, want nothing new", r)
	}
	if r := bought(t, s, everybody(), seats(t, "100", "2026-09-10")); r.Withdrawn != 20 || r.Corrections != 0 {
		t.Errorf("%+v, want 20 days withdrawn, and those left at 10 a day as before", r)
	}
	wantPaid(t, s, map[string]string{"platform": "100"})
	for _, amount := range []string{"330", "300", "330"} { // back to what it was, twice
		bought(t, s, everybody(), seats(t, amount, "2026-09-30"))
		wantPaid(t, s, map[string]string{"platform": amount})
	}
	order := api.ImportOrder{Format: "purchases", Name: "seats.csv"}
	file := seatFile + "seats,cursor,Teams,seat,330,EUR,2026-09-01,2026-09-30,platform\n"
	if r, err := s.Import(t.Context(), everybody(), &order, strings.NewReader(file)); err != nil || r.Duplicates != 30 || r.Corrections != 0 {
		t.Errorf("the same by a file: %+v, %v; want 30 duplicates", r, err)
	}
	wantPaid(t, s, map[string]string{"platform": "330"})
}

// TestPurchaseOfAnotherScope lets a team use an id that the organisation uses.
func TestPurchaseOfAnotherScope(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	bought(t, s, everybody(), seats(t, "300", "2026-09-30"))
	bought(t, s, one("claims"), seats(t, "70", "2026-09-07"))
	wantPaid(t, s, map[string]string{"platform": "300", "claims": "70"})
	bought(t, s, one("claims"), seats(t, "7", "2026-09-07"))
	wantPaid(t, s, map[string]string{"platform": "300", "claims": "7"})
}

func TestPurchaseInAnOldRevision(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	told := func(revision int64, amount, through string) error {
		all := seats(t, amount, through)
		all[0].Revision = revision
		_, err := s.Purchase(t.Context(), everybody(), all)
		return err
	}
	if err := told(7, "300", "2026-09-30"); err != nil {
		t.Fatal(err)
	}
	if err := told(6, "70", "2026-09-07"); spend.KindOf(err) != spend.KindConflict || spend.HintOf(err) == "" {
		t.Errorf("an older revision: %v, want a conflict with a hint", err)
	}
	wantPaid(t, s, map[string]string{"platform": "300"})
	if err := told(8, "70", "2026-09-07"); err != nil {
		t.Error(err)
	}
	wantPaid(t, s, map[string]string{"platform": "70"})
}

// TestPurchaseTooFarAhead rejects all of a purchase whose last days no ledger takes.
func TestPurchaseTooFarAhead(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	all := seats(t, "300", "2026-09-30")
	all[0].From, all[0].Through = purchase.Date(2037, time.January, 1), purchase.Date(2039, time.January, 1)
	if r := bought(t, s, everybody(), all); r.Quarantined != 1 || r.Booked != 0 {
		t.Errorf("%+v, want it rejected as one", r)
	}
	wantPaid(t, s, map[string]string{})
}

// TestPurchaseWithoutARate is unknown in the organisation's currency until a rate
// comes.
func TestPurchaseWithoutARate(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	all := seats(t, "300", "2026-09-30")
	all[0].Currency = "USD"
	bought(t, s, everybody(), all)
	if got := paid(t, s)["platform"]; got != "0" {
		t.Errorf("%s in euros, want nothing known", got)
	}
	rate := exchange.Rate{From: "USD", To: "EUR", Rate: money.Must("0.5"), Basis: exchange.DayRate, Source: "made up"}
	var rates []exchange.Rate
	for _, text := range []string{"2026-09-01", "2026-09-08", "2026-09-15", "2026-09-22", "2026-09-29"} {
		rate.Day, _ = exchange.ParseDay(text)
		rates = append(rates, rate)
	}
	change, err := s.AddRates(t.Context(), auth.Local(), rates)
	if err != nil || change.Converted["USD"] != 30 {
		t.Fatalf("%+v, %v; want 30 days booked anew", change, err)
	}
	wantPaid(t, s, map[string]string{"platform": "150"})
}

func TestPurchasesOfABrokenFile(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name, text string
		kind       spend.Kind // "" when it is read
		rejected   int64
	}{
		{"empty", "", spend.KindInvalid, 0},
		{"a header alone", seatFile, "", 0},
		{"another header", "what,ever\n1,2\n", spend.KindInvalid, 0},
		{"an ambiguous day", seatFile + "a,v,p,seat,1,USD,03/04/2026,,\n", "", 1},
		{"an ambiguous amount", seatFile + "a,v,p,seat,\"1,200\",USD,2026-03-04,,\n", "", 1},
	} {
		data := t.TempDir()
		path := filepath.Join(data, "p.csv")
		if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := app.Open(inEuros(filepath.Join(data, "ledger")))
		if err != nil {
			t.Fatal(err)
		}
		result, err := a.ImportPurchases(t.Context(), path)
		if err == nil && f.kind != "" || err != nil && spend.KindOf(err) != f.kind {
			t.Errorf("%s: %v, want an error of kind %q", f.name, err, f.kind)
		}
		if result.Quarantined != f.rejected || result.Booked != 0 {
			t.Errorf("%s: %+v, want %d rejected", f.name, result, f.rejected)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}
