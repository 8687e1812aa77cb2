package connect_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

func outcomes(t *testing.T, r *connect.OutcomeReader) (all []connect.OutcomeRecord) {
	t.Helper()
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
}

func fieldsOf(found []spend.Problem) (fields []string) {
	for _, p := range found {
		fields = append(fields, p.Field)
	}
	return fields
}

func known(s string) money.Null { return money.Known(money.Must(s)) }

func TestOutcomesOfCSV(t *testing.T) {
	t.Parallel()
	const file = "\ufeffid,run,weight,definition,state,at,quantity,value,currency,remediation_minutes,level\n" +
		"T-1,r1;r2,0.5;0.25,,claimed,2026-11-02T10:00:00+01:00,,,USD,,\n" +
		"T-1,r1;r2,,tickets,verified,1762074000,2.5,6.40,USD,12,L1\n"
	got := outcomes(t, connect.OpenOutcomes(strings.NewReader(file), connect.OutcomeLayout{Definition: "default", Workflow: "desk"}))
	nine := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	want := []outcome.Event{
		{ID: "T-1/claimed", Source: "outcomes", Definition: "default", Subject: "T-1", Workflow: "desk", State: outcome.Claimed, At: nine,
			Runs: []outcome.Link{{Run: "r1", Weight: known("0.5")}, {Run: "r2", Weight: known("0.25")}}},
		{ID: "T-1/verified", Source: "outcomes", Definition: "tickets", Subject: "T-1", Workflow: "desk", State: outcome.Verified,
			At: time.Unix(1762074000, 0).UTC(), Quantity: known("2.5"), Value: known("6.4"), Currency: "USD",
			RemediationMinutes: known("12"), Level: outcome.SystemState, Runs: []outcome.Link{{Run: "r1"}, {Run: "r2"}}},
	}
	for i, rec := range got {
		if diff := cmp.Diff(want[i], rec.Event); diff != "" || len(rec.Problems) > 0 || rec.Line != int64(i+2) {
			t.Errorf("line %d: %v\n%s", rec.Line, rec.Problems, diff)
		}
	}
	if len(got) != 2 || got[1].End != int64(len(file)) {
		t.Errorf("%d records", len(got))
	}
}

func TestOutcomesTellEveryMistakeOfARow(t *testing.T) {
	t.Parallel()
	const file = "id,subject,run,weight,definition,state,at,quantity,value,level\n" +
		"1,s,r,1;2,d,verified,yesterday,many,free,L7\n" +
		"2,s,r\n" +
		"3,s,r,,d,,2026-11-02T09:00:00Z,,,\n" +
		"4,s,r,,d,verified,2026-11-02T09:00:00Z,,,\n"
	var got [][]string
	for _, rec := range outcomes(t, connect.OpenOutcomes(strings.NewReader(file), connect.OutcomeLayout{})) {
		got = append(got, fieldsOf(rec.Problems))
	}
	if diff := cmp.Diff([][]string{{"at", "quantity", "value", "level", "weight"}, {"record"}, {"record"}, nil}, got); diff != "" {
		t.Errorf("problems by row (-want +got)\n%s", diff)
	}
	_, err := connect.OpenOutcomes(strings.NewReader("id,run,at\n"), connect.OutcomeLayout{}).Next()
	if err == nil || !strings.Contains(err.Error(), `missing columns: "state"`) {
		t.Errorf("%v, want the missing column named", err)
	}
}

func TestOutcomesOfAnotherLayout(t *testing.T) {
	t.Parallel()
	const file = "instance_id,exit_status,resolved,last_unix\na-1,Submitted,1,1763510727\na-2,Submitted,0,1763510995\na-3,Submitted,x,1763510995\n"
	r := connect.OpenOutcomes(strings.NewReader(file), connect.MiniSWEAgentRuns())
	got := outcomes(t, r)
	want := outcome.Event{ID: "a-1/verified", Source: "mini-swe-agent", Definition: "swe-bench.resolved", Subject: "a-1", Workflow: "swe-bench",
		State: outcome.Verified, At: time.Unix(1763510727, 0).UTC(), Runs: []outcome.Link{{Run: "a-1"}}}
	if len(got) != 2 || r.Passed() != 1 {
		t.Fatalf("%d records, %d passed; want 2 and 1", len(got), r.Passed())
	}
	if diff := cmp.Diff(want, got[0].Event); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"state"}, fieldsOf(got[1].Problems)); diff != "" {
		t.Errorf("a word that is no state: %s", diff)
	}
}

const envelope = `{"specversion":"1.0","type":"com.bursarhq.outcome.v1","id":"oc-1","source":"desk","subject":"ticket/1","time":"2026-11-02T09:00:00Z",`

func TestOutcomesOfEvents(t *testing.T) {
	t.Parallel()
	one := envelope + `"data":{"definition":"tickets","version":2,"workflow":"w","state":"matured","level":"L2","quantity":1,"value":"6.40","currency":"USD",` +
		`"remediation_minutes":3,"runs":["r1",{"run":"r2"}]}}`
	want := outcome.Event{ID: "oc-1", Source: "desk", Definition: "tickets", Version: 2, Subject: "ticket/1", Workflow: "w", State: outcome.Matured,
		At: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Level: outcome.Survived, Quantity: known("1"), Value: known("6.4"), Currency: "USD",
		RemediationMinutes: known("3"), Runs: []outcome.Link{{Run: "r1"}, {Run: "r2"}}}
	for name, text := range map[string]string{
		"an object": strings.ReplaceAll(one, ",", ",\n"), "a line": one + "\n" + one, "an array": "[" + one + "," + one + "]",
	} {
		for _, rec := range outcomes(t, connect.OpenOutcomeEvents(strings.NewReader(text))) {
			if diff := cmp.Diff(want, rec.Event); diff != "" || len(rec.Problems) > 0 {
				t.Errorf("%s: %v\n%s", name, rec.Problems, diff)
			}
		}
	}
}

func TestOutcomeEventsTellEveryMistake(t *testing.T) {
	t.Parallel()
	f := func(text string, want ...string) {
		t.Helper()
		got := outcomes(t, connect.OpenOutcomeEvents(strings.NewReader(text)))
		if len(got) != 1 {
			t.Fatalf("%d records", len(got))
		}
		if diff := cmp.Diff(want, fieldsOf(got[0].Problems)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
	f(`{}`, "specversion", "type", "id", "source", "subject", "data", "state")
	f(`not json`, "record")
	f(envelope+`"data":{"state":"verified","colour":"red","level":"high","value":"much","runs":{},"version":0.5}}`, "data", "level", "runs", "value", "version")
	f(envelope+`"data":{"definition":"d","state":"verified","run":""}}`, "runs")
	f(envelope+`"data":{"definition":"d","state":"won"}}`, "state")
	f(envelope+`"data_base64":"eA=="}`, "data", "state")
}
