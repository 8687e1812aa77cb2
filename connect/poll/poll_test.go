package poll_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect/poll"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/spend"
)

// replay is a vendor that gives answers in their order, and notes what it was asked.
type replay struct {
	mu      sync.Mutex
	answers []answer
	asked   []string
	waited  []time.Duration
}

type answer struct {
	status int
	head   map[string]string
	body   string
}

func (v *replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") + r.Header.Get("X-Api-Key")
	v.asked = append(v.asked, r.Method+" "+r.URL.Path+" "+r.URL.Query().Get("start_time")+" "+r.URL.Query().Get("page")+" "+key)
	if len(v.answers) == 0 {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	a := v.answers[0]
	v.answers = v.answers[1:]
	for name, value := range a.head {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(a.body))
}

func account(t *testing.T, of, base string) *poll.Account {
	t.Helper()
	all, err := poll.Read(strings.NewReader(fmt.Sprintf("poll: bursar/1\naccounts:\n- {name: main, vendor: %s, account: acme, base: %q, key: admin, org: acme, since: 2026-11-20}\n", of, base)))
	if err != nil {
		t.Fatal(err)
	}
	return &all[0]
}

// fetch asks a vendor that replays answers for a feed, at noon of 22 November.
func fetch(t *testing.T, v *replay, of, feed string) (poll.Pages, error) {
	t.Helper()
	s := httptest.NewServer(v)
	t.Cleanup(s.Close)
	p := poll.Poller{
		Client: s.Client(), Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) },
		Wait: func(_ context.Context, d time.Duration) error { v.waited = append(v.waited, d); return nil },
	}
	a := account(t, of, s.URL)
	return p.Fetch(t.Context(), a, feed, "k-1", a.From(time.Time{}))
}

const (
	monday = `"data":[{"start_time":1795132800,"end_time":1795219200,"results":[{"amount":{"value":0.5,"currency":"usd"},"line_item":"x","project_id":"p"}]}]`
	sunday = `"data":[{"start_time":1795219200,"end_time":1795305600,"results":[{"amount":{"value":0.25,"currency":"usd"},"line_item":"x","project_id":"p"}]}]`
	now    = "Sun, 22 Nov 2026 12:00:00 GMT"
)

func TestPagesAndRefusals(t *testing.T) {
	t.Parallel()
	v := &replay{answers: []answer{
		{429, map[string]string{"Retry-After": "7"}, ""},
		{200, map[string]string{"Date": now}, `{` + monday + `,"has_more":true,"next_page":"p2"}`},
		{503, map[string]string{"Date": now, "Retry-After": "Sun, 22 Nov 2026 12:00:30 GMT"}, ""},
		{502, nil, "<html>"},
		{200, map[string]string{"Date": now}, `{` + sunday + `,"has_more":false}`},
	}}
	got, err := fetch(t, v, "openai", "costs")
	if err != nil {
		t.Fatal(err)
	}
	const question = "GET /v1/organization/costs 1795132800 "
	want := []string{question + " k-1", question + " k-1", question + "p2 k-1", question + "p2 k-1", question + "p2 k-1"}
	if diff := cmp.Diff(want, v.asked); diff != "" {
		t.Errorf("what was asked (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]time.Duration{7 * time.Second, 30 * time.Second, 2 * time.Second}, v.waited); diff != "" {
		t.Errorf("waits (-want +got)\n%s", diff)
	}
	x, err := vendor.Read(got.Text, vendor.Options{Vendor: "openai"})
	if err != nil || len(x.Lines) != 2 || got.Through.Format(time.DateOnly) != "2026-11-22" {
		t.Errorf("%d lines through %s, %v", len(x.Lines), got.Through, err)
	}
}

// TestClockSkew asks about no day that the vendor's clock has not reached.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	v := &replay{answers: []answer{{200, map[string]string{"Date": "Fri, 20 Nov 2026 23:59:00 GMT"}, `{` + monday + `,"has_more":false}`}}}
	got, err := fetch(t, v, "openai", "costs")
	if err != nil || got.Through.Format(time.DateOnly) != "2026-11-20" {
		t.Errorf("through %s, %v; want 2026-11-20, whose end the vendor has not seen", got.Through, err)
	}
	a := account(t, "openai", "")
	if from := a.From(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)); from.Format(time.DateOnly) != "2026-11-22" {
		t.Errorf("asked again from %s, want from 2026-11-22, for what is corrected late", from)
	}
}

func TestNothingOfHalfADay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		answers []answer
		kind    spend.Kind
	}{
		{"cut off", []answer{{200, nil, `{` + monday + `,"has_more":true,"next_page":"p2"}`}, {200, nil, `{"data":[{"start_`}}, spend.KindUnavailable},
		{"no page", []answer{{200, nil, `{"error":"busy"}`}}, spend.KindUnavailable},
		{"round in a circle", []answer{{200, nil, `{` + monday + `,"has_more":true,"next_page":"p2"}`}, {200, nil, `{` + monday + `,"has_more":true,"next_page":"p2"}`}}, spend.KindUnavailable},
		{"never", nil, spend.KindUnavailable},
		{"a key that may not", []answer{{403, nil, `{"error":"no admin"}`}}, spend.KindInvalid},
		{"elsewhere", []answer{{302, map[string]string{"Location": "http://169.254.169.254/"}, ""}}, spend.KindInvalid},
	} {
		got, err := fetch(t, &replay{answers: c.answers}, "openai", "costs")
		if c.name == "elsewhere" && err != nil { // the client of a test follows, which the server's does not
			continue
		}
		if spend.KindOf(err) != c.kind || spend.HintOf(err) == "" || got.Text != nil || strings.Contains(err.Error(), "k-1") {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

// TestOtherVendors asks each in its own way.
func TestOtherVendors(t *testing.T) {
	t.Parallel()
	events := `{"pagination":{"hasNextPage":%v},"usageEvents":[{"timestamp":"1795341600123","userEmail":"u","model":"m","kind":"Usage-based","isChargeable":true,"tokenUsage":{"inputTokens":%d},"chargedCents":3.9}]}`
	item := `{"timePeriod":{"year":2026,"month":11,"day":%d},"organization":"acme","usageItems":[{"product":"Copilot","sku":"s","model":"m","unitType":"requests","grossQuantity":1,"grossAmount":0.04,"discountAmount":0,"netAmount":0.04}]}`
	for _, c := range []struct {
		of, feed string
		answers  []string
		asked    []string
	}{
		{"anthropic", "usage", []string{`{"data":[{"starting_at":"2026-11-20T00:00:00Z","ending_at":"2026-11-21T00:00:00Z","results":[{"uncached_input_tokens":1,"output_tokens":2}]}],"has_more":false}`},
			[]string{"GET /v1/organizations/usage_report/messages   k-1"}},
		{"copilot", "usage", []string{fmt.Sprintf(item, 20), fmt.Sprintf(item, 21), fmt.Sprintf(item, 22)}, []string{
			"GET /organizations/acme/settings/billing/premium_request/usage   k-1", "GET /organizations/acme/settings/billing/premium_request/usage   k-1",
			"GET /organizations/acme/settings/billing/premium_request/usage   k-1",
		}},
		{"cursor", "events", []string{fmt.Sprintf(events, true, 1), fmt.Sprintf(events, false, 2)}, []string{
			"POST /teams/filtered-usage-events   Basic ay0xOg==", "POST /teams/filtered-usage-events   Basic ay0xOg==",
		}},
	} {
		v := &replay{}
		for _, body := range c.answers {
			v.answers = append(v.answers, answer{200, map[string]string{"Date": now}, body})
		}
		got, err := fetch(t, v, c.of, c.feed)
		if err != nil {
			t.Errorf("%s: %v", c.of, err)
			continue
		}
		x, err := vendor.Read(got.Text, vendor.Options{Vendor: c.of})
		if err != nil || x.Rows != int64(len(c.answers)) || len(x.Lines) == 0 || len(x.Lines[0].Problems) > 0 {
			t.Errorf("%s: %+v, %v", c.of, x, err)
		}
		if diff := cmp.Diff(c.asked, v.asked); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.of, diff)
		}
	}
}

func TestMistakesOfTheFile(t *testing.T) {
	t.Parallel()
	_, err := poll.Read(strings.NewReader("poll: bursar/2\naccounts:\n- {name: a, vendor: acme, account: ada@example.org, since: soon}\n- {name: b, vendor: copilot, account: x, key: k, since: 2026-11-01, base: 'http://example.org'}\n"))
	for _, want := range []string{"line 1: poll: want bursar/1", "line 3: account \"a\": vendor: want", "account: want", "key: want", "since: want", "org: want", "line 4: account \"b\": base: want"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
	if _, err := poll.Read(strings.NewReader("poll: bursar/1\nkeys: [x]\n")); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("an unknown key: %v", err)
	}
}

// FuzzRead reads any bytes as a file of accounts: sound ones, or an error that says what to do.
func FuzzRead(f *testing.F) {
	f.Add("poll: bursar/1\naccounts:\n- {name: a, vendor: openai, account: x, key: k, since: 2026-11-01}\n")
	f.Add("poll: bursar/1\naccounts: [{base: 'https://u:p@h'}]")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := poll.Read(strings.NewReader(text))
		if err != nil {
			if spend.HintOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		for i := range all {
			if a := &all[i]; len(a.Feeds()) == 0 || a.Base.Host == "" || a.Key == "" || a.Since.IsZero() {
				t.Fatalf("half an account: %+v", a)
			}
		}
	})
}
