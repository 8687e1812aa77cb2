package vendor_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect/vendor"
)

// TestDaysOfASeller reads rows by the hour, by days of the seller and by days of UTC, with
// months that begin in either: each is of the seller's day and month.
func TestDaysOfASeller(t *testing.T) {
	t.Parallel()
	const head = "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ServiceName,ProviderName\n"
	for _, c := range []struct{ zone, row, want string }{
		{"America/Los_Angeles", "2026-11-01T07:00:00Z,Usage,2026-11-01T07:00:00Z,2026-11-01T08:00:00Z", "2026-11 2026-11-01"},
		{"America/Los_Angeles", "2026-10-01T07:00:00Z,Usage,2026-11-01T06:00:00Z,2026-11-01T07:00:00Z", "2026-10 2026-10-31"},
		{"America/Los_Angeles", "2026-11-01T00:00:00Z,Usage,2026-11-01T00:00:00Z,2026-11-02T00:00:00Z", "2026-11 2026-11-01"},
		{"America/Los_Angeles", "2026-11-01T07:00:00Z,Usage,2026-11-01T07:00:00Z,2026-11-02T08:00:00Z", "2026-11 2026-11-01"},
		{"America/Los_Angeles", "2026-11-01T07:00:00Z,Tax,2026-11-01T07:00:00Z,2026-12-01T08:00:00Z", "2026-11 2026-11-01"},
		{"Asia/Tokyo", "2026-10-31T15:00:00Z,Usage,2026-10-31T15:00:00Z,2026-11-01T15:00:00Z", "2026-11 2026-11-01"},
		{"Asia/Tokyo", "2026-11-01T00:00:00Z,Usage,2026-11-01T00:00:00Z,", "2026-11 2026-11-01"},
		{"UTC", "2026-11-01T00:00:00Z,Usage,2026-11-01T23:00:00Z,2026-11-02T23:00:00Z", "2026-11 2026-11-01"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		x, err := vendor.Read(strings.NewReader(head+"1,acme,USD,"+c.row+",Vertex AI,Google\n"), vendor.Options{Vendor: "focus", Zones: func(seller string) *time.Location {
			if seller != "vertex" {
				t.Errorf("the seller is %q", seller)
			}
			return zone
		}})
		if err != nil || len(x.Lines) != 1 || len(x.Lines[0].Problems) > 0 {
			t.Fatalf("%s: %+v, %v", c.row, x, err)
		}
		l, midnight := &x.Lines[0], x.Lines[0].Event.UsedAt.In(zone)
		if diff := cmp.Diff(c.want+" 00:00", l.Day+" "+midnight.Format("2006-01-02 15:04")); diff != "" {
			t.Errorf("%s of %s (-want +got)\n%s", c.zone, c.row, diff)
		}
	}
}

// TestBillsOfADayStayApart reads rows alike of one day in the bills of two months and of two
// accounts: each has a key of its own, or one would take the place of another.
func TestBillsOfADayStayApart(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for _, in := range []string{`"invoice":{"month":"202608"},"billing_account_id":"a"`, `"invoice":{"month":"202609"},"billing_account_id":"a"`, `"invoice":{"month":"202609"},"billing_account_id":"b"`} {
		rows.WriteString(`{"service":{"id":"C7E2-9256-1C43"},"sku":{"description":"Tax"},"cost_type":"tax","usage_start_time":"2026-08-31T05:00:00Z","cost":1,"currency":"USD",` + in + "}\n")
	}
	x, err := vendor.Read(strings.NewReader(rows.String()), vendor.Options{Vendor: "google-cloud"})
	if err != nil || len(x.Lines) != 3 {
		t.Fatalf("%+v, %v", x, err)
	}
	keys := map[string]bool{}
	for i := range x.Lines {
		keys[x.Lines[i].Event.SourceKey] = true
	}
	if len(keys) != 3 {
		t.Errorf("three lines have the keys %v", keys)
	}
}
