package ui_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
		{"GET", "/main.js", nil, 200, "text/javascript; charset=utf-8"},
		{"GET", "/page.css", nil, 200, "text/css; charset=utf-8"},
		{"GET", "/icon.svg", nil, 200, "image/svg+xml"},
		{"GET", "/index.html", nil, 404, "text/plain; charset=utf-8"},
		{"GET", "/../handler.go", nil, 404, "text/plain; charset=utf-8"},
		{"GET", "/page/", nil, 404, "text/plain; charset=utf-8"},
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
	tag := ask(h, "GET", "/main.js").Header().Get("ETag")
	if again := ask(h, "GET", "/main.js", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes", again.Code, again.Body.Len())
	}
	if other := ask(h, "GET", "/page.css", "If-None-Match", tag); other.Code != http.StatusOK {
		t.Errorf("another file: status %d", other.Code)
	}
}

// files gives every file of the page by its path, as it is served.
func files(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("page/*")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	h, all := handler(t), map[string]string{}
	for _, name := range names {
		path := strings.TrimPrefix(name, "page")
		if path == "/index.html" {
			path = "/"
		}
		w := ask(h, "GET", path)
		source, err := os.ReadFile(name)
		if err != nil || w.Code != http.StatusOK || w.Body.String() != string(source) {
			t.Fatalf("%s: status %d, %v", path, w.Code, err)
		}
		all[path] = string(source)
	}
	return all
}

// TestNothingLeavesTheHost reads what the files load: each other and nothing else,
// without code or style between their lines.
func TestNothingLeavesTheHost(t *testing.T) {
	t.Parallel()
	all := files(t)
	loads := regexp.MustCompile(`(?:src|href)="([^"]*)"|from "([^"]*)"|url\(([^)]*)\)`)
	reached := map[string]bool{"/": true}
	for name, text := range all {
		for _, found := range loads.FindAllStringSubmatch(text, -1) {
			target := found[1] + found[2] + found[3]
			path := "/" + strings.TrimPrefix(strings.TrimPrefix(target, "./"), "/")
			switch {
			case strings.HasPrefix(target, "#"), target == "/", strings.HasPrefix(path, "/api/v1/"):
			case all[path] == "":
				t.Errorf("%s loads %q, which is not a file of the page", name, target)
			default:
				reached[path] = true
			}
		}
		for _, foreign := range []string{"http://", "https://", "//cdn", "import(", "@import", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "sessionStorage"} {
			at := strings.ReplaceAll(text, "http://www.w3.org/2000/svg", "") // a name, not a place
			if strings.Contains(at, foreign) {
				t.Errorf("%s has %s", name, foreign)
			}
		}
	}
	for name := range all {
		if !reached[name] && name != "/icon.svg" {
			t.Errorf("nothing loads %s", name)
		}
	}
	inline := regexp.MustCompile(`(?i)<script[^>]*>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	if found := inline.FindString(all["/"]); found != "" {
		t.Errorf("the page has inline code or style: %q", found)
	}
}

// TestMoneyStaysText keeps floats away from amounts: only the chart turns one into
// a place on the screen.
func TestMoneyStaysText(t *testing.T) {
	t.Parallel()
	for name, text := range files(t) {
		if strings.Contains(text, "parseFloat") || strings.Contains(text, "toFixed(") {
			t.Errorf("%s rounds floats", name)
		}
	}
}
