package app_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
)

// running is a server on a port of its own.
type running struct {
	*app.Serving
	url   string
	token string
	http  *http.Client
}

func serve(t testing.TB, d app.Door, certificate *tls.Certificate) *running {
	t.Helper()
	return serveWith(t, app.Config{}, d, certificate)
}

func serveWith(t testing.TB, c app.Config, d app.Door, certificate *tls.Certificate) *running {
	t.Helper()
	if c.Data == "" {
		c.Data, c.Create = t.TempDir(), true
	}
	r, stop := begun(t, c, d, certificate)
	t.Cleanup(stop)
	return r
}

// begun is serveWith that ends when stop is called.
func begun(t testing.TB, c app.Config, d app.Door, certificate *tls.Certificate) (r *running, stop func()) {
	t.Helper()
	s, err := app.OpenServer(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.FirstToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.NewServing(t.Context(), s, "http://"+l.Addr().String(), d)
	if err != nil {
		t.Fatal(err)
	}
	v.Certificate = certificate
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- v.Serve(ctx, l) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	return &running{v, v.Address, firstToken(t, s), http.DefaultClient}, stop
}

// firstToken is the admin's.
func firstToken(t testing.TB, s *app.Server) string {
	t.Helper()
	token, err := os.ReadFile(filepath.Join(s.Data, "admin-token"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(token))
}

// ask sends a request with a token and gives status and body.
func (r *running) ask(t testing.TB, method, path, body string, header ...string) (int, string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+r.token)
	q.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	answer, err := r.http.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// as makes a token of a kind and asks with it from now on.
func (r *running) as(t testing.TB, kind string) *running {
	t.Helper()
	return r.within(t, kind, `{"business_unit":"u","team":"t","application":"a"}`)
}

// within is as for a scope.
func (r *running) within(t testing.TB, kind, scope string) *running {
	t.Helper()
	status, made := r.ask(t, http.MethodPost, "/api/v1/tokens", `{"kind":"`+kind+`","name":"test","scope":`+scope+`}`)
	_, secret, found := strings.Cut(made, `"secret":"`)
	if status != http.StatusCreated || !found {
		t.Fatalf("%d %s", status, made)
	}
	other := *r
	other.token, _, _ = strings.Cut(secret, `"`)
	return &other
}

// settled waits until everything accepted is booked.
func (r *running) settled(t *testing.T) {
	t.Helper()
	for r.Ingest.Waiting() > 0 {
		select {
		case <-t.Context().Done():
			t.Fatal("what was accepted is not booked")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func posted(id int) string {
	return fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"till","id":"%d","time":"2026-03-01T10:00:00Z",`+
		`"data":{"seller":"openai","requested_model":"gpt-5","usage":{"input_tokens":1000000,"output_tokens":0}}}`, id)
}

func TestPostedEventsAreBookedOnceAndShown(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	till := admin.as(t, "events")
	stream, err := http.NewRequestWithContext(t.Context(), http.MethodGet, admin.url+"/api/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream.Header.Set("Authorization", "Bearer "+admin.token)
	live, err := http.DefaultClient.Do(stream)
	if err != nil {
		t.Fatal(err)
	}
	defer live.Body.Close()
	for range 2 {
		status, answer := till.ask(t, http.MethodPost, "/api/v1/events", "["+posted(1)+","+posted(2)+"]", "Idempotency-Key", "k")
		if status != http.StatusAccepted || !strings.Contains(answer, `"accepted":2`) {
			t.Fatalf("%d %s", status, answer)
		}
	}
	if status, answer := till.ask(t, http.MethodPost, "/api/v1/events", posted(3), "Idempotency-Key", "k"); status != http.StatusConflict {
		t.Errorf("another request under the same key: %d %s", status, answer)
	}
	lines := bufio.NewScanner(live.Body)
	for lines.Scan() && lines.Text() != "event: booked" {
	}
	status, answer := admin.ask(t, http.MethodGet, "/api/v1/spend?by=application&format=csv&measures=calls,cost", "")
	if want := "a,2,2.5"; status != http.StatusOK || !strings.Contains(answer, want) {
		t.Errorf("%d %s, want %s", status, answer, want)
	}
}

func TestTheDoorChangesWhileItIsOpen(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{Quiet: true}, nil)
	if status, _ := admin.ask(t, http.MethodGet, "/metrics", ""); status != http.StatusNotFound {
		t.Errorf("metrics that are off answer %d", status)
	}
	if err := admin.Open(t.Context(), app.Door{}); err != nil {
		t.Fatal(err)
	}
	status, text := admin.ask(t, http.MethodGet, "/metrics", "")
	for _, name := range []string{"bursar_ready 1", "bursar_ingest_waiting 0", "bursar_journal_synced_position"} {
		if status != http.StatusOK || !strings.Contains(text, name) {
			t.Errorf("%d: %s is not told in %s", status, name, text)
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, pool := selfSigned(t)
	admin := serve(t, app.Door{}, &certificate)
	admin.url = strings.Replace(admin.url, "http://", "https://", 1)
	admin.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	if status, text := admin.ask(t, http.MethodGet, "/api/v1/tokens", ""); status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, like, like, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
