package app

import (
	"net/http"
	"strings"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/ui"
)

// site is everything that one port serves: the interface, and the page beside it.
type site struct {
	api  *api.Server
	page http.Handler
}

// site builds both for the same names.
func (s *Server) site(d Door) (*site, error) {
	handler, err := s.Handler(d)
	if err != nil {
		return nil, err
	}
	page, err := ui.Handler(ui.Options{Hosts: hosts(d)})
	return &site{handler, page}, err
}

// ServeHTTP gives the page what is a file of it or could be one.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
