package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

// hook is a webhook that notes what arrives.
type hook struct {
	mu      sync.Mutex
	down    bool
	arrived []string // ids of messages
	seen    func(body string)
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	h.arrived = append(h.arrived, r.Header.Get("Webhook-Id"))
	if h.seen != nil {
		h.seen(bodyOf(r))
	}
}

func (h *hook) set(down bool) (arrived int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.down = down
	return len(h.arrived)
}

// toldFolder is a folder whose notices go to a hook.
type toldFolder struct {
	*hook
	config app.Config
	now    time.Time
}

func tellTo(t *testing.T, owner string) *toldFolder {
	t.Helper()
	f := &toldFolder{hook: &hook{}, now: noon()}
	server := httptest.NewServer(f.hook)
	t.Cleanup(server.Close)
	folder := t.TempDir()
	key, channels := filepath.Join(folder, "key"), filepath.Join(folder, "channels.yaml")
	text := "courier: bursar/1\nchannels:\n  - {name: room, kind: webhook, for: [" + owner + "], url: \"" + server.URL + "\", key_file: " + key + "}\n"
	for path, text := range map[string]string{key: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz\n", channels: text} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f.config = app.Config{Data: filepath.Join(folder, "data"), Create: true, Channels: channels, Now: func() time.Time { return f.now }}
	return f
}

func (f *toldFolder) open(t *testing.T) *app.Server {
	t.Helper()
	s, err := app.OpenServer(t.Context(), f.config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (f *toldFolder) close(t *testing.T, s *app.Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// declare applies one document.
func declare(t testing.TB, s *app.Server, text string) {
	t.Helper()
	d, err := policy.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: []policy.Document{d}}); err != nil {
		t.Fatal(err)
	}
}

// spends books a call of application a at an instant, of so many dollars.
func spends(t *testing.T, s *app.Server, at time.Time, dollars int64) {
	t.Helper()
	s.Budgets.Book(s.Now(), budget.Line{
		At: at, Subject: budget.Subject{Scope: spend.Scope{Application: "a", Team: "t"}}, Cost: budget.AtMost(money.Known(money.FromInt(dollars)), "USD", 0),
	})
}

// notices lists those of a state that a viewer of team t may see.
func notices(t *testing.T, s *app.Server, of notify.State) []api.Notice {
	t.Helper()
	all, err := app.Heralds(s).Notices(t.Context(), api.NoticesWanted{State: of, Limit: 100, Shown: func(scope *spend.Scope) bool { return scope.Team == "t" }})
	must(t, err)
	return all
}

func states(t *testing.T, s *app.Server) (all []string) {
	t.Helper()
	list := notices(t, s, "")
	for i := range list {
		all = append(all, list[i].Title+": "+string(list[i].State)+" "+list[i].Channel)
	}
	return all
}

const month = "kind: budget\nbudgets:\n  - {id: a/month, scope: {application: a, team: t}, amount: 10, currency: USD, period: month}\n"

// TestThresholdsAreToldOnce ends servers between noticing, keeping, sending and
// noting, and counts what arrives.
func TestThresholdsAreToldOnce(t *testing.T) {
	t.Parallel()
	f := tellTo(t, "t")
	s := f.open(t)
	declare(t, s, month)
	spends(t, s, f.now, 6)
	f.set(true)
	must(t, s.Tell(t.Context())) // kept, and not sent
	f.close(t, s)

	f.now = f.now.Add(time.Minute)
	f.set(false)
	s = f.open(t) // what was counted by hand is not in the ledger, and what was told stays told
	must(t, s.Tell(t.Context()))
	must(t, s.Tell(t.Context()))
	if n := f.set(false); n != 1 {
		t.Errorf("%d messages arrived, want 1", n)
	}
	spends(t, s, f.now, 6)
	must(t, s.Tell(t.Context()))
	spends(t, s, f.now, 6)
	must(t, s.Tell(t.Context()))
	must(t, s.Recount(t.Context()))
	must(t, s.Tell(t.Context()))
	want := []string{
		"Budget a/month has used 80 % of 10 USD: delivered room", "Budget a/month has used 100 % of 10 USD: delivered room",
		"Budget a/month has used 50 % of 10 USD: delivered room",
	}
	if diff := cmp.Diff(sorted(want), sorted(states(t, s))); diff != "" || f.set(false) != 3 {
		t.Errorf("%d arrived; notices (-want +got):\n%s", f.set(false), diff)
	}
	f.close(t, s)
}

// TestAChannelThatFailsHoldsUpNoOther has more to tell one channel than a round tries, and
// nothing arrives there: what is for another channel goes out in the first round.
func TestAChannelThatFailsHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	f, tries := tellTo(t, "t"), atomic.Int64{}
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(broken.Close)
	text, err := os.ReadFile(f.config.Channels)
	must(t, err)
	text = append(text, "  - {name: broken, kind: slack, for: [other], url: \""+broken.URL+"\"}\n"...)
	must(t, os.WriteFile(f.config.Channels, text, 0o600))
	s := f.open(t)
	budgets := "kind: budget\nbudgets:\n"
	for n := range 50 {
		budgets += fmt.Sprintf("  - {id: other/%02d, scope: {team: t}, amount: 1, currency: USD, period: month, owner: other}\n", n)
	}
	declare(t, s, budgets)
	spends(t, s, f.now, 6)
	f.set(true)
	must(t, s.Tell(t.Context())) // a hundred and fifty that are due
	f.set(false)
	f.now = f.now.Add(time.Second)
	declare(t, s, "kind: budget\nname: last\nbudgets:\n  - {id: last, scope: {team: t}, amount: 10, currency: USD, period: month, alerts: [50]}\n")
	spends(t, s, f.now, 6)
	must(t, s.Tell(t.Context()))
	if n := f.set(false); n != 1 || tries.Load() != 2 {
		t.Errorf("%d messages arrived after %d tries elsewhere, want 1 after 2", n, tries.Load())
	}
	f.close(t, s)
}

// TestWhatIsOverIsNotTold declares a budget over a past that had used it up: what is
// over is not told any more, what is going on is.
func TestWhatIsOverIsNotTold(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	till, now := admin.as(t, "events"), time.Now().UTC()
	events := []string{used(1, now, "r"), used(2, now.AddDate(0, 0, -1), "r"), used(3, now.AddDate(0, 0, -2), "r"), used(4, now.AddDate(0, 0, -80), "r")}
	if status, text := till.ask(t, http.MethodPost, "/api/v1/events", "["+strings.Join(events, ",")+"]"); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, text)
	}
	admin.settled(t)
	admin.apply(t, "kind: budget\nbudgets:\n  - {id: day, scope: {team: t}, amount: 1, currency: USD, period: day, alerts: [100]}\n  - {id: run, amount: 1, currency: USD, period: run, alerts: [100]}\n")
	must(t, admin.Tell(t.Context()))
	must(t, admin.Recount(t.Context()))
	must(t, admin.Tell(t.Context()))
	want := []string{"Budget day has used 100 % of 1 USD: given_up "}
	if diff := cmp.Diff(want, states(t, admin.Server)); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// TestWhatDoesNotArriveStays gives a message up, and tries it again.
func TestWhatDoesNotArriveStays(t *testing.T) {
	t.Parallel()
	f := tellTo(t, "t")
	s := f.open(t)
	declare(t, s, strings.Replace(month, "period: month}", "period: month, alerts: [50]}\n  - {id: b, scope: {team: t}, amount: 10, currency: USD, period: month, owner: other, alerts: [50]}", 1))
	f.set(true)
	spends(t, s, f.now, 6)
	for range 9 {
		must(t, s.Tell(t.Context()))
		f.now = f.now.Add(15 * time.Hour)
	}
	list := notices(t, s, notify.GivenUp)
	if len(list) != 2 || list[0].Why+list[1].Why != "it answers 503"+"no channel is named for this owner, and none for everybody" && list[1].Why+list[0].Why != "it answers 503"+"no channel is named for this owner, and none for everybody" {
		t.Fatalf("notices %+v", list)
	}
	checks, err := s.Doctor(t.Context(), f.now)
	must(t, err)
	at := slices.IndexFunc(checks, func(one api.Finding) bool { return one.Name == "notices" })
	if last := checks[max(at, 0)]; last.State != api.Attention || !strings.Contains(last.Msg, "2 of the last 30 days did not arrive") {
		t.Errorf("the doctor says %+v", last)
	}
	f.set(false)
	for i := range list {
		_, err := app.Heralds(s).RetryNotice(t.Context(), auth.Local(), api.NoticeOrder{Message: list[i].Message, Channel: list[i].Channel})
		if (list[i].Channel == "") != (spend.KindOf(err) == spend.KindConflict) {
			t.Errorf("retry to %q: %v", list[i].Channel, err)
		}
	}
	must(t, s.Tell(t.Context()))
	if n := f.set(false); n != 1 {
		t.Errorf("%d messages arrived, want 1", n)
	}
	f.close(t, s)
	f.retryNobodys(t)
}

// retryNobodys names a channel for the owner who had none, and tries again.
func (f *toldFolder) retryNobodys(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(f.config.Channels)
	must(t, err)
	_, room, _ := strings.Cut(string(text), "channels:\n")
	hall := strings.NewReplacer("room", "hall", "for: [t]", "for: [other]").Replace(room)
	must(t, os.WriteFile(f.config.Channels, []byte(strings.Replace(string(text), "for: [t]", "for: [t, other]", 1)+hall), 0o600))
	s := f.open(t)
	order := api.NoticeOrder{Message: notices(t, s, notify.GivenUp)[0].Message}
	again, err := app.Heralds(s).RetryNotice(t.Context(), auth.Local(), order)
	if err != nil || len(again) != 2 || again[0].Channel != "hall" || again[1].Channel != "room" || again[1].State != notify.Waiting {
		t.Errorf("retried: %+v, %v", again, err)
	}
	must(t, s.Tell(t.Context()))
	if n := f.set(false); n != 3 {
		t.Errorf("%d messages arrived, want 3", n)
	}
	if lost := notices(t, s, notify.GivenUp); len(lost) != 0 {
		t.Errorf("given up are still %+v", lost)
	}
	f.close(t, s)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}
