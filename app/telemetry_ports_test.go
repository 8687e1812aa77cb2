package app_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/spend"
)

// addresses hears at which address telemetry comes in.
type addresses chan string

func (addresses) Enabled(context.Context, slog.Level) bool { return true }
func (a addresses) WithAttrs([]slog.Attr) slog.Handler     { return a }
func (a addresses) WithGroup(string) slog.Handler          { return a }

func (a addresses) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "telemetry comes in" {
		r.Attrs(func(at slog.Attr) bool {
			a <- at.Value.String()
			return true
		})
	}
	return nil
}

// TestPortsOfTelemetry tells one call at each of the usual ports, over gRPC without TLS and
// over HTTP: it is one charge. Where a port is taken the server says so, and ends.
func TestPortsOfTelemetry(t *testing.T) {
	t.Parallel()
	heard := make(addresses, 2)
	c := app.Config{Data: t.TempDir(), Create: true}
	s, err := app.OpenServer(t.Context(), c, slog.New(heard))
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	admin, stop, ended := beginWith(t, s, app.Ports{GRPC: "127.0.0.1:0", HTTP: "127.0.0.1:0"})
	ports := []string{<-heard, <-heard}
	r := admin.as(t, "telemetry")
	body := inBinary(t, spansOf("", spanned("00f067aa0ba902b7", "", damaged())))
	frame := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(body))), body...)
	plain := &http.Protocols{}
	plain.SetUnencryptedHTTP2(true)
	overH2 := &http.Client{Transport: &http.Transport{Protocols: plain}}
	for _, port := range ports {
		status, trailer := tellAt(t, overH2, "http://"+port+"/opentelemetry.proto.collector.trace.v1.TraceService/Export", r.token, "application/grpc", frame)
		if status != http.StatusOK || trailer.Get("Grpc-Status") != "0" {
			t.Errorf("gRPC at %s: %d %v", port, status, trailer)
		}
		if status, _ := tellAt(t, http.DefaultClient, "http://"+port+"/v1/traces", r.token, "application/x-protobuf", body); status != http.StatusOK {
			t.Errorf("HTTP at %s: %d", port, status)
		}
		if status, _ := tellAt(t, http.DefaultClient, "http://"+port+"/api/v1/spend", r.token, "application/json", nil); status == http.StatusOK {
			t.Errorf("%s answers what is no telemetry", port)
		}
	}
	if got := r.cost(t, admin); !strings.Contains(got, "0.05540025,1,0,130213,800") {
		t.Errorf("one call of 0.0554 USD, got\n%s", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, stop, ended = beginWith(t, s, app.Ports{GRPC: taken.Addr().String()})
	defer stop()
	if err := <-ended; spend.KindOf(err) != spend.KindConflict || !strings.Contains(spend.HintOf(err), "telemetry.grpc") {
		t.Errorf("a port that is taken: %v", err)
	}
}

// beginWith serves a server that is open, at ports of telemetry too, until it is stopped.
func beginWith(t *testing.T, s *app.Server, ports app.Ports) (r *running, stop func(), ended <-chan error) {
	t.Helper()
	if err := s.FirstToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.NewServing(t.Context(), s, "http://"+l.Addr().String(), app.Door{Telemetry: &otlp.Config{}})
	if err != nil {
		t.Fatal(err)
	}
	v.Ports = ports
	ctx, cancel := context.WithCancel(context.Background())
	how := make(chan error, 1)
	go func() { how <- v.Serve(ctx, l) }()
	return &running{v, v.Address, firstToken(t, s), http.DefaultClient}, cancel, how
}

// tellAt posts bytes, and gives the status and what stands behind the answer.
func tellAt(t *testing.T, c *http.Client, url, token, media string, body []byte) (int, http.Header) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Content-Type", media)
	answer, err := c.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Trailer
}
