package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
)

// TestThePageSignsIn goes the way of a browser: the page, a token for a cookie, a
// question under the cookie, and out again.
func TestThePageSignsIn(t *testing.T) {
	t.Parallel()
	r := serve(t, app.Door{}, nil)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r.http = &http.Client{Jar: jar}
	token := r.token
	steps := []struct {
		method, path, token string
		status              int
		want                string
	}{
		{"GET", "/", "", 200, "<title>Bursar</title>"},
		{"GET", "/nothing", "", 404, "the page is at /"},
		{"GET", "/api/v1/session", "", 401, "unauthenticated"},
		{"POST", "/api/v1/session", token[:len(token)-1] + "0", 401, "no token of ours"},
		{"POST", "/api/v1/session", token, 201, `"currency":"USD"`},
		{"GET", "/api/v1/session", "", 200, `"demo":false`},
		{"GET", "/api/v1/spend?by=workflow", "", 200, `"rows":[]`},
		{"GET", "/api/v1/outcomes", "", 200, `"rows":[]`},
		{"DELETE", "/api/v1/session", "", 204, ""},
		{"GET", "/api/v1/session", "", 401, "unauthenticated"},
		{"POST", "/api/v1/session", token, 201, `"roles":["admin"]`},
	}
	for _, s := range steps {
		header := []string{"Origin", r.url}
		if r.token = s.token; s.token == "" {
			header = append(header, "Authorization", "")
		}
		if status, body := r.ask(t, s.method, s.path, "{}", header...); status != s.status || !strings.Contains(body, s.want) {
			t.Fatalf("%s %s: status %d, %s", s.method, s.path, status, body)
		}
	}
}
