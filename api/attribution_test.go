package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/spend"
)

const freeRules = `attribution: bursar/1\nrules: [{id: a, set: {team: x}}]`

func TestAttribution(t *testing.T) {
	t.Parallel()
	for _, s := range []scenario{
		{name: "moves of what is in force", url: "preview", body: `{"from":"2026-11-01"}`, status: 200,
			want: []string{`"by":["team"],"currency":"USD"`, `"from":[""],"to":["claims"],"lines":2,"calls":2`, `"to":"2026-11-20T12:00:00Z"`}},
		{name: "by rules without a kind", url: "preview", body: `{"from":"30d","documents":[{"text":"` + freeRules + `"}]}`, status: 200},
		{name: "by documents", url: "preview", body: `{"from":"30d","documents":[{"text":"kind: attribution\n` + freeRules + `"}]}`, status: 200},
		{name: "wrong rules", url: "preview", body: `{"from":"30d","documents":[{"text":"attribution: bursar/1\nrules: [{id: a, set: {planet: x}}]"}]}`, status: 400,
			want: []string{"planet"}},
		{name: "two files without a kind", url: "preview", body: `{"from":"30d","documents":[{"text":"` + freeRules + `"},{"text":"` + freeRules + `"}]}`, status: 400,
			want: []string{"documents[0]", "documents[1]"}},
		{name: "no start", url: "preview", body: `{}`, status: 400, want: []string{"no start"}},
		{name: "restated", url: "restate", body: `{"from":"2026-11-01","to":"2026-11-03"}`, status: 200,
			want: []string{`"from":"2026-11-01T00:00:00Z","to":"2026-11-03T00:00:00Z"`, `"moved":{"lines":2,`}},
		{name: "no such field", url: "restate", body: `{"from":"2026-11-01","yes":true}`, status: 400, want: []string{"yes"}},
		{name: "the wrong way round", url: "restate", body: `{"from":"2026-11-03","to":"2026-11-01"}`, status: 400},
	} {
		f := &fake{}
		s.method, s.url, s.token = http.MethodPost, "/api/v1/attribution/"+s.url, "finance"
		s.run(t, server(t, f))
		if s.name == "by rules without a kind" && (f.proposed.Rules == nil || len(f.proposed.Documents) > 0) ||
			s.name == "by documents" && (f.proposed.Rules != nil || len(f.proposed.Documents) != 1) {
			t.Errorf("%s: proposed %+v", s.name, f.proposed)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, s := range []scenario{
		{name: "one's own", url: "?attempt=mine", token: "lead", status: 200, want: []string{`"moves":true`, `"rule":"a@1"`, `"value":"(somebody)"`}, not: []string{ada}},
		{name: "as text", url: "?attempt=mine&format=text", token: "whole", status: 200, want: []string{"1. a@1 matches", "booked as decided by nothing", "attribute restate"}, not: []string{ada}},
		{name: "as CSV", url: "?attempt=mine&format=csv", token: "whole", status: 400, want: []string{"no rows"}},
		{name: "none, for whoever reads all", url: "?attempt=other", token: "whole", status: 404},
		{name: "none, for a lead, who is told no more than of a foreign one", url: "?attempt=other", token: "lead", status: 403},
	} {
		s.method, s.url = http.MethodGet, "/api/v1/attribution/explain"+s.url
		s.run(t, server(t, &fake{}))
	}
}

func TestRestatedOnce(t *testing.T) {
	t.Parallel()
	h := server(t, &fake{})
	s := scenario{
		name: "restate", method: http.MethodPost, url: "/api/v1/attribution/restate", token: "finance", body: `{"from":"2026-11-01"}`, status: 200,
		header: map[string]string{"Idempotency-Key": "k"},
	}
	first := s.run(t, h)
	again := s.run(t, h)
	if again.Header().Get("Idempotency-Replayed") != "true" || again.Body.String() != first.Body.String() {
		t.Errorf("the second answer is %s after %s", again.Body, first.Body)
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := server(t, f)
	for _, s := range []scenario{
		{name: "as JSON", url: "", status: 200, want: []string{`"grain":"month"`}},
		{name: "by week as text", url: "?grain=week&since=2026-11-01&format=text&top=1", status: 200, want: []string{"DIMENSION"}},
		{name: "as CSV", url: "?format=csv", status: 200, want: []string{"part,bucket,dimension,cost,tokens,money_share,token_share,value,lacks"}},
		{name: "by hour", url: "?grain=hour", status: 400, want: []string{"no hours"}},
		{name: "by minute", url: "?grain=minute", status: 400, want: []string{"no minutes"}},
		{name: "too many", url: "?top=101", status: 400, want: []string{"0 to 100"}},
		{name: "another form", url: "?format=pdf", status: 400},
	} {
		s.method, s.url, s.token = http.MethodGet, "/api/v1/attribution/coverage"+s.url, "whole"
		s.run(t, h)
	}
	want := []time.Time{noon().AddDate(0, 0, -90), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), noon().AddDate(0, 0, -90)}
	for i := range f.asked {
		if q := f.asked[i]; !q.From.Equal(want[i]) || !q.To.Equal(noon()) || q.Book != spend.Metered {
			t.Errorf("asked from %s to %s of %s", q.From, q.To, q.Book)
		}
	}
	if len(f.asked) != len(want) {
		t.Errorf("%d questions, want %d", len(f.asked), len(want))
	}
}

func TestAQuestionIsRestated(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := server(t, f)
	for _, s := range []scenario{
		{name: "now", url: "now", status: 200, want: []string{`"restated_by_organisation_of":"2026-11-20T12:00:00Z"`}},
		{name: "then", url: "2026-01-01", status: 200, want: []string{`"restated_by_organisation_of":"2026-01-01T00:00:00Z"`}},
		{name: "never", url: "whenever", status: 400, want: []string{"restated"}},
		{name: "as booked", url: "", status: 200, not: []string{"organisation_of"}},
	} {
		s.method, s.url, s.token = http.MethodGet, "/api/v1/spend?by=team&restated="+s.url, "whole"
		s.run(t, h)
	}
	var got []bool
	for _, q := range f.asked {
		got = append(got, !q.Restated.IsZero())
	}
	if diff := cmp.Diff([]bool{true, true, true, true, false, false}, got); diff != "" { // each asks for what is estimated too
		t.Errorf("restated questions differ (-want +got):\n%s", diff)
	}
}
