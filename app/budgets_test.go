package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const budgets = `kind: budget
name: till
budgets:
  - {id: till/month, scope: {application: a}, amount: 5, currency: USD, period: month, owner: t}
  - {id: till/run, amount: 2, currency: USD, period: run, at_limit: stop}
  - {id: till/tokens, each: workflow, amount: 4000000, counts: tokens, period: rolling 24h}
`

// apply puts documents in force.
func (r *running) apply(t *testing.T, texts ...string) api.Application {
	t.Helper()
	order := api.ApplyOrder{}
	for _, text := range texts {
		order.Documents = append(order.Documents, api.Declared{Text: text})
	}
	body, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	status, answer := r.ask(t, http.MethodPost, "/api/v1/apply", string(body))
	var done api.Application
	if err := json.Unmarshal([]byte(answer), &done); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	return done
}

// used is an event of one dollar and 25 cents, at an instant.
func used(id int, at time.Time, run string) string {
	return fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"till","id":"%d","time":%q,`+
		`"data":{"seller":"openai","requested_model":"gpt-5","scope":{"workflow":"sort","run":%q},"usage":{"input_tokens":1000000,"output_tokens":0}}}`, id, at.Format(time.RFC3339), run)
}

// stands gives booked and left of each budget's windows.
func (r *running) stands(t *testing.T) map[string]string {
	t.Helper()
	status, text := r.ask(t, http.MethodGet, "/api/v1/budgets?limit=1000", "")
	var list api.BudgetList
	if err := json.Unmarshal([]byte(text), &list); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	all := map[string]string{}
	for _, s := range list.Items {
		key := strings.Join(append([]string{s.Budget}, values(s.Each)...), " ")
		all[key] = fmt.Sprintf("%s+%s of %s %d%% %s", s.Booked, s.Held, s.Limit, s.Used, strings.Join(s.Reached, ","))
	}
	return all
}

func values(m map[string]string) (all []string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// recounts gives the doctor's word on budgets.
func (r *running) recounts(t *testing.T) api.Finding {
	t.Helper()
	checks, err := r.Doctor(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Name == "budgets" {
			return c
		}
	}
	t.Fatal("the doctor does not look at budgets")
	return api.Finding{}
}

func TestBudgetsCountWhatIsBooked(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	till, now := admin.as(t, "events"), time.Now().UTC()
	post := func(events ...string) {
		t.Helper()
		if status, text := till.ask(t, http.MethodPost, "/api/v1/events", "["+strings.Join(events, ",")+"]"); status != http.StatusAccepted {
			t.Fatalf("%d %s", status, text)
		}
		admin.settled(t)
	}
	post(used(1, now, "r1"))
	done := admin.apply(t, budgets)
	if len(done.Changes) != 3 || !strings.Contains(done.Changes[0].What, "budget till/month: 5 USD effective a month of application a") {
		t.Errorf("changes %+v", done.Changes)
	}
	post(used(2, now, "r1"), used(3, now, "r2"), used(4, now.AddDate(-1, 0, 0), "r3"))
	want := map[string]string{
		"till/month": "3.75+0 of 5 75% 50", "till/tokens sort": "3000000+0 of 4000000 75% 50",
		"till/run a/r1": "2.5+0 of 2 125% 50,80,100", "till/run a/r2": "1.25+0 of 2 62% 50", "till/run a/r3": "1.25+0 of 2 62% 50",
	}
	if diff := cmp.Diff(want, admin.stands(t)); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}
	if c := admin.recounts(t); c.State != api.Healthy || !strings.Contains(c.Msg, "5 windows") {
		t.Errorf("the doctor says %+v", c)
	}
	if more := admin.apply(t, strings.Replace(budgets, "amount: 5,", "amount: 10,", 1)); len(more.Changes) != 1 {
		t.Errorf("changes %+v", more.Changes)
	}
	want["till/month"] = "3.75+0 of 10 37% "
	delete(want, "till/run a/r3") // counted while it lived; of a run that ended a year ago nothing counts
	if diff := cmp.Diff(want, admin.stands(t)); diff != "" {
		t.Errorf("budgets, recounted (-want +got):\n%s", diff)
	}
	admin.Budgets.Book(time.Now(), budget.Line{At: now, Subject: budget.Subject{Scope: spend.Scope{Application: "a"}}, Cost: budget.AtMost(money.Known(money.FromInt(1)), "USD", 0)})
	if c := admin.recounts(t); c.State != api.Broken || !strings.Contains(c.Msg, "till/month") {
		t.Errorf("of a counter that is wrong the doctor says %+v", c)
	}
}

func TestBudgetsAreAsked(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	admin.apply(t, budgets)
	ask := func(tokens int) string {
		t.Helper()
		_, text := admin.ask(t, http.MethodPost, "/api/v1/budgets/check",
			fmt.Sprintf(`{"scope":{"application":"a","run":"r"},"seller":"openai","model":"gpt-5","usage":{"in_text":%d}}`, tokens))
		return text
	}
	if text := ask(1_000_000); !strings.Contains(text, `"admitted":true`) || !strings.Contains(text, `"needs":"1.25"`) {
		t.Error(text)
	}
	if text := ask(2_000_000); !strings.Contains(text, `"admitted":false,"action":"stop"`) || !strings.Contains(text, "budget till/run has 2 of 2 USD left and the call may cost 2.5") {
		t.Error(text)
	}
	if stands := admin.stands(t); stands["till/month"] != "0+0 of 5 0% " {
		t.Errorf("asking holds something: %v", stands)
	}
}

// TestOthersLimitsAreCovered asks within one application about a call that no limit has room for.
func TestOthersLimitsAreCovered(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	admin.apply(t, `kind: budget
budgets:
  - {id: own, scope: {business_unit: u, team: t, application: a}, amount: 1, currency: USD, period: month}
  - {id: each, each: team, amount: 2, currency: USD, period: month, owner: them}
  - {id: everything, amount: 3, currency: USD, period: month, owner: them}
  - {id: persons, each: principal, amount: 4, currency: USD, period: month, owner: them}
`)
	told := func(who *running) (limits []string) {
		t.Helper()
		_, text := who.ask(t, http.MethodPost, "/api/v1/budgets/check",
			`{"scope":{"business_unit":"u","team":"t","application":"a","principal":"p"},"seller":"openai","model":"gpt-5","usage":{"in_text":9000000}}`)
		var v api.BudgetVerdict
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for i := range v.Reasons {
			r := &v.Reasons[i]
			if r.Limit == "" && (r.Owner != "" || r.Resets != nil || strings.Contains(r.Says, "USD") || r.Action == "" || r.Cause == "") {
				t.Errorf("of a limit that is covered it tells %+v", r)
			}
			limits = append(limits, r.Limit)
		}
		return limits
	}
	for name, want := range map[string][]string{"viewer": {"", "", "own", ""}, "admin": {"each", "everything", "own", ""}} {
		who := admin
		if name == "viewer" {
			who = admin.as(t, name)
		}
		if diff := cmp.Diff(want, told(who)); diff != "" {
			t.Errorf("what %s is told (-want +got):\n%s", name, diff)
		}
	}
}

// TestADowngradeIsAskedAgain with the fallback, as the gateway does: what that may not do
// either is refused.
func TestADowngradeIsAskedAgain(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	admin.apply(t, "kind: budget\nname: desk\nbudgets:\n"+
		"  - {id: month, scope: {environment: test}, amount: 1, currency: USD, period: month, at_limit: downgrade, fallback: gpt-5-nano}\n"+
		"  - {id: call, amount: 0.1, currency: USD, period: call, at_limit: stop}\n")
	for tokens, want := range map[int]string{
		1_000_000: `"admitted":true,"action":"downgrade","model":"gpt-5-nano","needs":"0.05"`,
		4_000_000: `"admitted":false,"action":"stop","needs":"0.2"`,
	} {
		_, text := admin.ask(t, http.MethodPost, "/api/v1/budgets/check", fmt.Sprintf(`{"scope":{"environment":"test"},"seller":"openai","model":"gpt-5","usage":{"in_text":%d}}`, tokens))
		if !strings.Contains(text, want) || !strings.Contains(text, "budget month has 1 of 1 USD left") || strings.Contains(text, `"action":"stop","cause"`) == strings.Contains(want, "true") {
			t.Errorf("%d tokens: %s", tokens, text)
		}
	}
}

// TestLimitsGrowWithResults verifies, disputes and recounts results.
func TestLimitsGrowWithResults(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	admin.apply(t, defined, "kind: organisation\nbusiness_units: [{name: u, teams: [{name: t, applications: [{name: a, workflows: [triage]}]}]}]\n",
		"kind: budget\nbudgets:\n  - {id: triage, scope: {team: t, workflow: triage, environment: production}, amount: 10, currency: USD, period: day, at_limit: stop, per_outcome: {outcome: ticket, amount: 0.5}}\n"+
			"  - {id: tests, scope: {team: t, workflow: triage, environment: test}, amount: 10, currency: USD, period: day, per_outcome: {outcome: ticket, amount: 0.5}}\n")
	now := time.Now().UTC().Format(time.RFC3339)
	first, second, own := resolved("1", "r", now), resolved("2", "r", now), strings.NewReplacer(`"verified"`, `"claimed"`, `"L1"`, `"L0"`).Replace(resolved("3", "r", now))
	tell := func(want string, events ...string) {
		t.Helper()
		if status, text := admin.as(t, "outcomes").ask(t, http.MethodPost, "/api/v1/outcomes", "["+strings.Join(events, ",")+"]"); status != http.StatusAccepted {
			t.Fatalf("%d %s", status, text)
		}
		admin.settled(t)
		for range 2 { // live, and recounted
			got := admin.stands(t)
			if diff := cmp.Diff(map[string]string{"triage": want, "tests": "0+0 of 10 0% "}, got); diff != "" {
				t.Errorf("budgets (-want +got):\n%s", diff)
			}
			must(t, admin.Recount(t.Context()))
		}
	}
	tell("0+0 of 11 0% ", first, second, own)
	reversed := strings.NewReplacer(`"verified"`, `"reversed"`, `"L1"`, `"L0"`, `"id":"1"`, `"id":"1/back"`).Replace(first)
	tell("0+0 of 10.5 0% ", reversed)
	if c := admin.recounts(t); c.State != api.Healthy {
		t.Errorf("the doctor says %+v", c)
	}
}
