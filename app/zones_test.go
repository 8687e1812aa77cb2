package app_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	reports "github.com/bursarhq/bursar/report" // report is a function of these tests
	"github.com/bursarhq/bursar/spend"
)

// pacificCalls are calls to Google around midnight in California, around the end of a month
// and while its clocks go back: to 07:00 UTC a day begins in summer time, to 08:00 after it.
func pacificCalls() []string {
	return []string{
		"2026-10-05T06:59:00Z", "2026-10-05T07:00:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z", "2026-11-01T08:30:00Z",
		"2026-11-01T09:30:00Z", "2026-11-02T07:30:00Z", "2026-11-02T08:00:00Z",
	}
}

// bySeller opens a server with zones of sellers, and tells it of the calls and of their bill,
// by the hour and by Google's months.
func bySeller(t *testing.T, zones ...string) *app.Server {
	t.Helper()
	c := app.Config{Data: t.TempDir(), Create: true, Zones: zones, Now: func() time.Time { return noon().Add(time.Hour) }}
	s, err := app.OpenServer(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var bill strings.Builder
	for i, at := range pacificCalls() {
		tell(t, s, "events", fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"till","id":"%d","time":%q,"data":{"seller":"vertex","requested_model":"gemini-2.5-flash","usage":{"input_tokens":1000000,"output_tokens":0},"scope":{"team":"claims"}}}`, i, at))
		month := "202610"
		if at >= "2026-11-01T07" {
			month = "202611"
		}
		fmt.Fprintf(&bill, `{"service":{"id":"C7E2-9256-1C43","description":"Vertex AI"},"sku":{"description":"Gemini 2.5 Flash GA Text Input - Predictions"},"usage":{"amount":1000000,"unit":"requests"},"usage_start_time":"%s:00:00Z","invoice":{"month":%q},"billing_account_id":"acme","cost":0.3,"currency":"USD"}`+"\n", at[:13], month)
	}
	fmt.Fprintln(&bill, `{"service":{"id":"C7E2-9256-1C43","description":"Vertex AI"},"sku":{"description":"Tax"},"cost_type":"tax","usage_start_time":"2026-11-01T06:00:00Z","invoice":{"month":"202610"},"billing_account_id":"acme","cost":0.5,"currency":"USD"}`)
	zone := "America/Los_Angeles"
	if slices.Contains(zones, "vertex=UTC") {
		zone = "UTC"
	}
	if r := tell(t, s, "google-cloud", bill.String()); r.Quarantined != 0 || r.Export.Zone != zone {
		t.Fatalf("%+v of %+v", r, r.Export)
	}
	return s
}

func asked(t *testing.T, month string) reports.ReconcileAsk {
	t.Helper()
	q, err := reports.NewReconcileAsk(month, "")
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// reconciled are the rows of usage of a month, and its only account.
func reconciled(t *testing.T, s *app.Server, month string) (rows []string, bill reconcile.Bill) {
	t.Helper()
	q := asked(t, month)
	r, err := s.Reconcile(t.Context(), &q)
	if err != nil || len(r.Bills) != 1 {
		t.Fatalf("%+v, %v", r.Bills, err)
	}
	for i := range r.Rows {
		if row := &r.Rows[i]; row.SKU != "Tax" {
			rows = append(rows, fmt.Sprint(row.Level, " ", row.Day, " ", row.Metered.Amount, " ", row.Variance))
		}
	}
	return rows, r.Bills[0]
}

// TestGooglesDaysArePacific sets calls beside a bill by days and months of Pacific time: each
// day matches, the link to what was metered comes to the same, and true-ups stand on the
// vendor's days. By days of UTC the months would not agree.
func TestGooglesDaysArePacific(t *testing.T) {
	t.Parallel()
	s := bySeller(t)
	defer closed(t, s)
	october, bill := reconciled(t, s, "2026-10")
	if diff := cmp.Diff([]string{"day 2026-10-04 0.3 0", "day 2026-10-05 0.3 0", "day 2026-10-31 0.3 0"}, october); diff != "" {
		t.Errorf("October (-want +got)\n%s", diff)
	}
	november, _ := reconciled(t, s, "2026-11")
	if diff := cmp.Diff([]string{"day 2026-11-01 1.2 0", "day 2026-11-02 0.3 0"}, november); diff != "" {
		t.Errorf("November (-want +got)\n%s", diff)
	}
	if bill.Zone != "America/Los_Angeles" || bill.Metered != money.Must("0.9") || bill.Invoiced != money.Must("1.4") {
		t.Errorf("the account is %+v", bill)
	}
	zone, err := time.LoadLocation(bill.Zone)
	if err != nil {
		t.Fatal(err)
	}
	metered := func() money.Amount {
		table, err := s.Answer(t.Context(), &spend.Query{
			Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost}, Zone: zone,
			From: time.Date(2026, 10, 1, 0, 0, 0, 0, zone), To: time.Date(2026, 11, 1, 0, 0, 0, 0, zone),
			Where: []spend.Filter{{By: "seller", Values: []string{"vertex"}}},
		})
		if err != nil || len(table.Rows) != 1 {
			t.Fatalf("%+v, %v", table, err)
		}
		return table.Rows[0].Values[0].Amount
	}
	if got := metered(); got != bill.Metered {
		t.Errorf("asked by itself, %s was metered, and %s in the reconciliation", got, bill.Metered)
	}
	done, err := s.TrueUp(t.Context(), auth.Local(), &reports.TrueUpAsk{ReconcileAsk: asked(t, "2026-10"), Owner: "finance"})
	if err != nil || done.Booked != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if got := metered(); got != bill.Invoiced {
		t.Errorf("metered and true-ups are %s of %s", got, bill.Invoiced)
	}
	if _, again := reconciled(t, s, "2026-10"); again.Metered != bill.Metered {
		t.Errorf("after the true-ups %s was metered", again.Metered)
	}
}

// TestGoogleMayCountInUTC takes the known zone back: the same call is of another month than
// the bill that it is in.
func TestGoogleMayCountInUTC(t *testing.T) {
	t.Parallel()
	s := bySeller(t, "vertex=UTC")
	defer closed(t, s)
	october, bill := reconciled(t, s, "2026-10")
	if diff := cmp.Diff([]string{"day 2026-10-05 0.6 0"}, october); diff != "" || bill.Zone != "UTC" {
		t.Errorf("%s (-want +got)\n%s", bill.Zone, diff)
	}
}

// TestZonesOfSellersAreRefused opens nothing with a zone that is none.
func TestZonesOfSellersAreRefused(t *testing.T) {
	t.Parallel()
	_, err := app.Open(app.Config{Data: t.TempDir(), Create: true, Zones: []string{"vertex=Mars/Olympus"}})
	if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(spend.HintOf(err), "azure=Europe/Vienna") {
		t.Errorf("got %v", err)
	}
}
