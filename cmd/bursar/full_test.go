package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// unlimited is the size of a file on a disk with room.
const unlimited = unix.RLIM_INFINITY

// TestDiskFull fills the disk under a server that events are posted to, at one stage
// after the other: a file of the server's may not grow beyond a limit. The server
// says so, goes on by itself when there is room, and has everything that it
// acknowledged, once.
func TestDiskFull(t *testing.T) {
	const journal, log, file = "journal/0000000001.seg", "lake.duckdb.wal", "lake.duckdb"
	for _, stage := range []struct {
		name   string
		before int // requests before the disk is full
		limits func(t *testing.T, data string) uint64
		config string
	}{
		{"every file", 2, func(*testing.T, string) uint64 { return 4096 }, ""},
		{"append to the journal", 2, func(t *testing.T, data string) uint64 { return sizeOf(t, data, journal) + 300 }, ""},
		{"begin a segment of the journal", 2, func(*testing.T, string) uint64 { return 16 }, "journal: {segment_bytes: 4096, keys: 0}"},
		{"commit to the lake", 4, func(t *testing.T, data string) uint64 { return sizeOf(t, data, log) + 300 }, ""},
		{"fold the lake's log into its file", 8, func(t *testing.T, data string) uint64 { return sizeOf(t, data, file) + 4096 }, "lake: {checkpoint_rows: 1}"},
	} {
		t.Run(stage.name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			s, token := fullServer(t, data, stage.config)
			posted := 0
			for range stage.before {
				if status, text := s.postMany(t, token, posted); status != http.StatusAccepted {
					t.Fatalf("%d %s before the disk was full", status, text)
				}
				posted += perPost
				s.settled(t, data)
			}
			s.limit(t, stage.limits(t, data))
			for full := false; !full; {
				status, text := s.postMany(t, token, posted)
				if status == http.StatusAccepted {
					posted += perPost
					time.Sleep(300 * time.Millisecond) // it is booked, if that works: the journal is not to be full first
					continue
				}
				if full = status == http.StatusInsufficientStorage; !full && status != http.StatusServiceUnavailable || !strings.Contains(text, `"hint":"`) {
					t.Fatalf("%d %s when the disk is full", status, text)
				}
			}
			s.until(t, http.StatusServiceUnavailable)
			s.limit(t, unlimited)
			s.until(t, http.StatusOK)
			if status, text := s.postMany(t, token, posted); status != http.StatusAccepted { // what was refused comes again
				t.Errorf("%d %s when there is room again", status, text)
			}
			posted += perPost
			s.kill(t)
			if got := callsIn(t, data); got != fmt.Sprint(posted) {
				t.Errorf("%s calls in the ledger, %d were acknowledged", got, posted)
			}
			if out, err := bursar("doctor", "--data", data).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestStateOnAFullDisk refuses a change of the state, and takes it when there is room.
func TestStateOnAFullDisk(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s, _ := fullServer(t, data, "")
	token := func() (int, string) {
		return s.ask(t, http.MethodPost, "/api/v1/tokens", adminToken(t, data), `{"kind":"events","name":"more","scope":{"application":"a","team":"t","business_unit":"u"}}`)
	}
	s.limit(t, 4096)
	if status, text := token(); status != http.StatusInsufficientStorage {
		t.Errorf("%d %s when the disk is full", status, text)
	}
	s.limit(t, unlimited)
	if status, text := token(); status != http.StatusCreated {
		t.Errorf("%d %s when there is room again", status, text)
	}
}

// perPost is the number of events of a request.
const perPost = 100

func fullServer(t *testing.T, data, config string) (*server, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("data: "+data+"\nlisten: 127.0.0.1:0\n"+config+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServerWith(t, io.Discard, "serve", "--config", file)
	out, err := bursar("key", "create", "events", "--name", "full", "--application", "a", "--team", "t", "--business-unit", "u", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	return s, strings.TrimSpace(string(out))
}

func adminToken(t *testing.T, data string) string {
	t.Helper()
	token, err := os.ReadFile(filepath.Join(data, "admin-token"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(token))
}

// limit bounds the size of the server's files from now on.
func (s *server) limit(t *testing.T, bytes uint64) {
	t.Helper()
	if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: unlimited}, nil); err != nil {
		t.Fatal(err)
	}
}

func sizeOf(t *testing.T, data, name string) uint64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(data, name))
	if err != nil {
		t.Fatal(err)
	}
	return uint64(info.Size())
}

// postMany posts events and gives the answer.
func (s *server) postMany(t *testing.T, token string, first int) (int, string) {
	t.Helper()
	var events []string
	for i := range perPost {
		events = append(events, fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"full","id":"%d","time":"2026-03-01T10:00:00Z",`+
			`"data":{"seller":"openai","requested_model":"gpt-5","usage":{"input_tokens":100,"output_tokens":10},"scope":{"run":"run-%[1]d"}}}`, first+i))
	}
	return s.ask(t, http.MethodPost, "/api/v1/events", token, "["+strings.Join(events, ",")+"]")
}

func (s *server) ask(t *testing.T, method, path, token, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
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

// until waits for an answer of /readyz.
func (s *server) until(t *testing.T, status int) {
	t.Helper()
	for range 600 {
		if got, _ := s.ask(t, http.MethodGet, "/readyz", "", ""); got == status {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("/readyz never says %d", status)
}

// settled waits until everything accepted is booked.
func (s *server) settled(t *testing.T, data string) {
	t.Helper()
	for range 600 {
		if _, text := s.ask(t, http.MethodGet, "/metrics", adminToken(t, data), ""); strings.Contains(text, "bursar_ingest_waiting 0\n") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the server never booked everything")
}
