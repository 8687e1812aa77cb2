//go:build sdks

package gateway_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
)

// refusing is a gateway that refuses, and what a library is to do about it.
type refusing struct {
	name, key string
	room      func(*testing.T, http.HandlerFunc) *room
	statuses  string // of all answers that the library got
	seen      int    // requests at the vendor
	says      string // in the error that the library raises, "" when it raises none
}

func refusals() []refusing {
	under := func(text string) func(*testing.T, http.HandlerFunc) *room {
		return func(t *testing.T, vendor http.HandlerFunc) *room {
			r, _ := limited(t, vendor, text)
			return r
		}
	}
	return []refusing{
		{
			"over budget", "bursar-key", under("budgets: [{id: small, amount: 0.001, currency: USD, period: month, scope: {team: claims}, at_limit: stop, override: {reason: test, until: 2999-12-31}}]\n"),
			"[402]", 0, "resets at",
		},
		{
			"too fast", "bursar-key", under("rates: [{id: slow, each: credential, calls: 1, per: 3s, burst: 1}]\n"),
			"[200 429 200]", 2, "",
		},
		{
			"without a vendor's key", "bursar-key", func(t *testing.T, vendor http.HandlerFunc) *room {
				return enter(t, vendor, func(c *gateway.Config) {
					for i := range c.Routes {
						c.Routes[i].Upstreams[0].Credential = auth.Secret{}
					}
				})
			},
			"[403]", 0, "holds no key of the vendor",
		},
		{
			"unknown key", "nobodys-key", func(t *testing.T, vendor http.HandlerFunc) *room { return enter(t, vendor, nil) },
			"[401]", 0, "no token of ours",
		},
	}
}

// TestSDKRefusals shows refusals of the gateway's own to the libraries: what stays
// refused is asked for once, what a wait mends is asked for again after it.
func TestSDKRefusals(t *testing.T) {
	t.Parallel()
	for _, l := range libraries() {
		for _, c := range refusals() {
			for _, e := range []errand{{"openai", "openai", "/v1", []string{"chat"}}, {"anthropic", "anthropic", "", []string{"messages"}}} {
				t.Run(l.name+"/"+e.vendor+"/"+c.name, func(t *testing.T) {
					t.Parallel()
					c.refuse(t, &l, &e)
				})
			}
		}
	}
}

// refuse makes one call, and another where the first is let through.
func (c *refusing) refuse(t *testing.T, l *library, e *errand) {
	v := &vendor{t: t}
	r := c.room(t, v.ServeHTTP)
	seen := newTee(t, r.server.URL, nil)
	name := e.cases[0]
	if c.says == "" {
		e.cases = append(e.cases, name)
	}
	got := l.run(t, e, seen.URL+"/"+e.route+e.path, c.key)
	var statuses []int
	for _, answer := range seen.of(name) {
		statuses = append(statuses, answer.Status)
		if again := answer.Header.Get("X-Should-Retry"); answer.Status >= 400 && again != fmt.Sprint(answer.Status == http.StatusTooManyRequests) {
			t.Errorf("%d has X-Should-Retry %q", answer.Status, again)
		}
	}
	if diff := cmp.Diff(c.statuses, fmt.Sprint(statuses)); diff != "" || len(v.asked) != c.seen {
		t.Errorf("the vendor saw %d of %d requests, and the library these answers (-want +got):\n%s", len(v.asked), c.seen, diff)
	}
	if raised := string(got[name].Error); !strings.Contains(raised, c.says) || (c.says == "") != (raised == "null") {
		t.Errorf("the library raised %s", raised)
	}
}
