package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
)

// TestAdmissionIsFair lets one user ask more than there is room for: another one finds a
// slot free and a place in the queue, and the first loses what he asked last.
func TestAdmissionIsFair(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	f := &fake{limits: api.Limits{Queries: 2, Queue: 4, QueueTime: time.Hour, QueryTime: time.Hour}}
	f.hold = func(context.Context) { <-release }
	h := server(t, f)
	type answer struct {
		token  string
		status int
	}
	answers := make(chan answer)
	ask := func(token string) {
		s := scenario{method: "GET", url: "/api/v1/spend?measures=cost&where=team%3Dclaims&where=business_unit%3Dretail", token: token}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, s.request())
		answers <- answer{token, w.Code}
	}
	refused := map[string]int{}
	wait := func(n int) {
		for range n {
			refused[(<-answers).token]++
		}
	}
	for range 7 { // one runs, four wait, two are too many
		go ask("whole")
	}
	wait(1)
	for range 2 { // one runs, one waits in the place of another
		go ask("viewer")
	}
	wait(2)
	if refused["whole"] != 3 {
		t.Errorf("refused were %v, want 3 of who asked too much", refused)
	}
	close(release)
	for range 6 {
		if a := <-answers; a.status != http.StatusOK {
			t.Errorf("%s got %d", a.token, a.status)
		}
	}
}
