package report_test

import (
	"io"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// TestReconciliation writes a bill with its reasons, the line beyond the tolerance and who
// owns it, and the same exactly for programs.
func TestReconciliation(t *testing.T) {
	t.Parallel()
	parts := []reconcile.Part{{Reason: reconcile.ContractTerm, Amount: money.FromInt(-9)}, {Reason: reconcile.Unknown, Amount: money.FromInt(12)}}
	r := report.Reconciliation{Period: "2026-09", Answer: reconcile.Answer{
		Bills: []reconcile.Bill{{Seller: "openai", Account: "acme", Zone: "Europe/Vienna", Currency: "USD", Basis: spend.Invoiced, Metered: money.FromInt(100), Invoiced: money.FromInt(103), Variance: money.FromInt(3), Reasons: parts, Through: "2026-09-30"}},
		Rows: []reconcile.Row{{Level: reconcile.ByDay, Seller: "openai", Account: "acme", Day: "2026-09-01", SKU: "=m", Owner: "claims", Currency: "USD", Basis: spend.Invoiced,
			Metered: money.Known(money.FromInt(100)), Invoiced: money.Known(money.FromInt(103)), Variance: money.FromInt(3), Reasons: parts}},
	}}
	r.Explain()
	var text, table strings.Builder
	if err := report.ReconciliationText(&text, &r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"invoiced 103.00 USD through 2026-09-30 by days of Europe/Vienna; it does not pass", "claims", "contract_term -9.0000, unknown 12.00", "unknown: nothing that is known gives it"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, text.String())
		}
	}
	if err := report.ReconciliationCSV(&table, &r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(table.String(), "\nday,openai,acme,2026-09-01,Europe/Vienna,'=m,claims,USD,invoiced,100,,103,3,false,0,0,0,0,0,0,0,-9,0,0,0,0,0,12\n") {
		t.Errorf("the row is not exact, or runs as a formula:\n%s", table.String())
	}
	r = report.Reconciliation{Period: "2026-09", Answer: reconcile.Answer{
		Bills:  []reconcile.Bill{{Seller: "openai", Account: "default", Through: "2026-09-30"}},
		Shadow: []reconcile.Shadow{{Seller: "openai", Kind: "project", Name: "proj_1", Calls: 4}},
	}}
	text.Reset()
	if err := report.ReconciliationText(&text, &r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"openai default: metered 0.00, and what is reported through 2026-09-30 tells no money\n", "proj_1        –"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("usage without money: %q is missing in\n%s", want, text.String())
		}
	}
	for _, period := range []string{"", "2026-9", "2026-13", "2026-09-01"} {
		if _, err := report.NewReconcileAsk(period, ""); spend.HintOf(err) == "" {
			t.Errorf("%q is a month: %v", period, err)
		}
	}
	r.Inferred = []reconcile.Inferred{{Seller: "openai", Model: "m", Currency: "USD", Rates: reconcile.Rates{
		PerMillion: map[spend.Meter]money.Amount{spend.OutText: money.FromInt(8), spend.InText: money.FromInt(2)}, Samples: 5, Of: 6,
	}}}
	for want, write := range map[string]func(io.Writer, *report.Reconciliation) error{
		"openai,,project,proj_1,,,,4,0,,\n":                             report.ShadowCSV,
		"openai,m,USD,in_text,2,5,6,0\nopenai,m,USD,out_text,8,5,6,0\n": report.InferredCSV,
	} {
		table.Reset()
		if err := write(&table, &r); err != nil || !strings.HasSuffix(table.String(), "\n"+want) {
			t.Errorf("%v, want the lines %q in\n%s", err, want, table.String())
		}
	}
}
