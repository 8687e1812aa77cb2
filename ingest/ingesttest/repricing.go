package ingesttest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// dearer doubles the prices of Book, and has some of a model that it lacks.
func dearer(t testing.TB) *pricebook.Book {
	t.Helper()
	return compiled(t,
		fact("large", spend.InText, "4"), fact("large", spend.CacheRead, "0.4"), fact("large", spend.OutText, "20"),
		fact("enormous", spend.InText, "30"), fact("enormous", spend.OutText, "90"))
}

// otherPricesAndBack prices the past anew: what is previewed is what is booked, twice
// changes nothing, whose it is stays, and the prices of before give the amounts of before.
func otherPricesAndBack(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	p := Pipeline(t, e)
	book(t, p, mixed()...)
	began := stand(t, e)
	all := func(*lake.Sold) bool { return true }
	asked := ingest.Repriced{Book: dearer(t), Window: past(), About: all, Most: 100}
	told, err := p.PreviewPrices(t.Context(), e, asked)
	if err != nil {
		t.Fatal(err)
	}
	before, after := told.Before.Cost, told.After.Cost
	if told.Before.Unpriced == 0 || told.After.Unpriced != 0 || after.Cmp(before) <= 0 || len(told.Rows) < 3 {
		t.Fatalf("the preview tells %+v", told)
	}
	if moved := stand(t, e); !cmp.Equal(began, moved) {
		t.Errorf("a preview has booked something: %s", cmp.Diff(began, moved))
	}
	p.UseOrder(ingest.Order{Book: dearer(t), Reporting: "USD"})
	if got := reprice(t, p, e, asked); !cmp.Equal(told, got) {
		t.Errorf("what is booked is not what was told: %s", cmp.Diff(told, got))
	}
	priced := stand(t, e)
	for id, c := range priced {
		was := began[id]
		if !c.Scope.Equal(&was.Scope) || c.Rule != was.Rule || c.Calls != was.Calls || c.PriceState == spend.Unpriced || !c.Exposure.IsZero() {
			t.Errorf("%s is %+v, and was %+v", c.SourceKey, c, was)
		}
	}
	if again := reprice(t, p, e, asked); again.After.Lines != 0 {
		t.Errorf("again changes %+v", again)
	}
	p.UseOrder(ingest.Order{Book: Book(t), Reporting: "USD"})
	back := reprice(t, p, e, asked)
	if back.Before.Cost != after || back.After.Cost != before {
		t.Errorf("the way back is from %s to %s, want from %s to %s", back.Before.Cost, back.After.Cost, after, before)
	}
	ended := stand(t, e)
	for id, c := range ended {
		if was := began[id]; !c.Same(&was) {
			t.Errorf("%s is not what it was: %s", c.SourceKey, cmp.Diff(was, c))
		}
	}
}

func reprice(t *testing.T, p *ingest.Pipeline, e Engine, r ingest.Repriced) ingest.Repricing {
	t.Helper()
	done, err := p.Reprice(t.Context(), e, r)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// stand gives the lines that stand, by attempt.
func stand(t *testing.T, e Engine) map[spend.ID]spend.Charge {
	t.Helper()
	lines, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gone := map[spend.ID]bool{}
	for i := range lines {
		if lake.Reverses(&lines[i]) {
			gone[lines[i].ID], gone[lines[i].Corrects] = true, true
		}
	}
	found := map[spend.ID]spend.Charge{}
	total := money.Amount{}
	for i := range lines {
		if total, err = total.Add(lines[i].Reporting.Amount); err != nil {
			t.Fatal(err)
		}
		if !gone[lines[i].ID] {
			found[lines[i].AttemptID] = lines[i]
		}
	}
	for id := range found {
		if total, err = total.Sub(found[id].Reporting.Amount); err != nil {
			t.Fatal(err)
		}
	}
	if !total.IsZero() {
		t.Errorf("the sum of all lines is %s off the lines that stand", total)
	}
	return found
}
