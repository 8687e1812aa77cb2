package laketest

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// family names steps of every run, and makes every third run the child of the one
// before: a run, its child, and no further.
func family(ledger []spend.Charge) []spend.Charge {
	var names []string
	for i := range ledger {
		if run := ledger[i].Scope.Run; run != "" && !slices.Contains(names, run) {
			names = append(names, run)
		}
	}
	for i := range ledger {
		c := &ledger[i]
		if at := slices.Index(names, c.Scope.Run); at > 0 && at%3 != 0 {
			c.Scope.ParentRun = names[at-1]
		}
		if c.Scope.Run != "" {
			c.Scope.Step = []string{"", "plan", "act"}[c.AttemptID[0]%3]
		}
	}
	return ledger
}

// runsAddUp: every order lists each run once, sorted, and their sums are those of the
// lines that name a run; a tree's nodes, and its lines with the rest, sum to its whole.
func runsAddUp(t *testing.T, open func(t *testing.T) Engine) {
	g := NewGenerator(31)
	ledger, opens := family(g.Ledger(size)), family(openCalls(g, 60))
	e := filled(t, open, ledger)
	if err := e.Append(t.Context(), lake.Batch{Opens: opens}); err != nil {
		t.Fatal(err)
	}
	scoped := everything()
	scoped.Where = []spend.Filter{{By: "team", Values: []string{"team-1", "team-2"}}}
	late := everything()
	late.From = Start().Add(Span / 2)
	for name, q := range map[string]spend.Query{"everything": everything(), "two teams": scoped, "the second half": late} {
		for _, order := range lake.RunOrders() {
			all := allRuns(t, e, &q, order)
			wantRuns(t, name+" by "+string(order), all, recountRuns(&q, ledger, opens))
		}
	}
	q := everything()
	all, nodes := recountRuns(&q, ledger, opens), 0
	for _, run := range allRuns(t, e, &q, lake.ByCost)[:20] {
		nodes += all.wantTree(t, e, run, 12)
		all.wantTree(t, e, run, 1000)
	}
	if nodes <= 3*20 {
		t.Errorf("20 runs have %d nodes: none has a run below", nodes)
	}
	if _, err := lake.RunOf(t.Context(), e, lake.RunQuestion{Query: &q, Run: "nobody's", Runs: 9, Calls: 9}); spend.KindOf(err) != spend.KindNotFound {
		t.Errorf("a run that is not there: %v", err)
	}
}

// allRuns follows the cursors.
func allRuns(t *testing.T, e Engine, q *spend.Query, order lake.RunOrder) (all []lake.Run) {
	t.Helper()
	l := lake.RunListing{Query: q, Order: order, Limit: 17}
	for {
		page, err := lake.Runs(t.Context(), e, l)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Runs...)
		if l.After = page.Next; l.After == nil {
			return all
		}
	}
}

// recounted are the figures of each run, summed the plain way.
type recounted map[string]lake.RunFigures

func recountRuns(q *spend.Query, ledger, opens []spend.Charge) recounted {
	found := recounted{}
	for i, lines := range [][]*spend.Charge{selected(q, ledger), selected(q, opens)} {
		for _, c := range lines {
			if c.Scope.Run == "" {
				continue
			}
			f := found[c.Scope.Run]
			if i == 1 {
				f.Open, f.Holds = f.Open+c.Calls, mustSum(f.Holds.Add(c.Exposure))
			} else {
				tally(&f, c)
			}
			found[c.Scope.Run] = f
		}
	}
	return found
}

func tally(f *lake.RunFigures, c *spend.Charge) {
	f.Calls += c.Calls
	f.Prompt, f.Completion, f.Cached = f.Prompt+c.Usage.PromptTokens(), f.Completion+c.Usage.CompletionTokens(), f.Cached+lake.CachedTokens(c)
	f.Exposure = mustSum(f.Exposure.Add(c.Exposure))
	switch {
	case c.Reporting.Valid:
		f.Cost = money.Known(mustSum(f.Cost.Amount.Add(c.Reporting.Amount)))
	case c.PriceState == spend.Unpriced:
		f.Unpriced += c.Calls
	default:
		f.Unconverted += c.Calls
	}
}

func wantRuns(t *testing.T, name string, got []lake.Run, want recounted) {
	t.Helper()
	left := map[string]bool{}
	for run, f := range want {
		if f.Calls != 0 || f.Open != 0 || !f.Cost.Amount.IsZero() || !f.Exposure.IsZero() {
			left[run] = true
		}
	}
	for i := range got {
		f, run := got[i].RunFigures, got[i].Run
		f.First, f.Last = want[run].First, want[run].Last // told by the lines' times, not by sums
		if diff := gocmp.Diff(want[run], f); diff != "" || !left[run] {
			t.Errorf("%s: run %s, once: %t (-recount +engine):\n%s", name, run, left[run], diff)
		}
		delete(left, run)
	}
	if len(left) > 0 {
		t.Errorf("%s: %d of %d runs are in no page", name, len(left), len(want))
	}
	sorted := slices.IsSortedFunc(got, func(a, b lake.Run) int { return b.Cost.Amount.Cmp(a.Cost.Amount) })
	if name == "everything by cost" && !sorted {
		t.Error("the dearest run is not the first")
	}
}

func (all recounted) wantTree(t *testing.T, e Engine, run lake.Run, most int) int {
	t.Helper()
	q := everything()
	tree, err := lake.RunOf(t.Context(), e, lake.RunQuestion{Query: &q, Run: run.Run, Runs: 100, Calls: most})
	if err != nil {
		t.Fatal(err)
	}
	var below, nodes lake.RunFigures
	for _, n := range tree.Nodes {
		if nodes, err = nodes.Plus(&n.Own); err != nil {
			t.Fatal(err)
		}
		if own := all[n.Run]; n.Step == "" {
			if below, err = below.Plus(&own); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range tree.Lines {
		if at := tree.Lines[i].Used; at.Before(tree.Within.From) || !at.Before(tree.Within.To) {
			t.Errorf("run %s has a line of %s beyond its window %v", run.Run, at, tree.Within)
		}
	}
	whole := tree.Whole.RunFigures
	if diff := gocmp.Diff(whole, nodes); diff != "" {
		t.Errorf("run %s: its nodes differ from it (-run +nodes):\n%s", run.Run, diff)
	}
	below.First, below.Last = whole.First, whole.Last
	if diff := gocmp.Diff(below, whole); diff != "" {
		t.Errorf("run %s with %d nodes (-recount +engine):\n%s", run.Run, len(tree.Nodes), diff)
	}
	cost, calls := tree.Rest.Cost.Amount, tree.Rest.Calls
	for _, l := range tree.Lines {
		cost = mustSum(cost.Add(l.Cost.Amount))
		if !l.Open {
			calls += l.Calls
		}
	}
	if cost != whole.Cost.Amount || calls != whole.Calls || len(tree.Lines) > most {
		t.Errorf("run %s: %d lines and %d more are %s in %d calls, the run is %s in %d",
			run.Run, len(tree.Lines), tree.Rest.Lines, cost, calls, whole.Cost.Amount, whole.Calls)
	}
	return len(tree.Nodes)
}
