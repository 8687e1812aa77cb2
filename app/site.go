package app

import (
	"context"
	"net/http"
	"strings"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/ui"
)

// site is everything that one port serves: calls to models, telemetry, the interface, and
// the page beside it.
type site struct {
	calls     *gateway.Gateway // nil when none pass
	telemetry *otlp.Receiver   // nil when none comes in
	api       *api.Server
	page      http.Handler
}

// site builds all for the same names.
func (s *Server) site(ctx context.Context, d Door) (*site, error) {
	handler, err := s.Handler(d)
	if err != nil {
		return nil, err
	}
	page, err := ui.Handler(ui.Options{Hosts: hosts(d)})
	if err != nil {
		return nil, err
	}
	receiver, err := s.telemetry(ctx, d)
	if err != nil {
		return nil, err
	}
	calls, err := s.calls(d)
	return &site{calls, receiver, handler, page}, err
}

// ServeHTTP gives the page what is a file of it or could be one.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.calls != nil && s.calls.Serves(r.URL.Path) {
		s.calls.ServeHTTP(w, r)
		return
	}
	lingering(http.HandlerFunc(s.serveOthers)).ServeHTTP(w, r)
}

// serveOthers serves what is no call to a model.
func (s *site) serveOthers(w http.ResponseWriter, r *http.Request) {
	if s.telemetry != nil && strings.HasPrefix(r.URL.Path, otlp.Prefix+"/") {
		s.telemetry.ServeHTTP(w, r)
		return
	}
	for _, own := range []string{"/api/", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(r.URL.Path, own) {
			s.api.ServeHTTP(w, r)
			return
		}
	}
	s.page.ServeHTTP(w, r)
}

// hosts are the names that requests may be sent to.
func hosts(d Door) []string { return append([]string{"localhost", "127.0.0.1", "::1"}, d.Hosts...) }
