package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// triaged is an answer with one row, and the rest of a cent in others.
func triaged() spend.Table {
	values := make([]money.Null, 8)
	for i := range values {
		values[i] = money.Known(money.FromInt(int64(i + 1)))
	}
	others := append([]money.Null{money.Known(money.Must("0.01"))}, values[1:]...)
	return spend.Table{Currency: "USD", Totals: spend.Totals{Values: values, Cost: money.Must("1.01")}, Rows: []spend.Row{
		{Keys: []string{"triage"}, Values: values, Bucket: noon()}, {Keys: []string{""}, Other: true, Values: others},
	}}
}

func TestWorkloads(t *testing.T) {
	t.Parallel()
	f := &fake{table: triaged()}
	s := server(t, f)
	all := scenario{name: "all parts", method: "GET", url: "/api/v1/workflows?top=1", token: "whole", status: http.StatusOK}
	var got api.Workloads
	if err := json.Unmarshal(all.run(t, s).Body.Bytes(), &got); err != nil || len(got.Rows) != 1 {
		t.Fatalf("%v, %+v", err, got)
	}
	w := got.Rows[0]
	wantRuns := &api.WorkloadRuns{Runs: 20, Priced: 19, CallP95: 7, TookP50: 1.5, Currency: "USD"}
	wantTrend := []api.TrendPoint{{Bucket: noon(), Cost: money.Known(money.FromInt(1)), Calls: 2}}
	if diff := cmp.Diff(wantRuns, w.PerRun); diff != "" {
		t.Errorf("per run (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantTrend, w.Trend, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("trend (-want +got):\n%s", diff)
	}
	if w.Name != "triage" || w.Outcomes == nil || w.Outcomes.Outcomes != money.FromInt(2) || got.Other == nil {
		t.Errorf("the row is %+v, other %v", w, got.Other)
	}
	rows, trend := f.asked[0], f.asked[2]
	if rows.Top != 1 || !rows.Previous || rows.Grain != spend.Whole || trend.Top != 0 || trend.Grain != spend.Day || trend.Where[0].Values[0] != "triage" {
		t.Errorf("the rows are of %+v, the trend of %+v", rows, trend)
	}
}

func TestWorkloadsShowWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	s := server(t, working("sales"))
	for _, c := range []scenario{
		{name: "one team", url: "/api/v1/workflows?where=team=claims&where=business_unit=retail", token: "viewer", status: http.StatusOK,
			want: []string{`"outcomes":null`, `"name":"triage"`}},
		{name: "agents have no outcomes", url: "/api/v1/agents?with=outcomes", token: "whole", status: http.StatusOK, want: []string{`"outcomes":null`, `"trend":null`}},
		{name: "no such part", url: "/api/v1/agents?with=owner,colour", token: "whole", status: http.StatusBadRequest, want: []string{"per_run"}},
		{name: "too many rows", url: "/api/v1/agents?top=1001", token: "whole", status: http.StatusBadRequest, want: []string{"1000"}},
		{name: "another team", url: "/api/v1/agents?where=team=sales", token: "viewer", status: http.StatusForbidden, want: []string{"team=claims"}},
	} {
		c.method = "GET"
		if got := c.run(t, s).Body.String(); strings.Contains(got, `"rows":null`) {
			t.Errorf("%s: no list of rows in %s", c.name, got)
		}
	}
}
