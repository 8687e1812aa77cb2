package laketest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeEngine is what the laws of outcomes are checked on.
type OutcomeEngine interface {
	lake.Reader
	OutcomeStore
}

// RunOutcomes checks the laws of outcomes on an engine; open gives an empty one
// for each.
func RunOutcomes(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	t.Helper()
	for _, law := range []struct {
		name  string
		check func(t *testing.T, open func(t *testing.T) OutcomeEngine)
	}{
		{"outcomes equal a recount", outcomesEqualRecount},
		{"runs by model equal a recount", byModelEqualsRecount},
		{"the order and repetition of events do not matter", outcomesInAnyOrder},
		{"an outcome is read back as it was booked", outcomesReadBack},
		{"the definitions that count are found", countedAreFound},
		{"a reversal moves no cost", reversalMovesNoCost},
		{"the weights of an outcome sum to 1", weightsSumToOne},
		{"a later booking leaves an earlier as-of answer alone", outcomesAsOf},
		{"an empty lake has no outcomes", noOutcomes},
	} {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			law.check(t, open)
		})
	}
}

// scoped puts the lines of a ledger into a few workflows and trees of runs. A
// correction may move a line; a reversal stays where its line is.
func scoped(ledger []spend.Charge) []spend.Charge {
	for i := range ledger {
		c, a := &ledger[i], ledger[i].ID
		if lake.Reverses(c) {
			a = c.Corrects
		}
		c.Scope.Workflow = []string{"", "claims", "quotes"}[a[0]%3]
		c.Scope.Run, c.Scope.ParentRun = fmt.Sprint("run-", a[1]), ""
		switch {
		case a[2]%5 == 0:
			c.Scope.Run = ""
		case a[1] > 40: // a child, or a child's child
			c.Scope.ParentRun = fmt.Sprint("run-", a[1]-13-a[3]%2)
		}
	}
	return ledger
}

// Events makes random events of a few dozen outcomes.
func (g *Generator) Events(n int) []outcome.Event {
	all := make([]outcome.Event, n)
	for i := range all {
		e := outcome.Event{ID: fmt.Sprint(i), Source: g.pick("desk", 2), Definition: g.pick("definition", 2),
			Subject: fmt.Sprint(g.rnd.IntN(60)), State: outcome.States()[g.rnd.IntN(5)],
			At: Start().Add(time.Duration(g.rnd.Int64N(int64(Span)))).Round(time.Microsecond)}
		e.Workflow = []string{"", "claims", "quotes", "unmetered"}[g.rnd.IntN(4)]
		for _, n := range []*money.Null{&e.Quantity, &e.Value, &e.RemediationMinutes} {
			if g.rnd.IntN(2) == 0 {
				*n = money.Known(money.FromUnits(1 + g.rnd.Int64N(5_000_000_000_000_000_000)))
			}
		}
		if e.Value.Valid {
			e.Currency = []money.Currency{"USD", "USD", "USD", "EUR"}[g.rnd.IntN(4)]
		}
		for _, r := range g.rnd.Perm(40)[:g.rnd.IntN(3)] {
			e.Runs = append(e.Runs, outcome.Link{Run: fmt.Sprint("run-", r)})
		}
		all[i] = e
	}
	return all
}

func deliver(t *testing.T, e OutcomeEngine, events []outcome.Event, at time.Time) {
	t.Helper()
	r, err := BookOutcomes(t.Context(), e, OutcomeDelivery{Events: events, At: at})
	if err != nil || len(r.Refused) > 0 {
		t.Fatalf("refused %v, error %v", r.Refused, err)
	}
}

func outcomesOf(t *testing.T, e OutcomeEngine, q spend.Query) outcome.Table {
	t.Helper()
	table, err := lake.Outcomes(t.Context(), e, &q)
	if err != nil {
		t.Fatal(err)
	}
	table.Query = spend.Query{}
	daysSumToRows(t, e, q, &table)
	return table
}

// daysSumToRows asks by day: the rows are the same, and the days sum to their parts.
func daysSumToRows(t *testing.T, e OutcomeEngine, q spend.Query, table *outcome.Table) {
	t.Helper()
	q.Grain = spend.Day
	byDay, err := lake.Outcomes(t.Context(), e, &q)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(table.Rows, byDay.Rows); diff != "" {
		t.Errorf("by day the rows differ (-whole +by day):\n%.3000s", diff)
	}
	for i := range table.Rows {
		row := table.Rows[i]
		for _, fate := range []outcome.Fate{outcome.InWinning, outcome.InOthers, outcome.InNoRun} {
			sum := sumOfDays(t, byDay.Days, outcome.Day{Workflow: row.Workflow, Fate: fate})
			if sum.Runs = row.Part(fate).Runs; row.Mixed {
				sum.Cost = money.Null{}
			}
			if diff := gocmp.Diff(*row.Part(fate), sum); diff != "" {
				t.Errorf("the days of %s, %s do not sum to it (-row +days):\n%s", row.Workflow, fate, diff)
			}
		}
	}
}

func sumOfDays(t *testing.T, days []outcome.Day, of outcome.Day) (sum outcome.Part) {
	t.Helper()
	for _, day := range days {
		if day.Workflow != of.Workflow || day.Fate != of.Fate {
			continue
		}
		more, err := sum.Plus(day.Part)
		if err != nil {
			t.Fatal(err)
		}
		sum = more
	}
	return sum
}

func outcomeQueries() map[string]spend.Query {
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{spend.Calls, spend.Cost}}
	window, reported, some, none := q, q, q, q
	window.From, window.To = Start().Add(Span/4), Start().Add(Span/2)
	reported.Measures = []spend.Measure{spend.ReportedCost}
	some.Where = []spend.Filter{{By: "workflow", Values: []string{"claims", "unmetered"}}}
	none.Where = []spend.Filter{{By: "workflow"}}
	return map[string]spend.Query{"all": q, "a window": window, "reported": reported, "some workflows": some, "none": none}
}

func outcomesEqualRecount(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	g := NewGenerator(21)
	ledger, events := scoped(g.Ledger(size)), g.Events(300)
	e := open(t)
	if err := e.Append(t.Context(), lake.Batch{Charges: ledger}); err != nil {
		t.Fatal(err)
	}
	deliver(t, e, events, Start())
	for name, q := range outcomeQueries() {
		if diff := gocmp.Diff(recountOutcomes(&q, ledger, events), outcomesOf(t, e, q)); diff != "" {
			t.Errorf("%s differs (-recount +engine):\n%.3000s", name, diff)
		}
	}
}

func outcomesInAnyOrder(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	g := NewGenerator(22)
	ledger, events := scoped(g.Ledger(200)), g.Events(300)
	one, many := open(t), open(t)
	for _, e := range []OutcomeEngine{one, many} {
		if err := e.Append(t.Context(), lake.Batch{Charges: ledger}); err != nil {
			t.Fatal(err)
		}
	}
	deliver(t, one, events, Start())
	again := slices.Concat(events, events[:100])
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
	for part := range slices.Chunk(again, 70) {
		deliver(t, many, part, Start())
	}
	for name, q := range outcomeQueries() {
		if diff := gocmp.Diff(outcomesOf(t, one, q), outcomesOf(t, many, q)); diff != "" {
			t.Errorf("%s depends on the order (-one delivery +shuffled):\n%.2000s", name, diff)
		}
	}
}

func outcomesReadBack(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	e, events := open(t), NewGenerator(23).Events(100)
	want := outcome.Book(nil, events, nil, Start()).Lines
	deliver(t, e, events, Start())
	var ids []spend.ID
	for _, l := range want {
		ids = append(ids, l.Key)
	}
	got, err := e.OutcomeHistory(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	byID := func(a, b outcome.Line) int { return strings.Compare(a.ID.String(), b.ID.String()) }
	slices.SortFunc(want, byID)
	slices.SortFunc(got, byID)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("lines differ (-booked +read):\n%.3000s", diff)
	}
}

func countedAreFound(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	e, events, want := open(t), NewGenerator(26).Events(50), map[outcome.Name]bool{}
	for _, s := range standingsOf(events) {
		want[outcome.Name{ID: s.Definition, Version: s.Version}] = true
	}
	for _, events := range [][]outcome.Event{nil, events} {
		deliver(t, e, events, Start())
		got, err := lake.Counted(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 && len(got) > 0 || len(events) > 0 && !gocmp.Equal(want, got) {
			t.Errorf("%v count after %d events, want %v", got, len(events), want)
		}
	}
}

func reversalMovesNoCost(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	g := NewGenerator(24)
	e, ledger := open(t), scoped(g.Ledger(300))
	if err := e.Append(t.Context(), lake.Batch{Charges: ledger}); err != nil {
		t.Fatal(err)
	}
	won := outcome.Event{ID: "1", Source: "desk", Definition: "d", Subject: "s", Workflow: "claims", State: outcome.Verified, At: Start()}
	for i := range ledger[:100] { // some of which cost something
		if run := ledger[i].Scope.Run; run != "" && !slices.Contains(won.Runs, outcome.Link{Run: run}) {
			won.Runs = append(won.Runs, outcome.Link{Run: run})
		}
	}
	lost := won
	lost.ID, lost.State, lost.At, lost.Runs = "2", outcome.Reversed, Start().Add(time.Hour), nil
	q := outcomeQueries()["all"]
	deliver(t, e, []outcome.Event{won}, Start())
	before := outcomesOf(t, e, q).Total
	deliver(t, e, []outcome.Event{lost}, Start())
	after := outcomesOf(t, e, q).Total
	if before.All != after.All || before.With.Cost.Amount.IsZero() || after.With != (outcome.Part{}) {
		t.Errorf("before the reversal %+v, after it %+v", before, after)
	}
	if before.Outcomes != money.FromInt(1) || !after.Outcomes.IsZero() || after.Reversed != 1 {
		t.Errorf("%s outcomes, then %s and %d reversed", before.Outcomes, after.Outcomes, after.Reversed)
	}
}

func weightsSumToOne(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	e, events := open(t), NewGenerator(25).Events(300)
	deliver(t, e, events, Start())
	d := e.Dialect()
	s := lake.Statement{Text: "SELECT outcome_id, " + d.AsText("sum(weight) = 1") + " FROM outcome_links GROUP BY 1"}
	found := 0
	err := e.Snapshot(t.Context(), func(ask lake.Ask) error {
		return ask(t.Context(), s, func(cells []*string) error {
			if found++; *cells[1] != "true" && *cells[1] != "1" {
				t.Errorf("the weights of %x do not sum to 1", *cells[0])
			}
			return nil
		})
	})
	if err != nil || found != len(standingsOf(events)) {
		t.Errorf("%d outcomes have links, want %d; error %v", found, len(standingsOf(events)), err)
	}
}

func outcomesAsOf(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	g := NewGenerator(26)
	e, events := open(t), g.Events(200)
	if err := e.Append(t.Context(), lake.Batch{Charges: scoped(g.Ledger(200))}); err != nil {
		t.Fatal(err)
	}
	at := Start().Add(2 * Span)
	q := outcomeQueries()["all"]
	q.AsOf = at
	deliver(t, e, events[:120], at)
	before := outcomesOf(t, e, q)
	deliver(t, e, events[120:], at.Add(time.Second))
	if diff := gocmp.Diff(before, outcomesOf(t, e, q)); diff != "" {
		t.Errorf("the answer as of %s changed (-before +after):\n%.2000s", at, diff)
	}
	q.AsOf = time.Time{}
	if gocmp.Equal(before, outcomesOf(t, e, q)) {
		t.Error("later events changed nothing")
	}
}

func noOutcomes(t *testing.T, open func(t *testing.T) OutcomeEngine) {
	e := open(t)
	for name, q := range outcomeQueries() {
		if table := outcomesOf(t, e, q); len(table.Rows) != 0 || table.Total != (outcome.Row{}) {
			t.Errorf("%s of nothing is %+v", name, table)
		}
	}
	if lines, err := e.OutcomeHistory(context.Background(), nil); err != nil || len(lines) != 0 {
		t.Errorf("%d lines, error %v", len(lines), err)
	}
}

// standingsOf folds each outcome of some events.
func standingsOf(events []outcome.Event) (all []outcome.Standing) {
	of := map[spend.ID][]outcome.Event{}
	for _, e := range events {
		of[e.Outcome()] = append(of[e.Outcome()], e)
	}
	for _, its := range of {
		all = append(all, outcome.Fold(its, nil))
	}
	return all
}

// recountOutcomes answers the plain way: it folds the events, walks the trees
// of runs, and adds line by line.
func recountOutcomes(q *spend.Query, ledger []spend.Charge, events []outcome.Event) outcome.Table {
	basis, rows := spend.Cost, map[string]*outcome.Row{}
	if q.Measures[0] == spend.ReportedCost {
		basis = spend.ReportedCost
	}
	row := func(workflow string) *outcome.Row {
		if rows[workflow] == nil {
			rows[workflow] = &outcome.Row{Workflow: workflow}
		}
		return rows[workflow]
	}
	won := map[string]bool{}
	valued := map[string]map[money.Currency]bool{}
	kinds := map[string]string{} // the definition seen first, by workflow
	for _, s := range standingsOf(events) {
		for _, l := range s.Links {
			won[l.Run] = won[l.Run] || s.State.Counts()
		}
		if !q.From.IsZero() && (s.At.Before(q.From) || !s.At.Before(q.To)) || !passes(q, &spend.Charge{Event: spend.Event{Scope: spend.Scope{Workflow: s.Workflow}}}) {
			continue
		}
		if valued[s.Workflow] == nil {
			valued[s.Workflow] = map[money.Currency]bool{}
		}
		countStanding(row(s.Workflow), &s, valued[s.Workflow])
		if r := row(s.Workflow); kinds[s.Workflow] == "" {
			kinds[s.Workflow], r.Definition = s.Definition, s.Definition
		} else if kinds[s.Workflow] != s.Definition {
			r.Definition = ""
		}
	}
	wonTree(won, ledger, q.Book)
	calls := map[[2]string]int64{}
	currencies := map[string]map[money.Currency]bool{}
	for _, c := range selected(q, ledger) {
		w := c.Scope.Workflow
		calls[[2]string{w, c.Scope.Run}] += c.Calls
		countLine(partOf(row(w), c, won), c, basis)
		if basis == spend.ReportedCost && c.Reported.Valid {
			if currencies[w] == nil {
				currencies[w] = map[money.Currency]bool{}
			}
			currencies[w][c.ReportedCurrency] = true
		}
	}
	for key, n := range calls {
		if n != 0 && key[1] != "" {
			fake := &spend.Charge{Event: spend.Event{Scope: spend.Scope{Run: key[1]}}}
			partOf(row(key[0]), fake, won).Runs++
		}
	}
	return tabulate(basis, rows, currencies)
}

func countStanding(r *outcome.Row, s *outcome.Standing, valued map[money.Currency]bool) {
	r.Minutes = mustSum(r.Minutes.Add(s.Minutes))
	switch s.State {
	case outcome.Claimed:
		r.Claimed = mustSum(r.Claimed.Add(s.Count))
	case outcome.Disputed:
		r.Disputed = mustSum(r.Disputed.Add(s.Count))
	case outcome.Reversed:
		r.Reversed++
	default:
		r.Outcomes = mustSum(r.Outcomes.Add(s.Count))
		if s.Value.Valid {
			valued[s.Currency] = true
			r.Value, r.Valued = money.Known(mustSum(r.Value.Amount.Add(s.Value.Amount))), s.Currency
		}
		if len(valued) > 1 {
			r.Value, r.Valued = money.Null{}, ""
		}
	}
}

// wonTree adds the runs below those that won until there are no more.
func wonTree(won map[string]bool, ledger []spend.Charge, book spend.Book) {
	edges := map[[2]string]int64{}
	for _, c := range ledger {
		if c.Book == book && c.Scope.Run != "" && c.Scope.ParentRun != "" {
			edges[[2]string{c.Scope.ParentRun, c.Scope.Run}] += c.Calls
		}
	}
	for more := true; more; {
		more = false
		for edge, calls := range edges {
			if calls != 0 && won[edge[0]] && !won[edge[1]] {
				won[edge[1]], more = true, true
			}
		}
	}
}

func partOf(r *outcome.Row, c *spend.Charge, won map[string]bool) *outcome.Part {
	switch {
	case c.Scope.Run == "":
		return &r.NoRun
	case won[c.Scope.Run]:
		return &r.With
	}
	return &r.Without
}

func countLine(p *outcome.Part, c *spend.Charge, basis spend.Measure) {
	cost := c.Reporting
	if basis == spend.ReportedCost {
		cost = c.Reported
	}
	p.Calls += c.Calls
	p.Exposure = mustSum(p.Exposure.Add(c.Exposure))
	if !cost.Valid {
		p.Unknown += c.Calls
		p.UnknownLines += lineOf(c)
		return
	}
	p.Cost = money.Known(mustSum(p.Cost.Amount.Add(cost.Amount)))
}

func tabulate(basis spend.Measure, rows map[string]*outcome.Row, currencies map[string]map[money.Currency]bool) outcome.Table {
	t := outcome.Table{Basis: basis}
	for w, r := range rows {
		for _, p := range []outcome.Part{r.With, r.Without, r.NoRun} {
			sum, err := r.All.Plus(p)
			mustSucceed(err)
			r.All = sum
		}
		for currency := range currencies[w] {
			r.Currency = currency
		}
		if r.Mixed = len(currencies[w]) > 1; r.Mixed {
			r.DropCosts()
		}
		t.Rows = append(t.Rows, *r)
	}
	slices.SortFunc(t.Rows, func(a, b outcome.Row) int {
		return cmp.Or(descending(a.All.Cost, b.All.Cost), cmp.Compare(a.Workflow, b.Workflow))
	})
	mustSucceed(t.Sum())
	return t
}

// mustSucceed stops a test whose own figures overflow.
func mustSucceed(err error) {
	if err != nil {
		panic(err)
	}
}
