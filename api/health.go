package api

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

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

func (c *call) metrics() (reply, error) {
	if c.Extra == nil {
		return reply{}, spend.Errorf(spend.KindNotFound, "show metrics", "they are switched off").WithHint("metrics.enabled in the configuration")
	}
	var text bytes.Buffer
	c.counts.write(&text)
	gauge(&text, "bursar_api_queries_running", int64(len(c.turns.slots)))
	gauge(&text, "bursar_api_queries_waiting", c.turns.waiting.Load())
	c.Extra(&text)
	return reply{status: http.StatusOK, media: "text/plain; version=0.0.4; charset=utf-8", body: text.Bytes()}, nil
}

func gauge(w io.Writer, name string, value int64) {
	_, _ = fmt.Fprintf(w, "# TYPE %s gauge\n%s %d\n", name, name, value)
}

// answerCount names a counter of answers. Routes are patterns, never paths: what a
// caller invents makes no new counter.
type answerCount struct {
	route  string // "" before a route was found
	status int
}

// counts are what /metrics tells.
type counts struct {
	accepted, rejected atomic.Int64

	mu      sync.Mutex
	answers map[answerCount]int64
}

func newCounts() *counts { return &counts{answers: map[answerCount]int64{}} }

func (c *counts) answered(route string, status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers[answerCount{route, status}]++
}

func (c *counts) events(r *Receipt) {
	c.accepted.Add(int64(r.Accepted))
	c.rejected.Add(int64(len(r.Rejected)))
}

func (c *counts) write(w io.Writer) {
	for _, e := range []struct {
		outcome string
		n       int64
	}{{"accepted", c.accepted.Load()}, {"rejected", c.rejected.Load()}} {
		_, _ = fmt.Fprintf(w, "bursar_api_events_total{outcome=%q} %d\n", e.outcome, e.n)
	}
	c.mu.Lock()
	answers := maps.Clone(c.answers)
	c.mu.Unlock()
	lines := make([]string, 0, len(answers))
	for k, n := range answers {
		lines = append(lines, fmt.Sprintf("bursar_api_answers_total{route=%q,status=\"%d\"} %d\n", k.route, k.status, n))
	}
	slices.Sort(lines)
	for _, line := range lines {
		_, _ = io.WriteString(w, line)
	}
}
