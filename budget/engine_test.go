package budget_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func noon() time.Time { return time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC) }

func usd(s string) money.Amount { return money.Must(s) }

// daily is a stopping budget of a workflow whose results are counted.
func daily(id, amount string) budget.Budget {
	return budget.Budget{
		ID: id, Scope: budget.Selector{"workflow": {"triage"}}, Amount: usd(amount), Currency: "USD", Counts: budget.Effective,
		Window: budget.Window{Period: budget.Day}, AtLimit: budget.Stop, Alerts: budget.DefaultAlerts(), Owner: "support",
	}
}

func counted(string) bool { return true }

func engine(t testing.TB, budgets []budget.Budget, rates ...budget.Rate) *budget.Engine {
	t.Helper()
	return budget.New(set(t, budgets, rates...), budget.AtPar, &budget.Opening{At: noon()})
}

func set(t testing.TB, budgets []budget.Budget, rates ...budget.Rate) *budget.Set {
	t.Helper()
	s, err := budget.Compile(budgets, rates, counted)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func triage() budget.Subject {
	return budget.Subject{Scope: spend.Scope{Team: "support", Workflow: "triage", Run: "r1", Credential: "k1", Environment: "production"}, Model: "big"}
}

// call is the n-th call of the triage with a bound in USD, "" for none.
func call(n int, bound string) *budget.Call {
	most := money.Null{}
	if bound != "" {
		most = money.Known(usd(bound))
	}
	return &budget.Call{ID: spend.Digest("call", fmt.Sprint(n)), At: noon(), Subject: triage(), Bound: budget.AtMost(most, "USD", 1000)}
}

func cost(amount string) budget.Cost { return budget.AtMost(money.Known(usd(amount)), "USD", 800) }

// line is what the ledger books of a call.
func line(c *budget.Call, amount string) budget.Line {
	return budget.Line{Keys: []spend.ID{c.ID}, At: c.At, Subject: c.Subject, Cost: cost(amount)}
}

// use gives what a budget has booked, settled and held in all its windows.
func use(t testing.TB, e *budget.Engine, id string) string {
	t.Helper()
	var text []string
	for _, s := range e.Standings() {
		if s.Budget == id {
			text = append(text, fmt.Sprintf("%s+%s+%s", s.Booked, s.Settled, s.Held))
		}
	}
	return strings.Join(text, " ")
}

// The example of the package comment, and the bar that peers pass 9.6 times over.
func TestABurstNeverPassesTheLimit(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{daily("cap", "0.05")})
	var waiting, open []*budget.Call
	for n := range 300 {
		waiting = append(waiting, call(n, "0.002"))
	}
	first, through := 0, 0
	for round := 0; ; round++ {
		var refused []*budget.Call
		for _, c := range waiting {
			if e.Acquire(c).Action.Admits() {
				open = append(open, c)
			} else {
				refused = append(refused, c)
			}
		}
		if round == 0 {
			first = len(open)
		}
		if len(open) == 0 {
			break
		}
		for _, c := range open {
			e.Settle(c.ID, cost("0.0016"))
		}
		through, open, waiting = through+len(open), nil, refused
	}
	if first != 25 || through != 31 {
		t.Errorf("the first burst let %d through and all together %d, want 25 and 31", first, through)
	}
	if got := use(t, e, "cap"); got != "0+0.0496+0" {
		t.Errorf("used %s, want 0.0496 settled", got)
	}
}

func TestConcurrentHoldersNeverPassTheLimit(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{daily("cap", "0.05")})
	var holders sync.WaitGroup
	for n := range 300 {
		holders.Go(func() {
			c := call(n, "0.0016")
			if e.Acquire(c).Action.Admits() {
				e.Settle(c.ID, cost("0.0016"))
				e.Book(noon(), line(c, "0.0016"))
			}
		})
	}
	holders.Wait()
	if got := use(t, e, "cap"); got != "0.0496+0+0" {
		t.Errorf("used %s, want 31 calls of 0.0016 booked", got)
	}
}

func TestAllOrNone(t *testing.T) {
	t.Parallel()
	team := daily("team", "10")
	team.Scope = budget.Selector{"team": {"support"}, "workflow": {"triage", "other"}}
	e := engine(t, []budget.Budget{team, daily("workflow", "1")})
	v := e.Acquire(call(1, "2"))
	if v.Action != budget.Stop || len(v.Reasons) != 1 {
		t.Fatalf("got %+v, want one stop", v)
	}
	const want = "budget workflow has 1 of 1 USD left and the call may cost 2; it resets at 2026-11-27T00:00:00Z; ask support"
	if got := v.Reasons[0].String(); got != want {
		t.Errorf("it says\n%s, want\n%s", got, want)
	}
	if got := e.Standings(); len(got) != 0 {
		t.Errorf("a refused call holds %+v", got)
	}
	if v := e.Acquire(call(1, "0.75")); !v.Action.Admits() || use(t, e, "team") != "0+0+0.75" || use(t, e, "workflow") != "0+0+0.75" {
		t.Errorf("%+v with %+v", v, e.Standings())
	}
	if v := e.Acquire(call(1, "0.75")); !v.Action.Admits() || use(t, e, "team") != "0+0+0.75" {
		t.Errorf("asked twice: %+v with %+v", v, e.Standings())
	}
}

// TestGraceIsSaid: a refusal and a standing have the same left, of the limit with its grace.
func TestGraceIsSaid(t *testing.T) {
	t.Parallel()
	limit := daily("cap", "0.005")
	limit.Grace, limit.Owner = 100, ""
	e := engine(t, []budget.Budget{limit})
	for i, want := range []string{
		"", "", "budget cap has 0.002 of 0.01 USD left (0.005 and 100 % grace) and the call may cost 0.004; it resets at 2026-11-27T00:00:00Z",
	} {
		v := e.Acquire(call(i+1, "0.004"))
		if got := v.Reasons; len(got) > 1 || (want != "") != (len(got) == 1) || want != "" && got[0].String() != want {
			t.Errorf("call %d: %+v, want %q", i, got, want)
		}
	}
	if s := e.Standings()[0]; s.Left() != usd("0.002") || s.Used() != usd("0.008") || s.Amount != usd("0.005") {
		t.Errorf("standing %+v with %s left", s, s.Left())
	}
}

func TestWaysOfAHold(t *testing.T) {
	t.Parallel()
	c := call(1, "2")
	unpriced := budget.Line{Keys: []spend.ID{c.ID}, At: c.At, Subject: c.Subject, Cost: budget.Cost{Calls: 1, Exposure: money.Money{Amount: usd("1.5"), Currency: "USD"}}}
	unseen := unpriced
	unseen.Cost.Exposure = money.Money{}
	reversal := unpriced
	reversal.Cost = unpriced.Cost.Neg()
	elsewhere, other := line(c, "1"), line(c, "1")
	other.Keys = []spend.ID{spend.Digest("response", "acme", "r1")}
	elsewhere.Subject.Workflow = "other"
	for name, f := range map[string]struct {
		steps func(*budget.Engine)
		want  string
	}{
		"open":                 {func(*budget.Engine) {}, "0+0+2"},
		"settled":              {func(e *budget.Engine) { e.Settle(c.ID, cost("1")) }, "0+1+0"},
		"settled twice":        {func(e *budget.Engine) { e.Settle(c.ID, cost("1")); e.Settle(c.ID, cost("1.25")) }, "0+1.25+0"},
		"settled above":        {func(e *budget.Engine) { e.Settle(c.ID, cost("3")) }, "0+3+0"},
		"settled unknown":      {func(e *budget.Engine) { e.Settle(c.ID, budget.Cost{Calls: 1}) }, "0+2+0"},
		"released":             {func(e *budget.Engine) { e.Release(c.ID); e.Release(c.ID) }, ""},
		"booked":               {func(e *budget.Engine) { e.Book(noon(), line(c, "1")) }, "1+0+0"},
		"settled and booked":   {func(e *budget.Engine) { e.Settle(c.ID, cost("1")); e.Book(noon(), line(c, "1")) }, "1+0+0"},
		"booked, then settled": {func(e *budget.Engine) { e.Book(noon(), line(c, "1")); e.Settle(c.ID, cost("1")) }, "1+0+0"},
		"booked by another":    {func(e *budget.Engine) { e.Book(noon(), other); e.Close(c.ID, c.ID) }, "1+0+0"},
		"booked elsewhere":     {func(e *budget.Engine) { e.Book(noon(), elsewhere) }, ""},
		"unpriced":             {func(e *budget.Engine) { e.Book(noon(), unpriced) }, "1.5+0+0"},
		"priced at last":       {func(e *budget.Engine) { e.Book(noon(), unpriced); e.Book(noon(), reversal, line(c, "1")) }, "1+0+0"},
		"nothing known":        {func(e *budget.Engine) { e.Book(noon(), unseen) }, "0+0+0"}, // a standing: one call is unknown
	} {
		e := engine(t, []budget.Budget{daily("cap", "10")})
		if v := e.Acquire(c); v.Action != budget.Allow {
			t.Fatalf("%s: %+v", name, v)
		}
		f.steps(e)
		if got := use(t, e, "cap"); got != f.want {
			t.Errorf("%s: used %q, want %q", name, got, f.want)
		}
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	with := func(change func(*budget.Budget)) budget.Budget {
		b := daily("cap", "1")
		change(&b)
		return b
	}
	approved, cheaper := call(1, "2"), call(1, "2")
	approved.Approved = []string{"cap"}
	cheaper.Downgraded = true
	free, absurd, negative := call(1, "0"), call(1, "99999999999999999999"), call(1, "-2")
	for name, f := range map[string]struct {
		budget budget.Budget
		call   *budget.Call
		want   string
	}{
		"watch":             {with(func(b *budget.Budget) { b.AtLimit = budget.Watch }), call(1, "2"), "watch full"},
		"warn":              {with(func(b *budget.Budget) { b.AtLimit = budget.Warn }), call(1, "2"), "warn full"},
		"approve":           {with(func(b *budget.Budget) { b.AtLimit = budget.Approve }), call(1, "2"), "approve full"},
		"approved":          {with(func(b *budget.Budget) { b.AtLimit = budget.Approve }), approved, "warn full"},
		"downgrade":         {with(func(b *budget.Budget) { b.AtLimit, b.Fallback = budget.Downgrade, "small" }), call(1, "2"), "downgrade full small"},
		"downgraded":        {with(func(b *budget.Budget) { b.AtLimit, b.Fallback = budget.Downgrade, "small" }), cheaper, "warn full"},
		"cheap already":     {with(func(b *budget.Budget) { b.AtLimit, b.Fallback = budget.Downgrade, "big" }), call(1, "2"), "warn full"},
		"stop":              {with(func(*budget.Budget) {}), call(1, "2"), "stop full"},
		"fits to the digit": {with(func(*budget.Budget) {}), call(1, "1"), ""},
		"one digit more":    {with(func(*budget.Budget) {}), call(1, "1.000000000001"), "stop full"},
		"grace":             {with(func(b *budget.Budget) { b.Grace = 10 }), call(1, "1.1"), ""},
		"beyond grace":      {with(func(b *budget.Budget) { b.Grace = 10 }), call(1, "1.11"), "stop full"},
		"exempt":            {with(func(b *budget.Budget) { b.Exempt = []budget.Selector{{"run": {"r1"}}} }), call(1, "2"), ""},
		"no bound":          {with(func(*budget.Budget) {}), call(1, ""), "stop unproven"},
		"no bound, ceiling": {with(func(b *budget.Budget) { b.Unproven = money.Known(usd("0.5")) }), call(1, ""), ""},
		"ceiling too high":  {with(func(b *budget.Budget) { b.Unproven = money.Known(usd("1.5")) }), call(1, ""), "stop full"},
		"no rate":           {with(func(b *budget.Budget) { b.Currency = "EUR" }), call(1, "0.1"), "stop unrated"},
		"tokens":            {with(func(b *budget.Budget) { b.Counts, b.Currency, b.Amount = budget.Tokens, "", usd("999") }), call(1, ""), "stop full"},
		"calls":             {with(func(b *budget.Budget) { b.Counts, b.Currency = budget.Calls, "" }), call(1, ""), ""},
		"per call":          {with(func(b *budget.Budget) { b.Window.Period = budget.EachCall }), call(1, "1.5"), "stop full"},
		"free":              {with(func(b *budget.Budget) { b.Amount = money.Amount{} }), free, ""},
		"absurd":            {with(func(*budget.Budget) {}), absurd, "stop malformed"},
		"gives room":        {with(func(*budget.Budget) {}), negative, "stop malformed"},
		"without an id":     {with(func(*budget.Budget) {}), &budget.Call{At: noon()}, "stop malformed"},
		"without a time":    {with(func(*budget.Budget) {}), &budget.Call{ID: spend.Digest("x")}, "stop malformed"},
	} {
		e := engine(t, []budget.Budget{f.budget})
		v := e.Ask(f.call)
		var said []string
		for _, r := range v.Reasons {
			said = append(said, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Action, r.Cause, r.Model)))
		}
		if got := strings.Join(said, "; "); got != f.want {
			t.Errorf("%s: %q, want %q", name, got, f.want)
		}
		if diff := cmp.Diff(v, e.Acquire(f.call)); diff != "" {
			t.Errorf("%s: a call that asks is told otherwise (-ask +acquire):\n%s", name, diff)
		}
	}
}

// The example of Earning.
func TestResultsRaiseTheLimit(t *testing.T) {
	t.Parallel()
	b := daily("cap", "10")
	b.PerOutcome = budget.Earning{Outcome: "support.resolution", Amount: usd("0.40")}
	e := engine(t, []budget.Budget{b})
	if e.Ask(call(1, "10.01")).Action != budget.Stop {
		t.Error("without results more than the amount goes through")
	}
	verified := budget.Earned{Outcome: "support.resolution", At: noon(), Subject: triage(), Count: money.FromInt(250)}
	e.Earn(noon(), verified)
	if e.Ask(call(1, "110")).Action != budget.Allow || e.Ask(call(1, "110.01")).Action != budget.Stop {
		t.Error("250 results do not raise the limit to 110")
	}
	verified.Count = money.FromInt(-300)
	e.Earn(noon(), verified)
	if e.Ask(call(1, "10")).Action != budget.Allow || e.Ask(call(1, "10.01")).Action != budget.Stop {
		t.Error("results that are taken back do not lower the limit to its amount")
	}
}

func TestOverridesEnd(t *testing.T) {
	t.Parallel()
	b := daily("cap", "1")
	b.Override = budget.Override{Reason: "launch week", Until: noon().Add(time.Hour)}
	s, err := budget.Compile([]budget.Budget{b}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := budget.New(s, budget.AtPar, &budget.Opening{})
	c := call(1, "2")
	if got := e.Ask(c).Action; got != budget.Stop {
		t.Errorf("under its override the cap says %q, want stop", got)
	}
	c.At = b.Override.Until
	if got := e.Ask(c).Action; got != budget.Warn {
		t.Errorf("after its override the cap says %q, want warn", got)
	}
}

func TestEachValueHasItsOwn(t *testing.T) {
	t.Parallel()
	run := daily("run", "1")
	run.Window = budget.Window{Period: budget.EachRun}
	keys := daily("keys", "1")
	keys.Scope, keys.Each = nil, []string{"credential", "tags.project"}
	depth := daily("depth", "3")
	depth.Counts, depth.Currency, depth.Window = budget.Depth, "", budget.Window{Period: budget.EachCall}
	e := engine(t, []budget.Budget{run, keys, depth})
	deep := call(1, "0.01")
	deep.Depth = 4
	if v := e.Acquire(deep); v.Action != budget.Stop || v.Reasons[0].Limit != "depth" {
		t.Errorf("a fourth level: %+v", v)
	}
	if v := e.Acquire(call(2, "0.8")); v.Action != budget.Allow {
		t.Fatalf("the first call: %+v", v)
	}
	second := call(3, "0.8")
	v := e.Acquire(second)
	var limits []string
	for _, r := range v.Reasons {
		limits = append(limits, r.Limit+" "+strings.Join(r.Each, ","))
	}
	if want := []string{"keys k1,", "run r1"}; !slices.Equal(limits, want) {
		t.Errorf("the second call does not fit %q, want %q", limits, want)
	}
	second.Subject.Run, second.Subject.Tags = "r2", map[string]string{"project": "x"}
	if v := e.Acquire(second); v.Action != budget.Allow {
		t.Errorf("another run of another project: %+v", v)
	}
	nameless := call(4, "0.8")
	nameless.Subject.Run, nameless.Subject.Credential = "", "k2"
	if v := e.Acquire(nameless); v.Action != budget.Allow {
		t.Errorf("a call without a run: %+v", v)
	}
}

// Unknown is never zero: a call without a bound that a budget only warns of is
// counted by number until somebody knows what it cost.
func TestCallsThatNobodyCanBoundAreCounted(t *testing.T) {
	t.Parallel()
	b := daily("cap", "1")
	b.AtLimit = budget.Warn
	e := engine(t, []budget.Budget{b})
	unknown := func() string {
		s := e.Standings()
		if len(s) == 0 {
			return "nothing"
		}
		return fmt.Sprintf("%s and %d", s[0].Settled, s[0].Unknown)
	}
	v := e.Acquire(call(1, ""))
	if got := v.Reasons[0].String(); v.Action != budget.Warn || !strings.Contains(got, "has 1 of 1 USD left and nothing bounds what the call may cost") {
		t.Errorf("%s: %s", v.Action, got)
	}
	e.Acquire(call(2, ""))
	for _, f := range []struct {
		step func()
		want string
	}{
		{func() {}, "0 and 2"},
		{func() { e.Settle(call(1, "").ID, budget.Cost{Calls: 1}) }, "0 and 2"},
		{func() { e.Settle(call(1, "").ID, cost("0.25")) }, "0.25 and 1"},
		{func() { e.Release(call(2, "").ID) }, "0.25 and 0"},
		{func() { e.Release(call(1, "").ID) }, "nothing"},
	} {
		if f.step(); unknown() != f.want {
			t.Errorf("it counts %s, want %s", unknown(), f.want)
		}
	}
}

func TestImportsDoNotEatEnforcingBudgets(t *testing.T) {
	t.Parallel()
	watching := daily("watching", "1")
	watching.AtLimit = budget.Watch
	e := engine(t, []budget.Budget{daily("stopping", "1"), watching})
	outside := line(call(1, "1"), "1")
	outside.Outside = true
	e.Book(noon(), outside)
	if use(t, e, "stopping") != "" || use(t, e, "watching") != "1+0+0" {
		t.Errorf("an import stands as %+v", e.Standings())
	}
	e.Acquire(call(2, "0.75"))
	claim := line(call(2, ""), "0.000001")
	claim.Outside = true
	e.Book(noon(), claim)
	if got := use(t, e, "stopping"); got != "0+0+0.75" {
		t.Errorf("after an import that claims to be the held call it uses %q", got)
	}
}

// What is spent is the same to the last digit at every level above it.
func TestLevelsAgree(t *testing.T) {
	t.Parallel()
	var levels []budget.Budget
	for i, scope := range []budget.Selector{nil, {"team": {"support"}}, {"team": {"support"}, "workflow": {"triage"}}, {"run": {"r1"}}} {
		b := daily(fmt.Sprint("level", i), "100")
		b.Scope, b.AtLimit = scope, budget.Watch
		levels = append(levels, b)
	}
	e := engine(t, levels)
	for n := range 1000 {
		c := call(n, "0.002")
		e.Acquire(c)
		switch n % 4 {
		case 0:
			e.Release(c.ID)
		case 1:
			e.Settle(c.ID, cost("0.000000000001"))
		case 2:
			e.Book(noon(), line(c, "0.0016"))
		}
	}
	for i := range levels {
		if got := use(t, e, fmt.Sprint("level", i)); got != "0.4+0.00000000025+0.5" {
			t.Errorf("level %d uses %s", i, got)
		}
	}
}
