package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

// TestAnAbsurdEndInterruptsItsCall has an upstream tell usage that no line holds.
func TestAnAbsurdEndInterruptsItsCall(t *testing.T) {
	t.Parallel()
	admin := passing(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"c-1","model":"gpt-5","choices":[],"usage":{"prompt_tokens":8000000000000,"completion_tokens":1,"total_tokens":8000000000001}}`)
	})
	admin.apply(t, "kind: budget\nbudgets: [{id: all, scope: {application: a}, amount: 10, currency: USD, period: month}]\n")
	if status, text := admin.as(t, "gateway").ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":1000,"messages":[]}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	admin.settled(t)
	_, bill := admin.ask(t, http.MethodGet, "/api/v1/spend?by=status&measures=cost,calls,exposure&format=csv", "")
	if n := admin.Ingest.OpenCalls(); n != 0 || !strings.Contains(bill, "interrupted,,1,0.01") {
		t.Errorf("%d calls are open, and booked is %s", n, bill)
	}
	if got := admin.stands(t)["all"]; !strings.HasPrefix(got, "0.01") {
		t.Errorf("the budget stands at %s", got)
	}
	if f := admin.recounts(t); f.State != api.Healthy {
		t.Errorf("the doctor says %+v", f)
	}
	var page api.Page[api.RejectedRecord]
	_, list := admin.ask(t, http.MethodGet, "/api/v1/quarantine", "")
	if err := json.Unmarshal([]byte(list), &page); err != nil || len(page.Items) != 1 || page.Items[0].Digest == (spend.ID{}).String() {
		t.Fatalf("%v %s", err, list)
	}
	status, tried := admin.ask(t, http.MethodPost, "/api/v1/quarantine/"+page.Items[0].Digest+"/retry", "{}")
	if status != http.StatusOK || !strings.Contains(tried, "still_refused") {
		t.Errorf("tried again: %d %s", status, tried)
	}
}
