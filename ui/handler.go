package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

//go:embed page
var page embed.FS

// Options say under which names the page is served.
type Options struct {
	Hosts []string // names and addresses that requests may be sent to, without ports
}

// file is one file of the page as it is sent.
type file struct {
	body  []byte
	media string
	tag   string // its content's hash, so that a new binary shows its new page
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

// read gives the files by their paths; the page itself is at the root.
func read() (map[string]file, error) {
	files := map[string]file{}
	err := fs.WalkDir(page, "page", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := page.ReadFile(name)
		sum := sha256.Sum256(body)
		files[strings.TrimPrefix(name, "page")] = file{body: body, media: media(name), tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
		return err
	})
	files["/"] = files["/index.html"]
	delete(files, "/index.html")
	return files, err
}

// media does not lean on the machine's table of types, which may know less.
func media(name string) string {
	switch ending := path.Ext(name); ending {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return mime.TypeByExtension(ending)
	}
}

func serve(w http.ResponseWriter, r *http.Request, hosts []string, files map[string]file) {
	guard(w.Header())
	if err := auth.CheckOrigin(hosts, r.Host, ""); err != nil {
		refuse(w, http.StatusForbidden, err.Error()+"; "+spend.HintOf(err))
		return
	}
	f, found := files[r.URL.Path]
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
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
		"Cache-Control":                "no-cache", // ask each time; the tag answers for what is unchanged
	} {
		h.Set(name, value)
	}
}

func (f *file) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("ETag", f.tag)
	if strings.Contains(r.Header.Get("If-None-Match"), f.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.media)
	h.Set("Content-Length", strconv.Itoa(len(f.body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(f.body) // a peer that is gone has nobody to tell
	}
}

func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(why + "\n"))
}
