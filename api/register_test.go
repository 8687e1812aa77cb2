package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

func TestRegister(t *testing.T) {
	t.Parallel()
	for _, s := range []scenario{
		{name: "a lead claims for the own team", token: "lead", body: `{"act":"claim","names":["desk"],"team":"claims"}`, status: 200,
			want: []string{`{"changes":[{"mark":"+","what":"claim agent desk"}],"applied":true}`}},
		{name: "only tried", token: "finance", body: `{"act":"retire","names":["desk"],"dry_run":true}`, status: 200, want: []string{`"applied":false`}},
		{name: "for another team", token: "lead", body: `{"act":"claim","names":["desk"],"team":"sales"}`, status: 403, want: []string{"outside"}},
		{name: "what is another team's", token: "lead", body: `{"act":"claim","names":["theirs"],"team":"claims"}`, status: 403},
		{name: "a lead renames what is nobody's", token: "lead", body: `{"act":"rename","names":["desk"],"to":"x"}`, status: 403},
		{name: "finance renames it", token: "finance", body: `{"act":"rename","names":["theirs"],"to":"x","from":"2026-07-01"}`, status: 200},
		{name: "a viewer", token: "viewer", body: `{"act":"claim","names":["desk"],"team":"claims"}`, status: 403},
		{name: "every mistake at once", token: "admin", body: `{"act":"adopt","kind":"person","names":[],"from":"soon"}`, status: 400,
			want: []string{"no act", "no kind", "want 1 to 1000", "want a day", "one of claim, retire"}},
		{name: "a lead's mistakes", token: "lead", body: `{"act":"claim","names":["desk"]}`, status: 400, want: []string{"team: claim needs it"}},
		{name: "no such field", token: "admin", body: `{"act":"claim","person":"ada"}`, status: 400, want: []string{"person"}},
	} {
		s.method, s.url = http.MethodPost, "/api/v1/register"
		s.run(t, server(t, &fake{}))
	}
}

func TestRegistered(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := server(t, f)
	for _, s := range []scenario{
		{name: "all", url: "", token: "whole", status: 200, want: []string{`"kind":"agent","name":"desk","status":"discovered","names":[]`, `"more":0`}},
		{name: "of a lead", url: "?kind=agent&unowned=true&limit=5&since=2026-11-01", token: "lead", status: 200},
		{name: "one", url: "/agent/acme/desk", token: "finance", status: 200, want: []string{`"history":[]`}},
		{name: "people", url: "?kind=person", token: "admin", status: 400, want: []string{"people are in no register"}},
		{name: "a person", url: "/person/ada", token: "admin", status: 400},
		{name: "unowned", url: "?unowned=perhaps", token: "admin", status: 400},
		{name: "limit", url: "?limit=0", token: "admin", status: 400},
	} {
		s.method, s.url = http.MethodGet, "/api/v1/register"+s.url
		s.run(t, h)
	}
	asked := f.registered
	if len(asked) != 3 {
		t.Fatalf("%d questions were asked, want 3", len(asked))
	}
	for i, day := range []int{21, 1, 21} { // ages begin with a day, as the doctor's window does
		month := []time.Month{time.October, time.November, time.October}[i]
		if want := time.Date(2026, month, day, 0, 0, 0, 0, time.UTC); !asked[i].From.Equal(want) || !asked[i].To.Equal(noon()) {
			t.Errorf("question %d is of %s to %s, want %s to %s", i, asked[i].From, asked[i].To, want, noon())
		}
		asked[i].From, asked[i].To = noon(), noon()
	}
	want := []api.RegisterQuestion{
		{From: noon(), To: noon(), Most: 100},
		{Kind: register.Agent, Unowned: true, Scope: claims(), From: noon(), To: noon(), Most: 5},
		{Kind: register.Agent, Name: "acme/desk", From: noon(), To: noon(), Most: 1},
	}
	if diff := cmp.Diff(want, asked, cmp.Comparer(func(a, b spend.Scope) bool { return a.Equal(&b) })); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
}
