package ui_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/ui"
)

func handler(t *testing.T) http.Handler {
	t.Helper()
	h, err := ui.Handler(ui.Options{Hosts: []string{"localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:4141"+path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	h := handler(t)
	for _, w := range []*httptest.ResponseRecorder{
		ask(h, "GET", "/"), ask(h, "GET", "/none"), ask(h, "POST", "/"), ask(h, "GET", "/", "Host", "evil.example"),
	} {
		policy := w.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("status %d: %q is not in the policy %q", w.Code, part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("the policy lets too much in: %s", policy)
		}
		for _, name := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"} {
			if w.Header().Get(name) == "" {
				t.Errorf("status %d has no %s", w.Code, name)
			}
		}
	}
}

func TestWhatIsServed(t *testing.T) {
	t.Parallel()
	h := handler(t)
	for _, c := range []struct {
		method, path string
		header       []string
		status       int
		media        string
	}{
		{"GET", "/", nil, 200, "text/html; charset=utf-8"},
		{"HEAD", "/", nil, 200, "text/html; charset=utf-8"},
		{"GET", "/?range=7d", nil, 200, "text/html; charset=utf-8"},
		{"GET", "/explore?g=team", nil, 200, "text/html; charset=utf-8"},
		{"GET", "/runs?run=support/run-17", nil, 200, "text/html; charset=utf-8"},
		{"GET", "/workflows/refunds", nil, 200, "text/html; charset=utf-8"},
		{"GET", "/agents/a/b", nil, 200, "text/html; charset=utf-8"},
		{"GET", "/settings", nil, 200, "text/html; charset=utf-8"},
		{"GET", "/index.html", nil, 404, "text/plain; charset=utf-8"},
		{"GET", "/../handler.go", nil, 404, "text/plain; charset=utf-8"},
		{"GET", "/placeholder/", nil, 404, "text/plain; charset=utf-8"},
		{"DELETE", "/", nil, 405, "text/plain; charset=utf-8"},
		{"GET", "/", []string{"Host", "evil.example:4141"}, 403, "text/plain; charset=utf-8"},
	} {
		w := ask(h, c.method, c.path, c.header...)
		if w.Code != c.status || w.Header().Get("Content-Type") != c.media {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.path, w.Code, w.Header().Get("Content-Type"), c.status, c.media)
		}
		if c.method == "HEAD" && w.Body.Len() != 0 {
			t.Error("HEAD has a body")
		}
	}
}

func TestUnchangedFilesAreNotSentAgain(t *testing.T) {
	t.Parallel()
	h := handler(t)
	tag := ask(h, "GET", "/").Header().Get("ETag")
	if again := ask(h, "GET", "/", "If-None-Match", tag); tag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, tag %q", again.Code, again.Body.Len(), tag)
	}
}

// TestBuiltOrNot holds for a binary with the dashboard and for one without it: the page
// says which it is, has no code or style between its lines, and names no other host.
func TestBuiltOrNot(t *testing.T) {
	t.Parallel()
	w := ask(handler(t), "GET", "/")
	page := w.Body.String()
	if built, says := strings.Contains(page, `<script type="module"`), strings.Contains(page, "make build"); built == says {
		t.Errorf("the page is built %v and says how to build it %v", built, says)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the page is kept: %q", w.Header().Get("Cache-Control"))
	}
	inline := regexp.MustCompile(`(?i)<script[^>]*>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:|(?:src|href)="(?:https?:)?//`)
	if found := inline.FindString(page); found != "" {
		t.Errorf("the page has %q", found)
	}
}
