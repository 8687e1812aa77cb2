package company_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// digest hashes what a reader of the first events sees of them.
func digest(c *company.Company, events int) string {
	h := sha256.New()
	for e := range c.Events() {
		_, _ = fmt.Fprintln(h, e.SourceKey, e.Response, e.Attempt, e.Operation, e.Account,
			e.UsedAt.UnixMicro(), e.FirstTokenAt.UnixMicro(), e.EndedAt.UnixMicro(),
			e.Seller, e.Host, e.RequestedModel, e.ServedModel, e.RequestedTier, e.ServedTier, e.Region, e.Kind,
			e.ImageSize, e.ImageQuality, e.Status, e.UsageSource, e.Usage.Tokens, e.Usage.Extra,
			e.Reported, e.ReportedCurrency, e.Scope)
		if events--; events == 0 {
			break
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestSameConfigSameHistory(t *testing.T) {
	t.Parallel()
	config := company.Config{Seed: 7, Events: 200_000}
	one := digest(company.New(config), 50_000)
	if two := digest(company.New(config), 50_000); two != one {
		t.Errorf("two companies of one config differ: %s, %s", one, two)
	}
	c := company.New(config)
	for range c.Outcomes() {
		break
	}
	if again := digest(c, 50_000); again != one {
		t.Errorf("reading outcomes changed the events: %s, %s", one, again)
	}
	config.Seed = 8
	if other := digest(company.New(config), 50_000); other == one {
		t.Error("another seed gives the same history")
	}
}

// The golden digest holds on every machine, since nothing is computed in floats.
func TestGoldenDigest(t *testing.T) {
	t.Parallel()
	got := digest(company.New(company.Config{}), 50_000)
	const golden = "testdata/first-50000.sha256"
	if *updating {
		if err := os.WriteFile(golden, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.TrimSpace(string(want)) {
		t.Errorf("digest of the default history: got %s, want %s; if the change is meant, run with -update", got, want)
	}
}

var updating = flag.Bool("update", false, "write the golden files anew")

func TestCountIsExact(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
	}
	for name, config := range map[string]company.Config{
		"one event":              {Events: 1},
		"fewer than workflows":   {Events: 40},
		"a thousand":             {Events: 1000},
		"a hundred thousand":     {Events: 100_000},
		"one hour":               {Events: 5000, Start: at(6, 3, 10), End: at(6, 3, 11)},
		"one hour of the night":  {Events: 5000, Start: at(6, 7, 4), End: at(6, 7, 5)},
		"inside the incident":    {Events: 20_000, Start: at(9, 13, 1), End: at(9, 14, 0)},
		"a year before the tale": {Events: 20_000, Start: at(1, 1, 0).AddDate(-1, 0, 0), End: at(1, 1, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0
			var last time.Time
			for e := range company.New(config).Events() {
				n++
				if e.UsedAt.Before(last) || !config.Start.IsZero() && (e.UsedAt.Before(config.Start) || !e.UsedAt.Before(config.End)) {
					t.Fatalf("event %d used at %s: after %s it is out of order, or out of its window", n, e.UsedAt, last)
				}
				last = e.UsedAt
			}
			if n != config.Events {
				t.Errorf("got %d events, want %d", n, config.Events)
			}
		})
	}
}

func TestNothingToTell(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	for _, config := range []company.Config{{Events: -1}, {Start: day, End: day}, {Start: day, End: day.AddDate(0, -1, 0)}} {
		for e := range company.New(config).Events() {
			t.Fatalf("%+v yields %s", config, e.SourceKey)
		}
		for o := range company.New(config).Outcomes() {
			t.Fatalf("%+v yields %s", config, o.Run)
		}
	}
}

func TestEventsAreValid(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	responses := map[string]bool{}
	latest := time.Date(2026, time.November, 2, 0, 0, 0, 0, time.UTC)
	for e := range company.New(company.Config{Events: 200_000}).Events() {
		if found := ingest.Problems(&e, latest); len(found) > 0 {
			t.Fatalf("%+v: %v", e, found)
		}
		if keys[e.SourceKey] || e.Response != "" && responses[e.Response] {
			t.Fatalf("key %s or response %s occurs twice", e.SourceKey, e.Response)
		}
		keys[e.SourceKey], responses[e.Response] = true, true
		if complaint := inconsistent(&e); complaint != "" {
			t.Fatalf("%s: %+v", complaint, e)
		}
	}
}

// inconsistent says which of an event's claims contradict each other.
func inconsistent(e *spend.Event) string {
	observed := e.UsageSource != spend.UsageNone && e.UsageSource != spend.UsageUnobserved
	switch {
	case e.Source != "company" || e.Rank != spend.RankGateway:
		return "source or rank"
	case observed == e.Usage.IsZero():
		return "usage contradicts its source"
	case (e.Status == spend.StatusInterrupted) != e.EndedAt.IsZero():
		return "end contradicts the status"
	case !e.EndedAt.IsZero() && e.EndedAt.Before(e.StartedAt):
		return "ends before it starts"
	case !e.FirstTokenAt.IsZero() && (e.FirstTokenAt.Before(e.StartedAt) || e.EndedAt.Before(e.FirstTokenAt)):
		return "first token outside the call"
	case e.UsedAt.Location() != time.UTC:
		return "time is not UTC"
	}
	return ""
}

func TestOrganisation(t *testing.T) {
	t.Parallel()
	c := company.New(company.Config{Events: 1000})
	if faults := c.Faults(); len(faults) > 0 {
		t.Error(strings.Join(faults, "\n"))
	}
	places := placesOf(c.Organisation())
	for _, check := range []struct {
		what      string
		got, want int
	}{
		{"business units", len(places.units), 5}, {"teams", len(places.teams), 20},
		{"workflows", len(places.workflows), 60}, {"agents", len(places.agents), 150},
	} {
		if check.got < check.want {
			t.Errorf("%d %s, want at least %d", check.got, check.what, check.want)
		}
	}
	for name, workflow := range places.workflows {
		if workflow.Title == "" || workflow.Trigger() == "" || workflow.Profile() == "" || places.owners[name] == "" {
			t.Errorf("workflow %s lacks title, trigger, profile or owner", name)
		}
	}
}

// A small history shows the same organisation as the large one: every unit and
// nearly every team and workflow; what is missing is on the shared key.
func TestSmallHistoryKeepsTheOrganisation(t *testing.T) {
	t.Parallel()
	c := company.New(company.Config{Events: 1000})
	places := placesOf(c.Organisation())
	units, teams, workflows := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for e := range c.Events() {
		if e.Scope.Team != "" {
			units[e.Scope.BusinessUnit], teams[e.Scope.Team], workflows[e.Scope.Workflow] = true, true, true
		}
	}
	if diff := cmp.Diff(places.units, units); diff != "" {
		t.Errorf("units (-organisation +events):\n%s", diff)
	}
	if len(teams) < len(places.teams)*9/10 || len(workflows) < len(places.workflows)*8/10 {
		t.Errorf("%d of %d teams and %d of %d workflows show", len(teams), len(places.teams), len(workflows), len(places.workflows))
	}
}

// places is the organisation, flat.
type places struct {
	units, teams, agents map[string]bool
	workflows            map[string]company.Workflow
	owners               map[string]string // by workflow
}

func placesOf(o company.Organisation) places {
	p := places{
		units: map[string]bool{}, teams: map[string]bool{}, agents: map[string]bool{},
		workflows: map[string]company.Workflow{}, owners: map[string]string{},
	}
	for _, unit := range o.Units {
		p.units[unit.Name] = true
		for _, team := range unit.Teams {
			p.teams[team.Name] = true
			for _, application := range team.Applications {
				p.add(team.Owner, application)
			}
		}
	}
	return p
}

func (p *places) add(owner string, application company.Application) {
	for _, workflow := range application.Workflows {
		p.workflows[workflow.Name], p.owners[workflow.Name] = workflow, owner
		for _, agent := range workflow.Agents {
			p.agents[agent] = true
		}
	}
}
