package app_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// resolved is a posted outcome of a run.
func resolved(id, run, at string) string {
	return `{"specversion":"1.0","type":"com.bursarhq.outcome.v1","source":"desk","id":"` + id + `","subject":"ticket/` + id + `","time":"` + at + `",` +
		`"data":{"definition":"ticket","workflow":"triage","state":"verified","level":"L1","run":"` + run + `"}}`
}

// TestPostedOutcomesMeetTheRunsOfTheirApplication posts a call and a result of one
// run, twice, and then the result of a run of the same name elsewhere.
func TestPostedOutcomesMeetTheRunsOfTheirApplication(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	call := strings.Replace(posted(1), `"usage"`, `"scope":{"workflow":"triage","run":"case-1"},"usage"`, 1)
	if status, answer := admin.as(t, "events").ask(t, http.MethodPost, "/api/v1/events", call); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, answer)
	}
	elsewhere := admin.within(t, "outcomes", `{"business_unit":"u","team":"t","application":"b"}`)
	desk := admin.as(t, "outcomes")
	tell := func(who *running, body, want string) {
		t.Helper()
		if status, answer := who.ask(t, http.MethodPost, "/api/v1/outcomes", body); status != http.StatusAccepted || !strings.Contains(answer, want) {
			t.Errorf("%d %s", status, answer)
		}
		admin.settled(t)
	}
	tell(elsewhere, resolved("9", "case-1", "2026-03-02T10:00:00Z"), `"accepted":1`)
	want := func(text string) {
		t.Helper()
		if _, answer := admin.ask(t, http.MethodGet, "/api/v1/outcomes?format=csv", ""); !strings.Contains(answer, text) {
			t.Errorf("%s, want %s", answer, text)
		}
	}
	want("triage,1,0,0,0,0,,,1.25,USD,1.25,0") // it is none of this application's runs
	bad := strings.Replace(resolved("2", "case-1", "2026-03-02T10:00:00Z"), "verified", "wonderful", 1)
	for range 2 {
		tell(desk, "["+resolved("1", "case-1", "2026-03-02T10:00:00Z")+","+bad+"]", `"rejected":[{"index":1,`)
	}
	want("triage,2,0,0,0,0,,,1.25,USD,0.625,1")
	if _, answer := admin.ask(t, http.MethodGet, "/api/v1/quarantine?source=outcomes:a/desk", ""); strings.Count(answer, `"kind":"outcome"`) != 1 {
		t.Errorf("the quarantine holds %s, want the bad one once", answer)
	}
	if status, answer := admin.within(t, "outcomes", `{"team":"t"}`).ask(t, http.MethodPost, "/api/v1/outcomes", resolved("3", "r", "2026-03-02T10:00:00Z")); status != http.StatusForbidden {
		t.Errorf("a token of a team told outcomes: %d %s", status, answer)
	}
}

// TestWorkflowsOfOtherApplicationsAreTheirs knows whose a workflow is from the
// organisation.
func TestWorkflowsOfOtherApplicationsAreTheirs(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	err := admin.State.Write(t.Context(), func(tx *state.Tx) error {
		for _, u := range []organisation.Unit{
			{Kind: organisation.Application, Name: "b", From: "2026-01-01"}, {Kind: organisation.Workflow, Name: "triage", Parent: "b", From: "2026-01-01"},
		} {
			if err := tx.AddUnit(t.Context(), u); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	status, answer := admin.as(t, "outcomes").ask(t, http.MethodPost, "/api/v1/outcomes", resolved("1", "case-1", "2026-03-02T10:00:00Z"))
	if status != http.StatusBadRequest || !strings.Contains(answer, `"field":"events[0].workflow"`) {
		t.Errorf("%d %s", status, answer)
	}
}

const defined = `kind: outcomes
name: support
outcomes:
  - id: ticket
    version: 1
    unit: ticket
    workflow: triage
    value: {basis: avoided_handle_time, amount: 6.40, currency: USD}
    maturity: 7d
`

// TestAppliedDefinitionsCount applies definitions before a server opens: posted
// outcomes have their value, and mature.
func TestAppliedDefinitionsCount(t *testing.T) {
	t.Parallel()
	c := app.Config{Data: t.TempDir(), Create: true, Now: func() time.Time { return time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC) }}
	a, err := app.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	err = a.State.Write(t.Context(), func(tx *state.Tx) error {
		for name, text := range map[string]string{"support": defined, "organisation": "kind: organisation\n"} {
			if _, err := tx.Apply(t.Context(), state.Applied{Name: name, YAML: text, By: "system"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := app.OpenServer(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	old, young := resolved("1", "case-1", "2026-03-02T10:00:00Z"), resolved("2", "case-2", "2026-03-19T10:00:00Z")
	if _, err := s.AcceptOutcomes(t.Context(), holderOf("triage"), []byte("["+old+","+young+"]")); err != nil {
		t.Fatal(err)
	}
	if err := s.Ingest.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.KeepHouse(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	left, err := s.Lake.Verified(t.Context(), "ticket", c.Now())
	if err != nil || len(left) != 1 || left[0].Subject != "ticket/2" {
		t.Errorf("not matured are %+v (%v), want the young one", left, err)
	}
	kept := func(d string) error {
		_, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, d)})
		return err
	}
	for _, changed := range []string{strings.Replace(defined, "6.40", "7.40", 1), "kind: outcomes\nname: support\noutcomes: []\n"} {
		if err := kept(changed); spend.KindOf(err) != spend.KindConflict {
			t.Errorf("%v, want a conflict: two outcomes count under it", err)
		}
	}
	if err := kept(defined + strings.Replace(defined[strings.Index(defined, "  - id"):], "version: 1", "version: 2", 1)); err != nil {
		t.Errorf("another version is refused: %v", err)
	}
	t1, err := s.Outcomes(t.Context(), byWorkflow())
	if err != nil || len(t1.Rows) != 1 || t1.Rows[0].Outcomes.String() != "2" || t1.Rows[0].Value.String() != "12.8" {
		t.Errorf("%+v (%v), want 2 outcomes worth 12.80", t1.Rows, err)
	}
}

// holderOf is whoever holds a token of an application.
func holderOf(application string) auth.Identity {
	return auth.Identity{Token: "aaaaaaaa", Method: auth.ByToken, Grants: []auth.Grant{{Role: auth.Outcomes, Scope: spend.Scope{Application: application}}}}
}

func byWorkflow() *spend.Query {
	return &spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC}
}
