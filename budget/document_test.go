package budget_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The example of Parse.
const example = `kind: budget
name: support
budgets:
  - id: support/month
    scope: {application: support, environment: production}
    exempt: [{feature: outage}]
    each: [workflow]
    amount: 500
    currency: USD
    counts: effective        # contracted, list, tokens, calls, depth
    period: month            # minute … year, run, call, rolling 24h
    per_outcome: {outcome: support.resolution, amount: 0.40}
    alerts: [50, 80, 100, forecast 100]
    at_limit: downgrade      # watch, warn, throttle with pace: {calls: 6, per: minute}, downgrade, stop
    fallback: gpt-5-mini
    grace: 5%
    unproven: 0.50           # or refuse
    owner: support
    override: {reason: launch, until: 2026-12-31}
rates:
  - {id: support/keys, each: credential, calls: 60, per: minute, burst: 10}
  - {id: support/open, each: workflow, open: 20}
`

func TestParse(t *testing.T) {
	t.Parallel()
	of := calendar.Calendar{Zone: zone(t, "Europe/Zurich"), Fiscal: spend.Fiscal{Start: time.July}}
	got, err := budget.Parse([]byte(example), of)
	if err != nil {
		t.Fatal(err)
	}
	want := budget.Document{
		Name: "support",
		Budgets: []budget.Budget{{
			ID: "support/month", Scope: budget.Selector{"application": {"support"}, "environment": {"production"}},
			Exempt: []budget.Selector{{"feature": {"outage"}}}, Each: []string{"workflow"},
			Amount: usd("500"), Currency: "USD", Counts: budget.Effective, Window: budget.Window{Period: budget.Month, Calendar: of},
			PerOutcome: budget.Earning{Outcome: "support.resolution", Amount: usd("0.4")},
			Alerts:     []budget.Alert{{Percent: 50}, {Percent: 80}, {Percent: 100}, {Percent: 100, Forecast: true}},
			AtLimit:    budget.Downgrade, Fallback: "gpt-5-mini", Grace: 5, Unproven: money.Known(usd("0.5")), Owner: "support",
			Override: budget.Override{Reason: "launch", Until: at(t, "2026-12-31T23:00:00Z")}, // the day has ended in Zurich
		}},
		Rates: []budget.Rate{
			{ID: "support/keys", Each: []string{"credential"}, Counts: budget.Calls, Amount: 60, Per: time.Minute, Burst: 10},
			{ID: "support/open", Each: []string{"workflow"}, Counts: budget.Open, Amount: 20},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(sameZone)); diff != "" {
		t.Errorf("the example differs (-want +got):\n%s", diff)
	}
	if _, err := budget.Compile(got.Budgets, got.Rates, nil); err != nil {
		t.Errorf("it does not compile: %v", err)
	}
}

func sameZone(a, b calendar.Calendar) bool {
	return a.Location().String() == b.Location().String() && a.Fiscal == b.Fiscal
}

func TestParseFillsIn(t *testing.T) {
	t.Parallel()
	got, err := budget.Parse([]byte(`
budgets:
  - {id: a, amount: 5, currency: CHF, period: rolling 7d, zone: Asia/Tokyo, calendar: civil, alerts: [], scope: {team: ["", x]}}
rates: [{id: b, tokens: 1000, per: 90s}]
`), calendar.Calendar{Fiscal: spend.Fiscal{Start: time.July}})
	if err != nil {
		t.Fatal(err)
	}
	want := budget.Document{
		Budgets: []budget.Budget{{
			ID: "a", Scope: budget.Selector{"team": {"", "x"}}, Amount: usd("5"), Currency: "CHF", Counts: budget.Effective,
			Window: budget.Window{Length: 7 * 24 * time.Hour, Calendar: calendar.Calendar{Zone: zone(t, "Asia/Tokyo")}}, AtLimit: budget.Warn,
		}},
		Rates: []budget.Rate{{ID: "b", Counts: budget.Tokens, Amount: 1000, Per: 90 * time.Second, Burst: 1000}},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(sameZone)); diff != "" {
		t.Errorf("it differs (-want +got):\n%s", diff)
	}
}

func TestParseTellsEveryMistake(t *testing.T) {
	t.Parallel()
	fine := "id: a, amount: 1, currency: USD, period: day"
	for text, wants := range map[string][]string{
		"colour: red":             {"line 1: field colour is not known here; one of kind, name, budgets, rates"},
		"kind: prices\nname: A B": {`kind: is "prices", want budget`, "name: must be"},
		"budgets: [{}]":           {"budgets[1].id", "budgets[1].amount: must be said", "budgets[1].currency", "budgets[1].period"},
		"budgets: [{id: a, amount: x1, period: fortnight, currency: usd}]\nrates: [{id: b}]":                            {`a.amount: "x1"`, "a.period: must be one of minute", "a.currency", "b: needs one of", "b.per"},
		"budgets: [{" + fine + ", scope: {tem: [x], team: []}}]":                                                        {`no dimension "tem"`, "a.scope.team: needs a value"},
		"budgets: [{" + fine + ", exempt: [{}], each: [team, team, x]}]":                                                {"exempts every call", `"team" is there twice`, `no dimension "x"`},
		"budgets: [{" + fine + ", alerts: [0, 80, 80, x, forecast 2000]}]":                                              {"0: must be", "80 is there twice", `"x" must be a percentage`, "2000: must be"},
		"budgets: [{" + fine + ", at_limit: explode, grace: lots, unproven: 0}]":                                        {"a.at_limit", "a.grace", "unknown is never zero"},
		"budgets: [{" + fine + ", at_limit: downgrade}]":                                                                {"a.fallback"},
		"budgets: [{" + fine + ", at_limit: throttle}]":                                                                 {"a.pace: is how fast"},
		"budgets: [{" + fine + ", at_limit: stop, pace: {calls: 1, per: hour}}]":                                        {"a.pace: is how fast"},
		"budgets: [{" + fine + ", at_limit: throttle, pace: {calls: -1, per: week}}]":                                   {"a.pace.calls", "a.pace.per"},
		"budgets: [{" + strings.Replace(fine, "day", "call", 1) + ", at_limit: throttle, pace: {calls: 1, per: hour}}]": {"cannot be slowed down"},
		"budgets: [{" + fine + ", fallback: small}]":                                                                    {"a.fallback"},
		"budgets: [{" + fine + ", per_outcome: {outcome: x}, override: {reason: y}}]":                                   {"a.per_outcome: needs both", "a.override: needs both"},
		"budgets: [{" + fine + ", override: {until: tomorrow}}]":                                                        {"a.override.until"},
		"budgets: [{" + fine + ", zone: Mars/Base, calendar: lunar}]":                                                   {`no time zone "Mars/Base"`, "a.calendar"},
		"budgets: [{" + fine + ", counts: tokens}]":                                                                     {"a.currency: is for money"},
		"budgets: [{id: a, amount: 1.5, counts: calls, period: day}]":                                                   {"a whole number of calls"},
		"budgets: [{id: a, amount: 3, counts: depth, period: day}]":                                                     {"write period: call"},
		"budgets: [{id: a, amount: -1, currency: USD, period: rolling 367d}]":                                           {"a.amount: must be", "a.period"},
		"budgets: [{" + strings.Replace(fine, "day", "call", 1) + ", per_outcome: {outcome: x, amount: 1}}]":            {"do not belong to a single call"},
		"rates: [{id: b, calls: 1, tokens: 1, per: 1µs, burst: -1}]":                                                    {"b: needs one of", "b.per", "b.burst"},
		"rates: [{id: b, open: 5, per: minute}]":                                                                        {"neither per nor burst"},
		"budgets: []\n---\nbudgets: []":                                                                                 {"a second document begins"},
		"budgets: [":                                                                                                    {"line 1"},
		strings.Repeat("#", 4<<20+1):                                                                                    {"larger than 4 MiB"},
		"rates:\n" + strings.Repeat("  - {}\n", budget.MaxLimits+1):                                                     {"more than 20000 limits"},
	} {
		_, err := budget.Parse([]byte(text), calendar.Calendar{})
		if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%.60q: %v, want an error of kind invalid with a hint", text, err)
			continue
		}
		for _, want := range wants {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%.80q: %v, want it to say %q", text, err, want)
			}
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	twice := []budget.Budget{daily("cap", "1"), daily("cap", "2")}
	if _, err := budget.Compile(twice, nil, counted); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), "cap: is the id of two limits") {
		t.Errorf("two of one id: %v", err)
	}
	blanket := daily("cap", "1")
	_, err := budget.Compile([]budget.Budget{blanket}, nil, nil)
	if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), "cap.at_limit: stop may not stop calls of owned production work") {
		t.Errorf("a blanket cap: %v", err)
	}
	for name, change := range map[string]func(*budget.Budget){
		"it warns":        func(b *budget.Budget) { b.AtLimit = budget.Warn },
		"a run":           func(b *budget.Budget) { b.Window.Period = budget.EachRun },
		"a call":          func(b *budget.Budget) { b.Window.Period = budget.EachCall },
		"each key":        func(b *budget.Budget) { b.Each = []string{"credential"} },
		"a key":           func(b *budget.Budget) { b.Scope = budget.Selector{"credential": {"k1"}} },
		"in a test":       func(b *budget.Budget) { b.Scope = budget.Selector{"environment": {"test", "staging"}} },
		"nobody's":        func(b *budget.Budget) { b.Scope = budget.Selector{"team": {""}} },
		"per outcome":     func(b *budget.Budget) { b.PerOutcome = budget.Earning{Outcome: "x", Amount: usd("1")} },
		"overridden once": func(b *budget.Budget) { b.Override = budget.Override{Reason: "x", Until: noon()} },
	} {
		b := daily("cap", "1")
		change(&b)
		if _, err := budget.Compile([]budget.Budget{b}, nil, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, scope := range map[string]budget.Selector{
		"production too": {"environment": {"test", "production"}}, "unsaid too": {"environment": {""}}, "all": nil,
		"two workflows": {"workflow": {"triage", "unseen"}},
	} {
		b := daily("cap", "1")
		b.Scope = scope
		seen := func(w string) bool { return w == "triage" }
		if _, err := budget.Compile([]budget.Budget{b}, nil, seen); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%s: %v, want an error of kind invalid", name, err)
		}
	}
}

func TestLint(t *testing.T) {
	t.Parallel()
	with := func(id, amount string, change func(*budget.Budget)) budget.Budget {
		b := daily(id, amount)
		change(&b)
		return b
	}
	nothing := func(*budget.Budget) {}
	wide := func(b *budget.Budget) {
		b.Scope = budget.Selector{"workflow": {"triage", "other"}}
	}
	for name, f := range map[string]struct {
		budgets []budget.Budget
		want    string
	}{
		"alone": {[]budget.Budget{daily("a", "1")}, ""},
		"twice": {[]budget.Budget{daily("a", "1"), daily("b", "2")}, "b: budget a counts the same calls and does the same at its limit: the smaller decides; keep one of them"},
		"twice, for each": {[]budget.Budget{with("a", "1", func(b *budget.Budget) { b.Each = []string{"model", "team"} }), with("b", "2", func(b *budget.Budget) { b.Each = []string{"team", "model"} })},
			"b: budget a counts the same calls and does the same at its limit: the smaller decides; keep one of them"},
		"warn, then stop": {[]budget.Budget{with("a", "1", func(b *budget.Budget) { b.AtLimit = budget.Warn }), daily("b", "2")}, ""},
		"stop, then warn": {[]budget.Budget{with("a", "2", func(b *budget.Budget) { b.AtLimit = budget.Warn }), daily("b", "1")},
			"a: it never comes to its limit: budget b counts all of its calls and says stop at 1 USD before; lower this one or raise the other"},
		"below a smaller": {[]budget.Budget{with("all", "1", wide), daily("a", "1")},
			"a: it never comes to its limit: budget all counts all of its calls and says stop at 1 USD before; lower this one or raise the other"},
		"below a larger":       {[]budget.Budget{with("all", "2", wide), daily("a", "1")}, ""},
		"below one that warns": {[]budget.Budget{with("all", "1", func(b *budget.Budget) { wide(b); b.AtLimit = budget.Warn }), daily("a", "1")}, ""},
		"below one of each":    {[]budget.Budget{with("all", "1", func(b *budget.Budget) { wide(b); b.Each = []string{"region"} }), daily("a", "1")}, ""},
		"below one with holes": {[]budget.Budget{with("all", "1", func(b *budget.Budget) { wide(b); b.Exempt = []budget.Selector{{"model": {"x"}}} }), daily("a", "1")}, ""},
		"over another period":  {[]budget.Budget{with("all", "1", func(b *budget.Budget) { wide(b); b.Window.Period = budget.Week }), daily("a", "1")}, ""},
		"in another zone":      {[]budget.Budget{with("all", "1", func(b *budget.Budget) { wide(b); b.Window.Calendar.Zone = zone(t, "Asia/Tokyo") }), daily("a", "1")}, ""},
		"another currency":     {[]budget.Budget{with("all", "1", func(b *budget.Budget) { wide(b); b.Currency = "EUR" }), daily("a", "1")}, ""},
		"beside each other":    {[]budget.Budget{with("x", "1", func(b *budget.Budget) { b.Scope = budget.Selector{"team": {"a"}} }), with("y", "1", nothing)}, ""},
		"by tags and by models": {[]budget.Budget{with("x", "1", func(b *budget.Budget) { b.Scope = budget.Selector{"tags.p": {"a"}} }),
			with("y", "1", func(b *budget.Budget) { b.Scope = budget.Selector{"tags.p": {"a"}, "model": {"big"}} })},
			"y: it never comes to its limit: budget x counts all of its calls and says stop at 1 USD before; lower this one or raise the other"},
	} {
		for i := range f.budgets {
			f.budgets[i].Override = budget.Override{Reason: "lint", Until: noon().AddDate(1, 0, 0)}
		}
		s, err := budget.Compile(f.budgets, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, finding := range s.Lint(noon(), budget.Prices{}) {
			lines = append(lines, finding.String())
		}
		if diff := cmp.Diff(f.want, strings.Join(lines, "\n")); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", name, diff)
		}
	}
}

func TestLintTellsOfWhatCannotAct(t *testing.T) {
	t.Parallel()
	known := budget.Prices{
		Priced:  func(seller, model string) bool { return model == "small" && seller != "elsewhere" },
		Unrated: func(into money.Currency) money.Currency { return map[money.Currency]money.Currency{"CHF": "USD"}[into] },
	}
	falls := func(to string, scope budget.Selector) budget.Budget {
		b := daily("b", "1")
		b.AtLimit, b.Fallback, b.Scope = budget.Downgrade, to, scope
		return b
	}
	franc, tokens := daily("b", "1"), daily("b", "1")
	franc.Currency, tokens.Currency, tokens.Counts = "CHF", "", budget.Tokens
	for name, f := range map[string]struct {
		budget budget.Budget
		want   string // in the only finding, "" for none
	}{
		"known":              {falls("small", nil), ""},
		"known at its own":   {falls("small", budget.Selector{"seller": {"openai"}}), ""},
		"unknown":            {falls("smal", nil), "no price is known of its fallback smal, "},
		"unknown at one":     {falls("small", budget.Selector{"seller": {"openai", "elsewhere"}}), "no price is known of its fallback small at elsewhere, "},
		"the same":           {falls("small", budget.Selector{"model": {"small"}}), "is the model that it looks at"},
		"one of several":     {falls("small", budget.Selector{"model": {"small", "big"}}), ""},
		"without a rate":     {franc, "no exchange rate leads from USD into CHF"},
		"without a currency": {tokens, ""},
	} {
		f.budget.Override = budget.Override{Reason: "lint", Until: noon().AddDate(1, 0, 0)}
		s, err := budget.Compile([]budget.Budget{f.budget}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		found := s.Lint(noon(), known)
		if len(found) > 1 || (len(found) == 0) != (f.want == "") || len(found) == 1 && !strings.Contains(found[0].Msg, f.want) {
			t.Errorf("%s: %v, want %q", name, found, f.want)
		}
		if more := s.Lint(noon(), budget.Prices{}); len(more) != 0 && name != "the same" {
			t.Errorf("%s: when nothing is known: %v", name, more)
		}
	}
}

func TestLintTellsOfEndedOverrides(t *testing.T) {
	t.Parallel()
	b := daily("cap", "1")
	b.Override = budget.Override{Reason: "launch", Until: noon()}
	s, err := budget.Compile([]budget.Budget{b}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []budget.Finding{{Limit: "cap", Msg: "its override has ended, so that it only warns; count the results of its workflows, or renew it"}}
	if diff := cmp.Diff(want, s.Lint(noon(), budget.Prices{})); diff != "" {
		t.Errorf("it differs (-want +got):\n%s", diff)
	}
	if found := s.Lint(noon().Add(-1), budget.Prices{}); len(found) != 0 {
		t.Errorf("before its end: %v", found)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("rates: [{id: b, tokens: 1000, per: 90s}]"))
	f.Add([]byte("budgets: [{id: a, amount: 1e-12, currency: USD, period: rolling 1m, scope: {team: *x}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := budget.Parse(text, calendar.Calendar{})
		if err != nil {
			if spend.KindOf(err) != spend.KindInvalid {
				t.Fatalf("%v is not of kind invalid", err)
			}
			return
		}
		s, err := budget.Compile(d.Budgets, d.Rates, counted)
		if err != nil {
			return // ids that are there twice, caps without evidence
		}
		s.Lint(noon(), budget.Prices{})
		e := budget.New(s, budget.AtPar, &budget.Opening{At: noon()})
		for n := range 3 {
			c := call(n, "0.01")
			if e.Acquire(c).Action.Admits() {
				e.Book(noon(), line(c, "0.01"))
			}
		}
		for _, standing := range e.Standings() {
			if standing.Held.Sign() != 0 || standing.Settled.Sign() != 0 {
				t.Fatalf("everything is booked, and %+v", standing)
			}
		}
	})
}
