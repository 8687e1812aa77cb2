package tracker_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/tracker"
)

// TestLineage keeps the line, the identity and the day of what has a price, and lists
// the rest.
func TestLineage(t *testing.T) {
	t.Parallel()
	const head = "family,model,launch_or_first_seen,launch_input_usd_mtok\n"
	readings := []tracker.Reading{read(t, tracker.GenAI, []byte(genai("openai", "gpt-demo", `{"input_mtok":5}`)))}
	result, err := tracker.Compile(tracker.Inputs{Readings: readings, Lineage: []byte(head + "openai-flagship,gpt-demo,2026-01-10,5\nopenai-flagship,gpt-gone,2026-02-10,5\n")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range result.Lineage {
		got = append(got, l.Line+" "+l.Model+" "+l.Since.Format("2006-01-02")+" "+l.Source.Ref)
	}
	if diff := cmp.Diff([]string{"openai/flagship openai/gpt-demo 2026-01-10 pydantic/genai-prices@47df840"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(result.Skipped) != 1 || result.Skipped[0].Row != "openai-flagship/gpt-gone" {
		t.Errorf("left out: %+v", result.Skipped)
	}
	for _, bad := range []string{"family,model\n", head + "openai-flagship,gpt-demo,2026-01-10,5\nopenai-small,gpt-demo,2026-01-10,5\n"} {
		if _, err := tracker.Compile(tracker.Inputs{Readings: readings, Lineage: []byte(bad)}); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
