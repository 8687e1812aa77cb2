package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/spend"
)

// Budgets are of claims, of a person of claims, of sales, and of everything.
func (f *fake) Budgets(_ context.Context, _ time.Time) ([]api.BudgetStanding, error) {
	person := claims()
	person.Principal = ada
	var all []api.BudgetStanding
	for _, b := range []api.BudgetStanding{{Budget: "mine", Scope: claims()}, {Budget: "persons", Scope: person}, {Budget: "theirs", Scope: sales()}, {Budget: "whole", Used: 7}} {
		b.Limit, b.Reached = money.FromInt(5), []string{}
		all = append(all, b)
	}
	return append(all, f.standings...), nil
}

// Courses are of a window of everybody and of one of each team, of which sales is fuller.
func (*fake) Courses(_ context.Context, at time.Time) (api.BudgetCourses, error) {
	course := func(name string, of spend.Scope, used string) api.BudgetCourse {
		steps := []api.BudgetStep{{From: at, Used: money.Must(used), SoFar: money.Must(used)}}
		return api.BudgetCourse{Budget: name, Scope: of, From: at, To: at.AddDate(0, 1, 0), Step: "day", Limit: money.FromInt(10), Steps: steps}
	}
	return api.BudgetCourses{At: at, Items: []api.BudgetCourse{
		course("all", spend.Scope{}, "1"), course("each", claims(), "2"), course("each", sales(), "9"),
	}}, nil
}

func (f *fake) CheckBudgets(ctx context.Context, t api.BudgetTrial) (api.BudgetVerdict, error) {
	if t.Depth < 0 {
		return api.BudgetVerdict{}, spend.Errorf(spend.KindInvalid, "check budgets", "depth: is below 0")
	}
	v := api.BudgetVerdict{Admitted: true, Scope: t.Scope}
	if t.Scope.Workflow != "full" {
		return v, nil
	}
	resets := noon()
	all, err := f.Budgets(ctx, resets)
	for _, b := range all {
		v.Reasons = append(v.Reasons, api.BudgetReason{
			Limit: b.Budget, Action: "warn", Cause: "full", Says: b.Budget + " has 3 left", Resets: &resets, Owner: "of " + b.Budget, Scope: b.Scope,
		})
	}
	return v, err
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	h := server(t, &fake{})
	for _, s := range []scenario{
		{name: "a lead", token: "lead", status: 200, want: []string{`"budget":"mine"`, `"budget":"persons"`}, not: []string{`"theirs"`, `"whole"`}},
		{name: "a viewer of one team sees no persons", token: "viewer", status: 200, want: []string{`"budget":"mine"`}, not: []string{`"persons"`, `"theirs"`, `"whole"`}},
		{name: "finance", token: "finance", status: 200, want: []string{`"mine"`, `"theirs"`, `"whole"`, `"limit":"5"`}, not: []string{`"persons"`}},
		{name: "a program", token: "ingest", status: 403},
		{name: "the fullest", token: "finance", url: "?limit=1", status: 200, want: []string{`"whole"`, `"more":2`}, not: []string{`"mine"`}},
		{name: "too many", token: "finance", url: "?limit=1001", status: 400},
		{name: "as CSV", token: "finance", url: "?format=csv", status: 200, want: []string{"budget,each,counts,currency,limit", "\nmine,,,,5,"}},
		{name: "as text", token: "finance", url: "?format=text", status: 400, want: []string{"json or csv"}},
	} {
		s.method, s.url = http.MethodGet, "/api/v1/budgets"+s.url
		s.run(t, h)
	}
	for _, s := range []scenario{
		{name: "in the own scope", token: "lead", body: `{"scope":{"business_unit":"retail","team":"claims","workflow":"triage"},"usage":{"in_text":5}}`, status: 200,
			want: []string{`"admitted":true`, `"needs":null`, `"reasons":[]`}},
		{name: "of whoever sees one scope", token: "lead", body: `{"scope":{"business_unit":"retail","team":"claims","workflow":"full"}}`, status: 200,
			want: []string{`"limit":"mine"`, "mine has 3 left", "of mine", `{"limit":"","action":"warn","cause":"full","says":"a limit of a scope that you may not see; finance or an admin can say which","resets":null}`},
			not:  []string{"theirs", "whole"}},
		{name: "of whoever sees no persons", token: "viewer", body: `{"scope":{"business_unit":"retail","team":"claims","workflow":"full"}}`, status: 200,
			want: []string{`"limit":"mine"`}, not: []string{"persons has", "of persons"}},
		{name: "of whoever sees all", token: "finance", body: `{"scope":{"workflow":"full"}}`, status: 200, want: []string{"mine has 3 left", "theirs has 3 left", "of whole"}},
		{name: "in another", token: "lead", body: `{"scope":{"business_unit":"retail","team":"sales"}}`, status: 403},
		{name: "anywhere", token: "finance", body: `{}`, status: 200},
		{name: "a mistake", token: "finance", body: `{"depth":-1}`, status: 400, want: []string{"depth"}},
		{name: "no such field", token: "finance", body: `{"prompt":"x"}`, status: 400, want: []string{"prompt"}},
	} {
		s.method, s.url = http.MethodPost, "/api/v1/budgets/check"
		s.run(t, h)
	}
}

func (f *fake) Notices(_ context.Context, w api.NoticesWanted) (all []api.Notice, err error) {
	for message, scope := range map[string]spend.Scope{
		"m": {}, "mine": {BusinessUnit: "retail", Team: "claims", Workflow: "triage"}, "theirs": {BusinessUnit: "retail", Team: "sales"},
		"person": {BusinessUnit: "retail", Team: "claims", Principal: "p1"},
	} {
		if w.Shown(&scope) {
			all = append(all, api.Notice{Message: message, Channel: "room", State: notify.GivenUp, Title: string(w.State), Tries: w.Limit, Facts: []notify.Fact{}, Scope: scope})
		}
	}
	return all, nil
}

func (f *fake) RetryNotice(_ context.Context, by auth.Identity, o api.NoticeOrder) ([]api.Notice, error) {
	f.who = by
	if o.Channel != "room" {
		return nil, spend.Errorf(spend.KindNotFound, "find a notice", "there is none")
	}
	return []api.Notice{{Message: o.Message, Channel: o.Channel, State: notify.Waiting}, {Message: o.Message, Channel: "hall", State: notify.Waiting}}, nil
}

func TestNotices(t *testing.T) {
	t.Parallel()
	h := server(t, &fake{})
	for _, s := range []scenario{
		{name: "all", method: "GET", url: "", token: "whole", status: 200, want: []string{`"message":"m","channel":"room","state":"given_up"`, `"tries":100`, `"next":null`}},
		{name: "some", method: "GET", url: "?state=waiting&limit=5", token: "finance", status: 200, want: []string{`"title":"waiting"`, `"tries":5`}},
		{name: "as CSV", method: "GET", url: "?format=csv", token: "whole", status: 200, want: []string{"at,title,state,owner", ",given_up,"}},
		{name: "of no state", method: "GET", url: "?state=lost", token: "finance", status: 400, want: []string{"waiting, delivered or given_up"}},
		{name: "of one team", method: "GET", url: "", token: "lead", status: 200, want: []string{`"message":"mine"`}, not: []string{`"m"`, `"theirs"`}},
		{name: "of one team, to a viewer", method: "GET", url: "", token: "viewer", status: 200, want: []string{`"message":"mine"`}, not: []string{`"m"`, `"theirs"`, `"person"`}},
		{name: "to a program", method: "GET", url: "", token: "ingest", status: 403},
		{name: "again", method: "POST", url: "/retry", token: "finance", body: `{"message":"m","channel":"room"}`, status: 200, want: []string{`{"items":[{"message":"m","channel":"room","state":"waiting"`, `"channel":"hall"`}},
		{name: "unknown", method: "POST", url: "/retry", token: "finance", body: `{"message":"m","channel":"hall"}`, status: 404},
		{name: "by a viewer", method: "POST", url: "/retry", token: "whole", body: `{}`, status: 403},
	} {
		s.url = "/api/v1/notices" + s.url
		s.run(t, h)
	}
}

func TestCourses(t *testing.T) {
	t.Parallel()
	h := server(t, &fake{})
	for _, s := range []scenario{
		{name: "the fullest first", token: "finance", url: "?limit=1", status: 200, want: []string{`"so_far":"9"`, `"more":2`}, not: []string{`"so_far":"2"`}},
		{name: "one", token: "finance", url: "?budget=all", status: 200, want: []string{`"so_far":"1"`, `"expected":null`, `"more":0`}, not: []string{`"so_far":"9"`}},
		{name: "a lead", token: "lead", status: 200, want: []string{`"so_far":"2"`}, not: []string{`"so_far":"9"`, `"so_far":"1"`}},
		{name: "as CSV", token: "finance", url: "?format=csv&budget=all", status: 200, want: []string{"budget,each,counts,currency,limit,step,from,used,so_far\nall,,,,10,day,", ",1,1\n"}},
		{name: "none", token: "finance", url: "?budget=none", status: 404, want: []string{"GET /api/v1/budgets"}},
		{name: "of others", token: "lead", url: "?budget=all", status: 404},
	} {
		s.method, s.url = http.MethodGet, "/api/v1/budgets/course"+s.url
		s.run(t, h)
	}
}
