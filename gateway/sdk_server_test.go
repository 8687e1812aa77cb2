//go:build sdks

package gateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// binary is what make builds.
const binary = "../bin/bursar"

// served is the real binary in a folder of its own, with routes to a vendor.
type served struct {
	t         *testing.T
	data, url string
	grpc      string // where telemetry comes in over gRPC
	admin     string
	cmd       *exec.Cmd
	log       strings.Builder
}

const routes = `gateway: bursar/1
routes:
  - {name: openai, api: openai, client_gone: drain, upstreams: [{base: %[1]s, seller: openai, key_file: %[2]s}]}
  - {name: anthropic, api: anthropic, client_gone: drain, upstreams: [{base: %[1]s, seller: anthropic, key_file: %[2]s}]}
  - {name: openai-cancel, api: openai, client_gone: cancel, upstreams: [{base: %[1]s, seller: openai, key_file: %[2]s}]}
  - {name: anthropic-cancel, api: anthropic, client_gone: cancel, upstreams: [{base: %[1]s, seller: anthropic, key_file: %[2]s}]}
  - {name: openai-bare, api: openai, upstreams: [{base: %[1]s, seller: openai}]}
  - {name: anthropic-bare, api: anthropic, upstreams: [{base: %[1]s, seller: anthropic}]}
`

func serve(t *testing.T, vendor string) *served {
	t.Helper()
	folder := t.TempDir()
	s := &served{t: t, data: filepath.Join(folder, "data"), grpc: freeAddress(t)}
	path := func(name string) string { return filepath.Join(folder, name) }
	for name, text := range map[string]string{
		"key":         "vendor-secret\n",
		"routes.yaml": fmt.Sprintf(routes, vendor, path("key")),
		"config.yaml": fmt.Sprintf("listen: 127.0.0.1:0\ngateway: {routes: %s, tags: [header.%s]}\ntelemetry: {grpc: %q, metered_services: [%s]}\n", path("routes.yaml"), caseHeader, s.grpc, meteredService),
	} {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.cmd = exec.CommandContext(t.Context(), binary, "serve", "--config", path("config.yaml"), "--data", s.data)
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr = &s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("make sdks builds the binary: %v", err)
	}
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		_ = s.cmd.Wait()
		t.Fatalf("the server did not start: %s", s.log.String())
	}
	s.url = lines.Text()
	token, err := os.ReadFile(filepath.Join(s.data, "admin-token"))
	if err != nil {
		t.Fatal(err)
	}
	s.admin = strings.TrimSpace(string(token))
	return s
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// command runs a command of the binary beside the server.
func (s *served) command(args ...string) string {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), binary, append(args, "--data", s.data)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", args, err, stderr.String())
	}
	return string(out)
}

// key creates a key for calls, bound as the flags say.
func (s *served) key(flags ...string) string {
	out := s.command(append([]string{"key", "create", "--name", "sdk", "--team", "claims", "--application", "triage"}, flags...)...)
	return strings.TrimSpace(out)
}

// publicName is by what lists and budgets know a key.
func publicName(key string) string { return strings.TrimPrefix(key, "bursar_gateway_")[:8] }

// apply puts documents in force.
func (s *served) apply(text string) {
	s.t.Helper()
	file := filepath.Join(filepath.Dir(s.data), "policy.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.command("apply", "-f", file, "--yes")
}

// aborted says how many clients the gateway knows to be gone.
func (s *served) aborted() (n int64) {
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+"/metrics", nil)
	if err != nil {
		return 0
	}
	r.Header.Set("Authorization", "Bearer "+s.admin)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	_, rest, _ := strings.Cut(string(text), "\nbursar_gateway_aborted_total ")
	_, _ = fmt.Sscan(rest, &n)
	return n
}

// stop ends the server, which settles first what is under way.
func (s *served) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Fatalf("stop: %v\n%s", err, s.log.String())
	}
}
