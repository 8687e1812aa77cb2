package budget_test

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// paced is a budget of a day that lets 6 calls a minute through beyond its limit.
func paced(id, amount string) budget.Budget {
	b := daily(id, amount)
	b.AtLimit, b.Pace = budget.Throttle, budget.Pace{Calls: 6, Per: time.Minute}
	return b
}

// The example of Pace.
func TestBeyondItsLimitABudgetThrottles(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{paced("cap", "0.02")})
	for n, f := range []struct {
		after  time.Duration
		action budget.Action
		says   string
	}{
		{0, budget.Allow, ""},
		{0, budget.Allow, ""},
		{0, budget.Warn, "budget cap has 0 of 0.02 USD left and the call may cost 0.01; beyond it go 6 calls in 1m0s; it resets at 2026-11-27T00:00:00Z; ask support"},
		{0, budget.Throttle, "budget cap has 0 of 0.02 USD left and the call may cost 0.01; beyond it go 6 calls in 1m0s, and the next in 10s; it resets at 2026-11-27T00:00:00Z; ask support"},
		{10*time.Second - 1, budget.Throttle, "budget cap has 0 of 0.02 USD left and the call may cost 0.01; beyond it go 6 calls in 1m0s, and the next in 1ns; it resets at 2026-11-27T00:00:00Z; ask support"},
		{10 * time.Second, budget.Warn, "budget cap has 0 of 0.02 USD left and the call may cost 0.01; beyond it go 6 calls in 1m0s; it resets at 2026-11-27T00:00:00Z; ask support"},
		{time.Hour, budget.Warn, "budget cap has 0 of 0.02 USD left and the call may cost 0.01; beyond it go 6 calls in 1m0s; it resets at 2026-11-27T00:00:00Z; ask support"},
		{time.Hour, budget.Throttle, "budget cap has 0 of 0.02 USD left and the call may cost 0.01; beyond it go 6 calls in 1m0s, and the next in 10s; it resets at 2026-11-27T00:00:00Z; ask support"},
	} {
		v, says := e.Acquire(asking(n, f.after, 1)), ""
		if len(v.Reasons) > 0 {
			says = v.Reasons[0].String()
		}
		if v.Action != f.action || says != f.says || (v.Wait > 0) != (f.action == budget.Throttle) {
			t.Errorf("call %d after %s: %s, wait %s, %q, want %s, %q", n, f.after, v.Action, v.Wait, says, f.action, f.says)
		}
	}
	if got := use(t, e, "cap"); got != "0+0+0.05" {
		t.Errorf("use is %s, want every call that went on in it", got)
	}
}

func TestAThrottleWaitsForItsPaceOrTheNextWindow(t *testing.T) {
	t.Parallel()
	hourly := paced("cap", "0.01")
	hourly.Pace = budget.Pace{Calls: 1, Per: 6 * time.Hour}
	for name, f := range map[string]struct {
		before bool // midnight
		bound  string
		want   time.Duration
	}{
		"in the midst of the day":               {false, "0.01", 6 * time.Hour},
		"before the window ends":                {true, "0.01", time.Minute},
		"too large for any window":              {true, "0.02", 6 * time.Hour},
		"of which nothing bounds what it costs": {true, "", 6 * time.Hour},
	} {
		e := engine(t, []budget.Budget{hourly})
		start := noon()
		if f.before {
			start = start.Add(12*time.Hour - time.Minute)
		}
		ask := func(n int, bound string) budget.Verdict {
			c := call(n, bound)
			c.At = start
			return e.Acquire(c)
		}
		ask(1, "0.01")
		if v := ask(2, "0.01"); v.Action != budget.Warn {
			t.Errorf("%s: the first beyond the limit: %+v", name, v)
		}
		v := ask(3, f.bound)
		if v.Action != budget.Throttle || v.Wait != f.want {
			t.Errorf("%s: %s with a wait of %s, want %s", name, v.Action, v.Wait, f.want)
		}
		c := call(3, f.bound)
		if c.At = start.Add(v.Wait); !e.Ask(c).Action.Admits() {
			t.Errorf("%s: after the wait: %+v", name, e.Ask(c))
		}
	}
}

func TestAReleasedCallGivesItsTurnBack(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{paced("cap", "0")})
	e.Acquire(asking(1, 0, 1))
	e.Release(call(1, "").ID)
	if v := e.Acquire(asking(2, 0, 1)); v.Action != budget.Warn {
		t.Errorf("%+v, want the turn of the call that was not made", v)
	}
	e.Settle(call(2, "").ID, cost("0.005"))
	if v := e.Acquire(asking(3, 0, 1)); v.Action != budget.Throttle {
		t.Errorf("%+v, want the turn taken by the call that was made", v)
	}
}

// A throttle refuses, so that it needs the evidence that a stop needs, and lines
// of which no credential says whose they are use nothing of it up.
func TestAThrottleNeedsEvidence(t *testing.T) {
	t.Parallel()
	b := paced("cap", "1")
	if _, err := budget.Compile([]budget.Budget{b}, nil, nil); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("without results: %v, want it refused", err)
	}
	e := engine(t, []budget.Budget{b})
	claim := line(call(1, ""), "1")
	claim.Outside = true
	if e.Book(noon(), claim); use(t, e, "cap") != "" {
		t.Errorf("a claim uses %s", use(t, e, "cap"))
	}
}

// Whatever comes in whatever order, no call beyond the limit goes on before its
// turn, and a wait that is kept is long enough and not too long: checked against
// whole numbers of any size.
func TestAPaceIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := paced("cap", "0")
		b.Window.Period = budget.Year
		b.Amount = money.FromUnits(rapid.Int64Range(0, 50).Draw(t, "amount"))
		b.Pace = budget.Pace{Calls: rapid.Int64Range(1, 1_000_000).Draw(t, "calls"), Per: time.Duration(rapid.Int64Range(1_000_000, int64(24*time.Hour)).Draw(t, "per"))}
		s, err := budget.Compile([]budget.Budget{b}, nil, counted)
		if err != nil {
			t.Fatal(err)
		}
		e := budget.New(s, budget.AtPar, &budget.Opening{At: noon()})
		pace, one := budget.Rate{Amount: b.Pace.Calls, Per: b.Pace.Per}, big.NewRat(1, 1)
		now, level, used := time.Duration(0), big.NewRat(1, 1), int64(0)
		for n := range rapid.IntRange(1, 30).Draw(t, "asked") {
			step := time.Duration(rapid.Int64Range(0, int64(b.Pace.Per)/b.Pace.Calls*2).Draw(t, "step"))
			now += step
			if level.Add(level, rate(&pace, step)); level.Cmp(one) > 0 {
				level.Set(one)
			}
			bound := rapid.Int64Range(1, 20).Draw(t, "bound")
			c := budget.Call{ID: spend.Digest(fmt.Sprint(n)), At: noon().Add(now), Subject: triage(), Bound: budget.AtMost(units(bound), "USD", 1)}
			v := e.Acquire(&c)
			switch inside := used+bound <= unitsOf(t, b.Amount); {
			case inside && v.Action == budget.Allow:
				used += bound
			case !inside && level.Cmp(one) >= 0 && v.Action == budget.Warn:
				level.Sub(level, one)
				used += bound
			case !inside && level.Cmp(one) < 0 && v.Action == budget.Throttle:
				then, early := new(big.Rat).Add(level, rate(&pace, v.Wait)), new(big.Rat).Add(level, rate(&pace, v.Wait-1))
				if then.Cmp(one) < 0 || early.Cmp(one) >= 0 {
					t.Fatalf("call %d waits %s with %s of a turn", n, v.Wait, level.FloatString(3))
				}
			default:
				t.Fatalf("call %d for %d of %s, %d used, %s of a turn: %+v", n, bound, b.Amount, used, level.FloatString(3), v)
			}
		}
	})
}
