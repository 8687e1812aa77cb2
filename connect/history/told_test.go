package history_test

import (
	"strings"
	"testing"

	"github.com/bursarhq/bursar/spend"
)

// TestTheLaterTellingCounts reads two versions of a record. Each says as much as the
// other, so that what it says decides, and neither where it stands nor a digest.
func TestTheLaterTellingCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ product, record, more string }{
		{
			"litellm", `{"request_id":"r","call_type":"acompletion","startTime":"2026-03-01T10:00:00Z","endTime":"2026-03-01T10:00:WHEN","model":"gpt-5","prompt_tokens":N,"completion_tokens":2,"total_tokens":9}`,
			`"spend":0.1,`,
		},
		{
			"helicone", `{"request_id":"r","request_created_at":"2026-03-01T10:00:00Z","response_created_at":"2026-03-01T10:00:WHEN","model":"gpt-5","prompt_tokens":N,"completion_tokens":2}`,
			`"cost_usd":0.1,`,
		},
		{
			"langfuse", `{"id":"r","type":"GENERATION","start_time":"2026-03-01T10:00:00Z","updated_at":"2026-03-01T10:00:WHEN","model":"gpt-5","usage_details":{"input":N,"output":2}}`,
			`"total_cost":0.1,`,
		},
	} {
		version := func(at, tokens, more string) spend.Event {
			text := strings.NewReplacer("{\"request_id\"", "{"+more+"\"request_id\"", "{\"id\"", "{"+more+"\"id\"", "WHEN", at, ":N,", ":"+tokens+",").Replace(c.record)
			recs := all(t, product(t, c.product), text)
			if len(recs) != 1 || len(recs[0].Problems) > 0 {
				t.Fatalf("%s: %+v", c.product, recs)
			}
			return recs[0].Event
		}
		for _, tokens := range [][2]string{{"100", "200"}, {"200", "100"}} { // whatever their digests
			first, last := version("05Z", tokens[0], ""), version("06Z", tokens[1], "")
			partly, whole := version("05Z", tokens[0], ""), version("05Z", tokens[1], c.more)
			older := version("05Z", tokens[0], c.more)
			for name, pair := range map[string][2]spend.Event{"later": {first, last}, "fuller": {partly, whole}, "later, and less full": {older, last}} {
				want := pair[1].Usage
				forth, back := spend.Merge([]spend.Event{pair[0], pair[1]}), spend.Merge([]spend.Event{pair[1], pair[0]})
				if !forth.Usage.Equal(&want) || !back.Usage.Equal(&want) {
					t.Errorf("%s: of two versions the %s one does not count", c.product, name)
				}
			}
		}
	}
}
