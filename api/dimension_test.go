package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func TestValuesOfADimensionAreSearched(t *testing.T) {
	t.Parallel()
	one := []money.Null{money.Known(money.Must("1.5")), money.Known(money.FromInt(3))}
	f := &fake{table: spend.Table{Currency: "USD", Rows: []spend.Row{
		{Keys: []string{"triage, slow"}, Values: one}, {Keys: []string{""}, Other: true, Values: one},
	}}}
	s := server(t, f)
	asked := scenario{name: "values", method: "GET", url: "/api/v1/dimensions/project/values?q=Tri&since=2026-11-01&until=2026-11-04&where=team!=x", token: "whole", status: http.StatusOK}
	var got api.DimensionValues
	if err := json.Unmarshal(asked.run(t, s).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := api.DimensionValues{Dimension: "tag:project", Currency: "USD", More: true, Items: []api.DimensionValue{{Value: "triage, slow", Cost: one[0], Calls: one[1]}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	q := f.asked[0]
	where := []spend.Filter{{By: "team", Values: []string{"x"}, Not: true}, {By: "tag:project", Has: "Tri"}}
	if diff := cmp.Diff(where, q.Where); diff != "" || q.Top != 50 || q.From.IsZero() || q.Book != spend.Metered {
		t.Errorf("the question is %+v (-want +got):\n%s", q, diff)
	}
	for _, c := range []scenario{
		{name: "no dimension", url: "/api/v1/dimensions/planet/values", token: "whole", status: http.StatusBadRequest, want: []string{"planet"}},
		{name: "two", url: "/api/v1/dimensions/team,model/values", token: "whole", status: http.StatusBadRequest, want: []string{"one dimension"}},
		{name: "too long", url: "/api/v1/dimensions/team/values?q=" + strings.Repeat("a", 201), token: "whole", status: http.StatusBadRequest},
		{name: "no length", url: "/api/v1/dimensions/team/values?limit=0", token: "whole", status: http.StatusBadRequest},
		{name: "of others", url: "/api/v1/dimensions/team/values", token: "viewer", status: http.StatusForbidden},
		{name: "of persons", url: "/api/v1/dimensions/principal/values?where=team=claims&where=business_unit=retail", token: "viewer", status: http.StatusForbidden},
	} {
		c.method = http.MethodGet
		c.run(t, s)
	}
}
