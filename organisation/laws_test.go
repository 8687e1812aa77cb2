package organisation_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
)

// drawn is a document of a few units in a few places, often a wrong one.
func drawn(t *rapid.T, label string) string {
	b := &strings.Builder{}
	b.WriteString("kind: organisation\nbusiness_units:\n")
	dates := rapid.SampledFrom([]string{"", ", from: 2026-03-01", ", to: 2026-03-01", ", from: 2026-06-01", ", from: 2026-03-01, to: 2026-06-01"})
	for unit := range rapid.IntRange(1, 3).Draw(t, label+" units") {
		fmt.Fprintf(b, "  - {name: u%d, teams: [", unit)
		for range rapid.IntRange(0, 2).Draw(t, label+" teams") {
			fmt.Fprintf(b, "{name: t%d%s, cost_centre: c%d, applications: [{name: a%d, workflows: [w%d]}]}, ", rapid.IntRange(0, 2).Draw(t, "team"),
				dates.Draw(t, "days"), unit, rapid.IntRange(0, 2).Draw(t, "application"), rapid.IntRange(0, 2).Draw(t, "workflow"))
		}
		b.WriteString("]}\n")
	}
	return b.String()
}

func TestADifferenceToItselfIsNone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, errA := organisation.Parse([]byte(drawn(t, "a")))
		b, errB := organisation.Parse([]byte(drawn(t, "b")))
		if errA != nil || errB != nil {
			return
		}
		if same := organisation.Diff(&a, &a, organisation.Ledger{Lines: true, Open: "2030-01-01"}); len(same) != 0 {
			t.Fatalf("a document differs from itself: %v", same)
		}
		there, back := organisation.Diff(&a, &b, organisation.Ledger{}), organisation.Diff(&b, &a, organisation.Ledger{})
		if len(there) != len(back) {
			t.Fatalf("%d changes there, %d back", len(there), len(back))
		}
	})
}

func TestCompletingIsIdempotentAndKeepsWhatIsSaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, err := organisation.Parse([]byte(drawn(t, "document")))
		if err != nil {
			return
		}
		h, at := d.Hierarchy(), rapid.IntRange(20_450, 20_700).Draw(t, "day")
		said := spend.Scope{
			BusinessUnit: rapid.SampledFrom([]string{"", "u0", "u1"}).Draw(t, "unit"), Team: rapid.SampledFrom([]string{"", "t0", "t1"}).Draw(t, "team"),
			Application: rapid.SampledFrom([]string{"", "a0", "x"}).Draw(t, "application"), Workflow: rapid.SampledFrom([]string{"", "w0", "w1"}).Draw(t, "workflow"),
		}
		once := said
		h.Complete(&once, at)
		twice := once
		if h.Complete(&twice, at) {
			t.Fatalf("completing %+v again gives %+v", once, twice)
		}
		before, after := said.Fields(), once.Fields()
		for i := range before {
			if *before[i] != "" && *before[i] != *after[i] {
				t.Fatalf("%+v was said, and became %+v", said, once)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("kind: organisation\nbusiness_units: [&a {name: *a}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := organisation.Parse(text)
		if err != nil {
			if spend.KindOf(err) != spend.KindInvalid {
				t.Fatalf("%v is not of kind invalid", err)
			}
			return
		}
		for i := range d.Units {
			if err := d.Units[i].Validate(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
