package ingest_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/spend"
)

// accepting is a service whose credentials have an allowance of new values.
type accepting struct {
	*ingest.Service
	*testing.T
	now    time.Time
	ledger *ingesttest.Memory
}

func accept(t *testing.T, most int) *accepting {
	a := &accepting{T: t, now: ingesttest.Now(), ledger: ingesttest.NewMemory()}
	labels := ingest.NewLabels(most, func() time.Time { return a.now })
	a.Service = &ingest.Service{Log: newLog(), Pipeline: ingesttest.Pipeline(t, a.ledger), Labels: labels}
	return a
}

func (a *accepting) accept(records ...ingest.Record) (folded int) {
	a.Helper()
	if err := a.Accept(a.Context(), records); err != nil {
		a.Fatal(err)
	}
	for i := range records {
		folded += records[i].Capped
	}
	return folded
}

// booked gives the values of a dimension in the ledger with their lines.
func (a *accepting) booked(of func(*spend.Charge) string) map[string]int {
	a.Helper()
	if err := a.CatchUp(a.Context()); err != nil {
		a.Fatal(err)
	}
	lines, _ := a.ledger.Charges(a.Context())
	found := map[string]int{}
	for i := range lines {
		found[of(&lines[i])]++
	}
	return found
}

func labelled(key string, change func(*spend.Scope)) ingest.Record {
	r := record(key)
	r.Event.Scope.Credential = "cred"
	change(&r.Event.Scope)
	return r
}

func TestTenThousandNewLabelValues(t *testing.T) {
	t.Parallel()
	a := accept(t, 1000)
	var records []ingest.Record
	for i := range 10_000 {
		records = append(records, labelled(fmt.Sprint(i), func(s *spend.Scope) { s.Customer = fmt.Sprintf("customer %d", i) }))
	}
	if folded := a.accept(records...); folded != 9_000 {
		t.Errorf("%d values folded, want 9,000", folded)
	}
	customers := a.booked(func(c *spend.Charge) string { return c.Scope.Customer + " " + c.Flags.String() })
	if len(customers) != 1001 || customers["(capped) label_capped"] != 9_000 {
		t.Errorf("%d customers, %d lines capped, want 1,001 and 9,000", len(customers), customers["(capped) label_capped"])
	}
}

func TestWhatCountsAsANewLabelValue(t *testing.T) {
	t.Parallel()
	a := accept(t, 4)
	run := func(key string) ingest.Record {
		return labelled(key, func(s *spend.Scope) {
			s.Workflow, s.Agent, s.Run, s.Step = "w", "w", "run "+key, "step "+key
			s.Tags = map[string]string{"project": "p"}
		})
	}
	if folded := a.accept(run("1"), run("2")); folded != 0 {
		t.Errorf("%d folded of four values used twice", folded)
	}
	more := labelled("3", func(s *spend.Scope) { s.Tags = map[string]string{"project": "q", "k1": "v", "k2": "v"} })
	if folded := a.accept(more); folded != 3 {
		t.Errorf("%d folded, want two tags and a value", folded)
	}
	other := labelled("4", func(s *spend.Scope) { s.Credential, s.Workflow = "another", "fresh" })
	if folded := a.accept(other); folded != 0 {
		t.Error("one credential used up the allowance of another")
	}
	a.now = a.now.Add(time.Hour)
	if folded := a.accept(labelled("5", func(s *spend.Scope) { s.Workflow = "next hour" })); folded != 0 {
		t.Error("the allowance did not come back with the hour")
	}
	tags := a.booked(func(c *spend.Charge) string {
		return fmt.Sprint(slices.Sorted(maps.Keys(c.Scope.Tags)), c.Scope.Tags["project"])
	})
	want := map[string]int{"[project]p": 2, "[(capped) project](capped)": 1, "[]": 2}
	if diff := cmp.Diff(want, tags); diff != "" {
		t.Errorf("tags (-want +got)\n%s", diff)
	}
}

// TestACallIsFoldedBeforeItBegins folds a scope, and then tells the call's beginning and
// end under it: what it was folded to stays, and the line is flagged.
func TestACallIsFoldedBeforeItBegins(t *testing.T) {
	t.Parallel()
	a := accept(t, 1)
	a.Labels.Know("cred", "tag:trace_id", "t")
	ends := labelled("1", func(s *spend.Scope) {
		s.Workflow, s.Agent, s.Tags = "kept", "folded", map[string]string{ingest.TraceTag: "t", "project": "folded too"}
	})
	if folded := a.Labels.Fold(&ends.Event.Scope); folded != 2 {
		t.Errorf("%d folded, want the agent and a tag", folded)
	}
	begins := ends
	begins.Event.Status, begins.Event.UsageSource = spend.StatusInterrupted, spend.UsageUnobserved
	if _, err := a.Begin(&begins); err != nil {
		t.Fatal(err)
	}
	a.now = a.now.Add(time.Hour)
	if err := a.End(&ends); err != nil {
		t.Fatal(err)
	}
	got := a.booked(func(c *spend.Charge) string {
		return fmt.Sprint(c.Scope.Workflow, c.Scope.Agent, c.Scope.Tags, c.Flags)
	})
	if want := (map[string]int{"kept(capped)map[(capped):(capped) trace_id:t] label_capped": 1}); cmp.Diff(want, got) != "" || a.OpenCalls() != 0 {
		t.Errorf("booked as %v with %d open, want %v", got, a.OpenCalls(), want)
	}
}

func TestKnownValuesAreNotNew(t *testing.T) {
	t.Parallel()
	a := accept(t, 1)
	a.Labels.Know("cred", "workflow", "old")
	for i, name := range []string{"old", "new", "old"} {
		if folded := a.accept(labelled(fmt.Sprint(i), func(s *spend.Scope) { s.Workflow = name })); folded != 0 {
			t.Errorf("%s was folded", name)
		}
	}
}

// TestARecordComesAgainInAnotherHour sends records again when the allowance is
// another: neither way is it a conflict.
func TestARecordComesAgainInAnotherHour(t *testing.T) {
	t.Parallel()
	a := accept(t, 1)
	first := func() ingest.Record { return labelled("1", func(s *spend.Scope) { s.Workflow = "kept" }) }
	second := func() ingest.Record { return labelled("2", func(s *spend.Scope) { s.Workflow = "folded" }) }
	a.accept(first(), second())
	a.booked(func(*spend.Charge) string { return "" })
	a.now = a.now.Add(time.Hour)
	a.Labels = ingest.NewLabels(1, func() time.Time { return a.now })
	a.accept(second(), first())
	found := a.booked(func(c *spend.Charge) string { return c.Scope.Workflow })
	if want := (map[string]int{"kept": 1, "(capped)": 1}); cmp.Diff(want, found) != "" || len(a.ledger.Quarantine()) != 0 {
		t.Errorf("%v and %d rejected, want %v", found, len(a.ledger.Quarantine()), want)
	}
}
