package budget_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func perKey(counts budget.Measure, amount, burst int64, per time.Duration) budget.Rate {
	return budget.Rate{ID: "keys", Each: []string{"credential"}, Counts: counts, Amount: amount, Burst: burst, Per: per}
}

// asking is a call at an instant for so many tokens.
func asking(n int, after time.Duration, tokens int64) *budget.Call {
	c := call(n, "0.01")
	c.At, c.Bound.Tokens = noon().Add(after), tokens
	return c
}

// The example of Rate.
func TestARateLetsItsBurstThroughAndThenOneByOne(t *testing.T) {
	t.Parallel()
	e := engine(t, nil, perKey(budget.Calls, 60, 10, time.Minute))
	n := 0
	through := func(after time.Duration) (count int) {
		for range 20 {
			n++
			if e.Acquire(asking(n, after, 1)).Action.Admits() {
				count++
			}
		}
		return count
	}
	for _, f := range []struct {
		after time.Duration
		want  int
	}{{0, 10}, {999_999_999, 0}, {time.Second, 1}, {3500 * time.Millisecond, 2}, {4 * time.Second, 1}, {time.Hour, 10}, {time.Minute, 0}} {
		if got := through(f.after); got != f.want {
			t.Errorf("after %s %d go through, want %d", f.after, got, f.want)
		}
	}
	other := asking(1000, time.Minute, 1)
	other.Subject.Credential = "k2"
	if v := e.Acquire(other); v.Action != budget.Allow {
		t.Errorf("another key: %+v", v)
	}
}

func TestThrottledCallsKnowHowLong(t *testing.T) {
	t.Parallel()
	e := engine(t, nil, perKey(budget.Tokens, 7, 100, time.Second))
	e.Acquire(asking(1, 0, 100))
	v := e.Acquire(asking(2, 0, 10))
	if v.Action != budget.Throttle || v.Wait != 1_428_571_429 { // 10 of 7 a second, to the nanosecond above
		t.Fatalf("%+v, want a wait of 1.428571429s", v)
	}
	if got := v.Reasons[0].String(); got != "rate keys allows 7 tokens in 1s; there is room in 1.428571429s" {
		t.Errorf("it says %q", got)
	}
	if v := e.Ask(asking(2, v.Wait-1, 10)); v.Action != budget.Throttle || v.Wait != 1 {
		t.Errorf("a nanosecond too early: %+v", v)
	}
	if v := e.Acquire(asking(2, v.Wait, 10)); v.Action != budget.Allow {
		t.Errorf("after the wait: %+v", v)
	}
}

// TestARateGoesOnUnderNewLimits applies others beside it, then a smaller and a slower one:
// none lets a burst through once more.
func TestARateGoesOnUnderNewLimits(t *testing.T) {
	t.Parallel()
	e := engine(t, nil, perKey(budget.Calls, 60, 5, time.Minute))
	for n := range 5 {
		if v := e.Acquire(asking(n+1, 0, 0)); v.Action != budget.Allow {
			t.Fatalf("call %d: %+v", n, v)
		}
	}
	for n, r := range []budget.Rate{perKey(budget.Calls, 60, 5, time.Minute), perKey(budget.Calls, 60, 3, time.Minute), perKey(budget.Calls, 60, 3, 2*time.Minute)} {
		limits := set(t, []budget.Budget{daily("beside", "100")}, r)
		e.Adopt(budget.Recount(limits, budget.AtPar, &budget.Opening{At: noon()}))
		if v := e.Acquire(asking(10+n, 0, 0)); v.Action != budget.Throttle || v.Wait != r.Per/60 {
			t.Errorf("limits %d: %s after %s, want to wait for one call", n, v.Action, v.Wait)
		}
	}
}

func TestTokensThatWereNotUsedComeBack(t *testing.T) {
	t.Parallel()
	e := engine(t, nil, perKey(budget.Tokens, 1, 100, time.Hour))
	settle := func(n int, tokens int64) {
		c := cost("0.001")
		c.Tokens = tokens
		e.Settle(call(n, "").ID, c)
	}
	e.Acquire(asking(1, 0, 90))
	settle(1, 40)
	settle(1, 50) // said again
	if e.Ask(asking(2, 0, 51)).Action != budget.Throttle || !e.Acquire(asking(2, 0, 50)).Action.Admits() {
		t.Error("50 of 100 are not left after a call that used 50 of its 90")
	}
	e.Release(call(2, "").ID)
	if e.Ask(asking(3, 0, 51)).Action != budget.Throttle || e.Ask(asking(3, 0, 50)).Action != budget.Allow {
		t.Error("a released call did not give back its 50")
	}
	e.Acquire(asking(3, 0, 50))
	settle(3, 150) // a debt of 100
	if v := e.Ask(asking(4, 0, 1)); v.Wait != 101*time.Hour {
		t.Errorf("a debt is forgiven: %+v", v)
	}
}

func TestWhatIsLargerThanTheBurstGoesWhenItIsFull(t *testing.T) {
	t.Parallel()
	e := engine(t, nil, perKey(budget.Tokens, 100, 100, time.Second))
	if v := e.Acquire(asking(1, 0, 250)); v.Action != budget.Allow {
		t.Fatalf("with a full bucket: %+v", v)
	}
	if v := e.Ask(asking(2, 0, 250)); v.Wait != 2500*time.Millisecond {
		t.Errorf("with a debt of 150 it waits %s, want 2.5s until it is full", v.Wait)
	}
}

func TestALineWithAWrongClockStopsNothing(t *testing.T) {
	t.Parallel()
	b := daily("cap", "10")
	b.Window = budget.Window{Length: time.Hour}
	e := engine(t, []budget.Budget{b}, perKey(budget.Calls, 1, 1, time.Second))
	wrong := line(call(0, ""), "1")
	wrong.At = noon().AddDate(70, 0, 0)
	e.Book(noon(), wrong)
	e.Acquire(asking(1, 0, 1))
	if v := e.Acquire(asking(2, time.Second, 1)); v.Action != budget.Allow {
		t.Errorf("a second later the bucket is not full: %+v", v)
	}
	e.Book(noon(), line(call(1, ""), "5"))
	if got := due(e); got != "cap 50% of 10: 5" {
		t.Errorf("told is %q", got)
	}
}

func TestOpenCalls(t *testing.T) {
	t.Parallel()
	e := engine(t, nil, budget.Rate{ID: "open", Each: []string{"workflow"}, Counts: budget.Open, Amount: 2})
	ends := map[string]func(spend.ID){
		"settled":  func(id spend.ID) { e.Settle(id, cost("0.01")); e.Settle(id, cost("0.01")) },
		"released": e.Release,
		"booked": func(id spend.ID) {
			e.Book(noon(), budget.Line{Keys: []spend.ID{id}, At: noon(), Subject: triage(), Cost: cost("0.01")})
		},
	}
	e.Acquire(call(0, "0.01"))
	n := 1
	for name, end := range ends {
		if v := e.Acquire(call(n, "0.01")); v.Action != budget.Allow {
			t.Errorf("%s: the second call: %+v", name, v)
		}
		if v := e.Acquire(call(n+1, "0.01")); v.Action != budget.Throttle || v.Wait == 0 || v.Reasons[0].String() != "rate open allows 2 open calls at once" {
			t.Errorf("%s: the third call: %+v", name, v)
		}
		end(call(n, "").ID)
		end(call(n, "").ID)
		n += 2
	}
}

// A rate and a budget are decided together: what a budget refuses takes nothing
// out of a bucket.
func TestRatesAndBudgetsAreOneDecision(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{daily("cap", "1")}, perKey(budget.Calls, 1, 1, time.Hour))
	if v := e.Acquire(call(1, "2")); v.Action != budget.Stop {
		t.Fatalf("%+v", v)
	}
	if v := e.Acquire(call(2, "0.5")); v.Action != budget.Allow {
		t.Fatalf("a refused call took from the bucket: %+v", v)
	}
	if v := e.Acquire(call(3, "0.1")); v.Action != budget.Throttle || use(t, e, "cap") != "0+0+0.5" {
		t.Errorf("a throttled call: %+v with %+v", v, e.Standings())
	}
	if v := e.Acquire(call(4, "2")); v.Action != budget.Stop || v.Wait != 0 || len(v.Reasons) != 2 {
		t.Errorf("what is stopped need not wait: %+v", v)
	}
}

// Whatever comes, no more than burst + rate × time goes through, and a wait that
// is kept is long enough: checked against whole numbers of any size.
func TestBucketsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := perKey(budget.Tokens, rapid.Int64Range(1, 1_000_000_000_000).Draw(t, "amount"),
			rapid.Int64Range(1, 1_000_000).Draw(t, "burst"), time.Duration(rapid.Int64Range(1_000_000, int64(24*time.Hour)).Draw(t, "per")))
		s, err := budget.Compile(nil, []budget.Rate{r}, nil)
		if err != nil {
			t.Fatal(err)
		}
		e := budget.New(s, budget.AtPar, &budget.Opening{At: noon()})
		now, level := time.Duration(0), new(big.Rat).SetInt64(r.Burst)
		for n := range rapid.IntRange(1, 30).Draw(t, "calls") {
			step := time.Duration(rapid.Int64Range(0, int64(r.Per)).Draw(t, "step"))
			now += step
			if fill := rate(&r, step); n > 0 {
				level.Add(level, fill)
			}
			if full := new(big.Rat).SetInt64(r.Burst); level.Cmp(full) > 0 {
				level = full
			}
			tokens := rapid.Int64Range(1, r.Burst).Draw(t, "tokens")
			c := budget.Call{ID: spend.Digest(fmt.Sprint(n)), At: noon().Add(now), Bound: budget.AtMost(money.Null{}, "", tokens)}
			v := e.Acquire(&c)
			if want := level.Cmp(new(big.Rat).SetInt64(tokens)) >= 0; v.Action.Admits() != want {
				t.Fatalf("call %d for %d of %s: %+v", n, tokens, level.FloatString(3), v)
			}
			if v.Action.Admits() {
				level.Sub(level, new(big.Rat).SetInt64(tokens))
				continue
			}
			then := new(big.Rat).Add(level, rate(&r, v.Wait))
			early := new(big.Rat).Add(level, rate(&r, v.Wait-1))
			longest := v.Wait == math.MaxInt64 // beyond what a duration can say
			if need := new(big.Rat).SetInt64(tokens); !longest && then.Cmp(need) < 0 || early.Cmp(need) >= 0 {
				t.Fatalf("call %d waits %s for %d with %s", n, v.Wait, tokens, level.FloatString(3))
			}
		}
	})
}

// rate is what fills in a time, as an exact fraction.
func rate(r *budget.Rate, in time.Duration) *big.Rat {
	product := new(big.Int).Mul(big.NewInt(r.Amount), big.NewInt(int64(in)))
	return new(big.Rat).SetFrac(product, big.NewInt(int64(r.Per)))
}
