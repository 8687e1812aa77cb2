package ingest_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/register"
)

// registered renamed agent helper to desk on the day of ingesttest.Now, and gave
// desk and workflow triage teams.
func registered(t *testing.T) *register.Register {
	t.Helper()
	r, err := register.New(register.Declared{
		Entries: []register.Entry{{Kind: register.Agent, Name: "desk", Team: "support"}, {Kind: register.Workflow, Name: "refund", Team: "money"}},
		Aliases: []register.Alias{{Kind: register.Agent, Name: "helper", Of: "desk", From: ingesttest.Now().Format(time.DateOnly)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheRegisterOfTheDayOfUseNamesAndOwns(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	p.UseOrder(ingest.Order{Book: ingesttest.Book(t), Reporting: "USD", Calendar: calendar.Calendar{}, Hierarchy: reorganised(), Register: registered(t)})
	before, after, placed, own, other, elsewhere := record("before"), record("after"), record("placed"), record("own"), record("other"), record("elsewhere")
	before.Event.Scope.Agent, after.Event.Scope.Agent, own.Event.Scope.Agent, elsewhere.Event.Scope.Agent = "helper", "helper", "desk", "desk"
	placed.Event.Scope.Agent, placed.Event.Scope.Workflow = "nobody", "triage" // the organisation places it
	before.Event.UsedAt = ingesttest.Now().AddDate(0, 0, -1)
	own.Event.Scope.Team, elsewhere.Event.Scope.BusinessUnit = "own", "retail"
	if _, err := p.Book(t.Context(), []ingest.Record{before, after, placed, own, other, elsewhere}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	for i, want := range []struct{ agent, team, unit, rule, claims string }{
		{"helper", "", "", "", ""}, // it was a name of its own, and nobody's
		{"desk", "support", "service", attribute.ByRegister, `{"agent":"helper"}`},
		{"nobody", "support", "service", attribute.ByOrganisation, `{"workflow":"triage","agent":"nobody"}`},
		{"desk", "own", "", "", ""}, // what is said stays
		{"", "", "", "", ""},
		{"desk", "", "retail", "", ""}, // the owner stands in another business unit
	} {
		c := lines[i]
		if s := c.Scope; s.Agent != want.agent || s.Team != want.team || s.BusinessUnit != want.unit || c.Rule != want.rule || c.Claims != want.claims {
			t.Errorf("%s: %+v by rule %q, claimed %q; want %+v", c.SourceKey, s, c.Rule, c.Claims, want)
		}
	}
}

// TestARenameAndItsInverseMoveNoTotal books by one order, attributes the past anew
// by a register, and takes that back.
func TestARenameAndItsInverseMoveNoTotal(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	plain := ingest.Order{Book: ingesttest.Book(t), Reporting: "USD", Calendar: calendar.Calendar{}, Hierarchy: reorganised()}
	p.UseOrder(plain)
	var records []ingest.Record
	for i, agent := range []string{"helper", "helper", "desk", "other", ""} {
		r := record(agent + string(rune('0'+i)))
		r.Event.Scope.Agent = agent
		r.Event.UsedAt = ingesttest.Now().AddDate(0, 0, -(i % 2))
		records = append(records, r)
	}
	if _, err := p.Book(t.Context(), records, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := lake.Window{From: ingesttest.Now().AddDate(0, 0, -3), To: ingesttest.Now().AddDate(0, 0, 1)}
	total := func() (sums lake.Sums, agents map[string]int64) {
		agents = map[string]int64{}
		lines, _ := ledger.Charges(t.Context())
		for i := range lines {
			one := lake.SumsOf(&lines[i])
			if err := sums.Add(&one); err != nil {
				t.Fatal(err)
			}
			agents[lines[i].Scope.Agent+" of "+lines[i].Scope.Team] += lines[i].Calls
		}
		sums.Lines = 0 // corrections are lines
		return sums, agents
	}
	before, _ := total()
	named := plain
	named.Register = registered(t)
	for _, step := range []struct {
		order ingest.Order
		moved int64
		calls map[string]int64
	}{
		{named, 2, map[string]int64{"desk of support": 2, "helper of ": 1, "desk of ": 0, "other of ": 1, " of ": 1}},
		{named, 0, map[string]int64{"desk of support": 2, "helper of ": 1}}, // again
		{plain, 2, map[string]int64{"desk of support": 0, "helper of ": 2, "desk of ": 1, "other of ": 1, " of ": 1}},
	} {
		p.UseOrder(step.order)
		done, err := p.Reattribute(t.Context(), ledger, all)
		if err != nil {
			t.Fatal(err)
		}
		after, agents := total()
		if done.Moved.Lines != step.moved || after != before {
			t.Errorf("moved %d lines, want %d; the total is %+v, was %+v", done.Moved.Lines, step.moved, after, before)
		}
		for name, want := range step.calls {
			if agents[name] != want {
				t.Errorf("%q has %d calls, want %d", name, agents[name], want)
			}
		}
	}
}
