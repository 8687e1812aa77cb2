package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/api"
)

func TestViews(t *testing.T) {
	t.Parallel()
	s := server(t, &fake{})
	view := func(name, page, query string) string {
		text, err := json.Marshal(map[string]string{"name": name, "page": page, "query": query})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, c := range []scenario{
		{name: "a view", method: "POST", url: "/api/v1/views", token: "viewer", status: http.StatusOK,
			body: view("Risk, this month", "/explore", "range=mtd&f=team:risk;!agent:lead-*&g=model"), want: []string{`"query":"range=mtd`}},
		{name: "its own", method: "GET", url: "/api/v1/views", token: "viewer", status: http.StatusOK, want: []string{"Risk, this month"}},
		{name: "of another", method: "GET", url: "/api/v1/views", token: "whole", status: http.StatusOK, want: []string{`"items":[]`}},
		{name: "dropped", method: "DELETE", url: "/api/v1/views/risk", token: "viewer", status: http.StatusNoContent},
		{name: "none of this name", method: "DELETE", url: "/api/v1/views/nosuch", token: "viewer", status: http.StatusNotFound},
		{name: "everything wrong", method: "POST", url: "/api/v1/views", token: "viewer", status: http.StatusBadRequest,
			body: view("", "https://elsewhere.example", "a=%zz"), want: []string{`"field":"name"`, `"field":"page"`, `"field":"query"`}},
		{name: "a name of two lines", method: "POST", url: "/api/v1/views", token: "viewer", status: http.StatusBadRequest, body: view("a\nb", "/runs", "")},
		{name: "too long", method: "POST", url: "/api/v1/views", token: "viewer", status: http.StatusBadRequest, body: view("a", "/runs", strings.Repeat("f", 4001))},
		{name: "an address", method: "POST", url: "/api/v1/views", token: "viewer", status: http.StatusBadRequest,
			body: view("a", "/runs", "f=user:ada%40example.org"), want: []string{"about a person"}, not: []string{"ada"}},
		{name: "a person", method: "POST", url: "/api/v1/views", token: "viewer", status: http.StatusBadRequest,
			body: view("a", "/runs", "f=principal:"+ada), want: []string{"about a person"}, not: []string{ada}},
	} {
		c.run(t, s)
	}
}

func TestAuditInPages(t *testing.T) {
	t.Parallel()
	s := server(t, &fake{})
	var seen []int64
	for next, more := "", true; more; more = next != "" {
		c := scenario{name: "a page", method: "GET", url: "/api/v1/audit?limit=2&cursor=" + next, token: "admin", status: http.StatusOK, want: []string{"token/ab12cd34"}}
		var page api.Page[api.AuditEntry]
		if err := json.Unmarshal(c.run(t, s).Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			seen = append(seen, e.Seq)
		}
		next = page.Next
	}
	table := scenario{name: "a table", method: "GET", url: "/api/v1/audit?format=csv", token: "admin", status: http.StatusOK, want: []string{"seq,at,who,action,target", "token/ab12cd34"}}
	table.run(t, s)
	if len(seen) != 3 || seen[0] != 3 || seen[2] != 1 {
		t.Errorf("the pages have entries %v", seen)
	}
}

// FuzzView: whatever is posted, what is kept names no address and no other host.
func FuzzView(f *testing.F) {
	f.Add(`{"name":"risk","page":"/explore","query":"range=mtd"}`)
	f.Add(`{"name":"a@b.example","page":"//elsewhere","query":"%"}`)
	f.Fuzz(func(t *testing.T, body string) {
		kept := &fake{}
		c := scenario{method: "POST", url: "/api/v1/views", token: "viewer", body: body}
		server(t, kept).ServeHTTP(new(discarded), c.request())
		for _, all := range kept.views {
			for _, v := range all {
				if strings.Contains(v.Name+v.Page, "@") || strings.HasPrefix(v.Page, "//") || len(v.Query) > 4000 || v.Name == "" {
					t.Errorf("kept %+v", v)
				}
			}
		}
	})
}

// discarded takes an answer that nobody looks at.
type discarded struct{ header http.Header }

func (d *discarded) Header() http.Header {
	if d.header == nil {
		d.header = http.Header{}
	}
	return d.header
}
func (*discarded) Write(b []byte) (int, error) { return len(b), nil }
func (*discarded) WriteHeader(int)             {}
