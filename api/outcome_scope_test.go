package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// standing answers where the lines of workflow triage lie: in the teams that are named,
// a corrected one with no figure left.
func standing(window, ever []string) *fake {
	f := &fake{}
	f.rowsOf = func(q *spend.Query) []spend.Row {
		if len(q.By) != 4 {
			return f.table.Rows
		}
		teams := window
		if q.From.IsZero() {
			teams = ever
		}
		var rows []spend.Row
		for _, team := range teams {
			row := spend.Row{Keys: []string{"retail", team, "desk", f.named()}, Values: []money.Null{money.Known(money.FromInt(2)), money.Known(money.FromInt(3)), {}}}
			if team == "moved" {
				row.Values = make([]money.Null, 3)
			}
			rows = append(rows, row)
		}
		return rows
	}
	return f
}

// working is standing, with a table of workloads.
func working(teams ...string) *fake {
	f := standing(teams, nil)
	f.table = triaged()
	return f
}

func TestOutcomesOfOneScope(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		window, ever []string
		rows, shared int
	}{
		{"its own", []string{"claims"}, nil, 1, 0},
		{"its own, since lines were corrected", []string{"moved", "claims"}, nil, 1, 0},
		{"of several teams", []string{"claims", "sales"}, nil, 0, 1},
		{"of another team", []string{"sales"}, []string{"claims"}, 0, 0},
		{"without a line in the window", nil, []string{"claims"}, 1, 0},
		{"without a line in the window, of several teams", nil, []string{"claims", "sales"}, 0, 1},
		{"without a line", nil, nil, 0, 0},
	} {
		for _, token := range []string{"lead", "viewer"} {
			f := standing(c.window, c.ever)
			for _, currency := range []string{"", "&currency=EUR"} {
				s := scenario{name: c.name, method: "GET", url: "/api/v1/outcomes?since=30d" + currency, token: token, status: http.StatusOK}
				var got api.OutcomeEnvelope
				if err := json.Unmarshal(s.run(t, server(t, f)).Body.Bytes(), &got); err != nil {
					t.Fatal(err)
				}
				if len(got.Rows) != c.rows || got.Shared != c.shared || got.Total.Runs != int64(3*c.rows) {
					t.Errorf("%s%s: %d rows, %d shared, total %+v, want %d and %d", c.name, currency, len(got.Rows), got.Shared, got.Total, c.rows, c.shared)
				}
			}
			if q := f.asked[len(f.asked)-1]; len(q.Where) < 2 || q.Where[1].Values[0] != "claims" {
				t.Errorf("%s: what stands beside the figures is asked where %v", c.name, q.Where)
			}
		}
	}
	(&scenario{name: "text", method: "GET", url: "/api/v1/outcomes?since=30d&format=text", token: "lead", status: http.StatusOK, want: []string{"left out: 1 workflows"}}).run(t, server(t, standing([]string{"claims", "sales"}, nil)))
}

func TestWhatNamesNoWorkflowIsOfNoScope(t *testing.T) {
	t.Parallel()
	for _, teams := range [][]string{{"claims"}, {"claims", "sales"}} {
		f := standing(teams, nil)
		f.nameless = true
		s := scenario{name: "no workflow", method: "GET", url: "/api/v1/outcomes?since=30d", token: "lead", status: http.StatusOK, want: []string{`"rows":[]`, `"shared":0`}}
		s.run(t, server(t, f))
	}
}

func TestWorkflowsOfOneScopeHaveOutcomes(t *testing.T) {
	t.Parallel()
	for _, s := range []scenario{
		{name: "its own", url: "where=team=claims&where=business_unit=retail", want: []string{`"outcomes":"2"`}},
		{name: "a part of its spend", url: "where=team=claims&where=business_unit=retail&where=model=large", want: []string{`"outcomes":null`}},
	} {
		s.method, s.url, s.token, s.status = "GET", "/api/v1/workflows?"+s.url, "viewer", http.StatusOK
		s.run(t, server(t, working("claims")))
	}
	s := scenario{name: "others use it too", method: "GET", url: "/api/v1/workflows?where=team=claims&where=business_unit=retail", token: "viewer", status: http.StatusOK, want: []string{`"outcomes":null`}}
	s.run(t, server(t, working("claims", "sales")))
}
