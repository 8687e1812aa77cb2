package ingesttest

import (
	"testing"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// reported: what a vendor says of usage stands in a book of its own, at the vendor's
// amount, and leaves the book of what was seen as it is. Usage without an amount is
// unpriced and holds nothing.
func reported(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	book(t, Pipeline(t, e), event("gateway", "1", spend.RankGateway, [2]int64{1000, 10}))
	seen := inBook(t, e, spend.Metered)
	vendor := func(revision int64, amounts ...string) (all []ingest.Record) {
		for i, r := range partition(revision, []string{"a", "b", "c"}[:len(amounts)]...) {
			r.Event.Book, r.Event.Bucket, r.Event.CallCount = spend.Reported, true, 4
			if amounts[i] != "" {
				r.Event.Reported, r.Event.ReportedCurrency = money.Known(money.Must(amounts[i])), "USD"
			}
			all = append(all, r)
		}
		return all
	}
	importAll(t, e, vendor(1, "0.0003", "0.5", ""))
	lines := inBook(t, e, spend.Reported)
	if len(lines) != 3 || lines["a"].Flags != 0 || lines["a"].Effective != money.Known(money.Must("0.0003")) {
		t.Fatalf("%d lines, %+v; want three, the first at the vendor's amount, which is ours", len(lines), lines["a"])
	}
	if c := lines["b"]; c.Flags&spend.ReportedCostDiffers == 0 || c.List != money.Known(money.Must("0.5")) {
		t.Errorf("list %v with flags %q, want the vendor's 0.5, which is not ours", c.List, c.Flags)
	}
	if c := lines["c"]; c.PriceState != spend.Unpriced || c.List.Valid || !c.Exposure.IsZero() {
		t.Errorf("%s, list %v, exposure %s; want an unknown amount that holds nothing", c.PriceState, c.List, c.Exposure)
	}
	importAll(t, e, vendor(2, "0.0004", "0.5"))
	lines = inBook(t, e, spend.Reported)
	if len(lines) != 2 || lines["a"].Effective != money.Known(money.Must("0.0004")) {
		t.Errorf("%d lines, %v; want the two of the newer download", len(lines), lines["a"].Effective)
	}
	if lines["a"].Billed.Valid {
		t.Errorf("%s is billed, which only a bill says", lines["a"].Billed)
	}
	if after := inBook(t, e, spend.Metered); len(after) != 1 || after["1"].ID != seen["1"].ID {
		t.Errorf("metered has %d lines and was one", len(after))
	}
	odd := event("x", "1", spend.RankSpan, [2]int64{1, 1})
	odd.Event.Book = spend.Allocated
	if got := book(t, Pipeline(t, e), odd); got.Quarantined != 1 {
		t.Errorf("an event of the book %s: %+v", odd.Event.Book, got)
	}
}

// billed: what a bill says of usage and of what is not is billed, and what a later bill
// says otherwise is billed instead.
func billed(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	bill := func(revision int64, amounts ...string) (all []ingest.Record) {
		for i, r := range partition(revision, "usage", "tax") {
			r.Event.Book, r.Event.Bucket, r.Event.Rank = spend.Invoiced, true, spend.RankBill
			if i == 1 {
				r.Event.Category, r.Event.Usage, r.Event.UsageSource = spend.CategoryTax, spend.Usage{}, spend.UsageNone
			}
			r.Event.Reported, r.Event.ReportedCurrency = money.Known(money.Must(amounts[i])), "USD"
			all = append(all, r)
		}
		return all
	}
	for revision, amounts := range [][]string{{"5", "1"}, {"4", "0.8"}} {
		importAll(t, e, bill(int64(revision)+1, amounts...))
		lines := inBook(t, e, spend.Invoiced)
		for i, key := range []string{"usage", "tax"} {
			if want := money.Known(money.Must(amounts[i])); lines[key].Billed != want || lines[key].Effective != want {
				t.Errorf("%s: billed %s of %s, want %s", key, lines[key].Billed, lines[key].Effective, want)
			}
		}
	}
	sum := money.Amount{}
	all, _ := e.Charges(t.Context())
	for i := range all {
		sum, _ = sum.Add(all[i].Billed.Amount)
	}
	if sum != money.Must("4.8") {
		t.Errorf("%s is billed, want the 4.8 of the later bill", sum)
	}
}

// inBook gives the current lines of a book by their source keys.
func inBook(t *testing.T, e Engine, in spend.Book) map[string]spend.Charge {
	t.Helper()
	all, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gone := map[spend.ID]bool{}
	for i := range all {
		if all[i].Calls < 0 {
			gone[all[i].Corrects] = true
		}
	}
	current := map[string]spend.Charge{}
	for i := range all {
		if all[i].Book == in && all[i].Calls >= 0 && !gone[all[i].ID] {
			current[all[i].SourceKey] = all[i]
		}
	}
	return current
}
