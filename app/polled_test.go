package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// TestDaysThatAVendorTakesBack finds the days of which nothing is said, in each part of
// which something was said before, and none where a row's day cannot be read.
func TestDaysThatAVendorTakesBack(t *testing.T) {
	t.Parallel()
	parts := []app.Part{{Source: "openai.costs", Prefix: "acme/"}, {Source: "openai.usage", Prefix: "acme/completions/"}}
	lines := []vendor.Line{
		{Event: spend.Event{Source: "openai.costs", Partition: "acme/2026-11-21"}},
		{Event: spend.Event{Source: "openai.usage", Partition: "acme/completions/2026-11-20"}},
	}
	from := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	want := []ingest.Part{
		{Source: "openai.costs", Partition: "acme/2026-11-20"}, {Source: "openai.usage", Partition: "acme/completions/2026-11-21"},
	}
	if diff := cmp.Diff(want, app.Emptied(lines, parts, from, from.AddDate(0, 0, 2))); diff != "" {
		t.Errorf("what is empty (-want +got)\n%s", diff)
	}
	unread := append(lines, vendor.Line{Event: spend.Event{Source: "openai.costs"}})
	if got := app.Emptied(unread, parts, from, from.AddDate(0, 0, 2)); got != nil {
		t.Errorf("of rows that cannot be read %v is empty", got)
	}
	if got := app.Emptied(lines, parts, time.Time{}, time.Time{}); got != nil {
		t.Errorf("of a file %v is empty", got)
	}
}
