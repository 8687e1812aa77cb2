package duck_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

// forgetful asks the engine every statement anew.
type forgetful struct{ *duck.Lake }

func (f forgetful) Snapshot(ctx context.Context, use func(lake.Ask) error) error {
	return f.Lake.Snapshot(ctx, func(ask lake.Ask) error {
		return use(func(ctx context.Context, s lake.Statement, row func([]*string) error) error {
			s.Reads = nil
			return ask(ctx, s, row)
		})
	})
}

// TestRememberedAnswersAreThoseOfNow books lines, corrections, open calls and outcomes,
// of all days or of the last ones alone, and asks the same questions again and again: each
// answer is what the engine says when it remembers nothing.
func TestRememberedAnswersAreThoseOfNow(t *testing.T) {
	t.Parallel()
	l := openWith(t, duck.Options{Threads: 1, Rolled: 1})
	g := laketest.NewGenerator(77)
	events := g.Events(120)
	late := laketest.Start().AddDate(0, 0, 25)
	for n, batch := range slices.Collect(slices.Chunk(treed(g.Ledger(1200)), 100)) {
		if n%4 != 0 { // what lands of today
			batch = slices.DeleteFunc(batch, func(c spend.Charge) bool { return c.UsedAt.Before(late) })
		}
		if err := l.Append(t.Context(), lake.Batch{Charges: batch, Opens: opened(batch)}); err != nil {
			t.Fatal(err)
		}
		if n%3 == 0 {
			some := laketest.OutcomeDelivery{Events: events[10*n : 10*n+10], At: laketest.Start().AddDate(0, 2, n)}
			if _, err := laketest.BookOutcomes(t.Context(), l, some); err != nil {
				t.Fatal(err)
			}
		}
		if n%5 == 2 {
			if err := l.RollDays(t.Context(), time.UTC); err != nil {
				t.Fatal(err)
			}
		}
		if n == 6 {
			if _, err := l.Retire(t.Context(), "2026-10"); err != nil {
				t.Fatal(err)
			}
		}
		for name, ask := range repeated() {
			for range 2 {
				answer, err := ask(t.Context(), l)
				anew, errWant := ask(t.Context(), forgetful{l})
				want, got := asJSON(t, anew), asJSON(t, answer)
				if diff := cmp.Diff(want, got); diff != "" || err != nil || errWant != nil {
					t.Fatalf("%s after batch %d (%v, %v) differs (-asked anew +remembered):\n%.2000s", name, n, err, errWant, diff)
				}
			}
		}
	}
	if l.Recalls() < 200 {
		t.Errorf("%d statements were answered from memory", l.Recalls())
	}
}

// TestResultsOfOtherDaysLeaveThemRemembered books outcomes between two questions about
// results before any of them: what they cost is asked anew, for a run of then may have
// one now, and the results are not.
func TestResultsOfOtherDaysLeaveThemRemembered(t *testing.T) {
	t.Parallel()
	l := openWith(t, duck.Options{Threads: 1})
	g := laketest.NewGenerator(78)
	if err := l.Append(t.Context(), lake.Batch{Charges: g.Charges(20)}); err != nil {
		t.Fatal(err)
	}
	q := spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{spend.Cost},
		From: laketest.Start().AddDate(-1, 0, 0), To: laketest.Start().AddDate(0, -6, 0),
	}
	for _, want := range []int64{0, 1} {
		before := l.Recalls()
		if _, err := lake.Outcomes(t.Context(), l, &q); err != nil || l.Recalls()-before != want {
			t.Errorf("%d statements were answered from memory, want %d (%v)", l.Recalls()-before, want, err)
		}
		if _, err := laketest.BookOutcomes(t.Context(), l, laketest.OutcomeDelivery{Events: g.Events(10), At: laketest.Start()}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOneOfThoseWhoAskAtOnceAsksTheEngine puts one question from several sides: whoever is
// not the first is answered by what that one found.
func TestOneOfThoseWhoAskAtOnceAsksTheEngine(t *testing.T) {
	t.Parallel()
	l := openWith(t, duck.Options{Threads: 1})
	if err := l.Append(t.Context(), lake.Batch{Charges: laketest.NewGenerator(79).Charges(500)}); err != nil {
		t.Fatal(err)
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"team"}, Measures: []spend.Measure{spend.Cost}}
	const sides = 8
	var all sync.WaitGroup
	for range sides {
		all.Go(func() {
			if found, err := lake.PerRunOf(t.Context(), l, &q); err != nil || len(found) == 0 {
				t.Errorf("%d teams, %v", len(found), err)
			}
		})
	}
	all.Wait()
	if l.Recalls() != sides-1 {
		t.Errorf("%d of %d were answered from memory", l.Recalls(), sides)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// treed gives lines runs that begin others.
func treed(ledger []spend.Charge) []spend.Charge {
	for i := range ledger {
		c, a := &ledger[i], ledger[i].AttemptID
		c.Scope.Workflow, c.Scope.Run, c.Scope.ParentRun = []string{"", "claims", "quotes"}[a[0]%3], fmt.Sprint("run-", a[1]%60), ""
		if a[1]%60 > 20 {
			c.Scope.ParentRun = fmt.Sprint("run-", a[1]%60-13)
		}
	}
	return ledger
}

func opened(batch []spend.Charge) (opens []spend.Charge) {
	for i := range batch {
		if !lake.Reverses(&batch[i]) && i%9 == 0 {
			c := batch[i]
			c.Calls, c.ID = 1, spend.Digest("open", c.ID.String())
			opens = append(opens, c)
		}
	}
	return opens
}

// repeated are the questions that read lines.
func repeated() map[string]func(context.Context, lake.Reader) (any, error) {
	from, to := laketest.Start().AddDate(0, 0, 3), laketest.Start().AddDate(0, 0, 20)
	q := spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, From: from, To: to, By: []spend.Dimension{"workflow"},
		Measures: []spend.Measure{spend.Cost, spend.Runs, spend.CostP95}, Zone: time.UTC,
	}
	open, won := q, q
	open.To, won.Measures = time.Time{}, []spend.Measure{spend.Cost}
	people := q
	people.Measures, people.By, people.Fewest = []spend.Measure{spend.Cost}, []spend.Dimension{"team"}, 2
	return map[string]func(context.Context, lake.Reader) (any, error){
		"gaps with those of today": func(ctx context.Context, r lake.Reader) (any, error) {
			gaps := lake.Gaps{Query: &open, Lacks: []spend.Dimension{"team"}, Fields: []spend.Dimension{"workflow", "tag:project"}, Most: 9, Now: to}
			found, all, err := lake.GapsOf(ctx, r, gaps)
			return []any{found, all}, err
		},
		"runs of closed days": func(ctx context.Context, r lake.Reader) (any, error) {
			table, err := lake.Answer(ctx, r, &q)
			table.Query = spend.Query{}
			return table, err
		},
		"runs until now": func(ctx context.Context, r lake.Reader) (any, error) {
			table, err := lake.Answer(ctx, r, &open)
			table.Query = spend.Query{}
			return table, err
		},
		"what a run takes": func(ctx context.Context, r lake.Reader) (any, error) { return lake.PerRunOf(ctx, r, &won) },
		"outcomes": func(ctx context.Context, r lake.Reader) (any, error) {
			table, err := lake.Outcomes(ctx, r, &won)
			return table.Rows, err
		},
		"a list of runs": func(ctx context.Context, r lake.Reader) (any, error) {
			return lake.Runs(ctx, r, lake.RunListing{Query: &won, Order: lake.ByCost, Limit: 20})
		},
		"sources": func(ctx context.Context, r lake.Reader) (any, error) {
			return lake.HeardOf(ctx, r, lake.Hearing{Since: laketest.Start().Add(90 * time.Minute), Elsewhere: true})
		},
		"people": func(ctx context.Context, r lake.Reader) (any, error) {
			tally, err := lake.Adoption(ctx, r, &people)
			return tally, err
		},
	}
}
