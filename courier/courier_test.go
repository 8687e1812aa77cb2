package courier_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/courier"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/spend"
)

const key = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func from(values map[string]string) courier.Environment {
	return courier.Environment{
		Get:  func(name string) (string, bool) { v, ok := values[name]; return v, ok },
		Read: func(path string) ([]byte, error) { v, ok := values[path]; return []byte(v), none(ok) },
	}
}

func none(ok bool) error {
	if ok {
		return nil
	}
	return errors.New("there is no such file")
}

func read(t *testing.T, text string, values map[string]string) *courier.Book {
	t.Helper()
	b, err := courier.Read(strings.NewReader(text), from(values))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func message() notify.Message {
	return notify.Message{ID: "m1", Kind: "budget.threshold", Title: "Budget a has used 80 % of 5 USD", Facts: []notify.Fact{{Name: "Used", Value: "4 USD"}}, Owner: "support", At: noon()}
}

func TestFor(t *testing.T) {
	t.Parallel()
	b := read(t, `courier: bursar/1
channels:
  - {name: room, kind: slack, for: [support, sales], url: "https://hooks.example.com/x"}
  - {name: hook, kind: webhook, for: [support], url_env: HOOK, key_file: key}
  - {name: rest, kind: teams, for: ["*"], url_file: teams}
`, map[string]string{"HOOK": "https://example.com/hook", "key": key + "\n" + key, "teams": "https://example.com/teams\n"})
	got := [][]string{b.For("support"), b.For("sales"), b.For("claims"), b.For(""), (*courier.Book)(nil).For("support")}
	if diff := cmp.Diff([][]string{{"room", "hook"}, {"room"}, {"rest"}, {"rest"}, nil}, got); diff != "" {
		t.Errorf("channels differ (-want +got):\n%s", diff)
	}
}

func TestReadRefusesEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	_, err := courier.Read(strings.NewReader(`courier: bursar/2
mail: {server: smtp, from: nobody, security: maybe, user: u, password_env: NONE}
channels:
  - {name: Room, kind: pigeon}
  - {name: a, kind: slack, for: [x], url: "http://hooks.example.com/SECRET"}
  - {name: a, kind: webhook, for: [x], url: "https://u:SECRET@example.com", key_env: BAD}
  - {name: b, kind: mail, for: [x], to: [SECRET], key_file: nowhere}
  - {name: c, kind: teams, for: [x], url: "://SECRET", url_env: URL}
`), from(map[string]string{"BAD": "SECRET", "URL": "https://SECRET.example.com"}))
	if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" || strings.Contains(err.Error(), "SECRET") {
		t.Fatalf("want an error of kind invalid that repeats no secret, got %v", err)
	}
	for _, want := range []string{
		"line 1: courier: is \"bursar/2\", want bursar/1", "line 2: mail.server", "mail.from", "variable NONE is not set", "starttls, tls or none", "line 4: channel Room: the name", "for: says whom",
		"line 4: channel Room: kind: is \"pigeon\", must be webhook, slack", "begins with https", "line 6: channel a: is there twice",
		"line 6: channel a: url, url_env or url_file: must hold an address like https://", "channel a.key", "channel b.key: the file cannot be read", "channel b.to", "channel c.url: is said twice",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	_, err = courier.Read(strings.NewReader("courier: bursar/1\nchannels:\n  - name: a\n    ulr: SECRET\n    to: SECRET\n"), from(nil))
	if got := err.Error(); !strings.Contains(got, "line 4: field ulr is not known here; one of name, kind, for, url, ") || !strings.Contains(got, "line 5: want a list") || strings.Contains(got, "SECRET") {
		t.Errorf("a mistyped key and a text for a list: %s", got)
	}
	for _, text := range []string{"courier: bursar/1\ncolour: red\n", "channels: [", strings.Repeat("#", courier.MaxBytes+1)} {
		if _, err := courier.Read(strings.NewReader(text), from(nil)); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%.30q: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("courier: bursar/1\nchannels: [{name: a, kind: slack, for: [x], url: 'https://example.com'}]")
	f.Add("courier: bursar/1\nmail: {server: 'a:25', from: a@b.c, security: none}\nchannels: [{name: a, kind: mail, for: ['*'], to: [a@b.c]}]")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := courier.Read(strings.NewReader(text), from(nil))
		if (err == nil) == (b == nil) || err != nil && spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex // over the bodies
	var bodies []string
	parsed, err := notify.ParseKey(key)
	if err != nil {
		t.Fatal(err)
	}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		bodies = append(bodies, string(body))
		mu.Unlock()
		signed := notify.Signed{ID: r.Header.Get("Webhook-Id"), Timestamp: r.Header.Get("Webhook-Timestamp"), Signature: r.Header.Get("Webhook-Signature")}
		if r.URL.Path == "/hook" && (signed.ID != "m1" || parsed.Verify(signed, body, noon()) != nil) {
			w.WriteHeader(http.StatusUnauthorized)
		}
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/moved":
			http.Redirect(w, r, "/hook", http.StatusFound)
		case "/broken":
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(upstream.Close)
	channel := func(name, kind, url string) string {
		return "\n  - {name: " + name + ", kind: " + kind + ", for: [x], key_env: KEY, url: \"" + url + "\"}"
	}
	b := read(t, "courier: bursar/1\nchannels:"+channel("hook", "webhook", upstream.URL+"/hook")+channel("slack", "slack", upstream.URL+"/slack")+
		channel("teams", "teams", upstream.URL+"/teams")+channel("gone", "webhook", upstream.URL+"/gone")+channel("moved", "webhook", upstream.URL+"/moved")+
		channel("broken", "webhook", upstream.URL+"/broken")+channel("link", "webhook", "http://169.254.169.254/latest")+channel("nobody", "webhook", "http://127.0.0.1:1/SECRET"),
		map[string]string{"KEY": key})
	m := message()
	for _, c := range []struct {
		channel, why string
		final        bool
	}{
		{"hook", "", false}, {"slack", "", false}, {"teams", "", false}, {"gone", "it answers 410", true}, {"moved", "it answers 302", false},
		{"broken", "it cannot be reached", false}, {"nobody", "it cannot be reached", false}, {"none", "there is no channel of this name any more", true},
		{"link", "its address is of the link or of a cloud's metadata, which is never spoken to", false},
	} {
		why, final := b.Send(t.Context(), c.channel, &m, noon())
		if why != c.why || final != c.final {
			t.Errorf("%s: %q, %v, want %q, %v", c.channel, why, final, c.why, c.final)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for i, want := range []string{`"id":"m1","kind":"budget.threshold"`, `"blocks":[`, `"AdaptiveCard"`} {
		if i >= len(bodies) || !strings.Contains(bodies[i], want) {
			t.Errorf("body %d of %q does not hold %s", i, bodies, want)
		}
	}
}

func TestForbidden(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"169.254.169.254": true, "::ffff:169.254.169.254": true, "64:ff9b::a9fe:a9fe": true, "fe80::1%eth0": true, "0.0.0.0": true, "::": true,
		"224.0.0.1": true, "ff02::1": true, "fd00:ec2::254": true, "100.100.100.200": true,
		"127.0.0.1": false, "10.0.0.1": false, "93.184.216.34": false, "2001:db8::1": false,
	} {
		if got := courier.Forbidden(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: forbidden %v, want %v", text, got, want)
		}
	}
	if !courier.Forbidden(netip.Addr{}) {
		t.Error("no address is allowed")
	}
}
