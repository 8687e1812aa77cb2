package budget_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWindows(t *testing.T) {
	t.Parallel()
	zurich := calendar.Calendar{Zone: zone(t, "Europe/Zurich")}
	kolkata := calendar.Calendar{Zone: zone(t, "Asia/Kolkata")}
	howe := calendar.Calendar{Zone: zone(t, "Australia/Lord_Howe")}
	july := calendar.Calendar{Zone: zone(t, "Europe/Zurich"), Fiscal: spend.Fiscal{Start: time.July}}
	weeks := calendar.Calendar{Fiscal: spend.Fiscal{Start: time.February, Scheme: spend.Weeks454, Nearest: true, NamedByStart: true}}
	for _, f := range []struct {
		window            budget.Window
		instant, from, to string
	}{
		{budget.Window{Period: budget.Minute}, "2026-11-26T12:34:56Z", "2026-11-26T12:34:00Z", "2026-11-26T12:35:00Z"},
		{budget.Window{Period: budget.Hour}, "2026-11-26T12:34:56Z", "2026-11-26T12:00:00Z", "2026-11-26T13:00:00Z"},
		{budget.Window{Period: budget.Hour, Calendar: zurich}, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"}, // the second from 2 to 3
		{budget.Window{Period: budget.Hour, Calendar: kolkata}, "2026-11-26T12:34:56Z", "2026-11-26T12:30:00Z", "2026-11-26T13:30:00Z"},
		{budget.Window{Period: budget.Hour, Calendar: kolkata}, "2026-11-26T12:29:59Z", "2026-11-26T11:30:00Z", "2026-11-26T12:30:00Z"},
		{budget.Window{Period: budget.Hour, Calendar: howe}, "2026-04-04T15:10:00Z", "2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z"}, // half an hour back at 15:00
		{budget.Window{Period: budget.Day}, "2026-11-26T23:30:00Z", "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"},
		{budget.Window{Period: budget.Day, Calendar: zurich}, "2026-11-26T23:30:00Z", "2026-11-26T23:00:00Z", "2026-11-27T23:00:00Z"},
		{budget.Window{Period: budget.Day, Calendar: zurich}, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"}, // 25 hours
		{budget.Window{Period: budget.Day, Calendar: zurich}, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"}, // 23 hours
		{budget.Window{Period: budget.Week, Calendar: zurich}, "2026-11-29T12:00:00Z", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z"},
		{budget.Window{Period: budget.Week}, "2026-11-01T12:00:00Z", "2026-10-26T00:00:00Z", "2026-11-02T00:00:00Z"},
		{budget.Window{Period: budget.Month, Calendar: zurich}, "2026-10-31T23:30:00Z", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"},
		{budget.Window{Period: budget.Quarter, Calendar: july}, "2026-11-26T12:00:00Z", "2026-09-30T22:00:00Z", "2026-12-31T23:00:00Z"},
		{budget.Window{Period: budget.Year, Calendar: july}, "2026-11-26T12:00:00Z", "2026-06-30T22:00:00Z", "2027-06-30T22:00:00Z"},
		{budget.Window{Period: budget.Month, Calendar: weeks}, "2023-02-26T00:00:00Z", "2023-02-26T00:00:00Z", "2023-04-02T00:00:00Z"},
		{budget.Window{Length: time.Hour}, "2026-11-26T12:34:56Z", "2026-11-26T12:34:00Z", "2026-11-26T12:35:00Z"}, // a slice
	} {
		b := daily("cap", "1")
		b.Window = f.window
		e := engine(t, []budget.Budget{b})
		c := call(1, "1")
		c.At = at(t, f.instant)
		e.Acquire(c)
		s := e.Standings()
		if len(s) != 1 || !s[0].From.Equal(at(t, f.from)) || !s[0].To.Equal(at(t, f.to)) {
			t.Errorf("%s %s counts in %+v, want %s to %s", f.window.Period, f.instant, s, f.from, f.to)
		}
	}
}

func TestRoomComesBackWithThePeriod(t *testing.T) {
	t.Parallel()
	rolling := daily("rolling", "1")
	rolling.Window = budget.Window{Length: time.Hour}
	for name, f := range map[string]struct {
		budget       budget.Budget
		full, resets string
	}{
		"a day":    {daily("day", "1"), "2026-11-26T23:59:59Z", "2026-11-27T00:00:00Z"},
		"an hour":  {rolling, "2026-11-26T13:00:59Z", "2026-11-26T13:01:00Z"}, // the slice of 12:00 has left as a whole
		"a second": {rolling, "2026-11-26T11:59:59Z", "2026-11-26T13:01:00Z"}, // asked out of order
	} {
		e := engine(t, []budget.Budget{f.budget})
		e.Acquire(call(1, "1"))
		next := call(2, "0.5")
		next.At = at(t, f.full)
		if got := e.Ask(next).Action; got != budget.Stop {
			t.Errorf("%s: at %s it says %q, want stop", name, f.full, got)
		}
		next.At = at(t, f.resets)
		if got := e.Ask(next).Action; got != budget.Allow {
			t.Errorf("%s: at %s it says %q, want nothing", name, f.resets, got)
		}
	}
}

// TestRollingWindowsSayThatTheyRoll: nothing resets, and all of it has come back by an
// instant.
func TestRollingWindowsSayThatTheyRoll(t *testing.T) {
	t.Parallel()
	for length, want := range map[time.Duration]string{
		30 * 24 * time.Hour: "30 days", 24 * time.Hour: "24 hours", 36 * time.Hour: "36 hours", time.Hour: "60 minutes", 90 * time.Second: "1m30s",
	} {
		if got := (&budget.Window{Length: length}).Rolls(); got != want {
			t.Errorf("%s rolls %q, want %q", length, got, want)
		}
	}
	b := daily("rolling", "1")
	b.Window = budget.Window{Length: 24 * time.Hour}
	e := engine(t, []budget.Budget{b})
	e.Acquire(call(1, "1"))
	const want = "budget rolling has 0 of 1 USD left and the call may cost 1; what was used in rolling 24 hours comes back bit by bit, all of it by 2026-11-27T12:24:00Z"
	if v := e.Ask(call(2, "1")); len(v.Reasons) != 1 || !strings.HasPrefix(v.Reasons[0].String(), want) {
		t.Errorf("it says %+v, want %s", v.Reasons, want)
	}
}

func TestLateLinesBelongToThePeriodOfUse(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{daily("day", "1")})
	e.Acquire(call(1, "1"))
	tomorrow := call(2, "0.75")
	tomorrow.At = noon().AddDate(0, 0, 1)
	e.Acquire(tomorrow)
	e.Book(noon(), line(call(1, "1"), "0.5"))
	if got := use(t, e, "day"); got != "0.5+0+0 0+0+0.75" {
		t.Errorf("the two days use %s", got)
	}
}

func TestForgetting(t *testing.T) {
	t.Parallel()
	run := daily("run", "1")
	run.Window = budget.Window{Period: budget.EachRun}
	rate := budget.Rate{ID: "rate", Counts: budget.Calls, Each: []string{"run"}, Amount: 1, Per: time.Minute, Burst: 1}
	e := engine(t, []budget.Budget{daily("day", "1"), run}, rate)
	e.Book(noon(), line(call(1, "1"), "0.5"))
	e.Acquire(call(2, "0.25"))
	e.Forget(noon().AddDate(0, 0, 2))
	if got := use(t, e, "day") + " " + use(t, e, "run"); got != "0.5+0+0.25 0.5+0+0.25" {
		t.Errorf("with a call pending %s is left", got)
	}
	e.Book(noon(), line(call(2, "1"), "0.25"))
	e.Forget(noon().AddDate(0, 0, 2))
	if s := e.Standings(); len(s) != 0 {
		t.Errorf("left is %+v", s)
	}
	e.Book(noon(), line(call(3, "1"), "0.5"))
	if got := use(t, e, "day"); got != "" {
		t.Errorf("a line of a forgotten day counts as %s", got)
	}
	if v := e.Ask(call(4, "1")); v.Action != budget.Stop || v.Reasons[0].Cause != budget.Malformed || !strings.Contains(v.Reasons[0].String(), "no instant") {
		t.Errorf("a call of a forgotten day: %+v", v)
	}
}

func TestMadeUpValuesFillNoMemory(t *testing.T) {
	t.Parallel()
	b := daily("run", "1")
	b.Window, b.Each = budget.Window{Period: budget.EachRun}, []string{"agent"}
	e := engine(t, []budget.Budget{b})
	c := call(0, "0.5")
	run := func(n int) budget.Action {
		c.ID, c.Subject.Run = spend.Digest("call", fmt.Sprint(n)), fmt.Sprint("r", n)
		return e.Acquire(c).Action
	}
	for n := range budget.MaxValues + 2 {
		if got := run(n); got != budget.Allow {
			t.Fatalf("run %d is told %q", n, got)
		}
	}
	if got := run(budget.MaxValues + 2); got != budget.Stop {
		t.Errorf("a third run beyond the most is told %q, want stop: they share one budget", got)
	}
	c.ID, c.Subject.Run = spend.Digest("again"), "r7"
	if got := e.Acquire(c).Action; got != budget.Allow {
		t.Errorf("a run that is counted apart is told %q", got)
	}
	all := e.Standings()
	if got := all[len(all)-1].Each; len(all) != budget.MaxValues+1 || got[0] != budget.Capped || got[1] != budget.Capped {
		t.Errorf("%d runs are counted, the last %q", len(all), got)
	}
	for n := range budget.MaxValues {
		e.Release(spend.Digest("call", fmt.Sprint(n)))
	}
	e.Release(spend.Digest("again"))
	e.Forget(noon().Add(time.Hour))
	c.At = noon().Add(time.Hour)
	if run(-1); len(e.Standings()) != 2 {
		t.Errorf("after forgetting %d runs are counted, want the shared one and a new one", len(e.Standings()))
	}
}

func TestCurrentWindows(t *testing.T) {
	t.Parallel()
	rolling := daily("rolling", "1")
	rolling.Window = budget.Window{Length: time.Hour}
	e := engine(t, []budget.Budget{daily("day", "1"), rolling}, perKey(budget.Calls, 60, 60, time.Minute))
	for n, after := range []time.Duration{-24 * time.Hour, 0, 10 * time.Minute, 50 * time.Minute} {
		c := call(n, "0.25")
		c.At = noon().Add(after)
		e.Acquire(c)
	}
	for _, f := range []struct{ at, want string }{
		{"2026-11-26T12:50:00Z", "day 0.25 of 2026-11-26T00:00:00Z to 2026-11-27T00:00:00Z; rolling 0.25 of 2026-11-26T11:50:00Z to 2026-11-26T12:50:00Z"},
		{"2026-11-26T13:05:00Z", "day 0.25 of 2026-11-26T00:00:00Z to 2026-11-27T00:00:00Z; rolling 0.5 of 2026-11-26T12:05:00Z to 2026-11-26T13:05:00Z"},
		{"2026-11-25T13:00:00Z", "day 0.75 of 2026-11-25T00:00:00Z to 2026-11-26T00:00:00Z; rolling 0.75 of 2026-11-25T12:00:00Z to 2026-11-25T13:00:00Z"},
		{"2026-11-28T00:00:00Z", ""},
	} {
		var lines []string
		for _, s := range e.Current(at(t, f.at)) {
			lines = append(lines, fmt.Sprintf("%s %s of %s to %s", s.Budget, s.Left(), s.From.Format(time.RFC3339), s.To.Format(time.RFC3339)))
		}
		if got := strings.Join(lines, "; "); got != f.want {
			t.Errorf("at %s left is\n%s, want\n%s", f.at, got, f.want)
		}
	}
}

func TestPendingCallsAreListed(t *testing.T) {
	t.Parallel()
	e := engine(t, []budget.Budget{daily("day", "1")})
	late := call(2, "0.5")
	late.At = noon().Add(time.Hour)
	e.Acquire(late)
	e.Acquire(call(1, "0.5"))
	e.Settle(call(1, "").ID, cost("0.25"))
	all := e.Pending(noon().Add(time.Minute))
	if len(all) != 1 || all[0].Call.ID != call(1, "").ID || all[0].Settled.Effective != money.Known(usd("0.25")) {
		t.Errorf("pending since then: %+v", all)
	}
}
