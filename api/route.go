package api

import (
	"net/http"

	"github.com/bursarhq/bursar/auth"
)

// route is one way in. A route without an action is open to anyone who reaches
// the port: the two that a supervisor asks.
type route struct {
	pattern string
	action  auth.Action
	handle  func(*call) error
}

// routes is everything that the API answers.
func (a *API) routes() []route {
	return []route{
		{"GET /healthz", "", a.health},
		{"GET /readyz", "", a.ready},
		{"POST /api/v1/events", auth.EventWrite, a.events},
		{"GET /api/v1/spend", auth.SpendRead, a.spend},
		{"GET /api/v1/openapi.yaml", "", a.document},
	}
}

// call is one request on its way through the API.
type call struct {
	w   http.ResponseWriter
	r   *http.Request
	who auth.Identity
}
