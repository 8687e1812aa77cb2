package api

import (
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func serverRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/openapi.yaml", action: public, handle: (*call).openapi,
			summary: "This document.", status: http.StatusOK,
		},
		{pattern: "GET /healthz", action: public, handle: (*call).healthy, summary: "The process runs.", status: http.StatusOK},
		{pattern: "GET /readyz", action: public, handle: (*call).ready, summary: "Events and questions are taken.", status: http.StatusOK},
		{pattern: "GET /metrics", action: auth.SpendRead, handle: (*call).metrics, summary: "Counters of this server.", status: http.StatusOK},
	}
}

func (c *call) openapi() (reply, error) {
	return reply{status: http.StatusOK, media: "application/yaml", body: c.document}, nil
}

func (c *call) healthy() (reply, error) { return textReply(http.StatusOK, "ok\n"), nil }

// ready says yes or no; the reason is in the log, for it may name what only the
// operator should know.
func (c *call) ready() (reply, error) {
	if err := c.Ready(); err != nil {
		c.Log.Warn("not ready", "error", err)
		return textReply(http.StatusServiceUnavailable, "not ready\n"), nil
	}
	return textReply(http.StatusOK, "ready\n"), nil
}

// metrics gives the figures of the whole server. They are made as they are sent.
func (c *call) metrics() (reply, error) {
	if c.Metrics == nil {
		return reply{}, spend.Errorf(spend.KindNotFound, "show metrics", "they are switched off").WithHint("metrics.enabled in the configuration")
	}
	figures := promhttp.HandlerFor(c.Metrics, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelError)})
	return reply{status: http.StatusOK, stream: func(w http.ResponseWriter) { figures.ServeHTTP(w, c.request) }}, nil
}
