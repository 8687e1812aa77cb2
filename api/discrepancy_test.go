package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/bursarhq/bursar/spend"
)

func TestDiscrepancies(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := server(t, f)
	for _, s := range []scenario{
		{name: "as JSON", url: "", status: 200, want: []string{`"reason":"priced_at_zero"`, `"theirs":null`}},
		{name: "as text", url: "?format=text", status: 200, want: []string{"LIST − THEIRS", "priced_at_zero"}},
		{name: "as CSV", url: "?format=csv", status: 200, want: []string{"theirs,list,difference", ",litellm,m,priced_at_zero,"}},
		{name: "by month", url: "?grain=month", status: 400, want: []string{"day, or none"}},
		{name: "another form", url: "?format=pdf", status: 400},
		{name: "two sources by day", url: "?grain=day&source=litellm,langfuse&since=2026-11-01&zone=Europe/Berlin", status: 200},
	} {
		s.method, s.url, s.token = http.MethodGet, "/api/v1/discrepancies"+s.url, "whole"
		s.run(t, h)
	}
	q := f.compared
	from := time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC)
	if !slices.Equal(q.Sources, []string{"litellm", "langfuse"}) || q.Grain != spend.Day || !q.From.Equal(from) || !q.To.Equal(noon()) {
		t.Errorf("asked %+v", q)
	}
	if day := q.Bucket(from.Add(-time.Minute)); day != "2026-10-31" {
		t.Errorf("a call of 23:59 in Berlin is of %s", day)
	}
}
