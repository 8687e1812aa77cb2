package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// parts are what the API needs, in memory.
type parts struct {
	accepted []ingest.Record
	asked    spend.Query
	refuse   error // of the acceptor
	slow     bool  // the ledger waits for its context
}

func (p *parts) Accept(_ context.Context, records []ingest.Record) error {
	if p.refuse == nil {
		p.accepted = append(p.accepted, records...)
	}
	return p.refuse
}

func (p *parts) Answer(ctx context.Context, q *spend.Query) (spend.Table, error) {
	if p.slow {
		<-ctx.Done()
		return spend.Table{}, ctx.Err()
	}
	p.asked = *q
	return spend.Table{Query: *q, Currency: "USD", Totals: spend.Totals{Cost: money.Must("1.25")}}, nil
}

func (p *parts) Admit(_ context.Context, presented auth.Secret) (auth.Admission, error) {
	claims := spend.Scope{BusinessUnit: "insurance", Team: "claims", Application: "triage"}
	grant := map[string]auth.Grant{
		"events": {Role: auth.Ingest, Scope: claims}, "viewer": {Role: auth.Viewer, Scope: spend.Scope{Team: "claims"}},
		"admin": {Role: auth.Admin},
	}
	g, known := grant[presented.Reveal()]
	if !known {
		return auth.Admission{Reason: "this is no token of ours"}, nil
	}
	who := auth.Identity{Token: "tok", Method: auth.ByToken, Grants: []auth.Grant{g}}
	if g.Role == auth.Ingest {
		who.Kind = auth.EventsToken
	}
	return auth.Admission{Admitted: true, Identity: who}, nil
}

func serve(p *parts) http.Handler {
	return api.New(api.Config{
		Ledger: p, Acceptor: p, Doorkeeper: p, Open: open, Ready: func() error { return p.refuse }, Now: noon, Zone: "UTC",
		Log: slog.New(slog.DiscardHandler), Hosts: []string{"localhost"}, BodyBytes: 64 << 10, Events: 3,
		Query: 20 * time.Millisecond, AtOnce: 1,
	})
}

// reader reads posted events.
type reader struct{ *connect.Reader }

func open(body io.Reader) ingest.Reader { return reader{connect.OpenEvents(body, connect.Options{})} }

func (r reader) Next(out *ingest.Record) error {
	rec, err := r.Reader.Next()
	*out = ingest.Record{Event: rec.Event, Revisions: spend.Immutable, Digest: rec.Hash, Problems: rec.Problems}
	return err
}

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// scenario is the whole language of these tests.
type scenario struct {
	name, method, url, token, body string
	header                         map[string]string
	parts                          parts
	status                         int
	want, not                      []string // in the answer
}

func (s *scenario) run(t *testing.T) *parts {
	t.Helper()
	r := httptest.NewRequest(s.method, "http://localhost"+s.url, strings.NewReader(s.body))
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	for k, v := range s.header {
		if r.Header.Set(k, v); k == "Host" {
			r.Host = v
		}
	}
	w := httptest.NewRecorder()
	serve(&s.parts).ServeHTTP(w, r)
	answer, _ := io.ReadAll(w.Result().Body)
	if w.Code != s.status {
		t.Errorf("status %d, want %d: %s", w.Code, s.status, answer)
	}
	for _, want := range s.want {
		if !strings.Contains(string(answer), want) {
			t.Errorf("the answer does not say %q: %s", want, answer)
		}
	}
	for _, not := range s.not {
		if strings.Contains(string(answer), not) {
			t.Errorf("the answer says %q: %s", not, answer)
		}
	}
	return &s.parts
}

const event = `{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"app","id":"1","time":"2026-11-20T10:00:00Z",` +
	`"data":{"seller":"openai","requested_model":"gpt-5","usage":{"input_tokens":10,"output_tokens":2},` +
	`"scope":{"team":"rivals","application":"theirs","workflow":"w","run":"r1","principal":"p"}}}`

func TestScenarios(t *testing.T) {
	t.Parallel()
	batch := "[" + strings.Repeat(event+",", 3) + event + "]"
	for _, s := range []scenario{
		{name: "alive", method: "GET", url: "/healthz", status: 200, want: []string{"ok"}},
		{name: "ready", method: "GET", url: "/readyz", status: 200},
		{name: "not ready", method: "GET", url: "/readyz", status: 503, want: []string{"disk"},
			parts: parts{refuse: spend.Errorf(spend.KindExhausted, "sync journal", "disk full")}},
		{name: "another host", method: "GET", url: "/healthz", header: map[string]string{"Host": "evil.io"}, status: 403, want: []string{"forbidden"}},
		{name: "a foreign page", method: "POST", url: "/api/v1/events", token: "events", header: map[string]string{"Origin": "https://evil.io"}, body: event, status: 403},
		{name: "nobody", method: "POST", url: "/api/v1/events", body: event, status: 401, want: []string{"Bearer"}},
		{name: "a wrong token", method: "POST", url: "/api/v1/events", token: "guess", body: event, status: 401, not: []string{"guess"}},
		{name: "a viewer may not write", method: "POST", url: "/api/v1/events", token: "viewer", body: event, status: 403},
		{name: "an event token may not read", method: "GET", url: "/api/v1/spend", token: "events", status: 403},
		{name: "accepted", method: "POST", url: "/api/v1/events", token: "events", body: event, status: 202, want: []string{`"accepted":1`, `"rejected":[]`}},
		{name: "too many", method: "POST", url: "/api/v1/events", token: "events", body: batch, status: 400, want: []string{"more than 3"}},
		{name: "too large", method: "POST", url: "/api/v1/events", token: "events", body: strings.Repeat(" ", 100<<10) + event, status: 413},
		{name: "nothing", method: "POST", url: "/api/v1/events", token: "events", status: 400, want: []string{"no event"}},
		{name: "a bad one is named", method: "POST", url: "/api/v1/events", token: "events", status: 202,
			body: event + "\n" + strings.Replace(event, `"output_tokens":2`, `"output_tokens":-2`, 1),
			want: []string{`"accepted":1`, `"number":2`, "output_tokens"}},
		{name: "full disk", method: "POST", url: "/api/v1/events", token: "events", body: event, status: 507,
			parts: parts{refuse: spend.Errorf(spend.KindExhausted, "sync journal", "disk full").WithHint("free some")}, want: []string{"free some"}},
		{name: "our defect", method: "POST", url: "/api/v1/events", token: "events", body: event, status: 500,
			parts: parts{refuse: io.ErrUnexpectedEOF}, want: []string{"the server's log"}, not: []string{"EOF"}},
		{name: "spend", method: "GET", url: "/api/v1/spend?by=team,model&since=30d&top=5", token: "admin", status: 200, want: []string{`"cost": "1.25"`, `"exposure"`}},
		{name: "a wrong word", method: "GET", url: "/api/v1/spend?by=planet", token: "admin", status: 400, want: []string{"planet", "one of"}},
		{name: "a wrong number", method: "GET", url: "/api/v1/spend?top=many", token: "admin", status: 400},
		{name: "a heavy question", method: "GET", url: "/api/v1/spend", token: "admin", parts: parts{slow: true}, status: 503, want: []string{"shorter window"}},
		{name: "the document", method: "GET", url: "/api/v1/openapi.yaml", status: 200, want: []string{"/api/v1/events"}},
	} {
		t.Run(s.name, func(t *testing.T) { s.run(t) })
	}
}

func TestAnEventStaysUnderItsCredential(t *testing.T) {
	t.Parallel()
	s := scenario{method: "POST", url: "/api/v1/events", token: "events", body: event, status: 202}
	e := s.run(t).accepted[0].Event
	want := spend.Scope{BusinessUnit: "insurance", Team: "claims", Application: "triage", Workflow: "w", Run: "triage/r1", Credential: "tok"}
	if !e.Scope.Equal(&want) || e.Source != "events:triage/app" {
		t.Errorf("scope %+v from %q, want %+v", e.Scope, e.Source, want)
	}
}

func TestACredentialSeesItsOwnScope(t *testing.T) {
	t.Parallel()
	s := scenario{method: "GET", url: "/api/v1/spend?where=team%3Dsales", token: "viewer", status: 200}
	q := s.run(t).asked
	last := q.Where[len(q.Where)-1]
	if last.By != "team" || len(last.Values) != 1 || last.Values[0] != "claims" || last.Not {
		t.Errorf("filters %+v, want the last to keep the viewer to its team", q.Where)
	}
}

func TestAGzipBombIsRefused(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for range 1 << 10 {
		if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s := scenario{method: "POST", url: "/api/v1/events", token: "events", body: packed.String(), header: map[string]string{"Content-Encoding": "gzip"}, status: 413}
	s.run(t)
	s = scenario{method: "POST", url: "/api/v1/events", token: "events", body: event, header: map[string]string{"Content-Encoding": "gzip"}, status: 400}
	s.run(t)
}
