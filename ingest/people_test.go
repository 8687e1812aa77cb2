package ingest_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/spend"
)

// directory is people in memory; an erased claim is forgotten.
type directory struct {
	known  map[string]string
	erased map[string]bool
	made   int
}

func newDirectory() *directory {
	return &directory{known: map[string]string{}, erased: map[string]bool{}}
}

func (d *directory) Principals(_ context.Context, claims []string) (map[string]string, error) {
	found := map[string]string{}
	for _, c := range claims {
		if d.known[c] == "" {
			d.made++
			d.known[c] = fmt.Sprintf("p%d", d.made)
			d.known[d.known[c]] = d.known[c]
		}
		found[c] = d.known[c]
	}
	return found, nil
}

func (d *directory) Erased(_ context.Context, principals []string) (map[string]bool, error) {
	return d.erased, nil
}

func (d *directory) Veil(text string) string { return spend.Digest("veil", text).String() }

func (d *directory) erase(claim string) {
	d.erased[d.known[claim]] = true
	delete(d.known, claim)
}

func by(claim, key string) ingest.Record {
	r := record(key)
	r.Event.Scope.Principal = claim
	return r
}

// reading gives records to an import.
type reading []ingest.Record

func (r *reading) Next(out *ingest.Record) error {
	if len(*r) == 0 {
		return io.EOF
	}
	*out, *r = (*r)[0], (*r)[1:]
	return nil
}

func importInto(t *testing.T, ledger *ingesttest.Memory, d ingest.Directory, records ...ingest.Record) ingest.Result {
	t.Helper()
	p := ingesttest.Pipeline(t, ledger)
	p.Directory = d
	r := reading(records)
	result, err := (&ingest.Import{Pipeline: p, Reader: &r}).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func principals(t *testing.T, ledger *ingesttest.Memory) (all []string) {
	t.Helper()
	lines, err := ledger.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range lines {
		all = append(all, lines[i].Scope.Principal)
	}
	return all
}

func TestPeopleAreKnownByRandomIDs(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	importInto(t, ledger, newDirectory(), by("ada@example.org", "1"), by(" Ada@Example.org ", "2"), by("", "3"), by("bo", "4"), by("p1", "5"))
	want := map[string]int{"p1": 3, "": 1, "p2": 1}
	for _, p := range principals(t, ledger) {
		want[p]--
	}
	for p, n := range want {
		if n != 0 {
			t.Errorf("principal %q: %d lines fewer than wanted", p, n)
		}
	}
}

func TestWithoutADirectoryNobodyIsNamed(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	importInto(t, ledger, nil, by("ada@example.org", "1"))
	if got := principals(t, ledger)[0]; got != "" {
		t.Errorf("the line names %q", got)
	}
}

func TestKeysThatNameAPersonAreVeiled(t *testing.T) {
	t.Parallel()
	ledger, d := ingesttest.NewMemory(), newDirectory()
	importInto(t, ledger, d, by("ada@example.org", "row/Ada@example.org/1"), by("7", "7/2026"), by("7", "call-17"))
	lines, _ := ledger.Charges(t.Context())
	for i, want := range []string{d.Veil("row/Ada@example.org/1"), d.Veil("7/2026"), "call-17"} {
		if lines[i].SourceKey != want {
			t.Errorf("source key %q, want %q", lines[i].SourceKey, want)
		}
	}
	d.erase("ada@example.org")
	if so := importInto(t, ledger, d, by("ada@example.org", "row/Ada@example.org/1")); so.Duplicates != 1 {
		t.Errorf("%+v, want a duplicate", so)
	}
}

// TestAnErasedPersonStaysNameless imports again what an erased person did, from
// the same source and from another that knows the attempt.
func TestAnErasedPersonStaysNameless(t *testing.T) {
	t.Parallel()
	for _, revisions := range []spend.Revisions{spend.Immutable, spend.Growing} {
		ledger, d := ingesttest.NewMemory(), newDirectory()
		first := by("ada@example.org", "1")
		first.Event.Response, first.Revisions = "r1", revisions
		importInto(t, ledger, d, first)
		d.erase("ada@example.org")
		if so := importInto(t, ledger, d, first); so.Duplicates != 1 || so.Quarantined+so.Corrections != 0 {
			t.Errorf("%s: %+v, want one duplicate", revisions, so)
		}
		other := by("ada@example.org", "x")
		other.Event.Source, other.Event.Response, other.Event.Rank = "bill", "r1", spend.RankVendorUsage
		importInto(t, ledger, d, other)
		importInto(t, ledger, d, by("ada@example.org", "2"))
		for i, p := range principals(t, ledger) {
			if last := i == len(principals(t, ledger))-1; (p == "p1") == last {
				t.Errorf("%s: line %d names %s", revisions, i, p)
			}
		}
	}
}

func TestAcceptedRecordsNameNobodyInTheLog(t *testing.T) {
	t.Parallel()
	log, p := newLog(), ingesttest.Pipeline(t, ingesttest.NewMemory())
	p.Directory = newDirectory()
	bad := by("eve@example.org", "eve@example.org/2")
	bad.Event.Usage.Tokens[spend.OutText] = -1
	records := []ingest.Record{by("ada@example.org", "1"), bad, by(strings.Repeat("mallory@example.org", 40), "3")}
	if err := (&ingest.Service{Log: log, Pipeline: p}).Accept(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	for i, e := range log.entries {
		if strings.Contains(string(e.Payload), "example.org") {
			t.Errorf("entry %d holds what a source calls a person", i)
		}
	}
}
