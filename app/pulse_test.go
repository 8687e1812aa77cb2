package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// beaten is a call of an agent in a run that was made at an instant.
func beaten(at time.Time, run, cost string) spend.Charge {
	c := spend.Charge{Calls: 1, PriceState: spend.Priced, Reporting: money.Known(money.Must(cost))}
	c.Book, c.Category, c.UsedAt, c.Status = spend.Metered, spend.CategoryUsage, at, spend.StatusOK
	c.Scope = spend.Scope{BusinessUnit: "retail", Team: "claims", Application: "desk", Workflow: "triage", Agent: "reader", Run: run, Principal: "somebody"}
	return c
}

// TestPulse follows two runs over a minute: the last second, the minute, and silence.
func TestPulse(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	second := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	p := app.NewPulse()
	unpriced := beaten(start, "run-2", "0")
	unpriced.PriceState, unpriced.Reporting, unpriced.Status = spend.Unpriced, money.Null{}, spend.StatusError
	old := beaten(start.Add(-time.Hour), "run-3", "9") // an import, no life
	p.Add(second(0), []spend.Charge{beaten(start, "run-1", "0.25"), unpriced, old})
	p.Add(second(10), []spend.Charge{beaten(second(10), "run-1", "0.5")})
	own := spend.Scope{BusinessUnit: "retail", Team: "claims", Application: "desk", Workflow: "triage", Agent: "reader"}
	for _, c := range []struct {
		at         int
		want       api.PulseFigures
		keys, runs int
	}{
		{1, api.PulseFigures{Calls: 2, Cost: money.Must("0.25"), CallsMin: 2, CostMin: money.Must("0.25"), Unpriced: 1, Failed: 1}, 2, 2},
		{11, api.PulseFigures{Calls: 1, Cost: money.Must("0.5"), CallsMin: 3, CostMin: money.Must("0.75"), Unpriced: 1, Failed: 1}, 2, 2},
		{60, api.PulseFigures{CallsMin: 3, CostMin: money.Must("0.75"), Unpriced: 1, Failed: 1}, 2, 2},
		{61, api.PulseFigures{CallsMin: 1, CostMin: money.Must("0.5")}, 1, 1},
	} {
		got := p.Take(second(c.at))
		if diff := cmp.Diff([]api.PulseRow{{Scope: own, PulseFigures: c.want}}, got.Rows); diff != "" {
			t.Errorf("after %d seconds (-want +got):\n%s", c.at, diff)
		}
		if p.Keys() != c.keys || len(got.Runs) != c.runs || got.Runs[0].Run != "run-1" {
			t.Errorf("after %d seconds %d runs are kept, and shown %+v", c.at, p.Keys(), got.Runs)
		}
	}
	if got := p.Take(second(71)); len(got.Rows) != 0 || p.Keys() != 0 {
		t.Errorf("after a silent minute there is still %+v", got)
	}
}

// TestPulseIsBounded: a flood of runs is counted whole, and kept as those of their agent.
func TestPulseIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	p := app.NewPulse()
	var flood []spend.Charge
	for i := range 10_000 {
		flood = append(flood, beaten(now, fmt.Sprintf("run-%d", i), "0.01"))
	}
	p.Add(now, flood)
	got := p.Take(now.Add(time.Second))
	if len(got.Rows) != 1 || got.Rows[0].Calls != 10_000 || got.Rows[0].Cost != money.Must("100") || p.Keys() > 5000 || len(got.Runs) != 20 {
		t.Errorf("%d keys, %d runs, %+v", p.Keys(), len(got.Runs), got.Rows)
	}
}
