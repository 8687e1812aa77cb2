package outcome_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

// told is an event of one ticket so many hours after the start.
func told(state outcome.State, hours int) outcome.Event {
	return outcome.Event{ID: string(state) + time.Duration(hours).String(), Source: "desk", Definition: "tickets", Subject: "t-1",
		State: state, At: start().Add(time.Duration(hours) * time.Hour)}
}

func TestFoldGivesTheStanding(t *testing.T) {
	t.Parallel()
	f := func(want outcome.State, count string, level outcome.Level, all ...outcome.Event) {
		t.Helper()
		s := outcome.Fold(all, definitions(t))
		if s.State != want || s.Count != money.Must(count) || s.Level != level {
			t.Errorf("%s, count %s, %s; want %s, %s, %s", s.State, s.Count, s.Level, want, count, level)
		}
	}
	claimed, verified, matured := told(outcome.Claimed, 0), told(outcome.Verified, 1), told(outcome.Matured, 5)
	f(outcome.Claimed, "1", 0, claimed)
	f(outcome.Verified, "1", 1, claimed, verified)
	f(outcome.Verified, "1", 1, verified, told(outcome.Claimed, 9))
	f(outcome.Matured, "1", 2, claimed, matured)
	f(outcome.Matured, "1", 2, verified, matured, told(outcome.Verified, 7))
	f(outcome.Reversed, "0", 0, claimed, verified, told(outcome.Reversed, 3), matured)
	f(outcome.Disputed, "1", 1, verified, told(outcome.Disputed, 3), matured)
	f(outcome.Verified, "1", 1, verified, told(outcome.Reversed, 3), told(outcome.Verified, 8))
	f(outcome.Reversed, "0", 0, verified, told(outcome.Reversed, 1))
	f(outcome.Reversed, "0", 0, told(outcome.Reversed, 3), told(outcome.Claimed, 4), told(outcome.Disputed, 5))
}

func TestFoldKeepsWhatLaterEventsSay(t *testing.T) {
	t.Parallel()
	claimed, verified := told(outcome.Claimed, 0), told(outcome.Verified, 1)
	claimed.Quantity, claimed.RemediationMinutes = money.Known(money.Must("2.5")), money.Known(money.FromInt(7))
	claimed.Runs = []outcome.Link{{Run: "r1"}, {Run: "r2"}, {Run: "r3"}}
	verified.RemediationMinutes = money.Known(money.FromInt(12))
	want := outcome.Standing{
		Definition: "tickets", Version: 1, Subject: "t-1", Workflow: "w1", State: outcome.Verified, Level: outcome.SystemState,
		At: claimed.At, Since: verified.At, Count: money.Must("2.5"), Value: money.Known(money.FromInt(16)), Currency: "USD",
		Minutes: money.FromInt(12), Human: money.Must("0.2"),
		Links: []outcome.Link{
			{Run: "r1", Weight: money.Known(money.Must("0.266666666667"))}, {Run: "r2", Weight: money.Known(money.Must("0.266666666667"))},
			{Run: "r3", Weight: money.Known(money.Must("0.266666666666"))},
		},
	}
	if diff := cmp.Diff(want, outcome.Fold([]outcome.Event{verified, claimed}, definitions(t))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if s := outcome.Fold([]outcome.Event{claimed}, nil); s.Value.Valid || s.Version != 0 {
		t.Errorf("without a definition the value is %s, version %d; want unknown", s.Value, s.Version)
	}
}

func TestAChangedEventIsRefused(t *testing.T) {
	t.Parallel()
	e := told(outcome.Verified, 1)
	lines := outcome.Book(nil, []outcome.Event{e}, nil, start()).Lines
	e.Subject = "t-2"
	b := outcome.Book(lines, []outcome.Event{e}, nil, start())
	if len(b.Lines) != 0 || len(b.Refused) != 1 || b.Refused[0].Problems[0].Field != "id" {
		t.Errorf("%+v, want the event refused for its id", b)
	}
}

// TestVersionsStay books the second event after a new version came into force.
func TestVersionsStay(t *testing.T) {
	t.Parallel()
	old := definitions(t)
	both, err := outcome.ParseDefinitions([]byte(`outcomes:
  - {id: tickets, version: 2, unit: ticket, workflow: w1, value: {basis: booked_revenue, amount: 9, currency: USD}}
  - {id: tickets, version: 1, unit: ticket, workflow: w1, value: {basis: avoided_handle_time, amount: 6.40, currency: USD}}
`))
	if err != nil {
		t.Fatal(err)
	}
	lines := outcome.Book(nil, []outcome.Event{told(outcome.Claimed, 0)}, old, start()).Lines
	lines = append(lines, outcome.Book(lines, []outcome.Event{told(outcome.Verified, 1)}, both, start()).Lines...)
	last := lines[len(lines)-1].Standing
	if last.Version != 1 || last.Value != money.Known(money.Must("6.4")) || last.State != outcome.Verified {
		t.Errorf("counted as %s under version %d at %s, want verified under version 1 at 6.4", last.State, last.Version, last.Value)
	}
}

func TestValidateTellsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	half := money.Known(money.Must("0.6"))
	e := outcome.Event{State: "won", Level: 9, Version: -1, Quantity: money.Known(money.Amount{}), Value: money.Known(money.FromInt(-1)),
		Workflow: strings.Repeat("w", 513), RemediationMinutes: money.Known(money.FromInt(-1)),
		Runs: []outcome.Link{{Run: "a", Weight: half}, {Run: "a", Weight: half}, {}}}
	fields := map[string]bool{}
	for _, p := range e.Validate() {
		fields[p.Field] = true
	}
	for _, want := range []string{"id", "source", "definition", "subject", "workflow", "version", "state", "at", "level", "quantity", "value",
		"currency", "remediation_minutes", "runs"} {
		if !fields[want] {
			t.Errorf("nothing is said about %s", want)
		}
	}
	self := told(outcome.Claimed, 0)
	self.Level = outcome.Audited
	if found := self.Validate(); len(found) != 1 || found[0].Field != "level" {
		t.Errorf("%v, want a claim refused that evidences itself", found)
	}
}

func TestDefinitionsAreStrict(t *testing.T) {
	t.Parallel()
	f := func(text string, wants ...string) {
		t.Helper()
		_, err := outcome.ParseDefinitions([]byte(text))
		for _, want := range wants {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want it to say %q", err, want)
			}
		}
	}
	const sound = "id: a, version: 1, unit: u, workflow: w"
	f("outcomes: [{"+sound+", colour: red}]", "colour")
	f("outcomes: [{}]", "id", "version", "unit", "workflow")
	f("outcomes: [{"+sound+", maturity: soon, human_share: 2, value: {basis: hope, amount: -1}}]", "maturity", "human_share", "basis", "amount", "currency")
	f("outcomes: [{"+sound+", value: {amount: 1, currency: USD}}]", "without a basis")
	f("outcomes: [{"+sound+"}, {"+sound+"}]", "defined twice")
	f("outcomes: [{"+sound+"}, {id: b, version: 1, unit: u, workflow: w}]", "already has the definition a")
	f("outcomes: []\n---\noutcomes: []", "a second document begins")
	none, err := outcome.ParseDefinitions(nil)
	if err != nil || len(none.All()) != 0 {
		t.Errorf("an empty file is %v, %v", none.All(), err)
	}
	if d, ok := definitions(t).Find("tickets", 0); !ok || d.Maturity != 7*24*time.Hour || d.HumanShare != money.Must("0.2") {
		t.Errorf("%+v", d)
	}
}

func TestMatureAfterItsTimeOnce(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	d, _ := defs.Find("tickets", 0)
	lines := outcome.Book(nil, []outcome.Event{told(outcome.Verified, 0)}, defs, start()).Lines
	s := lines[0].Standing
	if _, due := outcome.Mature(&s, &d, start().Add(7*24*time.Hour-1)); due {
		t.Error("matured too early")
	}
	e, due := outcome.Mature(&s, &d, start().Add(8*24*time.Hour))
	again, _ := outcome.Mature(&s, &d, start().Add(9*24*time.Hour))
	if diff := cmp.Diff(e, again); !due || diff != "" {
		t.Fatalf("due %t, and another day gives another event:\n%s", due, diff)
	}
	b := outcome.Book(lines, []outcome.Event{e}, defs, start())
	if got := b.Lines[len(b.Lines)-1].Standing; got.State != outcome.Matured || got.Level != outcome.Survived {
		t.Errorf("%+v, want it matured at L2; refused %v", got, b.Refused)
	}
}

func TestEventsSurviveJSON(t *testing.T) {
	t.Parallel()
	e := told(outcome.Verified, 1)
	e.Level, e.Runs = outcome.Survived, []outcome.Link{{Run: "r", Weight: money.Known(money.Must("0.5"))}}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back outcome.Event
	if err := json.Unmarshal(text, &back); err != nil || back.Content() != e.Content() {
		t.Errorf("%v: %s", err, text)
	}
}

func part(cost string) outcome.Part {
	return outcome.Part{Runs: 1, Calls: 2, Cost: money.Known(money.Must(cost))}
}

func TestRatiosAreOfAllSpend(t *testing.T) {
	t.Parallel()
	r := outcome.Row{Outcomes: money.FromInt(371), With: part("150"), Without: part("70"), NoRun: part("9.98"), All: part("229.98")}
	for what, pair := range map[string][2]money.Null{
		"cost per outcome": {r.CostPerOutcome(), money.Known(money.Must("0.619892183288"))},
		"share":            {r.Share(), money.Known(money.Must("0.65223062875"))},
		"orphan share":     {r.OrphanShare(), money.Known(money.Must("0.34776937125"))},
	} {
		if pair[0].Amount.Round(11) != pair[1].Amount.Round(11) {
			t.Errorf("%s is %s, want %s", what, pair[0], pair[1])
		}
	}
	orphan, err := r.Orphan()
	if err != nil || orphan.Cost != money.Known(money.Must("79.98")) || orphan.Calls != 4 {
		t.Errorf("orphan %+v, %v", orphan, err)
	}
	r.All.Cost, r.All.Unknown = money.Known(money.Amount{}), 5
	if r.CostPerOutcome().Valid {
		t.Error("what has no price is free")
	}
	r.All.Unknown = 0
	if r.CostPerOutcome() != money.Known(money.Amount{}) {
		t.Error("what is free has no cost")
	}
	r.Outcomes, r.All.Cost = money.Amount{}, money.Null{}
	if r.CostPerOutcome().Valid || r.Share().Valid || r.OrphanShare().Valid {
		t.Error("nothing over nothing is no figure")
	}
}

func TestRatiosRoundHalfToEven(t *testing.T) {
	t.Parallel()
	f := func(cost, outcomes, want string) {
		t.Helper()
		r := outcome.Row{Outcomes: money.Must(outcomes), All: part(cost)}
		if got := r.CostPerOutcome(); got != money.Known(money.Must(want)) {
			t.Errorf("%s over %s is %s, want %s", cost, outcomes, got, want)
		}
	}
	f("0.000000000001", "2", "0")
	f("0.000000000003", "2", "0.000000000002")
	f("-0.000000000003", "2", "-0.000000000002")
	f("1", "3", "0.333333333333")
	f("2", "3", "0.666666666667")
	f("1", "0.5", "2")
	f("99999999999999999999999999", "1", "99999999999999999999999999")
}

func TestTotalsRefuseToMixCurrencies(t *testing.T) {
	t.Parallel()
	table := outcome.Table{Rows: []outcome.Row{{Currency: "USD", All: part("1")}, {Currency: "EUR", All: part("2")}}}
	if err := table.Sum(); err != nil || !table.Total.Mixed || table.Total.All.Cost.Valid || table.Total.All.Calls != 4 {
		t.Errorf("%+v, %v", table.Total, err)
	}
}
