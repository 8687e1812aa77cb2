package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/journal/journaltest"
)

// TestADiskThatStalls makes calls before, while and after the journal's disk stalls. In
// the end requests that the vendor saw are lines of the ledger: settled, interrupted, or
// counted in one that tells of what passed; the server has told of it meanwhile.
func TestADiskThatStalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy gateway.Stalled
		writes bool
	}{
		"refused, no write": {gateway.Refuse, true},
		"refused, no sync":  {gateway.Refuse, false},
		"passed, no write":  {gateway.Pass, true},
		"passed, no sync":   {gateway.Pass, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stalling(t, c.policy)
			for range 3 {
				s.call(8)
			}
			resume := s.disk.StallSyncs
			if c.writes {
				resume = s.disk.StallWrites
			}
			goOn := resume()
			for range 3 {
				s.call(8)
			}
			s.visible(c.policy, c.writes)
			goOn()
			during := s.refused.Load()
			for before := int64(-1); before != s.refused.Load() || s.metric("bursar_gateway_stalled") != 0; { // until all pass
				if t.Context().Err() != nil {
					t.Fatal("the stall does not end")
				}
				before = s.refused.Load()
				s.call(8)
			}
			if refused := during > 0; refused != (c.policy == gateway.Refuse) {
				t.Errorf("%d calls were refused", during)
			}
			s.recount()
		})
	}
}

// stalled is a server whose journal is on a disk that stalls.
type stalled struct {
	*running
	t       *testing.T
	disk    *journaltest.Disk
	caller  *running
	seen    atomic.Int64 // by the vendor
	refused atomic.Int64
}

func stalling(t *testing.T, policy gateway.Stalled) *stalled {
	t.Helper()
	s := &stalled{t: t, disk: journaltest.NewDisk()}
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"id":"c-%d","model":"gpt-5","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}}`, s.seen.Add(1))
	}))
	t.Cleanup(vendor.Close)
	folder := t.TempDir()
	key, routes := filepath.Join(folder, "key"), filepath.Join(folder, "routes.yaml")
	text := fmt.Sprintf("gateway: bursar/1\nroutes:\n  - name: openai\n    api: openai\n    upstreams: [{base: %s, seller: openai, key_file: %q}]\n", vendor.URL, key)
	for path, text := range map[string]string{key: "vendor-secret\n", routes: text} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.running = serveWith(t, app.Config{Journal: journal.Options{OpenFile: s.disk.OpenFile}},
		app.Door{Calls: &gateway.Config{Stalled: policy, Patience: gateway.Patience{Stall: 300 * time.Millisecond}}, Routes: routes}, nil)
	s.caller = s.as(t, "gateway")
	return s
}

// call makes calls at once.
func (s *stalled) call(n int) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			switch status, text := s.caller.ask(s.t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":10,"messages":[]}`); status {
			case http.StatusOK:
			case http.StatusServiceUnavailable:
				s.refused.Add(1)
			default:
				s.t.Errorf("%d %s", status, text)
			}
		})
	}
	all.Wait()
}

// metric gives one of the figures.
func (s *stalled) metric(name string) (value int64) {
	s.t.Helper()
	_, text := s.ask(s.t, http.MethodGet, "/metrics", "")
	_, rest, found := strings.Cut(text, "\n"+name+" ")
	if _, err := fmt.Sscan(rest, &value); err != nil || !found {
		s.t.Fatalf("no %s in the figures: %v", name, err)
	}
	return value
}

// visible looks at what the server says while it stalls.
func (s *stalled) visible(policy gateway.Stalled, writes bool) {
	s.t.Helper()
	status, text := s.ask(s.t, http.MethodGet, "/readyz", "")
	if ready := policy == gateway.Pass && !writes; (status == http.StatusOK) != ready {
		s.t.Errorf("ready is %d %s", status, text)
	}
	if s.metric("bursar_gateway_stalled") != 1 {
		s.t.Error("the figures tell of no stall")
	}
	found, err := s.Doctor(s.t.Context(), s.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	told := ""
	for _, f := range found {
		if f.Name == "stalls" {
			told = f.Msg
		}
	}
	if !strings.Contains(told, "stalls since") || !strings.Contains(told, string(policy)) {
		s.t.Errorf("the doctor says %q", told)
	}
}

// recount sets the lines against what the vendor saw: those of calls that were never
// made are refused, and cost nothing.
func (s *stalled) recount() {
	s.t.Helper()
	s.settled(s.t)
	status, bill := s.ask(s.t, http.MethodGet, "/api/v1/spend?by=status&measures=calls&format=csv", "")
	calls := map[string]int64{}
	for line := range strings.SplitSeq(bill, "\n") {
		name, count, _ := strings.Cut(strings.TrimPrefix(line, ","), ",")
		var n int64
		if _, err := fmt.Sscanf(count, "%d,", &n); err == nil {
			calls[name] = n
		}
	}
	told := calls["ok"] + calls["interrupted"]
	if unrecorded := s.metric("bursar_gateway_unrecorded_total"); told != s.seen.Load() || unrecorded > calls["interrupted"] || s.Ingest.OpenCalls() != 0 {
		s.t.Errorf("the vendor saw %d requests; the ledger tells of %v (%d %s), %d without a record, and %d are open", s.seen.Load(), calls, status, bill, unrecorded, s.Ingest.OpenCalls())
	}
}
