package telemetry_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/telemetry"
)

var update = flag.Bool("update", false, "rewrite the table in docs/telemetry.md")

const (
	page        = "../docs/telemetry.md"
	begin, stop = "<!-- dialects -->\n", "<!-- end of dialects -->\n"
)

// TestThePageHasTheTable holds the documentation to the data.
func TestThePageHasTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, opened := strings.Cut(string(text), begin)
	table, tail, closed := strings.Cut(rest, stop)
	if !opened || !closed {
		t.Fatalf("%s has no place for the table", page)
	}
	if *update {
		if err := os.WriteFile(page, []byte(head+begin+telemetry.Reference()+stop+tail), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(telemetry.Reference(), table); diff != "" {
		t.Errorf("the table is old, write it with -update (-want +got):\n%s", diff)
	}
}

// TestRows holds each dialect to what the others lean on.
func TestRows(t *testing.T) {
	t.Parallel()
	var names []string
	for _, d := range telemetry.Dialects() {
		if slices.Contains(names, d.Name) || d.Link == "" || d.Title == "" || d.Versions == "" {
			t.Errorf("%s comes twice, or does not say where it is from", d.Name)
		}
		if d.Signal == telemetry.Logs && len(d.Events) == 0 {
			t.Errorf("%s does not say which log records tell of a call", d.Name)
		}
		names = append(names, d.Name)
	}
	if names[0] != slices.Min(names) {
		t.Errorf("the vendor's own library %s is not the first in order, so that another would count where both tell of one answer", names[0])
	}
	tags := [4]string{ingest.TraceTag, ingest.SpanTag, ingest.ParentTag, ingest.RequestTag}
	if tags != [4]string{telemetry.TraceTag, telemetry.SpanTag, telemetry.ParentTag, telemetry.RequestTag} {
		t.Errorf("a call is named by %v elsewhere", tags)
	}
}
