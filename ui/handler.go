package ui

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// Options say under which names the page is served.
type Options struct {
	Hosts []string // names and addresses that requests may be sent to, without ports
}

// Handler serves the page. It takes no input but the path. The error is of kind
// internal: a file that is not in the binary.
func Handler(o Options) (http.Handler, error) {
	files, err := read()
	if err != nil {
		return nil, spend.Errorf(spend.KindInternal, "read the page", "%w", err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(w, r, o.Hosts, files) }), nil
}

func serve(w http.ResponseWriter, r *http.Request, hosts []string, files map[string]file) {
	guard(w.Header())
	if err := auth.CheckOrigin(hosts, r.Host, ""); err != nil {
		refuse(w, http.StatusForbidden, err.Error()+"; "+spend.HintOf(err))
		return
	}
	f, found := files[pageOf(r.URL.Path)]
	switch {
	case !found:
		refuse(w, http.StatusNotFound, "there is nothing here; the page is at /, the interface at /api/v1/openapi.yaml")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "a page is only read")
	default:
		f.send(w, r)
	}
}

// guard sets what every answer carries: nothing is loaded from or sent to another
// host, nothing inline runs, no text becomes HTML, no other site frames the page
// or learns of it.
func guard(h http.Header) {
	for name, value := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
		"Cache-Control":                "no-store", // but for files whose names change with them
	} {
		h.Set(name, value)
	}
}

func (f *file) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	name, encoding := f.as(r.Header.Get("Accept-Encoding"))
	tag := `"` + f.tag + encoding + `"`
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body, err := built.ReadFile(name)
	if err != nil { // although it could when the server began
		refuse(w, http.StatusInternalServerError, "a file of the page cannot be read")
		return
	}
	if f.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Type", f.media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a peer that is gone has nobody to tell
	}
}

// as names the smallest form that the other side reads, with its encoding; a form
// that it weighs at nothing is refused.
func (f *file) as(accepted string) (name, encoding string) {
	for _, encoding := range []string{"br", "gzip"} {
		for part := range strings.SplitSeq(accepted, ",") {
			wanted, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
			refused := strings.HasPrefix(weight, "q=0") && strings.Trim(weight, "q=0.") == ""
			if packed := f.packed[encoding]; wanted == encoding && packed != "" && !refused {
				return packed, encoding
			}
		}
	}
	return f.name, ""
}

func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(why + "\n"))
}
