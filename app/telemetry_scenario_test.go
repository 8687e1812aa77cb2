package app_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/otlp"
)

// scene is a server that hears telemetry, on a day in November whose clock the scenario
// sets.
type scene struct {
	c      app.Config
	clock  atomic.Int64
	door   app.Door
	server *running
	token  string
	stop   func()
	answer string // to what was sent last
	backup string // the last one
}

const sceneDay = "2026-11-20"

// TestTelemetryScenarios plays what services tell, through the receiver into the ledger.
// Each section of a file is a step at an hour of one day:
//
//	send     spans, log records and counters, in the short form of requestsOf; all in one request
//	         a signal
//	answer   a text that the answer to the last of them holds
//	metered  services whose calls pass the gateway, from the next start on
//	restart  the server ends and opens its folder again
//	backup   a backup is made
//	restore  the server ends, and goes on with a folder that is made of the backup; with
//	         journal, of what outlived the lake of its own too, without counters but for these
//	bill     a question to /api/v1/spend, and the lines of the answer in the order of names
//	counters what counters told against the ledger: counted, by calls, by counters, verdict
//	rejected what is in the quarantine, and why
//	sampling how much of the traces of services is kept, and how that is known
func TestTelemetryScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/telemetry/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &scene{}
			s.clock.Store(hourOf(t, "11:00").Unix())
			s.c = app.Config{Data: t.TempDir(), Create: true, Now: func() time.Time { return time.Unix(s.clock.Load(), 0).UTC() }}
			s.start(t, nil)
			for i := range archive.Files {
				s.play(t, &archive.Files[i])
			}
			s.stop()
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil { //nolint:gosec // a file of the repository
					t.Error(err)
				}
			}
		})
	}
}

// hourOf reads an hour of the day, which may have seconds, and days before or behind it:
// 12:00+1d is of the day after.
func hourOf(t *testing.T, text string) time.Time {
	t.Helper()
	if at := strings.IndexAny(text, "+-"); at > 0 {
		days, err := strconv.Atoi(strings.TrimSuffix(text[at:], "d"))
		if err != nil {
			t.Fatal(err)
		}
		return hourOf(t, text[:at]).AddDate(0, 0, days)
	}
	if strings.Count(text, ":") == 1 {
		text += ":00"
	}
	at, err := time.Parse("2006-01-02 15:04:05", sceneDay+" "+text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// start opens the folder; services that are metered pass the gateway.
func (s *scene) start(t *testing.T, metered []string) {
	t.Helper()
	s.door = app.Door{Telemetry: &otlp.Config{Metered: metered}}
	s.server, s.stop = begun(t, s.c, s.door, nil)
	if s.token == "" {
		s.token = s.server.as(t, "telemetry").token
	}
	s.c.Create = false
}

func (s *scene) play(t *testing.T, f *txtar.File) {
	t.Helper()
	name, body := f.Name, strings.TrimSpace(string(f.Data))
	hour, step, _ := strings.Cut(name, " ")
	s.clock.Store(hourOf(t, hour).Unix())
	switch step {
	case "send":
		s.send(t, body)
	case "answer":
		if !strings.Contains(s.answer, body) {
			t.Errorf("%s: %s, want %s", name, s.answer, body)
		}
	case "restart", "metered":
		s.stop()
		s.start(t, strings.Fields(body))
	case "backup":
		s.backup = backedUp(t, s.server.Server).Folder
	case "restore":
		s.restore(t, strings.Fields(body))
	case "bill":
		question, _, _ := strings.Cut(body, "\n")
		s.settle(t)
		_, text := s.server.ask(t, http.MethodGet, "/api/v1/spend?since=2026-11-19&until=2026-11-22&format=csv&"+question, "")
		lines := strings.Split(strings.TrimSpace(text), "\n")
		slices.Sort(lines[1:]) // equal costs have no order
		said(t, f, question+"\n"+strings.Join(lines, "\n"))
	case "counters":
		s.settle(t)
		said(t, f, s.counters(t))
	case "rejected":
		s.settle(t)
		said(t, f, s.rejected(t))
	case "sampling":
		s.settle(t)
		said(t, f, s.sampling(t))
	default:
		t.Fatalf("%q is no step", name)
	}
}

// restore makes a folder of the backup, and of what is named of the folder that was.
func (s *scene) restore(t *testing.T, with []string) {
	t.Helper()
	s.stop()
	r := app.Restoration{From: s.backup, Config: s.c}
	if slices.Contains(with, "journal") {
		r.Journal = s.c.Data
	}
	if len(with) == 1 { // the journal alone
		if err := os.RemoveAll(filepath.Join(s.c.Data, "counters")); err != nil {
			t.Fatal(err)
		}
	}
	r.Config.Data = filepath.Join(t.TempDir(), "restored")
	if _, err := app.Restore(t.Context(), r, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	door, err := os.ReadFile(filepath.Join(s.c.Data, "admin-token")) // its hash is in the backup
	if err == nil {
		err = os.WriteFile(filepath.Join(r.Config.Data, "admin-token"), door, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.c.Data = r.Config.Data
	s.start(t, nil)
}

// said compares what a section wants with what came, or writes it there.
func said(t *testing.T, f *txtar.File, got string) {
	t.Helper()
	if *update {
		f.Data = []byte(got + "\n")
		return
	}
	if diff := cmp.Diff(strings.TrimSpace(string(f.Data)), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", f.Name, diff)
	}
}

// settle books what was sent, and what counters alone tell.
func (s *scene) settle(t *testing.T) {
	t.Helper()
	s.server.settled(t)
	if err := s.server.BookUntold(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.server.settled(t)
}

func (s *scene) counters(t *testing.T) string {
	t.Helper()
	_, text := s.server.ask(t, http.MethodGet, "/api/v1/sources", "")
	var list struct {
		Counters []struct {
			Service, Model, Verdict string
			Charged                 string `json:"charged_by"`
			Counted                 int64  `json:"counted_tokens"`
			Booked                  int64  `json:"booked_tokens"`
			Untold                  int64  `json:"untold_tokens"`
			Why                     string `json:"explanation"`
		}
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err, text)
	}
	var lines []string
	for _, c := range list.Counters {
		counts := strconv.FormatInt(c.Counted, 10) + " counted, " + strconv.FormatInt(c.Booked, 10) + " by calls, " + strconv.FormatInt(c.Untold, 10) + " by counters"
		lines = append(lines, c.Service+" "+c.Model+": "+counts+"; "+c.Verdict+", "+c.Why)
	}
	return strings.Join(lines, "\n")
}

func (s *scene) rejected(t *testing.T) string {
	t.Helper()
	all, err := s.server.Lake.Quarantined(t.Context(), lake.Listing{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i := range all {
		for _, p := range all[i].Problems {
			lines = append(lines, p.String())
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (s *scene) sampling(t *testing.T) string {
	t.Helper()
	_, text := s.server.ask(t, http.MethodGet, "/api/v1/sources", "")
	var list struct {
		Sampling []struct{ Service, Share, How string }
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err, text)
	}
	var lines []string
	for _, of := range list.Sampling {
		lines = append(lines, of.Service+" "+of.Share+" by "+of.How)
	}
	return strings.Join(lines, "\n")
}

// send tells each signal in a request of its own.
func (s *scene) send(t *testing.T, body string) {
	t.Helper()
	for signal, request := range requestsOf(t, body) {
		text, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		q := *s.server
		q.token = s.token
		status, answer := q.ask(t, http.MethodPost, "/otlp/v1/"+url.PathEscape(signal), string(text))
		if s.answer = answer; status != http.StatusOK {
			t.Fatalf("%s: %d %s", signal, status, answer)
		}
	}
}
