package app_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// TestAStopWaitsForAnswersThatAreReadOn, also where their clients left a connection that
// others share: it is idle then, and the answer is still to come.
func TestAStopWaitsForAnswersThatAreReadOn(t *testing.T) {
	t.Parallel()
	goOn, left := make(chan struct{}), make(chan struct{})
	routes := routesTo(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, `data: {"id":"c-1","model":"gpt-5","choices":[{"delta":{"content":"a"}}]}`+"\n\n")
		_ = http.NewResponseController(w).Flush()
		<-goOn
		_, _ = io.WriteString(w, `data: {"id":"c-1","model":"gpt-5","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}}`+"\n\ndata: [DONE]\n\n")
	})
	certificate, pool := selfSigned(t)
	s, err := app.OpenServer(t.Context(), app.Config{Data: t.TempDir(), Create: true}, slog.New(slog.DiscardHandler))
	must(t, err)
	must(t, s.FirstToken(t.Context()))
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	v, err := app.NewServing(t.Context(), s, "https://"+l.Addr().String(), app.Door{Calls: &gateway.Config{}, Routes: routes})
	must(t, err)
	v.Certificate = &certificate
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.Serve(ctx, l) }()
	token, err := os.ReadFile(filepath.Join(s.Data, "admin-token"))
	must(t, err)
	admin := &running{v, v.Address, strings.TrimSpace(string(token)), &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
	}}}
	go admin.as(t, "gateway").leave(t, left)
	<-left
	for aborted := false; !aborted; {
		_, text := admin.ask(t, http.MethodGet, "/metrics", "")
		aborted = strings.Contains(text, "bursar_gateway_aborted_total 1\n")
	}
	stop()
	select {
	case err := <-ended:
		t.Errorf("it ended before the answer had: %v", err)
		ended <- nil
	case <-time.After(3 * time.Second): // longer than it takes to find that all connections are idle
	}
	close(goOn)
	must(t, <-ended)
	must(t, s.Close())
	checkAborted(t, s.Data)
}

// leave begins a call and leaves it.
func (r *running) leave(t *testing.T, left chan<- struct{}) {
	defer close(left)
	trip, leave := context.WithCancel(t.Context())
	defer leave()
	q, err := http.NewRequestWithContext(trip, http.MethodPost, r.url+"/openai/v1/chat/completions", strings.NewReader(`{"model":"gpt-5","stream":true,"max_tokens":9,"messages":[]}`))
	if err != nil {
		t.Error(err)
		return
	}
	q.Header.Set("Authorization", "Bearer "+r.token)
	answer, err := r.http.Do(q)
	if err != nil {
		t.Error(err)
		return
	}
	defer answer.Body.Close()
	if _, err := bufio.NewReader(answer.Body).ReadByte(); err != nil || answer.ProtoMajor != 2 {
		t.Errorf("%s: %v", answer.Proto, err)
	}
}

// checkAborted looks for one line, whose usage was read on.
func checkAborted(t *testing.T, data string) {
	t.Helper()
	s, err := app.OpenServer(t.Context(), app.Config{Data: data}, slog.New(slog.DiscardHandler))
	must(t, err)
	defer closed(t, s)
	lines := 0
	must(t, s.Lake.EachLine(t.Context(), func(c *spend.Charge) error {
		if lines++; c.Status != spend.StatusAborted || c.UsageSource != spend.UsageProvider {
			return fmt.Errorf("settled as %s by %s", c.Status, c.UsageSource)
		}
		return nil
	}))
	if lines != 1 {
		t.Errorf("%d lines, want 1", lines)
	}
}
