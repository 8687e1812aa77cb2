package app_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const (
	desk   = "kind: organisation\nbusiness_units: [{name: u, teams: [{name: t, applications: [{name: a, workflows: [triage, sort]}]}]}]\n"
	capped = "kind: budget\nname: desk\nbudgets:\n  - {id: triage, scope: {workflow: triage}, amount: 1, currency: USD, period: day, at_limit: stop, owner: t}\n"
	// elsewhere takes the place of defined: nobody counts the results of triage any more.
	elsewhere = "kind: outcomes\nname: support\noutcomes: [{id: letter, version: 1, unit: letter, workflow: sort, value: {basis: none}}]\n"
)

// clocked is a server whose clock the test turns.
func clocked(t *testing.T, data string, now *time.Time) *app.Server {
	t.Helper()
	s, err := app.OpenServer(t.Context(), app.Config{Data: data, Create: true, Now: func() time.Time { return *now }}, slog.New(slog.DiscardHandler))
	must(t, err)
	return s
}

// tries applies documents, and gives the remarks or why they are refused.
func tries(t *testing.T, s *app.Server, texts ...string) string {
	t.Helper()
	done, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, texts...)})
	if err != nil {
		return string(spend.KindOf(err)) + ": " + err.Error()
	}
	return strings.Join(done.Remarks, "; ")
}

// verdictOn is what becomes of a call of the workflow that is too large for the budget.
func verdictOn(s *app.Server) budget.Action {
	subject := budget.Subject{Scope: spend.Scope{Team: "t", Application: "a", Workflow: "triage", Environment: "production"}}
	bound := budget.AtMost(money.Known(money.Must("2")), "USD", 1)
	return s.Budgets.Ask(&budget.Call{ID: spend.Digest("trial"), At: s.Now(), Subject: subject, Bound: bound}).Action
}

// TestACapNeedsResults applies caps on an owned production workflow: without results it
// is refused with what to write, with them it stops, and they cannot be taken away from
// under it.
func TestACapNeedsResults(t *testing.T) {
	t.Parallel()
	now := noon()
	s := clocked(t, t.TempDir(), &now)
	defer closed(t, s)
	const refusal = "invalid: read budgets: triage.at_limit: stop may not stop calls of owned production work of which no results are counted: " +
		"count them, add per_outcome, or write an override with a reason and a day"
	if diff := cmp.Diff(refusal, tries(t, s, desk, capped)); diff != "" {
		t.Errorf("without results (-want +got):\n%s", diff)
	}
	if got := tries(t, s, desk, defined, capped); got != "" || verdictOn(s) != "stop" {
		t.Errorf("with results: %q, and then %s", got, verdictOn(s))
	}
	if diff := cmp.Diff(refusal, tries(t, s, elsewhere)); diff != "" || verdictOn(s) != "stop" {
		t.Errorf("taken away from under it, then %s (-want +got):\n%s", verdictOn(s), diff)
	}
	if got := tries(t, s, elsewhere, strings.Replace(capped, "stop", "warn", 1)); got != "" || verdictOn(s) != "warn" {
		t.Errorf("taken away with the cap: %q, and then %s", got, verdictOn(s))
	}
}

// TestAnOverrideEnds lets a cap stop without results until the evening of a day: the
// same server warns from then on, and so does one that is opened later.
func TestAnOverrideEnds(t *testing.T) {
	t.Parallel()
	now, data := noon(), t.TempDir()
	s := clocked(t, data, &now)
	over := strings.Replace(capped, "owner: t", "owner: t, override: {reason: the launch, until: "+now.Format(time.DateOnly)+"}", 1)
	if got := tries(t, s, desk, defined, over); got != "" || verdictOn(s) != "stop" {
		t.Errorf("with results and an override: %q, and then %s", got, verdictOn(s))
	}
	if got := tries(t, s, elsewhere); got != "" || verdictOn(s) != "stop" {
		t.Errorf("the results vanish: %q, and then %s", got, verdictOn(s))
	}
	now = now.Truncate(24 * time.Hour).Add(24*time.Hour - time.Second)
	if got := verdictOn(s); got != "stop" {
		t.Errorf("a second before its end it says %s", got)
	}
	now = now.Add(time.Second)
	if got := verdictOn(s); got != "warn" {
		t.Errorf("when the override has ended it says %s", got)
	}
	closed(t, s)
	s = clocked(t, data, &now)
	defer closed(t, s)
	if got := verdictOn(s); got != "warn" {
		t.Errorf("opened again it says %s", got)
	}
	const remark = "triage: its override has ended, so that it only warns; count the results of its workflows, or renew it"
	if got := tries(t, s, strings.Replace(over, "amount: 1", "amount: 1.5", 1)); got != remark {
		t.Errorf("applied once more: %q", got)
	}
	if f := finding(t, s, "overrides"); f.State != api.Attention || !strings.Contains(f.Msg, "triage") {
		t.Errorf("the doctor says %+v", f)
	}
	if got := tries(t, s, defined); got != "" || verdictOn(s) != "stop" {
		t.Errorf("the results are back: %q, and then %s", got, verdictOn(s))
	}
	if f := finding(t, s, "overrides"); f.State != api.Healthy {
		t.Errorf("the doctor says %+v", f)
	}
}

// finding is what the doctor says under a name.
func finding(t *testing.T, s *app.Server, name string) api.Finding {
	t.Helper()
	checks, err := s.Doctor(t.Context(), s.Now())
	must(t, err)
	for _, c := range checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("the doctor does not look at %s", name)
	return api.Finding{}
}

// TestWhatCannotActIsNamed: a budget without an exchange rate, and one that falls back to
// a model of which no price is known, at apply and by the doctor.
func TestWhatCannotActIsNamed(t *testing.T) {
	t.Parallel()
	now := noon()
	s := clocked(t, t.TempDir(), &now)
	defer closed(t, s)
	const text = "kind: budget\nname: odd\nbudgets:\n" +
		"  - {id: francs, amount: 5, currency: CHF, period: month}\n" +
		"  - {id: down, scope: {environment: test}, amount: 5, currency: USD, period: month, at_limit: downgrade, fallback: gpt-5-nana}\n"
	const franc, nana = "francs: no exchange rate leads from USD into CHF", "down: no price is known of its fallback gpt-5-nana"
	if got := tries(t, s, text); !strings.Contains(got, franc) || !strings.Contains(got, nana) {
		t.Errorf("applied: %q", got)
	}
	if f := finding(t, s, "limits"); f.State != api.Attention || !strings.Contains(f.Msg, franc) || !strings.Contains(f.Msg, nana) {
		t.Errorf("the doctor says %+v", f)
	}
	rate := exchange.Rate{From: "USD", To: "CHF", Rate: money.Must("0.8"), Day: exchange.DayOf(now, time.UTC), Basis: exchange.DayRate, Source: "ecb"}
	if _, err := s.AddRates(t.Context(), auth.Local(), []exchange.Rate{rate}); err != nil {
		t.Fatal(err)
	}
	if got := tries(t, s, strings.Replace(text, "nana", "nano", 1)); got != "" {
		t.Errorf("with a rate and a price: %q", got)
	}
	if f := finding(t, s, "limits"); f.State != api.Healthy {
		t.Errorf("the doctor says %+v", f)
	}
}
