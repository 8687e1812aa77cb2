package ingest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

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

// TestNoRegisterMovesATotal books lines, attributes them anew by a register of
// drawn changes, and by none again: totals stay, and in the end so does every line.
func TestNoRegisterMovesATotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		ledger := ingesttest.NewMemory()
		p := ingesttest.Pipeline(t, ledger)
		plain := ingest.Order{Book: ingesttest.Book(t), Reporting: "USD", Calendar: calendar.Calendar{}, Hierarchy: reorganised()}
		p.UseOrder(plain)
		names := rapid.SampledFrom([]string{"", "a", "b", "c", "triage", "desk"})
		var records []ingest.Record
		for i := range rapid.IntRange(1, 6).Draw(rt, "calls") {
			r := record(string(rune('0' + i)))
			r.Event.Scope.Agent, r.Event.Scope.Workflow = names.Draw(rt, "agent"), names.Draw(rt, "workflow")
			r.Event.UsedAt = ingesttest.Now().AddDate(0, 0, -rapid.IntRange(0, 2).Draw(rt, "days"))
			records = append(records, r)
		}
		if _, err := p.Book(rt.Context(), records, nil); err != nil {
			rt.Fatal(err)
		}
		attributed := func(o ingest.Order) (total lake.Sums, calls map[string]int64) {
			p.UseOrder(o)
			all := lake.Window{From: ingesttest.Now().AddDate(0, 0, -5), To: ingesttest.Now().AddDate(0, 0, 1)}
			if _, err := p.Reattribute(rt.Context(), ledger, all); err != nil {
				rt.Fatal(err)
			}
			calls = map[string]int64{}
			lines, _ := ledger.Charges(rt.Context())
			for i := range lines {
				one := lake.SumsOf(&lines[i])
				if err := total.Add(&one); err != nil {
					rt.Fatal(err)
				}
				s := &lines[i].Scope
				key := strings.Join([]string{lines[i].SourceKey, s.Team, s.Workflow, s.Agent, lines[i].Rule}, "/")
				if calls[key] += lines[i].Calls; calls[key] == 0 {
					delete(calls, key)
				}
			}
			total.Lines = 0 // corrections are lines
			return total, calls
		}
		before, was := attributed(plain)
		named := plain
		named.Register = drawnRegister(rt)
		if during, _ := attributed(named); during != before {
			rt.Fatalf("the total is %+v, was %+v", during, before)
		}
		after, is := attributed(plain)
		if diff := cmp.Diff(was, is); after != before || diff != "" {
			rt.Fatalf("taken back, the total is %+v, was %+v, and lines differ (-before +after):\n%s", after, before, diff)
		}
	})
}

func drawnRegister(t *rapid.T) *register.Register {
	var d register.Declared
	names := rapid.SampledFrom([]string{"a", "b", "c", "triage", "desk"})
	days := rapid.SampledFrom([]string{"", ingesttest.Now().Format(time.DateOnly), ingesttest.Now().AddDate(0, 0, -1).Format(time.DateOnly)})
	for range rapid.IntRange(1, 6).Draw(t, "changes") {
		c := register.Change{
			Act: rapid.SampledFrom([]register.Act{register.Claim, register.Merge}).Draw(t, "act"), Names: []string{names.Draw(t, "name")},
			Kind: rapid.SampledFrom([]register.Kind{register.Workflow, register.Agent}).Draw(t, "kind"),
		}
		if c.Act == register.Claim {
			c.Team = rapid.SampledFrom([]string{"support", "money"}).Draw(t, "team")
		} else {
			c.To, c.From = names.Draw(t, "to"), days.Draw(t, "from")
		}
		if next, err := d.With(c); err == nil {
			d = next
		}
	}
	r, err := register.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
