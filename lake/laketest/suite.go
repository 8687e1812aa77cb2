package laketest

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Engine is what the laws are checked on.
type Engine interface {
	lake.Reader
	Append(ctx context.Context, b lake.Batch) error
	Lines(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error)
	Heads(ctx context.Context, attempts []spend.ID) ([]lake.Head, error)
}

// size is how many lines the laws run on: enough to fill more than one data
// chunk and every kind of group.
const size = 1500

// Run checks every law on an engine; open gives an empty one for each.
func Run(t *testing.T, open func(t *testing.T) Engine) {
	t.Helper()
	for _, law := range []struct {
		name  string
		check func(t *testing.T, open func(t *testing.T) Engine)
	}{
		{"answers equal a recount", answersEqualRecount},
		{"the order of batches does not matter", orderDoesNotMatter},
		{"what was appended is recognised", appendedIsRecognised},
		{"a reversal nets to zero in every additive column", reversalNetsToZero},
		{"any partition sums to the total", partitionsSum},
		{"a later booking leaves an earlier as-of answer alone", asOfIsMonotone},
		{"open calls stand beside every total", opensStandBeside},
		{"the laws of an audit hold", auditHolds},
		{"what is new is audited as all is", newLinesAreAudited},
		{"groups of few people are merged", fewAreMerged},
		{"figures count everything", figuresCount},
		{"kin add up to their lines", kinAddUp},
		{"coverage and gaps equal a recount", coverageCounts},
		{"what is restated equals a recount", restatedEqualsRecount},
		{"names are those of the lines", namesAreThoseOfLines},
		{"sources are heard as they told", sourcesAreHeardAsTheyTold},
		{"limits count of sums what they count of lines", usesCountAsLines},
		{"a rate that has converted is found", rateIsFound},
		{"runs add up to their lines", runsAddUp},
		{"what a run takes equals a recount", perRunEqualsRecount},
		{"people are counted as by a recount", adoptionEqualsRecount},
		{"sums reconcile as lines do", sumsReconcileAsLines},
		{"an empty lake answers", emptyAnswers},
	} {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			law.check(t, open)
		})
	}
}

func filled(t *testing.T, open func(t *testing.T) Engine, batches ...[]spend.Charge) Engine {
	t.Helper()
	e := open(t)
	for _, b := range batches {
		if err := e.Append(t.Context(), lake.Batch{Charges: b}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func answer(t *testing.T, e Engine, q spend.Query) spend.Table {
	t.Helper()
	table, err := lake.Answer(t.Context(), e, &q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return table
}

func answersEqualRecount(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(11).Ledger(size)
	e := filled(t, open, ledger)
	for name, q := range Queries() {
		if diff := cmp.Diff(comparable(Recount(q, ledger)), comparable(answer(t, e, q))); diff != "" {
			t.Errorf("%s differs (-recount +engine):\n%.3000s", name, diff)
		}
	}
}

// rateIsFound looks for one converted line with every question.
func rateIsFound(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(18).Ledger(size)
	at := slices.IndexFunc(ledger, func(c spend.Charge) bool {
		return c.Reporting.Valid && c.Scope.Team != "" && c.UsedAt.Sub(Start()) > 9*24*time.Hour
	})
	converted := ledger[at]
	e := filled(t, open, ledger[:at], ledger[at+1:])
	for name, q := range Queries() {
		if found, err := lake.Exchanged(t.Context(), e, &q); err != nil || found {
			t.Errorf("%s: a rate is found in lines at par (%v)", name, err)
		}
	}
	converted.RateFact = "rate-1"
	if err := e.Append(t.Context(), lake.Batch{Charges: []spend.Charge{converted}}); err != nil {
		t.Fatal(err)
	}
	for name, q := range Queries() {
		want := len(selected(&q, []spend.Charge{converted})) == 1
		if found, err := lake.Exchanged(t.Context(), e, &q); err != nil || found != want {
			t.Errorf("%s: a rate is found: %t (%v), want %t", name, found, err, want)
		}
	}
}

// comparable drops the question from an answer: a location cannot be compared.
func comparable(t spend.Table) spend.Table {
	t.Query = spend.Query{}
	return t
}

func orderDoesNotMatter(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(12).Ledger(size)
	shuffled := slices.Clone(ledger)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	one := filled(t, open, ledger)
	many := filled(t, open, slices.Collect(slices.Chunk(shuffled, 170))...)
	for name, q := range Queries() {
		if diff := cmp.Diff(comparable(answer(t, one, q)), comparable(answer(t, many, q))); diff != "" {
			t.Errorf("%s depends on the order (-one batch +shuffled):\n%.2000s", name, diff)
		}
	}
}

// appendedIsRecognised delivers a ledger twice to a writer that books only what
// no current line says already.
func appendedIsRecognised(t *testing.T, open func(t *testing.T) Engine) {
	charges := NewGenerator(13).Charges(size)
	e := filled(t, open, charges)
	ids := make([]spend.ID, len(charges))
	for i, c := range charges {
		ids[i] = c.AttemptID
	}
	heads, err := e.Heads(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	known := map[lake.Head]bool{}
	for _, h := range heads {
		known[h] = true
	}
	for _, c := range charges {
		h := lake.Head{Attempt: c.AttemptID, ID: c.ID, ContentID: c.ContentID, Source: c.Source, SourceKey: c.SourceKey, Rank: c.Rank, Revision: c.Revision}
		if !known[h] {
			t.Fatalf("the head of %s/%s is not found", c.Source, c.SourceKey)
		}
	}
	if len(heads) != len(charges) {
		t.Errorf("%d heads of %d lines", len(heads), len(charges))
	}
}

func reversalNetsToZero(t *testing.T, open func(t *testing.T) Engine) {
	charges := NewGenerator(14).Charges(size)
	var reversals []spend.Charge
	var ids []spend.ID
	for _, c := range charges {
		reversals = append(reversals, c.Reverse(c.BookedAt.Add(time.Hour), c.Period))
		ids = append(ids, c.AttemptID)
	}
	e := filled(t, open, charges, reversals)
	for _, c := range lake.Charges().Columns {
		if c.Role == lake.Additive && c.Type != lake.Quantities {
			wantZero(t, e, c.Name)
		}
	}
	for _, m := range spend.Meters() {
		if !m.InColumn() {
			wantZero(t, e, e.Dialect().MapDecimal("extra", "'"+m.String()+"'"))
		}
	}
	left, err := e.Lines(t.Context(), ids)
	if err != nil || len(left) != 0 {
		t.Errorf("%d lines are still current, error %v", len(left), err)
	}
}

func wantZero(t *testing.T, e Engine, column string) {
	t.Helper()
	d := e.Dialect()
	s := lake.Statement{Text: "SELECT " + d.AsText("coalesce(sum("+column+"), 0) = 0") + " FROM charges"}
	err := e.Snapshot(t.Context(), func(ask lake.Ask) error {
		return ask(t.Context(), s, func(cells []*string) error {
			if cells[0] == nil || *cells[0] != "true" && *cells[0] != "1" {
				t.Errorf("column %s does not net to zero", column)
			}
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
}

func partitionsSum(t *testing.T, open func(t *testing.T) Engine) {
	e := filled(t, open, NewGenerator(15).Ledger(size))
	grains := spend.Grains()
	for i, d := range append(spend.Dimensions(), "tag:project", "tag:none") {
		q := base()
		q.By, q.Grain, q.Top = []spend.Dimension{d}, grains[i%len(grains)], i%4
		q.Where = []spend.Filter{{By: "currency", Values: []string{"USD"}, Not: i%3 == 0}}
		q.Zone = Zones()[i%len(Zones())]
		if q.Grain == spend.Minute {
			q.From, q.To = Start().Add(Span/2), Start().Add(Span/2+spend.MostMinutes)
		}
		table := answer(t, e, q)
		wantSums(t, string(d)+" by "+string(q.Grain), table)
	}
}

func wantSums(t *testing.T, name string, table spend.Table) {
	t.Helper()
	for i, m := range table.Query.Measures {
		sum := table.Totals.Values[i]
		if !sum.Valid {
			continue // of several currencies
		}
		sum.Amount = sum.Amount.Neg()
		for _, row := range table.Rows {
			sum.Amount = mustSum(sum.Amount.Add(row.Values[i].Amount))
		}
		if !sum.Amount.IsZero() {
			t.Errorf("%s: the rows' %s is off the total by %s", name, m, sum.Amount)
		}
	}
}

func asOfIsMonotone(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(16).Ledger(size)
	at := Start().Add(Span / 2)
	isLater := func(c spend.Charge) bool { return c.BookedAt.After(at) }
	early := slices.DeleteFunc(slices.Clone(ledger), isLater)
	late := slices.DeleteFunc(slices.Clone(ledger), func(c spend.Charge) bool { return !isLater(c) })
	e := filled(t, open, early)
	before := map[string]spend.Table{}
	for name, q := range Queries() {
		q.AsOf = at
		before[name] = answer(t, e, q)
	}
	if err := e.Append(t.Context(), lake.Batch{Charges: late}); err != nil {
		t.Fatal(err)
	}
	for name, q := range Queries() {
		q.AsOf = at
		if diff := cmp.Diff(comparable(before[name]), comparable(answer(t, e, q))); diff != "" {
			t.Errorf("%s as of %s changed (-before +after):\n%.2000s", name, at, diff)
		}
	}
}

func emptyAnswers(t *testing.T, open func(t *testing.T) Engine) {
	e := open(t)
	for name, q := range Queries() {
		if diff := cmp.Diff(comparable(Recount(q, nil)), comparable(answer(t, e, q)), cmpEmpty()); diff != "" {
			t.Errorf("%s of nothing differs (-recount +engine):\n%.2000s", name, diff)
		}
	}
}

// cmpEmpty takes no rows and a list of none for the same.
func cmpEmpty() cmp.Option {
	return cmp.FilterValues(func(a, b []spend.Row) bool { return len(a)+len(b) == 0 }, cmp.Ignore())
}
