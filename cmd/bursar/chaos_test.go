package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kills is how often the server is killed: 3 in make test, more with
// BURSAR_KILLS (make chaos).
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("BURSAR_KILLS")); err == nil {
		return n
	}
	return 3
}

// TestKillUnderPostedEvents posts events to a server that is killed with SIGKILL
// again and again. What it acknowledged is in the ledger, once.
func TestKillUnderPostedEvents(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	server := startServer(t, data)
	out, err := bursar("key", "create", "events", "--name", "chaos", "--application", "a", "--team", "t", "--business-unit", "u", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(string(out))
	const perLife = 60 // requests of five events between two kills
	posted := 0
	for life := range kills() + 1 {
		for range perLife {
			for !server.post(token, posted) { // it died: the same events go to its successor
				server = startServer(t, data)
			}
			posted += 5
			if posted == (life*perLife+perLife/2)*5 && life < kills() {
				server.kill(t) // with a request on its way, or records not booked yet
			}
		}
	}
	server.kill(t)
	if got, want := callsIn(t, data), fmt.Sprint(posted); got != want {
		t.Errorf("%s calls in the ledger, %s were acknowledged", got, want)
	}
	if out, err := bursar("doctor", "--data", data).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

type server struct {
	cmd *exec.Cmd
	url string
}

func startServer(t *testing.T, data string) *server {
	t.Helper()
	return startServerWith(t, io.Discard, "serve", "--data", data, "--listen", "127.0.0.1:0")
}

// startServerWith starts the binary and waits for its address.
func startServerWith(t testing.TB, log io.Writer, args ...string) *server {
	t.Helper()
	return startProcess(t, log, bursar(args...))
}

func startProcess(t testing.TB, log io.Writer, cmd *exec.Cmd) *server {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = io.MultiWriter(log, &stderr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		_ = cmd.Wait()
		t.Fatalf("the server did not start: %s", stderr.String())
	}
	return &server{cmd, lines.Text()}
}

// post sends five events and says whether they were acknowledged.
func (s *server) post(token string, first int) bool {
	var events []string
	for i := range 5 {
		events = append(events, fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"chaos","id":"%d","time":"2026-03-01T10:00:00Z",`+
			`"data":{"seller":"openai","requested_model":"gpt-5","usage":{"input_tokens":100,"output_tokens":10}}}`, first+i))
	}
	r, err := http.NewRequest(http.MethodPost, s.url+"/api/v1/events", strings.NewReader("["+strings.Join(events, ",")+"]"))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusAccepted
}

func (s *server) kill(t testing.TB) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.cmd.Wait() // it was killed
}

func callsIn(t *testing.T, data string) string {
	t.Helper()
	out, err := bursar("spend", "--data", data, "--measures", "calls", "--output", "csv").Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	last := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.Split(last[len(last)-1], ",")[1]
}
