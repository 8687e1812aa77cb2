package ingest_test

import (
	"testing"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// of is a record of an application's credential about a response of the vendor.
func of(application, key string) ingest.Record {
	r := record(key)
	r.Event.Source, r.Event.Response, r.Event.Scope.Application = "events:"+application, "resp-1", application
	r.Bound, r.File = true, ""
	return r
}

// TestACredentialAddsToItsOwnCallsAlone tells of one response for two
// applications: the second neither changes the call nor vanishes, and what no
// credential binds still adds.
func TestACredentialAddsToItsOwnCallsAlone(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	s := &ingest.Service{Log: newLog(), Pipeline: ingesttest.Pipeline(t, ledger)}
	thief := of("refunds", "2")
	thief.Event.Usage.Tokens[spend.InText] = 9_000_000
	thief.Event.Scope.Workflow = "stolen"
	thief.Digest = spend.Digest("thief")
	own := of("triage", "3")
	own.Event.Scope.Workflow = "first-contact"
	export := record("4")
	export.Event.Source, export.Event.Response, export.Event.Rank = "vendor", "resp-1", spend.RankVendorUsage
	for _, r := range []ingest.Record{of("triage", "1"), thief, own, export} {
		if err := s.Accept(t.Context(), []ingest.Record{r}); err != nil {
			t.Fatal(err)
		}
		if err := s.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	lines, _ := ledger.Charges(t.Context())
	cost, calls := money.Amount{}, int64(0)
	for i := range lines {
		cost, _ = cost.Add(lines[i].List.Amount)
		calls += lines[i].Calls
		if lines[i].Scope.Workflow == "stolen" || lines[i].Scope.Application != "triage" {
			t.Errorf("a line of %+v", lines[i].Scope)
		}
	}
	if cost != money.FromInt(2) || calls != 1 {
		t.Errorf("%d calls cost %s, want 1 at 2", calls, cost)
	}
	rejected := ledger.Quarantine()
	if len(rejected) != 1 || rejected[0].Problems[0].Field != "response" || !rejected[0].Whole {
		t.Fatalf("rejected are %+v, want the foreign one with its reason", rejected)
	}
	tried, err := s.Retry(t.Context(), thief.Digest, "token aaaaaaaa")
	if err != nil || len(tried) != 1 || tried[0].Result != "still_refused" {
		t.Errorf("tried again: %+v, %v; want it refused still", tried, err)
	}
}

// TestWhatNamesNoApplicationBelongsToNone lets a credential tell whose a call is
// that nobody has named yet.
func TestWhatNamesNoApplicationBelongsToNone(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	export := record("1")
	export.Event.Response, export.Event.Scope.Team = "resp-1", "claims"
	told := of("triage", "2")
	told.Event.Scope.Team = "claims"
	for _, r := range []ingest.Record{export, told} {
		if _, err := p.Book(t.Context(), []ingest.Record{r}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	if last := lines[len(lines)-1]; last.Scope.Application != "triage" || len(ledger.Quarantine()) != 0 {
		t.Errorf("the call is of %+v, and %d were rejected", last.Scope, len(ledger.Quarantine()))
	}
}
