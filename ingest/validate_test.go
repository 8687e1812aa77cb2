package ingest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/spend"
)

func TestProblemsComeAllAtOnce(t *testing.T) {
	t.Parallel()
	latest := ingesttest.Now()
	e := record("1").Event
	if found := ingest.Problems(&e, latest); len(found) != 0 {
		t.Fatalf("a valid event has problems: %v", found)
	}
	e.UsedAt = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
	e.EndedAt = latest.Add(time.Minute)
	e.Usage.Tokens[spend.OutText] = -4
	e.Scope.Team = "a\x00b"
	e.Scope.Tags = map[string]string{"k": "\xff"}
	e.SourceKey, e.Status, e.Rank = strings.Repeat("x", 600), "fine", 9
	e.Flags = spend.LowConfidence
	fields := map[string]bool{}
	for _, p := range ingest.Problems(&e, latest) {
		fields[p.Field] = true
	}
	want := map[string]bool{"used_at": true, "ended_at": true, "usage.out_text": true, "scope.team": true,
		`scope.tags."k"`: true, "source_key": true, "status": true, "rank": true, "flags": true}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("fields (-want +got)\n%s", diff)
	}
}
