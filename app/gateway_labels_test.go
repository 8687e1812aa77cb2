package app_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/bursarhq/bursar/ingest"
)

// TestOneKeyMakesUpTenThousandWorkflows calls models under a new name each time: ledger,
// budgets and figures see as many as a key may bring, and another key is unharmed.
func TestOneKeyMakesUpTenThousandWorkflows(t *testing.T) {
	t.Parallel()
	admin := passing(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"c-1","model":"gpt-5","choices":[],"usage":{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9}}`)
	})
	admin.apply(t, "kind: budget\nbudgets: [{id: each, each: workflow, amount: 1000000, counts: calls, period: month}]\n")
	caller, other := admin.as(t, "gateway"), admin.as(t, "gateway")
	call := func(r *running, workflow string, trace int) {
		status, text := r.ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":1,"messages":[]}`,
			"X-Bursar-Workflow", workflow, "Traceparent", fmt.Sprintf("00-%032x-00f067aa0ba902b7-01", trace))
		if status != http.StatusOK {
			t.Errorf("%d %s", status, text)
		}
	}
	var calling sync.WaitGroup
	for part := range 8 {
		calling.Go(func() {
			for i := part + 1; i <= 10_000; i += 8 {
				call(caller, fmt.Sprintf("made up %d", i), i)
			}
		})
	}
	calling.Wait()
	call(other, "invoices", 10_001)
	admin.settled(t)

	_, bill := admin.ask(t, http.MethodGet, "/api/v1/spend?by=workflow&measures=calls&format=csv&top=2000", "")
	if names := strings.Count(bill, "made up"); names != 1000 || !strings.Contains(bill, ingest.Capped+",9000") || !strings.Contains(bill, "invoices,1") {
		t.Errorf("%d names in the ledger, want 1,000 beside 9,000 calls of %s and one of invoices", names, ingest.Capped)
	}
	_, flagged := admin.ask(t, http.MethodGet, "/api/v1/spend?by=flags&measures=calls&format=csv", "")
	if !strings.Contains(flagged, "label_capped,9000") {
		t.Errorf("flags %s", flagged)
	}
	standing := admin.stands(t)
	if got := standing["each "+ingest.Capped]; len(standing) > 1002 || !strings.HasPrefix(got, "9000+0 ") {
		t.Errorf("%d windows of the budget, and of the capped %q; want 1,002 and 9,000 calls", len(standing), got)
	}
	_, figures := admin.ask(t, http.MethodGet, "/metrics", "") // whose own bound may be reached first
	if !strings.Contains(figures, `workflow="`+ingest.Capped+`"`) && !strings.Contains(figures, `workflow="other"`) {
		t.Error("no figure of what was capped")
	}
}
