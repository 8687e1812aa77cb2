package report

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// ReconciliationCSV writes every row exactly, with a column for each reason, and a total
// for each account. The zone is that in which a seller counts its days.
func ReconciliationCSV(w io.Writer, r *Reconciliation) error {
	head := []string{"level", "seller", "account", "day", "zone", "sku", "owner", "currency", "basis", "metered", "reported", "invoiced", "variance", "passes", "metered_tokens", "billed_tokens"}
	for _, reason := range reconcile.Reasons() {
		head = append(head, string(reason))
	}
	rows, zones := [][]string{head}, map[string]string{}
	for i := range r.Bills {
		zones[r.Bills[i].Seller] = r.Bills[i].Zone
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		rows = append(rows, append([]string{
			string(row.Level), Safe(row.Seller), Safe(row.Account), row.Day, zones[row.Seller], Safe(row.SKU), Safe(row.Owner), string(row.Currency), string(row.Basis),
			exact(row.Metered), exact(row.Reported), exact(row.Invoiced), row.Variance.String(), fmt.Sprint(row.Passes), fmt.Sprint(row.Tokens), fmt.Sprint(row.Billed),
		}, parts(row.Reasons)...))
	}
	for i := range r.Bills {
		b := &r.Bills[i]
		rows = append(rows, append([]string{
			"TOTAL", Safe(b.Seller), Safe(b.Account), "", b.Zone, "", "", string(b.Currency), string(b.Basis),
			b.Metered.String(), b.Reported.String(), b.Invoiced.String(), b.Variance.String(), fmt.Sprint(b.Passes), "", "",
		}, parts(b.Reasons)...))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// ShadowCSV writes the keys that nobody answers for. An amount is empty where the vendor
// tells none.
func ShadowCSV(w io.Writer, r *Reconciliation) error {
	rows := [][]string{{"seller", "account", "kind", "name", "book", "currency", "amount", "calls", "tokens", "first", "last"}}
	for i := range r.Shadow {
		s := &r.Shadow[i]
		rows = append(rows, []string{
			Safe(s.Seller), Safe(s.Account), s.Kind, Safe(s.Name), string(s.Book), string(s.Currency), exact(money.Null{Amount: s.Amount, Valid: s.Currency != ""}),
			fmt.Sprint(s.Calls), fmt.Sprint(s.Tokens), s.First, s.Last,
		})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// InferredCSV writes the rates that the vendors' amounts show, a meter a row.
func InferredCSV(w io.Writer, r *Reconciliation) error {
	rows := [][]string{{"seller", "model", "currency", "meter", "per_million", "samples", "of", "residual"}}
	for i := range r.Inferred {
		f := &r.Inferred[i]
		for m := range spend.ColumnMeters {
			if rate, known := f.PerMillion[m]; known {
				rows = append(rows, []string{Safe(f.Seller), Safe(f.Model), string(f.Currency), m.String(), rate.String(), fmt.Sprint(f.Samples), fmt.Sprint(f.Of), f.Residual.String()})
			}
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// parts are the amounts of all reasons, zero where there is none.
func parts(found []reconcile.Part) (cells []string) {
	for _, reason := range reconcile.Reasons() {
		amount := money.Amount{}
		for _, p := range found {
			if p.Reason == reason {
				amount = p.Amount
			}
		}
		cells = append(cells, amount.String())
	}
	return cells
}
