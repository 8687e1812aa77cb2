package budget_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// world lives through any interleaving of calls, and keeps what a ledger and a
// journal would keep of them.
type world struct {
	e       *budget.Engine
	fresh   *budget.Engine // that is to take its place, nil for none
	set     *budget.Set
	budgets []budget.Budget
	now     time.Time
	calls   int
	open    []budget.Pending // admitted, not booked
	ledger  []budget.Line    // lines that are not reversed

	reversed []budget.Line // lines with their reversals
	earned   []budget.Earned
	told     []budget.Crossing
	blind    bool // some calls have no bound
}

// Few values, so that calls meet under several budgets.
func drawSubject(t *rapid.T) budget.Subject {
	pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	return budget.Subject{Scope: spend.Scope{
		Team: pick("team", "", "a", "b"), Workflow: pick("workflow", "", "x", "y"), Run: pick("run", "", "1", "2"),
		Environment: pick("environment", "production", "test"), Tags: map[string]string{"project": pick("project", "", "p")},
	}, Model: pick("model", "big", "small")}
}

func drawSelector(t *rapid.T) budget.Selector {
	s := budget.Selector{}
	for _, d := range [][]string{{"team", "", "a", "b"}, {"workflow", "", "x", "y"}, {"tags.project", "", "p"}, {"model", "big", "small"}} {
		name, values := d[0], d[1:]
		if rapid.IntRange(0, 2).Draw(t, "says "+name) == 0 {
			s[name] = rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID).Draw(t, name)
		}
	}
	return s
}

func drawBudgets(t *rapid.T, actions ...budget.Action) []budget.Budget {
	var all []budget.Budget
	for i := range rapid.IntRange(1, 6).Draw(t, "budgets") {
		b := budget.Budget{
			ID: fmt.Sprintf("b%d", i), Scope: drawSelector(t), Amount: money.FromUnits(rapid.Int64Range(0, 200).Draw(t, "amount")),
			Currency: "USD", Counts: budget.Effective, Alerts: budget.DefaultAlerts(), AtLimit: rapid.SampledFrom(actions).Draw(t, "action"),
			Each: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"team", "environment", "tags.project"}), 0, 2, rapid.ID).Draw(t, "each"),
		}
		b.Window.Period = rapid.SampledFrom([]budget.Period{budget.Rolling, budget.Minute, budget.Hour, budget.EachRun}).Draw(t, "period")
		if b.Window.Period == budget.Rolling {
			b.Window.Length = 2 * time.Minute
		}
		if rapid.IntRange(0, 3).Draw(t, "exempts") == 0 {
			b.Exempt = []budget.Selector{{"workflow": {"y"}}}
		}
		if rapid.IntRange(0, 3).Draw(t, "earns") == 0 {
			b.PerOutcome = budget.Earning{Outcome: "done", Amount: money.FromUnits(7)}
		}
		if b.AtLimit == budget.Throttle {
			b.Pace = budget.Pace{Calls: 2, Per: time.Minute}
		}
		if b.AtLimit == budget.Downgrade {
			b.Fallback = "small"
		}
		b.Override = budget.Override{Reason: "a model test", Until: noon().AddDate(1, 0, 0)}
		all = append(all, b)
	}
	return all
}

func newWorld(t *rapid.T, actions ...budget.Action) *world {
	w := &world{budgets: drawBudgets(t, actions...), now: noon()}
	s, err := budget.Compile(w.budgets, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.set, w.e = s, budget.New(s, budget.AtPar, &budget.Opening{At: noon()})
	return w
}

func units(n int64) money.Null { return money.Known(money.FromUnits(n)) }

func (w *world) acquire(t *rapid.T) {
	w.calls++
	// Instants of calls are not in order: each has its own goroutine.
	at := w.now.Add(time.Duration(rapid.IntRange(-20, 20).Draw(t, "at")) * time.Second)
	c := budget.Call{
		ID: spend.Digest("call", fmt.Sprint(w.calls)), At: at, Subject: drawSubject(t),
		Bound: budget.AtMost(units(rapid.Int64Range(0, 40).Draw(t, "bound")), "USD", 10),
	}
	if w.blind && rapid.IntRange(0, 4).Draw(t, "blind") == 0 {
		c.Bound = budget.AtMost(money.Null{}, "USD", 10)
	}
	if w.e.Acquire(&c).Action.Admits() {
		w.open = append(w.open, budget.Pending{Call: c})
	}
}

// costOf is at most what is held of the call.
func costOf(t *rapid.T, p *budget.Pending) budget.Cost {
	most := p.Call.Bound.Effective.Amount
	if p.Settled != nil {
		most = p.Settled.Effective.Amount
	}
	return budget.AtMost(units(rapid.Int64Range(0, unitsOf(t, most)).Draw(t, "cost")), "USD", 5)
}

// any gives the place of one of the open calls, false when there is none.
func (w *world) any(t *rapid.T) (int, bool) {
	if len(w.open) == 0 {
		return 0, false
	}
	return rapid.IntRange(0, len(w.open)-1).Draw(t, "which"), true
}

func (w *world) settle(t *rapid.T) {
	if i, found := w.any(t); found {
		c := costOf(t, &w.open[i])
		w.e.Settle(w.open[i].Call.ID, c)
		w.open[i].Settled = &c
	}
}

func (w *world) release(t *rapid.T) {
	if i, found := w.any(t); found {
		w.e.Release(w.open[i].Call.ID)
		w.open = slices.Delete(w.open, i, i+1)
	}
}

func (w *world) book(t *rapid.T) {
	i, found := w.any(t)
	if !found {
		return
	}
	p := w.open[i]
	line := budget.Line{Keys: []spend.ID{p.Call.ID}, At: p.Call.At, Subject: p.Call.Subject}
	switch {
	case p.Settled != nil:
		line.Cost = *p.Settled
	case rapid.IntRange(0, 3).Draw(t, "interrupted") == 0:
		line.Cost = budget.Cost{Calls: 1, Exposure: money.Money{Amount: p.Call.Bound.Effective.Amount, Currency: "USD"}}
	default:
		line.Cost = costOf(t, &p)
	}
	w.open = slices.Delete(w.open, i, i+1)
	w.post(line)
}

func (w *world) post(line budget.Line) {
	w.ledger = append(w.ledger, line)
	w.each(func(e *budget.Engine) { e.Book(w.now, line) })
}

// replace books a reversal of any line and a replacement that costs no more: what
// costs more than was held is beyond every promise.
func (w *world) replace(t *rapid.T) {
	if len(w.ledger) == 0 {
		return
	}
	i := rapid.IntRange(0, len(w.ledger)-1).Draw(t, "line")
	line := w.ledger[i]
	back := line
	back.Cost = line.Cost.Neg()
	w.reversed = append(w.reversed, line, back)
	w.ledger = slices.Delete(w.ledger, i, i+1)
	if rapid.Bool().Draw(t, "taken back") {
		w.each(func(e *budget.Engine) { e.Book(w.now, back) })
		return
	}
	most := line.Cost.Effective.Amount
	if !line.Cost.Effective.Valid {
		most = line.Cost.Exposure.Amount
	}
	line.Cost = budget.AtMost(units(rapid.Int64Range(0, unitsOf(t, most)).Draw(t, "corrected")), "USD", 5)
	w.ledger = append(w.ledger, line)
	w.each(func(e *budget.Engine) { e.Book(w.now, back, line) })
}

func (w *world) tick(t *rapid.T) {
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
}

func (w *world) earn(t *rapid.T) {
	x := budget.Earned{Outcome: "done", At: w.now, Subject: drawSubject(t), Count: money.FromInt(rapid.Int64Range(1, 3).Draw(t, "results"))}
	w.earned = append(w.earned, x)
	w.each(func(e *budget.Engine) { e.Earn(w.now, x) })
}

func (w *world) tell(*rapid.T) {
	for _, c := range w.e.Due() {
		w.told = append(w.told, c)
		w.e.Told(c.ID())
	}
}

// each does the same to the engine and to the one that is to take its place.
func (w *world) each(f func(*budget.Engine)) {
	f(w.e)
	if w.fresh != nil {
		f(w.fresh)
	}
}

// recount begins to count anew what is booked up to now, beside the engine.
func (w *world) recount(*rapid.T) {
	o := w.opening()
	o.Pending = nil
	w.fresh = budget.Recount(w.set, budget.AtPar, o)
}

func (w *world) adopt(*rapid.T) {
	if w.fresh != nil {
		w.e.Adopt(w.fresh)
		w.fresh = nil
	}
}

func (w *world) opening() *budget.Opening {
	return &budget.Opening{Lines: slices.Values(append(slices.Clone(w.reversed), w.ledger...)), Earned: slices.Values(w.earned), Pending: w.open, Told: w.told, At: w.now}
}

func (w *world) steps() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"acquire": w.acquire, "acquire more": w.acquire, "settle": w.settle, "release": w.release,
		"book": w.book, "replace": w.replace, "tick": w.tick, "earn": w.earn, "tell": w.tell,
	}
}

// within fails when a stopping budget is used beyond its limit. Of a rolling one
// the use of any window of its length is looked at.
func (w *world) within(t *rapid.T) {
	type window struct{ id, each string }
	rolling := map[window][]budget.Standing{}
	for _, s := range w.e.Standings() {
		i := slices.IndexFunc(w.budgets, func(b budget.Budget) bool { return b.ID == s.Budget })
		b := &w.budgets[i]
		if b.Window.Period == budget.Rolling {
			key := window{s.Budget, fmt.Sprint(s.Each)}
			rolling[key] = append(rolling[key], s)
			continue
		}
		if used := total(t, s); used.Cmp(s.Amount) > 0 {
			t.Fatalf("%s %q of %s uses %s of %s", s.Budget, s.Each, s.From, used, s.Amount)
		}
	}
	for key, all := range rolling {
		for _, last := range all {
			sum := money.Amount{}
			for _, s := range all {
				if !s.From.After(last.From) && s.To.After(last.From.Add(-2*time.Minute)) {
					sum = add(t, sum, total(t, s))
				}
			}
			if !w.earns(key.id) && sum.Cmp(last.Amount) > 0 {
				t.Fatalf("%v uses %s of %s in the window that ends in %s", key, sum, last.Amount, last.From)
			}
		}
	}
}

func (w *world) earns(id string) bool {
	return slices.ContainsFunc(w.budgets, func(b budget.Budget) bool { return b.ID == id && b.PerOutcome.Outcome != "" })
}

func total(t *rapid.T, s budget.Standing) money.Amount {
	return add(t, add(t, s.Booked, s.Settled), s.Held)
}

func add(t *rapid.T, a, b money.Amount) money.Amount {
	sum, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func unitsOf(t *rapid.T, a money.Amount) int64 {
	n, fits := a.Units()
	if !fits {
		t.Fatalf("%s is too large", a)
	}
	return n
}

func TestNoInterleavingPassesALimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, budget.Stop, budget.Approve, budget.Stop)
		steps := w.steps()
		steps[""] = w.within
		t.Repeat(steps)
	})
}

func TestARecountEqualsTheLiveCounters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, budget.Stop, budget.Watch, budget.Throttle, budget.Downgrade, budget.Approve)
		w.blind = true
		steps := w.steps()
		steps["recount"], steps["adopt"] = w.recount, w.adopt
		steps[""] = func(t *rapid.T) {
			again := budget.New(w.set, budget.AtPar, w.opening())
			if diff := cmp.Diff(w.e.Standings(), again.Standings(), cmp.Comparer(sameStanding)); diff != "" {
				t.Fatalf("a recount differs (-live +recount):\n%s", diff)
			}
		}
		t.Repeat(steps)
	})
}

func sameStanding(a, b budget.Standing) bool {
	same := slices.Equal(a.Each, b.Each)
	a.Each, b.Each = nil, nil
	return same && cmp.Equal(a, b)
}

// A restart in between brings what was told and nothing else.
func TestAThresholdIsToldOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, budget.Watch)
		rolls := map[string]bool{}
		for _, b := range w.budgets {
			rolls[b.ID] = b.Window.Period == budget.Rolling
		}
		steps := w.steps()
		steps["restart"] = func(*rapid.T) { w.e, w.fresh = budget.New(w.set, budget.AtPar, w.opening()), nil }
		steps["recount"], steps["adopt"] = w.recount, w.adopt
		steps[""] = func(t *rapid.T) {
			seen := map[spend.ID]bool{}
			last := map[string]time.Time{}
			for _, c := range append(slices.Clone(w.told), w.e.Due()...) {
				if seen[c.ID()] {
					t.Fatalf("%+v is told twice", c)
				}
				seen[c.ID()] = true
				if key := fmt.Sprint(c.Budget, c.Each, c.Alert); rolls[c.Budget] {
					if before, told := last[key]; told && c.At.Sub(before) < 2*time.Minute {
						t.Fatalf("%+v is told again after %s", c, c.At.Sub(before))
					}
					last[key] = c.At
				}
			}
		}
		t.Repeat(steps)
	})
}
