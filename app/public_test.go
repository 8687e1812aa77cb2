package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/app"
)

// TestLinksBeginWithThePublicAddress asks for a notice and for a report of a server that
// knows the address that it is reached under.
func TestLinksBeginWithThePublicAddress(t *testing.T) {
	t.Parallel()
	const address = "https://bursar.example.com/ai"
	f := tellTo(t, "t")
	f.config.Public = address
	var told atomic.Value
	f.hook.seen = func(body string) { told.Store(body) }
	s := f.open(t)
	declare(t, s, month)
	spends(t, s, f.now, 6)
	must(t, s.Tell(t.Context()))
	if body, _ := told.Load().(string); !strings.Contains(body, `"link":"`+address+`/budgets"`) {
		t.Errorf("the notice leads to no budgets: %s", body)
	}
	f.close(t, s)
	for public, want := range map[string]string{address: `"link":"` + address + `/api/v1/spend?`, "": `"link":"/api/v1/spend?`} {
		admin := serveWith(t, app.Config{Public: public}, app.Door{}, nil)
		status, text := admin.ask(t, http.MethodGet, "/api/v1/kpis", "")
		if status != http.StatusOK || !strings.Contains(strings.ReplaceAll(text, `\u0026`, "&"), want) {
			t.Errorf("%d, want %s in %.600s", status, want, text)
		}
	}
}

// bodyOf reads what a message says.
func bodyOf(r *http.Request) string {
	text, err := io.ReadAll(http.MaxBytesReader(httptest.NewRecorder(), r.Body, 1<<16))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
