//go:build sdks

package gateway_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refusing is a key that does not open everything, and what a library is to do about it.
type refusing struct {
	name     string
	flags    []string // of the key
	budget   string   // on the key, but for its id and scope
	rate     string
	spoil    func(s *served, key string) // ends the key before the calls
	route    string                      // behind the route's name
	stream   bool                        // a stream is asked for in the same way
	header   bool                        // what a budget says in the head is read
	statuses string                      // of all answers that the library got
	seen     int                         // requests at the vendor
	says     string                      // in the error that the library raises, or in the head
}

func refusals() []refusing {
	return []refusing{
		{name: "over budget", budget: "amount: 0.0001, currency: USD, period: month, at_limit: stop", stream: true, statuses: "[402]", says: "resets at"},
		{name: "over the budget of each call", budget: "amount: 0.0001, currency: USD, period: call, at_limit: stop", statuses: "[402]", says: "budget-"},
		{name: "warned", budget: "amount: 0.0001, currency: USD, period: month, at_limit: warn", header: true, statuses: "[200]", seen: 1, says: "budget-"},
		{name: "too fast", rate: "calls: 1, per: 3s, burst: 1", statuses: "[200 429 200]", seen: 2},
		{name: "expired", flags: []string{"--expires", "1d"}, spoil: expire, stream: true, statuses: "[401]", says: "this token expired on"},
		{name: "revoked", spoil: revoke, stream: true, statuses: "[401]", says: "this token was revoked on"},
		{name: "replaced", spoil: rotate, statuses: "[401]", says: "this token expired on"},
		{name: "another model", flags: []string{"--model", "o4-*"}, stream: true, statuses: "[403]", says: "this key may not ask for the model"},
		{name: "another endpoint", flags: []string{"--endpoint", "embeddings"}, stream: true, statuses: "[403]", says: "this key may not use"},
		{name: "without a vendor's key", route: "-bare", statuses: "[403]", says: "holds no key of the vendor"},
	}
}

// expire waits until a key that was given a second opens nothing, at a door behind which
// there is no vendor.
func expire(s *served, key string) {
	s.command("key", "rotate", publicName(key), "--overlap", "1s")
	for status := http.StatusForbidden; status == http.StatusForbidden; {
		r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+"/openai-bare/v1/models", nil)
		if err != nil {
			s.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+key)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			s.t.Fatal(err)
		}
		status = answer.StatusCode
		_ = answer.Body.Close()
	}
}

func revoke(s *served, key string) { s.command("key", "revoke", publicName(key)) }

func rotate(s *served, key string) { s.command("key", "rotate", publicName(key)) }

// TestSDKRefusals shows refusals of the real server to the libraries: what stays refused
// is asked for once, what a wait mends is asked for again after it, and a warning can be
// read from the head.
func TestSDKRefusals(t *testing.T) {
	t.Parallel()
	for _, l := range libraries() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			v := newVendor(t)
			s := serve(t, v.server.URL)
			all, keys := s.restrict()
			seen := 0
			for i, c := range all {
				for j, e := range []errand{{"openai", "openai", "/v1", []string{"chat"}}, {"anthropic", "anthropic", "", []string{"messages"}}} {
					seen += c.refuse(s, &l, &e, keys[i][j])
					if got := v.seen(); got != seen {
						t.Fatalf("%s/%s: the vendor saw %d requests, want %d", c.name, e.vendor, got, seen)
					}
				}
			}
			s.stop()
			if got := s.command("spend", "--measures", "calls", "--output", "csv"); !strings.Contains(got, fmt.Sprintf("\nTOTAL,%d,", seen)) {
				t.Errorf("the vendor saw %d requests; the ledger says\n%s", seen, got)
			}
		})
	}
}

// restrict creates keys for each refusal, one for each vendor, and puts their budgets
// and rates in force.
func (s *served) restrict() (all []refusing, keys [][2]string) {
	s.t.Helper()
	all = refusals()
	text := "kind: budget\nname: keys\nbudgets:\n"
	rates := "rates:\n"
	for i, c := range all {
		var pair [2]string
		for j := range pair {
			pair[j] = s.key(c.flags...)
			of := fmt.Sprintf("  - {id: budget-%d-%d, scope: {credential: %s}, ", i, j, publicName(pair[j]))
			if c.budget != "" {
				text += of + c.budget + "}\n"
			}
			if c.rate != "" {
				rates += of + c.rate + "}\n"
			}
		}
		keys = append(keys, pair)
	}
	s.apply(text + rates)
	for i, c := range all {
		for _, key := range keys[i] {
			if c.spoil != nil {
				c.spoil(s, key)
			}
		}
	}
	return all, keys
}

// refuse makes one call, another where the first is let through, and a stream where it
// is refused too. It gives how many requests the vendor is to see.
func (c *refusing) refuse(s *served, l *library, e *errand, key string) (seen int) {
	t := s.t
	t.Helper()
	name := e.cases[0]
	if c.header {
		name += "_header"
	}
	e.cases = []string{name}
	if strings.Contains(c.statuses, " ") {
		e.cases = append(e.cases, name)
	}
	if c.stream {
		e.cases = append(e.cases, name+"_stream")
	}
	tee := newTee(t, s.url, nil)
	got := l.run(t, e, tee.URL+"/"+e.route+c.route+e.path, key)
	for _, name := range e.cases {
		var statuses []int
		for _, answer := range tee.of(name) {
			statuses = append(statuses, answer.Status)
			if again := answer.Header.Get("X-Should-Retry"); answer.Status >= 400 && again != fmt.Sprint(answer.Status == http.StatusTooManyRequests) {
				t.Errorf("%s/%s: %d has X-Should-Retry %q", c.name, name, answer.Status, again)
			}
		}
		if diff := cmp.Diff(c.statuses, fmt.Sprint(statuses)); diff != "" {
			t.Errorf("%s/%s: the library got other answers (-want +got):\n%s", c.name, name, diff)
		}
		c.compareRaised(t, name, got[name])
	}
	return c.seen
}

// compareRaised wants an error that says why, or none.
func (c *refusing) compareRaised(t *testing.T, name string, got answered) {
	t.Helper()
	raised, refused := string(got.Error), c.seen == 0
	if refused != (raised != "null") || refused && !strings.Contains(raised, c.says) {
		t.Errorf("%s/%s: the library raised %s", c.name, name, raised)
	}
	if c.header && !strings.Contains(string(got.Values), c.says) {
		t.Errorf("%s/%s: the library reads %s", c.name, name, got.Values)
	}
}
