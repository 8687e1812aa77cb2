package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func TestRuns(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD", Totals: spend.Totals{Cost: money.Must("2.5")}}}
	s := server(t, f)
	first := scenario{name: "the first page", method: "GET", url: "/api/v1/runs?where=team=claims&where=business_unit=retail&order=cost", token: "viewer", status: http.StatusOK,
		want: []string{`"run":"acme/run-1"`, `"cost":"1.25"`, `"cost":"2.5"`, `"query_id"`}}
	var list api.RunList
	if err := json.Unmarshal(first.run(t, s).Body.Bytes(), &list); err != nil || list.Next == "" {
		t.Fatalf("%v, next %q", err, list.Next)
	}
	asked := f.asked[0].Where
	if diff := cmp.Diff(spend.Filter{By: "run", Values: []string{""}, Not: true}, asked[len(asked)-1]); diff != "" {
		t.Errorf("the total is of other lines than the list (-want +got):\n%s", diff)
	}
	for _, c := range []scenario{
		{name: "the last page", url: "/api/v1/runs?cursor=" + list.Next, token: "whole", status: http.StatusOK, want: []string{`"next":""`}},
		{name: "a cursor of nothing", url: "/api/v1/runs?cursor=xyz", token: "whole", status: http.StatusBadRequest, want: []string{"unchanged"}},
		{name: "runs of others", url: "/api/v1/runs?where=team=sales", token: "viewer", status: http.StatusForbidden, want: []string{"team=claims"}},
		{name: "all runs by who sees some", url: "/api/v1/runs", token: "viewer", status: http.StatusForbidden},
		{name: "a run that is not there", url: "/api/v1/runs/acme/run-2", token: "whole", status: http.StatusNotFound},
		{name: "no such parameter", url: "/api/v1/runs/acme/run-1?since=1d", token: "whole", status: http.StatusBadRequest, want: []string{"since"}},
	} {
		c.method = "GET"
		c.run(t, s)
	}
}

// TestRunOfOwnLines: whoever sees one scope asks for the lines of it alone, for the tree
// and for the total beside it.
func TestRunOfOwnLines(t *testing.T) {
	t.Parallel()
	own := []spend.Filter{{By: "business_unit", Values: []string{"retail"}}, {By: "team", Values: []string{"claims"}}}
	about := spend.Filter{By: "run", Values: []string{"acme/run-1"}}
	for token, want := range map[string][]spend.Filter{"viewer": own, "whole": nil} {
		f := &fake{}
		c := scenario{name: token, method: "GET", url: "/api/v1/runs/acme/run-1", token: token, status: http.StatusOK}
		c.run(t, server(t, f))
		if diff := cmp.Diff(want, f.asked[0].Where); diff != "" {
			t.Errorf("%s asks for other lines of the tree (-want +got):\n%s", token, diff)
		}
		if diff := cmp.Diff(append(want, about), f.asked[1].Where); diff != "" {
			t.Errorf("%s asks for another total (-want +got):\n%s", token, diff)
		}
		if day := f.asked[1].To.Sub(f.asked[1].From); day != 24*time.Hour {
			t.Errorf("%s asks for a total of %s, and the run is of one day", token, day)
		}
	}
}
