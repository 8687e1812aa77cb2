package ingesttest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
)

// past is all that the laws book.
func past() lake.Window {
	return lake.Window{From: Now().AddDate(0, 0, -13), To: Now().AddDate(0, 0, 1)}
}

// mixed is use on several days by several keys and workflows, some of it told twice.
func mixed() []ingest.Record {
	rng := rand.New(rand.NewPCG(3, 9))
	var all []ingest.Record
	for i := range 60 {
		r := event("gateway", fmt.Sprint(i), spend.RankGateway, [2]int64{int64(1000 + i), 10})
		r.Event.Attempt, r.Event.UsedAt = fmt.Sprint("g", i), Now().Add(-time.Duration(rng.IntN(12*24))*time.Hour)
		r.Event.Scope.Credential, r.Event.Scope.Workflow = fmt.Sprint("key-", rng.IntN(4)), []string{"", "triage", "sort"}[rng.IntN(3)]
		r.Event.Scope.Tags = map[string]string{"run": r.Event.Scope.Run, "repository": fmt.Sprint("acme/shop-", rng.IntN(3))}
		if i%7 == 0 { // a file's, for which no credential speaks
			r.Event.Scope.Credential, r.Event.Scope.Team = "", "team-file"
		}
		if i%5 == 0 {
			r.Event.Scope.Team, r.Event.RequestedModel = "own", "enormous"
		}
		all = append(all, r)
		if i%3 == 0 {
			vendor := event("usage-api", fmt.Sprint("v", i), spend.RankVendorUsage, [2]int64{900, 12})
			vendor.Event.Attempt, vendor.Event.Scope, vendor.Event.UsedAt = fmt.Sprint("g", i), spend.Scope{}, r.Event.UsedAt
			all = append(all, vendor)
		}
	}
	return all
}

// orders are those between which attribution differs: without rules, by key, by
// another key, by run, by an organisation in which a team moved, by all that a rule
// may say, and by the same with another date in one rule.
func orders(t testing.TB) []ingest.Order {
	t.Helper()
	made := func(rules ...attribute.Rule) ingest.Order {
		set, err := attribute.New(rules)
		if err != nil {
			t.Fatal(err)
		}
		return ingest.Order{Book: Book(t), Reporting: "USD", Rules: set}
	}
	when := func(id, field, pattern, team string) attribute.Rule {
		return attribute.Rule{ID: id, When: map[string]attribute.Patterns{field: {pattern}}, Set: map[string]string{"team": team}}
	}
	organised := made(when("a", "credential", "key-1", "one"))
	moved := Now().AddDate(0, 0, -5).Format(time.DateOnly)
	organised.Hierarchy = organisation.New([]organisation.Unit{
		{Kind: organisation.BusinessUnit, Name: "retail", From: organisation.Beginning},
		{Kind: organisation.BusinessUnit, Name: "service", From: organisation.Beginning},
		{Kind: organisation.Team, Name: "support", Parent: "retail", From: organisation.Beginning, To: moved},
		{Kind: organisation.Team, Name: "support", Parent: "service", CostCentre: "CC-9", From: moved},
		{Kind: organisation.Application, Name: "desk", Parent: "support", From: organisation.Beginning},
		{Kind: organisation.Workflow, Name: "triage", Parent: "desk", From: organisation.Beginning},
	})
	return []ingest.Order{
		made(),
		made(when("a", "credential", "key-1", "one"), when("b", "workflow", "sort", "sorters")),
		made(when("a", "credential", "key-[12]", "two")),
		made(when("r", "run", "run-1*", "runners")),
		organised,
		made(sayingAll("2026-11-18")...),
		made(sayingAll("2026-11-16")...),
	}
}

// sayingAll are rules with dates, captures, tags, refinements and a default.
func sayingAll(from string) []attribute.Rule {
	is := func(field string, patterns ...string) map[string]attribute.Patterns {
		return map[string]attribute.Patterns{field: patterns}
	}
	return []attribute.Rule{
		{ID: "dated", From: from, Until: "2026-11-20", When: is("repository", "acme/shop-[01]"), Set: map[string]string{"team": "retail"}},
		{ID: "captured", When: is("repository", "~ acme/(?P<name>.+)", "!*-2"), Set: map[string]string{"application": "${name}", "tag:kind": "code"}},
		{ID: "refined", When: is("team", "~ team-(?P<team>.+)", "own"), Refine: map[string]string{"team": "the-${team}", "workflow": "w-${team}"}},
		{ID: "named", When: is("workflow", "triage", "sort"), Refine: map[string]string{"workflow": "${workflow}-line"}},
		{ID: "nobody", Default: true, When: is("credential", "!key-3"), Set: map[string]string{"team": "unowned"}},
	}
}

func ordered(t testing.TB, e Engine, o ingest.Order) *ingest.Pipeline {
	t.Helper()
	return pipeline(t, e, ingest.Config{Order: o})
}

func reattribute(t testing.TB, p *ingest.Pipeline, e Engine) ingest.Reattribution {
	t.Helper()
	done, err := p.Reattribute(t.Context(), e, past())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// bookedSums are the figures of all lines that stand, whatever they belong to.
func bookedSums(t testing.TB, e Engine) (sums lake.Sums) {
	t.Helper()
	lines, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range lines {
		one := lake.SumsOf(&lines[i])
		if err := sums.Add(&one); err != nil {
			t.Fatal(err)
		}
	}
	return sums
}

// attributions are the lines that no line reverses, as they are attributed.
func attributions(t testing.TB, e Engine) map[string]spend.Charge {
	t.Helper()
	lines, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]spend.Charge{}
	for _, c := range current(lines, func(*spend.Charge) bool { return true }) {
		if len(c.Scope.Tags) == 0 {
			c.Scope.Tags = nil
		}
		found[c.AttemptID.String()] = spend.Charge{Event: spend.Event{Scope: c.Scope}, Rule: c.Rule, Claims: c.Claims}
	}
	return found
}

// rulesOfTheMoment: what is attributed anew by an order is as if it had been booked
// by that order. Every change and its way back leave every total as it was, book
// nothing when they are done again, and are what a preview said.
func rulesOfTheMoment(t *testing.T, open func(*testing.T) Engine) {
	e, all := open(t), orders(t)
	book(t, ordered(t, e, all[0]), mixed()...)
	first := total(t, e)
	for i, step := range []int{1, 2, 3, 4, 5, 6, 1, 0} {
		p := ordered(t, e, all[step])
		before := bookedSums(t, e)
		told, err := p.Preview(t.Context(), e, ingest.Preview{Order: all[step], Window: past(), By: []spend.Dimension{"team", "business_unit"}, Most: 1000})
		if err != nil {
			t.Fatal(err)
		}
		done := reattribute(t, p, e)
		if diff := cmp.Diff(told.Rebooked, done.Moved); diff != "" || done.Moved.Lines == 0 {
			t.Errorf("step %d: done is not what was told (-told +done):\n%s", i, diff)
		}
		if err := told.Moved.Add(&told.Unchanged); err != nil || told.Moved != before || done.Looked != before {
			t.Errorf("step %d: %+v moved and unchanged, %+v looked at, of %+v", i, told.Moved, done.Looked, before)
		}
		if again := reattribute(t, p, e); again.Moved != (lake.Sums{}) {
			t.Errorf("step %d: %+v booked a second time", i, again.Moved)
		}
		want := open(t)
		book(t, ordered(t, want, all[step]), mixed()...)
		if diff := cmp.Diff(attributions(t, want), attributions(t, e)); diff != "" {
			t.Errorf("step %d is attributed otherwise than what comes new (-new +anew):\n%s", i, diff)
		}
		if diff := cmp.Diff(total(t, want), total(t, e)); diff != "" || bookedSums(t, e) != before {
			t.Errorf("step %d: totals moved (-new +anew):\n%s", i, diff)
		}
	}
	if diff := cmp.Diff(first, total(t, e)); diff != "" {
		t.Errorf("there and back is not where it was (-first +back):\n%s", diff)
	}
}

// anyRules makes rules by chance, over what mixed tells.
func anyRules(rng *rand.Rand) (all []attribute.Rule) {
	patterns := map[string][]string{
		"credential": {"key-[01]", "!key-1", "", "~ key-(?P<a>.)"}, "workflow": {"", "triage", "!sort", "*"}, "team": {"own", "team-*", ""},
		"repository": {"acme/*", "*-2", "!*-1"}, "source": {"gateway", "usage-api"}, "model": {"enor*", "!enormous"},
	}
	fields := slices.Sorted(maps.Keys(patterns))
	for i := range 2 + rng.IntN(5) {
		field := fields[rng.IntN(len(fields))]
		r := attribute.Rule{ID: fmt.Sprint("any-", i), When: map[string]attribute.Patterns{field: {patterns[field][rng.IntN(len(patterns[field]))]}}}
		act := map[string]string{
			[]string{"team", "workflow", "feature", "application"}[rng.IntN(4)]: []string{"x", "y", "${" + field + "}-z"}[rng.IntN(3)],
		}
		if rng.IntN(2) == 0 {
			r.Refine = act
		} else {
			r.Set, r.Default = act, rng.IntN(4) == 0
		}
		if rng.IntN(3) == 0 {
			r.From = Now().AddDate(0, 0, -rng.IntN(12)).Format(time.DateOnly)
		}
		all = append(all, r)
	}
	return all
}

// anyRulesAndBack: whatever rules say, and whatever they said before, no total moves,
// and the way back is complete.
func anyRulesAndBack(t *testing.T, open func(*testing.T) Engine) {
	rng, e, none := rand.New(rand.NewPCG(7, 11)), open(t), orders(t)[0]
	book(t, ordered(t, e, none), mixed()...)
	first, before, all := total(t, e), bookedSums(t, e), attributions(t, e)
	for i := range 3 {
		rules := anyRules(rng)
		set, err := attribute.New(rules)
		if err != nil {
			t.Fatal(err)
		}
		by := none
		by.Rules = set
		p := ordered(t, e, by)
		reattribute(t, p, e)
		if sums := bookedSums(t, e); sums != before {
			t.Errorf("rules %d: %+v became %+v by %+v", i, before, sums, rules)
		}
		if again := reattribute(t, p, e); again.Moved != (lake.Sums{}) {
			t.Errorf("rules %d: %+v booked a second time by %+v", i, again.Moved, rules)
		}
	}
	reattribute(t, ordered(t, e, none), e)
	if diff := cmp.Diff(first, total(t, e)); diff != "" || bookedSums(t, e) != before {
		t.Errorf("there and back is not where it was (-first +back):\n%s", diff)
	}
	if diff := cmp.Diff(all, attributions(t, e)); diff != "" {
		t.Errorf("there and back is attributed otherwise (-first +back):\n%s", diff)
	}
}

// sightingAfterwards: what is told later of a line that was attributed anew counts
// as if it had come before.
func sightingAfterwards(t *testing.T, open func(*testing.T) Engine) {
	all, records := orders(t), mixed()
	want := open(t)
	book(t, ordered(t, want, all[4]), records...)
	e := open(t)
	p := ordered(t, e, all[2])
	var late []ingest.Record
	for i, r := range records {
		if r.Event.Source == "usage-api" {
			late = append(late, r)
			continue
		}
		book(t, p, records[i])
	}
	p.UseOrder(all[4])
	reattribute(t, p, e)
	for _, p := range []*ingest.Pipeline{p, ordered(t, e, all[4])} {
		book(t, p, late...)
	}
	if diff := cmp.Diff(total(t, want), total(t, e)); diff != "" {
		t.Errorf("late sightings count otherwise (-before +after):\n%s", diff)
	}
	if done := reattribute(t, p, e); done.Moved != (lake.Sums{}) {
		t.Errorf("%+v booked again behind them", done.Moved)
	}
}

// stopping is an engine whose reader ends after some looks at lines.
type stopping struct {
	Engine
	left int
	stop context.CancelFunc
}

func (s *stopping) Lines(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error) {
	lines, err := s.Engine.Lines(ctx, attempts)
	if s.left--; s.left == 0 {
		s.stop()
	}
	return lines, err
}

// interruptedReattribution: stopped anywhere and begun again, the past is as if it
// had been attributed at once.
func interruptedReattribution(t *testing.T, open func(*testing.T) Engine) {
	all := orders(t)
	want := open(t)
	book(t, ordered(t, want, all[1]), mixed()...)
	reattribute(t, ordered(t, want, all[4]), want)
	for _, after := range []int{1, 5} {
		e := open(t)
		book(t, ordered(t, e, all[1]), mixed()...)
		ctx, stop := context.WithCancel(t.Context())
		s := &stopping{e, after, stop}
		p := ordered(t, s, all[4])
		part, err := p.Reattribute(ctx, s, past())
		if !errors.Is(err, context.Canceled) || part.Moved.Lines == 0 {
			t.Errorf("stopped after %d looks: %+v, %v", after, part.Moved, err)
		}
		stop()
		rest := reattribute(t, p, s)
		if rest.Moved.Lines == 0 {
			t.Errorf("stopped after %d looks: nothing was left", after)
		}
		if diff := cmp.Diff(attributions(t, want), attributions(t, e)); diff != "" || bookedSums(t, e) != bookedSums(t, want) {
			t.Errorf("stopped after %d looks (-at once +in parts):\n%s", after, diff)
		}
	}
}

// closedStaysClosed: lines of closed periods are attributed anew in the open one.
func closedStaysClosed(t *testing.T, open func(*testing.T) Engine) {
	e, all := open(t), orders(t)
	book(t, ordered(t, e, all[0]), mixed()...)
	before, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closed := spend.PeriodOf(Now(), time.UTC)
	reattribute(t, pipeline(t, e, ingest.Config{Order: all[1], Closed: closed}), e)
	after, err := e.Charges(t.Context())
	if err != nil || len(after) == len(before) {
		t.Fatalf("%d lines became %d, %v", len(before), len(after), err)
	}
	known := map[spend.ID]bool{}
	for _, c := range before {
		known[c.ID] = true
	}
	for _, c := range after {
		if !known[c.ID] && c.Period <= closed {
			t.Errorf("line %s of %s is booked in %s, which is closed", c.ID, c.Origin, c.Period)
		}
	}
}

// blurred is an engine whose kin seem to have been in use for longer: whatever
// depends on the day has to be looked at line by line.
type blurred struct{ Engine }

func (b blurred) EachKin(ctx context.Context, k lake.Kinship, f func(*lake.Kin) error) error {
	return b.Engine.EachKin(ctx, k, func(kin *lake.Kin) error {
		kin.First = kin.First.AddDate(0, 0, -10)
		return f(kin)
	})
}

// mixedKin: what is decided line by line is decided as if it was not.
func mixedKin(t *testing.T, open func(*testing.T) Engine) {
	all := orders(t)
	var moves [2]ingest.Moves
	var lines [2]map[string]spend.Charge
	for i, e := range []Engine{open(t), blurred{open(t)}} {
		book(t, ordered(t, e, all[1]), mixed()...)
		p := ordered(t, e, all[4])
		var err error
		moves[i], err = p.Preview(t.Context(), e, ingest.Preview{Order: all[4], Window: past(), By: []spend.Dimension{"business_unit"}, Most: 9})
		if err != nil {
			t.Fatal(err)
		}
		reattribute(t, p, e)
		lines[i] = attributions(t, e)
	}
	if diff := cmp.Diff(moves[0], moves[1]); diff != "" {
		t.Errorf("the preview differs (-by kin +by line):\n%s", diff)
	}
	if diff := cmp.Diff(lines[0], lines[1]); diff != "" {
		t.Errorf("the lines differ (-by kin +by line):\n%s", diff)
	}
}

// bookedMeanwhile: what is booked while the past is attributed anew is there once,
// and by the order in force.
func bookedMeanwhile(t *testing.T, open func(*testing.T) Engine) {
	all, records := orders(t), mixed()
	want := open(t)
	book(t, ordered(t, want, all[4]), records...)
	e := open(t)
	p := ordered(t, e, all[0])
	book(t, p, records[:30]...)
	p.UseOrder(all[4])
	var working sync.WaitGroup
	working.Go(func() {
		for range 3 {
			if _, err := p.Reattribute(t.Context(), e, past()); err != nil {
				t.Error(err)
			}
		}
	})
	for _, r := range records[30:] {
		book(t, p, r)
	}
	working.Wait()
	reattribute(t, p, e)
	if diff := cmp.Diff(total(t, want), total(t, e)); diff != "" {
		t.Errorf("at the same time gives another total (-alone +meanwhile):\n%s", diff)
	}
}
