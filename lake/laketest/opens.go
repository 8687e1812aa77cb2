package laketest

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// openCalls makes the lines of n calls that were open, of which a third has been
// closed an hour later.
func openCalls(g *Generator, n int) (lines []spend.Charge) {
	for i, c := range g.Charges(n) {
		c.AttemptID, c.Calls = spend.Digest("open attempt", c.ID.String()), 1
		c.ID = spend.Digest("open", c.AttemptID.String())
		c.PriceState, c.Costs, c.Exposure = spend.Unpriced, [spend.Components]money.Amount{}, g.amount()
		c.List, c.Contracted, c.Effective, c.Billed, c.Reporting = money.Null{}, money.Null{}, money.Null{}, money.Null{}, money.Null{}
		lines = append(lines, c)
		if i%3 == 0 {
			lines = append(lines, c.Reverse(c.BookedAt.Add(time.Hour), c.Period))
		}
	}
	return lines
}

// opensStandBeside recounts the open calls of every question, and sees that no
// other figure knows of them.
func opensStandBeside(t *testing.T, open func(t *testing.T) Engine) {
	g := NewGenerator(17)
	ledger, opens := g.Ledger(size), openCalls(g, size)
	e := filled(t, open, ledger)
	before := map[string]spend.Table{}
	for name, q := range Queries() {
		before[name] = answer(t, e, q)
	}
	for part := range slices.Chunk(opens, 700) {
		if err := e.Append(t.Context(), lake.Batch{Opens: part}); err != nil {
			t.Fatal(err)
		}
	}
	found := int64(0)
	for name, q := range Queries() {
		want := before[name]
		for _, c := range selected(&q, opens) {
			want.Totals.OpenCalls += c.Calls
			want.Totals.OpenHolds = mustSum(want.Totals.OpenHolds.Add(c.Exposure))
		}
		found += want.Totals.OpenCalls
		if diff := cmp.Diff(comparable(want), comparable(answer(t, e, q))); diff != "" {
			t.Errorf("%s differs (-recount +engine):\n%.2000s", name, diff)
		}
	}
	if found == 0 {
		t.Error("no question saw an open call")
	}
}

// auditHolds finds nothing wrong with a sound ledger, and what is broken in one
// that counts an open call twice.
func auditHolds(t *testing.T, open func(t *testing.T) Engine) {
	g := NewGenerator(18)
	sound, opens := soundly(g.Charges(200)), openCalls(g, 50)
	e := filled(t, open, sound)
	if err := e.Append(t.Context(), lake.Batch{Opens: opens}); err != nil {
		t.Fatal(err)
	}
	if broken := audit(t, e); len(broken) > 0 {
		t.Errorf("a sound ledger breaks %q", broken)
	}
	twice, booked := opens[len(opens)-1], sound[0]
	twice.ID, booked.ID = spend.Digest("again"), spend.Digest("booked and open")
	if err := e.Append(t.Context(), lake.Batch{Opens: []spend.Charge{twice, booked}}); err != nil {
		t.Fatal(err)
	}
	if broken := audit(t, e); len(broken) != 2 {
		t.Errorf("a call that is open twice and one that is booked and open break %q", broken)
	}
}

// audit names the laws that do not hold.
func audit(t *testing.T, e Engine) (broken []string) {
	t.Helper()
	return brokenBy(t, e, lake.Laws())
}

func violations(t *testing.T, e Engine, law lake.Law) (n int) {
	t.Helper()
	err := e.Snapshot(t.Context(), func(ask lake.Ask) error {
		return ask(t.Context(), law.Statement, func(cells []*string) (err error) {
			n, err = strconv.Atoi(*cells[0])
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
