package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
)

func TestASessionIsOpenedByItsToken(t *testing.T) {
	t.Parallel()
	from := map[string]string{"Origin": "http://localhost"}
	cookie := map[string]string{"Origin": "http://localhost", "Cookie": "bursar_session=admin"}
	for _, s := range []scenario{
		{name: "an admin", method: "POST", url: "/api/v1/session", token: "admin", body: `{}`, header: from, status: 201, want: []string{`"organisation":"Acme"`, `"whole":true`, `"within":{}`}, not: []string{"cookie-value"}},
		{name: "a viewer", method: "POST", url: "/api/v1/session", token: "viewer", body: `{}`, header: from, status: 201, want: []string{`"roles":["viewer"]`, `"whole":false`, `"within":{"business_unit":"retail","team":"claims"}`}},
		{name: "a program", method: "POST", url: "/api/v1/session", token: "ingest", body: `{}`, header: from, status: 403},
		{name: "nobody", method: "POST", url: "/api/v1/session", token: "nobody", body: `{}`, header: from, status: 401},
		{name: "no credential", method: "POST", url: "/api/v1/session", body: `{}`, header: from, status: 401},
		{name: "by a session", method: "POST", url: "/api/v1/session", body: `{}`, header: cookie, status: 400, want: []string{"does not open another"}},
		{name: "from another site", method: "POST", url: "/api/v1/session", token: "admin", body: `{}`, header: map[string]string{"Origin": "http://evil.example"}, status: 403},
		{name: "under another name", method: "POST", url: "/api/v1/session", token: "admin", body: `{}`, header: map[string]string{"Host": "evil.example"}, status: 403},
		{name: "who asks", method: "GET", url: "/api/v1/session", header: map[string]string{"Cookie": "bursar_session=admin"}, status: 200, want: []string{`"demo":true`, `"zone":"UTC"`, `"months":["2023-11-01","2023-12-01",`, `"2026-11-01","2026-12-01"],"quarters":["2026-04-01",`}},
		{name: "who asks, without a cookie", method: "GET", url: "/api/v1/session", status: 401},
	} {
		w := s.run(t, server(t, &fake{}))
		got := w.Header().Get("Set-Cookie")
		if want := "bursar_session=cookie-value; Path=/; Expires=Fri, 27 Nov 2026 12:00:00 GMT; HttpOnly; SameSite=Strict"; (s.status == http.StatusCreated) != (got == want) {
			t.Errorf("%s: cookie %q", s.name, got)
		}
	}
}

func TestASessionIsEnded(t *testing.T) {
	t.Parallel()
	f := &fake{}
	for _, s := range []scenario{
		{name: "its own", method: "DELETE", url: "/api/v1/session", header: map[string]string{"Cookie": "bursar_session=mine", "Origin": "http://localhost"}, status: 204},
		{name: "none", method: "DELETE", url: "/api/v1/session", status: 204},
		{name: "from another site", method: "DELETE", url: "/api/v1/session", header: map[string]string{"Cookie": "bursar_session=mine", "Origin": "http://evil.example"}, status: 403},
	} {
		w := s.run(t, server(t, f))
		if s.status == http.StatusNoContent && w.Header().Get("Set-Cookie") != auth.EndedCookie(false).String() {
			t.Errorf("%s: cookie %q", s.name, w.Header().Get("Set-Cookie"))
		}
	}
	if diff := cmp.Diff([]string{"mine"}, f.ended); diff != "" {
		t.Errorf("sessions ended (-want +got):\n%s", diff)
	}
}

func TestOutcomesEnvelope(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := scenario{name: "outcomes", method: "GET", url: "/api/v1/outcomes?since=2026-10-21&until=2026-11-20&where=workflow=triage", token: "finance", status: 200}
	var got api.OutcomeEnvelope
	if err := json.Unmarshal(s.run(t, server(t, f)).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	row := got.Rows[0]
	if row.CostPerOutcome.String() != "2.25" || row.WithOutcome.String() != "3" || row.Orphan.String() != "1.5" || row.OrphanShare.String() != "0.333333333333" || row.Runs != 3 || row.RunsWithOutcome != 2 {
		t.Errorf("row %+v", row)
	}
	if q := f.asked[0]; q.Top != 0 || len(q.By) != 1 || q.By[0] != "workflow" || len(q.Where) != 1 {
		t.Errorf("asked %+v", q)
	}
	if got.Total.Orphan.String() != "1.5" || got.Meta.QueryID == "" || got.Meta.Window.From == nil {
		t.Errorf("total %+v, meta %+v", got.Total, got.Meta)
	}
	for form, want := range map[string]string{"text": "PER OUTCOME", "csv": "workflow,outcomes"} {
		(&scenario{name: form, method: "GET", url: "/api/v1/outcomes?format=" + form, token: "finance", status: 200, want: []string{want}}).run(t, server(t, f))
	}
	(&scenario{name: "a grain", method: "GET", url: "/api/v1/outcomes?grain=day", token: "finance", status: 400, want: []string{`"field":"grain"`}}).run(t, server(t, f))
	(&scenario{name: "who tells usage", method: "GET", url: "/api/v1/outcomes", token: "ingest", status: 403}).run(t, server(t, f))
}
