package api

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// Server answers /api/v1/, /healthz, /readyz and /metrics. Two of them can live
// in one program.
type Server struct {
	Config

	limits   Limits
	mux      *http.ServeMux
	rates    *rates
	turns    *admission
	repeats  *repeats
	counts   *Counts
	document []byte
	thinking chan struct{} // one forecast at a time is made
}

// New makes a server. Nothing runs before its first request. The error is of kind
// internal.
func New(c Config) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	document, err := Document()
	if err != nil {
		return nil, err
	}
	l := c.Limits.orDefaults()
	s := &Server{
		Config: c, limits: l, mux: http.NewServeMux(), rates: newRates(&l), turns: newAdmission(&l),
		repeats: newRepeats(c.Memory), counts: c.Counts, document: document, thinking: make(chan struct{}, 1),
	}
	if s.counts == nil {
		s.counts = NewCounts()
	}
	s.counts.turns.Store(s.turns)
	for _, r := range routes() {
		s.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, q *http.Request) { s.serve(q.Context(), w, q, &r) })
	}
	return s, nil
}

// ServeHTTP checks where a request was sent and what page sent it, then passes
// it to its route.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := rand.Text()[:16]
	h := w.Header()
	h.Set("X-Request-Id", id)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if err := auth.CheckOrigin(s.Hosts, r.Host, r.Header.Get("Origin")); err != nil {
		s.fail(w, "", err)
		return
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		s.fail(w, "", s.nowhere(w, r))
		return
	}
	s.mux.ServeHTTP(w, r)
}

// nowhere says why a request has no route: another method, or no such path.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) error {
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		other := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := s.mux.Handler(other); pattern != "" {
			methods = append(methods, m)
		}
	}
	if len(methods) > 0 {
		allowed := strings.Join(methods, ", ")
		w.Header().Set("Allow", allowed)
		return spend.Errorf(kindMethod, "find the route", "%.20q is not for this path", r.Method).WithHint("%s", allowed)
	}
	return spend.Errorf(spend.KindNotFound, "find the route", "there is nothing at %.100q", r.URL.Path).
		WithHint("the routes are in /api/v1/openapi.yaml")
}

// fail answers with an error in the one shape, and logs what a human must see.
func (s *Server) fail(w http.ResponseWriter, pattern string, err error) {
	status, fault := faultOf(err)
	s.counts.answered(pattern, status)
	switch {
	case status >= http.StatusInternalServerError:
		s.Log.Error("request failed", "request", w.Header().Get("X-Request-Id"), "route", pattern, "error", err)
	case status == http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="bursar"`)
	}
	retry := slices.Contains([]int{http.StatusTooManyRequests, http.StatusServiceUnavailable}, status)
	if retry && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", "2")
	}
	send(steady{w, s.limits.WriteTime}, jsonReply(status, fault))
}

// send writes a reply. A peer that is gone has nobody to tell.
func send(w steady, r reply) {
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	if r.status != http.StatusNoContent {
		w.Header().Set("Content-Type", r.media)
		w.Header().Set("Content-Length", fmt.Sprint(len(r.body)))
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body)
}
