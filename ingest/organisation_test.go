package ingest_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
)

// reorganised moved team support from retail to service on the day of ingesttest.Now.
func reorganised() *organisation.Hierarchy {
	today := ingesttest.Now().Format(time.DateOnly)
	return organisation.New([]organisation.Unit{
		{Kind: organisation.BusinessUnit, Name: "retail", From: organisation.Beginning},
		{Kind: organisation.BusinessUnit, Name: "service", From: organisation.Beginning},
		{Kind: organisation.Team, Name: "support", Parent: "retail", CostCentre: "CC-7", From: organisation.Beginning, To: today},
		{Kind: organisation.Team, Name: "support", Parent: "service", CostCentre: "CC-9", From: today},
		{Kind: organisation.Application, Name: "desk", Parent: "support", From: organisation.Beginning},
		{Kind: organisation.Workflow, Name: "triage", Parent: "desk", From: organisation.Beginning},
	})
}

func TestTheOrganisationOfTheDayOfUseCompletesTheScope(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	plain, before, after, other := record("plain"), record("before"), record("after"), record("other")
	for _, r := range []*ingest.Record{&plain, &before, &after} {
		r.Event.Scope.Workflow = "triage"
	}
	before.Event.UsedAt = ingesttest.Now().AddDate(0, 0, -1)
	if _, err := p.Book(t.Context(), []ingest.Record{plain}, nil); err != nil {
		t.Fatal(err)
	}
	p.UseOrder(ingest.Order{Book: ingesttest.Book(t), Reporting: "USD", Calendar: calendar.Calendar{}, Hierarchy: reorganised()})
	if _, err := p.Book(t.Context(), []ingest.Record{before, after, other}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	for i, want := range []struct{ unit, team, centre, rule, claims string }{
		{"", "", "", "", ""}, // nothing was declared when it was booked
		{"retail", "support", "CC-7", "organisation", `{"workflow":"triage"}`},
		{"service", "support", "CC-9", "organisation", `{"workflow":"triage"}`},
		{"", "", "", "", ""}, // names nothing
	} {
		c := lines[i]
		if s := c.Scope; s.BusinessUnit != want.unit || s.Team != want.team || s.CostCentre != want.centre || c.Rule != want.rule || c.Claims != want.claims {
			t.Errorf("%s: %+v by rule %q, claimed %q; want %+v", c.SourceKey, s, c.Rule, c.Claims, want)
		}
	}
}

func TestPeriodsAreThoseOfTheFiscalYear(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	fiscal := spend.Fiscal{Start: time.October, Scheme: spend.Weeks445}
	p.UseOrder(ingest.Order{Book: ingesttest.Book(t), Reporting: "USD", Calendar: calendar.New(time.UTC, fiscal)})
	if _, err := p.Book(t.Context(), []ingest.Record{record("1")}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	if want := calendar.New(time.UTC, fiscal).Period(lines[0].UsedAt); lines[0].Period != want || want == spend.PeriodOf(lines[0].UsedAt, time.UTC) {
		t.Errorf("period %s, want %s", lines[0].Period, want)
	}
}
