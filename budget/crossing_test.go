package budget_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// due lists what is due, and says that it is stored.
func due(e *budget.Engine) string {
	var lines []string
	for _, c := range e.Due() {
		lines = append(lines, fmt.Sprintf("%s %s%% of %s: %s", c.Budget, c.Alert, c.Limit, c.Spent))
		e.Told(c.ID())
	}
	return strings.Join(lines, "; ")
}

func TestThresholdsAreToldOnce(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{daily("cap", "10")})
	e.Acquire(call(1, "9"))
	if got := due(e); got != "" {
		t.Errorf("a hold, which is a bound, tells %s", got)
	}
	e.Settle(call(1, "").ID, cost("4.999999999999"))
	if got := due(e); got != "" {
		t.Errorf("a digit below it tells %s", got)
	}
	six := line(call(2, ""), "3.5")
	e.Book(noon(), line(call(1, ""), "5"), six)
	if got := due(e); got != "cap 50% of 10: 8.5; cap 80% of 10: 8.5" {
		t.Errorf("told is %s", got)
	}
	back := six
	back.Cost = six.Cost.Neg()
	e.Book(noon(), back)
	e.Book(noon(), six)
	if got := due(e); got != "" {
		t.Errorf("back and forth tells %s", got)
	}
	e.Book(noon(), line(call(3, ""), "1.5"))
	if got := due(e); got != "cap 100% of 10: 10" {
		t.Errorf("told is %s", got)
	}
	tomorrow := call(4, "")
	tomorrow.At = noon().AddDate(0, 0, 1)
	e.Book(tomorrow.At, line(tomorrow, "5"))
	if got := due(e); got != "cap 50% of 10: 5" {
		t.Errorf("the next day tells %s", got)
	}
}

// TestDaysToComeAreNotTold of a purchase that is spread over them, before they have begun.
func TestDaysToComeAreNotTold(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{daily("cap", "10")})
	tomorrow := call(1, "")
	tomorrow.At = noon().AddDate(0, 0, 1)
	e.Book(noon(), line(tomorrow, "9"))
	if got := due(e); got != "" {
		t.Errorf("today tells %s", got)
	}
	e.Book(tomorrow.At)
	if got := due(e); got != "cap 50% of 10: 9; cap 80% of 10: 9" {
		t.Errorf("the day itself tells %s", got)
	}
}

func TestWhatIsNotStoredStaysDue(t *testing.T) {
	t.Parallel()
	s := set(t, []budget.Budget{daily("cap", "10")})
	lines := []budget.Line{line(call(1, ""), "8")}
	o := &budget.Opening{Lines: slices.Values(lines), At: noon()}
	e := budget.New(s, budget.AtPar, o)
	first := e.Due()
	if len(first) != 2 {
		t.Fatalf("due is %+v", first)
	}
	o.Told = first[:1]
	again := budget.New(s, budget.AtPar, o).Due()
	if diff := cmp.Diff(first[1:], again); diff != "" {
		t.Errorf("after a restart with one stored (-want +got):\n%s", diff)
	}
	e.Told(first[0].ID())
	e.Adopt(budget.Recount(s, budget.AtPar, &budget.Opening{Lines: slices.Values(lines), Told: first[:1]}))
	if diff := cmp.Diff(first[1:], e.Due()); diff != "" {
		t.Errorf("after a reload with one stored (-want +got):\n%s", diff)
	}
	raised := set(t, []budget.Budget{daily("cap", "16")})
	e.Adopt(budget.Recount(raised, budget.AtPar, &budget.Opening{Lines: slices.Values(lines), Told: first}))
	if got := due(e); got != "cap 50% of 16: 8; cap 80% of 10: 8" {
		t.Errorf("another amount tells %s", got)
	}
}

func TestARollingWindowTellsAgainAfterItsLength(t *testing.T) {
	t.Parallel()
	b := daily("cap", "10")
	b.Window, b.Alerts = budget.Window{Length: time.Hour}, []budget.Alert{{Percent: 50}}
	e := engine(t, []budget.Budget{b})
	book := func(n int, after time.Duration) string {
		c := call(n, "")
		c.At = noon().Add(after)
		e.Book(c.At, line(c, "6"))
		return due(e)
	}
	for n, f := range []struct {
		after time.Duration
		want  string
	}{
		{0, "cap 50% of 10: 6"}, {time.Minute, ""}, {59 * time.Minute, ""}, {61 * time.Minute, "cap 50% of 10: 18"},
		{30 * time.Minute, ""}, {3 * time.Hour, "cap 50% of 10: 6"},
	} {
		if got := book(n, f.after); got != f.want {
			t.Errorf("after %s it tells %q, want %q", f.after, got, f.want)
		}
	}
}

// TestARollingWindowHoldsNothingThatIsStillToCome: a purchase is spread over hours to come,
// each of which counts when it is there.
func TestARollingWindowHoldsNothingThatIsStillToCome(t *testing.T) {
	t.Parallel()
	b := daily("cap", "10")
	b.Window, b.Alerts = budget.Window{Length: 24 * time.Hour}, []budget.Alert{{Percent: 50}}
	e := engine(t, []budget.Budget{b})
	var lines []budget.Line
	for n := range 3 {
		c := call(n, "")
		c.At = noon().Add(time.Duration(6*n) * time.Hour)
		lines = append(lines, line(c, "3"))
	}
	e.Book(noon(), lines...)
	for _, f := range []struct {
		after      time.Duration
		used, told string
	}{{0, "3", ""}, {7 * time.Hour, "6", "cap 50% of 10: 6"}, {13 * time.Hour, "9", ""}, {25 * time.Hour, "6", ""}} {
		now := noon().Add(f.after)
		e.Book(now)
		all := e.Current(now)
		if got := due(e); len(all) != 1 || all[0].Used().String() != f.used || got != f.told {
			t.Errorf("after %s: %+v, and it tells %q; want %s, %q", f.after, all, got, f.used, f.told)
		}
		next := call(9, "3.5") // fits beside 6, not beside 9
		next.At = now
		if got := e.Ask(next).Action; (got == budget.Stop) != (f.used == "9") {
			t.Errorf("after %s a call of 3.5 is told %q beside %s of 10", f.after, got, f.used)
		}
	}
}

func TestForecastsCross(t *testing.T) {
	t.Parallel()
	b := daily("cap", "10")
	b.Each, b.Alerts = []string{"team"}, []budget.Alert{{Percent: 100, Forecast: true}}
	e := engine(t, []budget.Budget{b})
	e.Book(noon(), line(call(1, ""), "20"))
	if got := due(e); got != "" {
		t.Errorf("spend tells a threshold of the forecast: %s", got)
	}
	look := budget.Outlook{Budget: "cap", Each: []string{"support"}, At: noon(), Total: usd("9.99")}
	for _, total := range []string{"9.99", "10", "12"} {
		look.Total = usd(total)
		if err := e.Foresee(noon(), &look); err != nil {
			t.Fatal(err)
		}
	}
	if got := due(e); got != "cap forecast 100% of 10: 10" {
		t.Errorf("told is %s", got)
	}
	for _, bad := range []budget.Outlook{{Budget: "none"}, {Budget: "cap", At: noon()}} {
		if err := e.Foresee(noon(), &bad); spend.KindOf(err) != spend.KindNotFound {
			t.Errorf("%+v: %v, want an error of kind notfound", bad, err)
		}
	}
}

func TestResultsMoveThresholds(t *testing.T) {
	t.Parallel()
	b := daily("cap", "10")
	b.PerOutcome = budget.Earning{Outcome: "done", Amount: usd("1")}
	e := engine(t, []budget.Budget{b})
	e.Earn(noon(), budget.Earned{Outcome: "done", At: noon(), Subject: triage(), Count: money.FromInt(10)})
	e.Book(noon(), line(call(1, ""), "9"))
	if got := due(e); got != "" {
		t.Errorf("9 of 20 tells %s", got)
	}
	e.Earn(noon(), budget.Earned{Outcome: "done", At: noon(), Subject: triage(), Count: money.FromInt(-2)})
	if got := due(e); got != "cap 50% of 18: 9" {
		t.Errorf("when results are taken back told is %s", got)
	}
}

func TestToldIsKeptAsLongAsItsWindow(t *testing.T) {
	t.Parallel()
	run := daily("run", "10")
	run.Window = budget.Window{Period: budget.EachRun}
	e := engine(t, []budget.Budget{daily("day", "10"), run})
	e.Book(noon(), line(call(1, ""), "5"))
	if got := due(e); got != "day 50% of 10: 5; run 50% of 10: 5" {
		t.Fatalf("told is %s", got)
	}
	later := line(call(2, ""), "1")
	later.At = noon().Add(11 * time.Hour)
	e.Book(later.At, later)
	e.Forget(noon().Add(10 * time.Hour))
	e.Book(noon(), line(call(3, ""), "1"))
	if got := due(e); got != "" {
		t.Errorf("before the day has ended, and with the run alive, %s is told again", got)
	}
}
