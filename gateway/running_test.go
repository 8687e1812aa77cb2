package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/spend"
)

// begun answers the beginning of a stream, and nothing more until the gateway leaves.
func begun(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "text/event-stream")
	tell(w, `data: {"id":"c-3","choices":[{"delta":{"content":"a"}}]}`+"\n\n")
	<-r.Context().Done()
}

// begin sends a call and gives the rest of its answer when that has begun.
func (r *room) begin(body string) io.Reader {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.server.URL+"/openai/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer bursar-key")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = answer.Body.Close() })
	if _, err := io.ReadFull(answer.Body, make([]byte, 1)); err != nil {
		r.t.Fatal(err)
	}
	return answer.Body
}

func TestWhatIsCutIsInterrupted(t *testing.T) {
	t.Parallel()
	r := enter(t, begun, nil)
	running := r.running
	rest := r.begin(chat)
	if n := running.Len(); n != 1 {
		t.Errorf("%d attempts are under way", n)
	}
	running.Cut()
	if _, err := io.ReadAll(rest); err == nil {
		t.Error("the client was told that the answer is whole")
	}
	if err := running.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if got := r.settled(1)[0]; got.Event.Status != spend.StatusInterrupted {
		t.Errorf("settled as %s", got.Event.Status)
	}
	if late, _ := r.ask("/openai/v1/chat/completions", chat); late.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a call after it: %d", late.StatusCode)
	}
	if got := r.settled(2)[1].Event; got.UsageSource != spend.UsageNone {
		t.Errorf("a call after it is settled by %s", got.UsageSource)
	}
}
