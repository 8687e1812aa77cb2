package app_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	reports "github.com/bursarhq/bursar/report" // report is a function of these tests
	"github.com/bursarhq/bursar/spend"
)

const billHeader = "BilledCost,BillingCurrency,BillingAccountId,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingPeriodEnd,ProviderName,ServiceName,SkuId\n"

// billRow is a row of a bill of OpenAI for March 2026.
func billRow(day int, amount, category, sku string) string {
	return fmt.Sprintf("%s,USD,acme,%s,2026-03-%02dT00:00:00Z,2026-03-%02dT23:00:00Z,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z,OpenAI,OpenAI API,%s\n", amount, category, day, day, sku)
}

// trueUp books the differences of March 2026.
func trueUp(t testing.TB, s *app.Server, seller, owner string) (reports.TrueUps, error) {
	t.Helper()
	q, err := reports.NewReconcileAsk("2026-03", seller)
	if err != nil {
		t.Fatal(err)
	}
	return s.TrueUp(t.Context(), auth.Local(), &reports.TrueUpAsk{ReconcileAsk: q, Owner: owner})
}

// sums is the cost of OpenAI in March 2026: of a book, and of its true-ups alone.
func sums(t testing.TB, s *app.Server, book spend.Book) (all, booked money.Amount) {
	t.Helper()
	table, err := s.Answer(t.Context(), &spend.Query{
		Book: book, Axis: spend.ByUse, By: []spend.Dimension{"source", "category"}, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC,
		From: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC),
		Where: []spend.Filter{{By: "seller", Values: []string{"openai"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range table.Rows {
		amount := r.Values[0].Amount
		if all, err = all.Add(amount); err != nil {
			t.Fatal(err)
		}
		if r.Keys[0] == "true-ups" {
			if r.Keys[1] != "adjustment" {
				t.Errorf("a true-up is of the category %s", r.Keys[1])
			}
			booked, _ = booked.Add(amount)
		}
	}
	return all, booked
}

// lineCount is how many lines the ledger holds.
func lineCount(t testing.TB, s *app.Server) (n int) {
	t.Helper()
	if err := s.Lake.EachLine(t.Context(), func(*spend.Charge) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTrueUpsBringMeteredToTheBill books a bill, again, after it was revised, and after it
// was revised to what was metered: each time metered and true-ups are the bill to the last
// digit, what was metered is untouched, and a second time books nothing.
func TestTrueUpsBringMeteredToTheBill(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	tell(t, s, "events", event("usage", "1", called))
	metered, _ := sums(t, s, spend.Metered)
	noted := entries(t, s)
	if metered.IsZero() {
		t.Fatal("nothing is metered")
	}
	if done, err := trueUp(t, s, "", ""); err != nil || len(done.Accounts) != 0 || done.Unbilled != 1 || done.Booked != 0 {
		t.Fatalf("without a bill: %+v, %v", done, err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	for revision := range 15 {
		bill := billHeader
		for day := range 1 + random.IntN(6) {
			bill += billRow(day+1, money.FromUnits(random.Int64N(1<<52)).String(), one("Usage", "Tax", "Purchase"), one("gpt-5", "other"))
		}
		tell(t, s, "focus", bill)
		due, _ := sums(t, s, spend.Invoiced)
		done, err := trueUp(t, s, one("", "openai"), "finance")
		if err != nil || done.Refused != 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		all, booked := sums(t, s, spend.Metered)
		if rest, _ := all.Sub(booked); all != due || rest != metered {
			t.Fatalf("revision %d: metered and booked are %s of %s; without true-ups %s of %s", revision, all, due, rest, metered)
		}
		before := lineCount(t, s)
		again, err := trueUp(t, s, "", "finance")
		if err != nil || again.Repeated != int64(again.Accounts[0].Lines) || again.Withdrawn != 0 || lineCount(t, s) != before {
			t.Fatalf("revision %d again: %+v after %+v, %v", revision, again, done, err)
		}
	}
	tell(t, s, "focus", billHeader+billRow(1, metered.String(), "Usage", "other"))
	if _, err := trueUp(t, s, "", "finance"); err != nil {
		t.Fatal(err)
	}
	if all, _ := sums(t, s, spend.Metered); all != metered {
		t.Errorf("of a bill of %s, metered and booked are %s", metered, all)
	}
	if entries(t, s) <= noted {
		t.Error("nothing is noted of who booked")
	}
}

// costsOf is a page of what OpenAI says a day of March 2026 cost.
func costsOf(amounts ...string) string {
	var buckets []string
	for day, amount := range amounts {
		start := time.Date(2026, 3, day+1, 0, 0, 0, 0, time.UTC).Unix()
		buckets = append(buckets, fmt.Sprintf(`{"object":"bucket","start_time":%d,"end_time":%d,"results":[{"amount":{"value":%s,"currency":"usd"},"line_item":"gpt-5, input","project_id":"proj_claims"}]}`, start, start+86400, amount))
	}
	return `{"object":"page","data":[` + strings.Join(buckets, ",") + `],"has_more":false}`
}

// TestTrueUpsBringMeteredToWhatIsReported books what OpenAI's costs say, again, and after they
// were revised: each time metered and true-ups are what is reported to the last digit. A bill
// takes the place of all of it, and what was brought to the report stays until it is asked for.
func TestTrueUpsBringMeteredToWhatIsReported(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	tell(t, s, "events", event("usage", "1", called))
	order := reports.TrueUpAsk{Owner: "finance", Reported: true}
	order.ReconcileAsk, _ = reports.NewReconcileAsk("2026-03", "")
	random := rand.New(rand.NewPCG(5, 6))
	for revision := range 6 {
		var amounts []string
		for range 2 + random.IntN(4) {
			amounts = append(amounts, money.FromUnits(random.Int64N(1<<52)).String())
		}
		tell(t, s, "openai", costsOf(amounts...))
		due, _ := sums(t, s, spend.Reported)
		for again := range 2 {
			before := lineCount(t, s)
			done, err := s.TrueUp(t.Context(), auth.Local(), &order)
			if err != nil || done.Refused != 0 || len(done.Accounts) != 1 || done.Unbilled != 0 {
				t.Fatalf("%+v, %v", done, err)
			}
			if all, _ := sums(t, s, spend.Metered); all != due || again == 1 && lineCount(t, s) != before {
				t.Fatalf("revision %d: metered and booked are %s of %s, %d lines more", revision, all, due, lineCount(t, s)-before)
			}
		}
	}
	was, _ := sums(t, s, spend.Metered)
	if done, err := trueUp(t, s, "", "finance"); err != nil || done.Withdrawn != 0 || done.Unbilled != 1 {
		t.Errorf("unasked: %+v, %v", done, err)
	}
	if all, _ := sums(t, s, spend.Metered); all != was {
		t.Errorf("unasked, %s became %s", was, all)
	}
	bill := strings.ReplaceAll(billHeader+billRow(1, "7.5", "Usage", "gpt-5"), ",acme,", ",default,")
	tell(t, s, "focus", bill)
	if done, err := trueUp(t, s, "", "finance"); err != nil || len(done.Accounts) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if all, _ := sums(t, s, spend.Metered); all != money.Must("7.5") {
		t.Errorf("of a bill of 7.5, metered and booked are %s", all)
	}
}

// TestTrueUpsAreRefusedWithoutAnOwner books nothing of money that nobody answers for.
func TestTrueUpsAreRefusedWithoutAnOwner(t *testing.T) {
	t.Parallel()
	s := serverAt(t, t.TempDir())
	defer closed(t, s)
	tell(t, s, "focus", billHeader+billRow(3, "7.5", "Tax", "VAT"))
	if _, err := trueUp(t, s, "", ""); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(spend.HintOf(err), "--owner") {
		t.Errorf("without an owner: %v", err)
	}
	done, err := trueUp(t, s, "openai", "finance")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{1, 0, 0, 0}, []int64{done.Booked, done.Repeated, done.Corrected, done.Withdrawn}); diff != "" {
		t.Errorf("lines (-want +got)\n%s", diff)
	}
	if d := done.Accounts[0]; d.Bill != "focus acme/openai/2026-03" || d.Amount != money.Must("7.5") {
		t.Errorf("due is %+v", d)
	}
}
