package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// beating is a pulse of two teams: a dollar of claims, and two of sales.
func beating() *api.Pulse {
	row := func(s spend.Scope, cost int64) api.PulseRow {
		s.Workflow, s.Agent = "triage", "reader"
		return api.PulseRow{Scope: s, PulseFigures: api.PulseFigures{Calls: cost, Cost: money.FromInt(cost), CallsMin: cost, CostMin: money.FromInt(cost)}}
	}
	rows := []api.PulseRow{row(sales(), 2), row(claims(), 1)}
	return &api.Pulse{At: noon(), Currency: "USD", Rows: rows, Runs: []api.PulseRun{{Run: "run-1", PulseRow: rows[0]}}}
}

// TestPulse: everybody reads the own part of one pulse, as a stream and by asking.
func TestPulse(t *testing.T) {
	t.Parallel()
	s := server(t, &fake{})
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	t.Cleanup(s.Live.Close)
	nothing := scenario{name: "before the first", method: "GET", url: "/api/v1/pulse", token: "whole", status: http.StatusOK, want: []string{`"rows":[]`, `"runs":[]`}}
	nothing.run(t, s)
	streams := map[string]listener{}
	for _, token := range []string{"viewer", "whole"} {
		streams[token] = listen(t, web.URL, token, "")
		streams[token].next("retry")
	}
	if err := s.Live.PublishPulse(beating()); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]struct {
		rows, runs int
		cost       string
	}{"viewer": {1, 0, "1"}, "whole": {2, 1, "3"}} {
		var told, asked api.Pulse
		if err := json.Unmarshal([]byte(streams[token].next("data: ")), &told); err != nil {
			t.Fatal(err)
		}
		ask := scenario{name: token, method: "GET", url: "/api/v1/pulse", token: token, status: http.StatusOK}
		if err := json.Unmarshal(ask.run(t, s).Body.Bytes(), &asked); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(told, asked); diff != "" {
			t.Errorf("%s is told and answered differently (-told +answered):\n%s", token, diff)
		}
		if len(told.Rows) != want.rows || len(told.Runs) != want.runs || told.Total.Cost != money.Must(want.cost) || told.Total.CostMin != told.Total.Cost {
			t.Errorf("%s sees %+v", token, told)
		}
	}
}
