package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
)

// TestAnotherApplicationsCallStaysAsItIs posts events of two applications under
// the same attempt, and then under the same response of the vendor.
func TestAnotherApplicationsCallStaysAsItIs(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	first := admin.as(t, "events")
	second := admin.within(t, "events", `{"business_unit":"u","team":"t","application":"b"}`)
	event := func(id, names string, tokens int) string {
		return fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"till","id":%q,"time":"2026-03-01T10:00:00Z",`+
			`"data":{"seller":"openai","requested_model":"gpt-5",%s,"usage":{"input_tokens":%d,"output_tokens":0}}}`, id, names, tokens)
	}
	for _, each := range []struct {
		by   *running
		body string
	}{
		{first, event("1", `"attempt":"try-1"`, 1_000_000)},
		{second, event("2", `"attempt":"try-1"`, 2_000_000)}, // its own attempt of this name
		{first, event("3", `"response":"resp-1"`, 1_000_000)},
		{second, event("4", `"response":"resp-1"`, 8_000_000)},
	} {
		if status, answer := each.by.ask(t, http.MethodPost, "/api/v1/events", each.body); status != http.StatusAccepted {
			t.Fatalf("%d %s", status, answer)
		}
		admin.settled(t)
	}
	_, answer := admin.ask(t, http.MethodGet, "/api/v1/spend?by=application&measures=calls,cost&format=csv", "")
	if !strings.Contains(answer, "a,2,2.5") || !strings.Contains(answer, "b,1,2.5") {
		t.Errorf("%s: want 2 calls of 2.5 for each million of a, and one of b", answer)
	}
}
