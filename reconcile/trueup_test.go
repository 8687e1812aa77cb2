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

// TestTrueUpsSumToTheBill holds whatever is metered, reported and billed: the lines of an
// account and its metered money are the bill to the last digit, or what is reported where
// there is no bill, in each currency, however large, unless it takes too many lines and is
// refused; and no key is there twice.
func TestTrueUpsSumToTheBill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		tally := reconcile.NewTally(reconcile.Options{})
		for range rapid.IntRange(1, 12).Draw(r, "lines") {
			c := line(t, fmt.Sprintf("%s acme-ai 2026-09-%02d %s %s in_text=%d calls:%d team:%s currency:%s",
				rapid.SampledFrom([]string{"metered", "metered", "reported", "invoiced"}).Draw(r, "book"), rapid.IntRange(1, 30).Draw(r, "day"),
				rapid.SampledFrom([]string{"m", "n", "-"}).Draw(r, "model"), money.FromUnits(rapid.Int64Range(0, 1<<60).Draw(r, "amount")),
				rapid.IntRange(0, 5000).Draw(r, "tokens"), rapid.IntRange(0, 9).Draw(r, "calls"), rapid.SampledFrom([]string{"", "risk", "claims"}).Draw(r, "team"),
				rapid.SampledFrom([]string{"USD", "USD", "EUR"}).Draw(r, "currency")))
			if err := tally.Add(c); err != nil {
				r.Fatal(err)
			}
		}
		a, err := tally.Reconcile()
		if err != nil {
			r.Fatal(err)
		}
		order := september
		order.Reported = rapid.Bool().Draw(r, "to what is reported")
		due, lines, err := a.TrueUps(order)
		if err != nil && strings.Contains(err.Error(), "no exchange rate") && len(a.Bills) > 1 {
			return // metered in one currency, and billed in the other alone
		}
		if err != nil && strings.Contains(err.Error(), "more than 10000 parts") {
			return // millions a token, times thousands of tokens that were not metered
		}
		if err != nil {
			r.Fatal(err)
		}
		sums, made, keys := map[money.Currency]money.Amount{}, map[money.Currency]int{}, map[string]bool{}
		for i := range lines {
			in := lines[i].ReportedCurrency
			if sums[in], err = sums[in].Add(lines[i].Reported.Amount); err != nil {
				r.Fatal(err)
			}
			made[in]++
			if key := lines[i].SourceKey; keys[key] || lines[i].Scope.Team == "" || lines[i].Reported.Amount.Abs().Cmp(money.FromInt(1_000_000)) >= 0 {
				r.Fatalf("%+v is twice, of nobody, or too large", lines[i])
			}
			keys[lines[i].SourceKey] = true
		}
		for _, d := range due {
			billed := d.Invoiced
			if d.Basis == spend.Reported {
				billed = d.Reported
			}
			sum := sums[d.Currency]
			if total, err := d.Metered.Add(sum); err != nil || total != billed || d.Amount != sum || d.Lines != made[d.Currency] {
				r.Fatalf("metered %s and lines of %s are not %s %s", d.Metered, sum, billed, d.Currency)
			}
		}
	})
}

// TestTrueUpsAreNotOnTopOfWhatNoRateConverts: with a bill of 80 EUR beside 3 USD that were
// metered, lines of 80 would book the usage twice.
func TestTrueUpsAreNotOnTopOfWhatNoRateConverts(t *testing.T) {
	t.Parallel()
	a := answer(t, reconcile.Options{}, "metered acme-ai 2026-09-04 m 3 in_text=1000 calls:1 team:risk", "invoiced acme-ai 2026-09-04 m 80 currency:EUR")
	if due, lines, err := a.TrueUps(september); err == nil || !strings.Contains(err.Error(), "3 USD") || !strings.Contains(err.Error(), "into EUR") {
		t.Errorf("due are %+v by %d lines, %v", due, len(lines), err)
	}
}

// TestTrueUpsToWhatIsReported leaves an account without a bill alone unless its order says
// otherwise, and then leaves the days that are not reported yet: 6 of 4 are 2 beyond, and the
// 9 of the fifth stay. An account with a bill comes to that.
func TestTrueUpsToWhatIsReported(t *testing.T) {
	t.Parallel()
	reported := []string{
		"metered acme-ai 2026-09-04 m 4 in_text=4000 calls:1 team:risk", "reported acme-ai 2026-09-04 m 6 in_text=6000 calls:1",
		"metered acme-ai 2026-09-05 m 9 in_text=9000 calls:1 team:risk",
	}
	a := answer(t, reconcile.Options{}, reported...)
	if due, lines, err := a.TrueUps(september); len(due)+len(lines) > 0 || err != nil {
		t.Errorf("unasked: %+v, %+v, %v", due, lines, err)
	}
	order := september
	order.Reported = true
	due, lines, err := a.TrueUps(order)
	want := []reconcile.Due{{
		Seller: "acme-ai", Account: "acme", Currency: "USD", Basis: spend.Reported, Metered: money.FromInt(4), Reported: money.FromInt(6), Amount: money.FromInt(2),
		Late: money.FromInt(9), Reasons: []reconcile.Part{{Reason: reconcile.TokenCount, Amount: money.FromInt(2)}}, Lines: 1,
	}}
	if diff := cmp.Diff(want, due); diff != "" || err != nil || lines[0].Scope.Tags["basis"] != "reported" || lines[0].Scope.Tags["bill"] != "" {
		t.Errorf("%+v, %v (-want +got)\n%s", lines, err, diff)
	}
	a = answer(t, reconcile.Options{}, append(reported, "invoiced acme-ai 2026-09-04 m 7 in_text=6000 calls:1", "metered acme-ai 2026-09-04 - 2 category:adjustment source:true-ups basis:reported")...)
	due, _, err = a.TrueUps(order)
	if err != nil || len(due) != 1 || due[0].Basis != spend.Invoiced || due[0].Amount != money.FromInt(-6) {
		t.Errorf("with a bill: %+v, %v", due, err)
	}
	if parts := a.Partitions(september); len(parts) != 1 {
		t.Errorf("a bill takes the place of what was reported: %v", parts)
	}
	if a = answer(t, reconcile.Options{}, append(reported, "metered acme-ai 2026-09-04 - 2 category:adjustment source:true-ups basis:reported")...); len(a.Partitions(september)) != 0 || len(a.Partitions(order)) != 2 {
		t.Errorf("what was brought to the report stays until that is asked for: %v, %v", a.Partitions(september), a.Partitions(order))
	}
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
	want := []reconcile.Booked{{Seller: "acme-ai", Account: "acme", Currency: "USD", Basis: spend.Invoiced, Amount: money.FromInt(2)}}
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
