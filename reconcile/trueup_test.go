package reconcile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

var september = reconcile.TrueUp{Period: "2026-09", Owner: "finance"}

// TestTrueUpsAreTheWorkedExample books 20 of a gap, −9 of a term and the rest of 1.005: with
// the 100 that were metered they are the 112.005 of the bill.
func TestTrueUpsAreTheWorkedExample(t *testing.T) {
	t.Parallel()
	a := answer(t, reconcile.Options{},
		"metered acme-ai 2026-09-04 m 100 in_text=1000000 calls:50 team:claims",
		"invoiced acme-ai 2026-09-04 m 121.005 in_text=1200000 calls:60",
		"invoiced acme-ai 2026-09-30 - -9 category:credit sku:discount",
	)
	due, lines, err := a.TrueUps(september)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range lines {
		e := &lines[i]
		got = append(got, fmt.Sprint(e.UsedAt.Format("2006-01-02 15:04"), " ", e.Scope.Team, " ", e.Scope.Tags["true_up"], " ", e.Scope.Tags["sku"], " ", e.Reported.Amount, e.ReportedCurrency))
	}
	want := []string{"2026-09-04 12:00 claims coverage_gap m 20USD", "2026-09-04 12:00 claims unknown m 1.005USD", "2026-09-30 12:00 finance contract_term discount -9USD"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got)\n%s", diff)
	}
	if len(due) != 1 || due[0].Amount != money.Must("12.005") || due[0].Lines != 3 {
		t.Errorf("due is %+v", due)
	}
}

// TestTrueUpsSumToTheBill holds whatever is metered and billed: the lines of an account and
// its metered money are the bill to the last digit, however large, and no key is there twice.
func TestTrueUpsSumToTheBill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		tally := reconcile.NewTally(reconcile.Options{})
		for range rapid.IntRange(1, 12).Draw(r, "lines") {
			c := line(t, fmt.Sprintf("%s acme-ai 2026-09-%02d %s %s in_text=%d calls:%d team:%s",
				rapid.SampledFrom([]string{"metered", "metered", "reported", "invoiced"}).Draw(r, "book"), rapid.IntRange(1, 30).Draw(r, "day"),
				rapid.SampledFrom([]string{"m", "n", "-"}).Draw(r, "model"), money.FromUnits(rapid.Int64Range(0, 1<<62).Draw(r, "amount")),
				rapid.IntRange(0, 5000).Draw(r, "tokens"), rapid.IntRange(0, 9).Draw(r, "calls"), rapid.SampledFrom([]string{"", "risk", "claims"}).Draw(r, "team")))
			if err := tally.Add(c); err != nil {
				r.Fatal(err)
			}
		}
		a, err := tally.Reconcile()
		if err != nil {
			r.Fatal(err)
		}
		due, lines, err := a.TrueUps(september)
		if err != nil {
			r.Fatal(err)
		}
		sum, keys := money.Amount{}, map[string]bool{}
		for i := range lines {
			if sum, err = sum.Add(lines[i].Reported.Amount); err != nil {
				r.Fatal(err)
			}
			if key := lines[i].SourceKey; keys[key] || lines[i].Scope.Team == "" || lines[i].Reported.Amount.Abs().Cmp(money.FromInt(1_000_000)) >= 0 {
				r.Fatalf("%+v is twice, of nobody, or too large", lines[i])
			}
			keys[lines[i].SourceKey] = true
		}
		for _, d := range due {
			if total, err := d.Metered.Add(sum); err != nil || total != d.Invoiced || d.Amount != sum || d.Lines != len(lines) {
				r.Fatalf("metered %s and lines of %s are not %s", d.Metered, sum, d.Invoiced)
			}
		}
	})
}

// TestTrueUpsNeedAnOwner refuses money of nobody, and of several teams, without one, and
// names no part of it after the first team.
func TestTrueUpsNeedAnOwner(t *testing.T) {
	t.Parallel()
	for _, teams := range [][2]string{{"team:", "team:"}, {"team:risk", "team:claims"}} {
		a := answer(t, reconcile.Options{},
			"metered acme-ai 2026-09-04 m 1 "+teams[0], "metered acme-ai 2026-09-04 m 1 "+teams[1], "invoiced acme-ai 2026-09-04 m 3")
		_, _, err := a.TrueUps(reconcile.TrueUp{Period: "2026-09"})
		if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(spend.HintOf(err), "--owner") {
			t.Errorf("%v: %v", teams, err)
		}
		_, lines, err := a.TrueUps(september)
		if err != nil || len(lines) != 1 || lines[0].Scope.Team != "finance" {
			t.Errorf("%v: %+v, %v", teams, lines, err)
		}
	}
}

// TestBookedTrueUpsChangeNoAnswer leaves true-ups out of what was metered, and tells them.
func TestBookedTrueUpsChangeNoAnswer(t *testing.T) {
	t.Parallel()
	lines := []string{"metered acme-ai 2026-09-04 m 1 team:risk", "invoiced acme-ai 2026-09-04 m 3"}
	before := answer(t, reconcile.Options{}, lines...)
	after := answer(t, reconcile.Options{}, append(lines, "metered acme-ai 2026-09-04 - 2 category:adjustment source:true-ups")...)
	want := []reconcile.Booked{{Seller: "acme-ai", Account: "acme", Currency: "USD", Amount: money.FromInt(2)}}
	if diff := cmp.Diff(want, after.Booked); diff != "" {
		t.Errorf("booked (-want +got)\n%s", diff)
	}
	after.Booked = before.Booked
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the answer (-before +after)\n%s", diff)
	}
	unbilled := answer(t, reconcile.Options{}, lines[0])
	if due, made, err := unbilled.TrueUps(september); len(due)+len(made) > 0 || err != nil {
		t.Errorf("without a bill: %+v, %+v, %v", due, made, err)
	}
}
