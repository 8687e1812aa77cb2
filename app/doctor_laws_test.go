package app_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// TestLargeLedgerIsAuditedBehind says as of when the laws hold, up to a line that breaks
// one.
func TestLargeLedgerIsAuditedBehind(t *testing.T) {
	t.Parallel()
	s := serverAt(t, filepath.Join(t.TempDir(), "data"))
	s.AuditLarge()
	book := func(from, to int) {
		t.Helper()
		post(t, s, from, to)
		if err := s.Ingest.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	audit := func() {
		t.Helper()
		if err := s.AuditBooked(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	book(0, 10)
	wantState(t, findings(t, s, s.Now()), api.Attention, "laws of the ledger")
	const law = "a line is booked once"
	audit()
	if found := findings(t, s, s.Now())[law]; found.State != api.Healthy || found.Msg != "holds" {
		t.Errorf("after an audit of all: %+v", found)
	}
	book(10, 20)
	if found := findings(t, s, s.Now())[law]; found.State != api.Healthy || !strings.HasPrefix(found.Msg, "holds, as of 20") {
		t.Errorf("while more is booked: %+v", found)
	}
	var lines []spend.Charge
	err := s.Lake.EachLine(t.Context(), func(c *spend.Charge) error { lines = append(lines, *c); return nil })
	if err != nil || len(lines) == 0 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if err := s.Lake.Append(t.Context(), lake.Batch{Charges: lines[:1]}); err != nil {
		t.Fatal(err)
	}
	audit()
	wantState(t, findings(t, s, s.Now()), api.Broken, law)
}
