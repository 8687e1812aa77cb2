package app

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// checkExport compares amounts with the list prices of the tokens that they pay for.
// When most that can be compared are in a wrong unit, the whole file is, and nothing of
// it is booked; else each such line is refused.
func (a *App) checkExport(run *exportRun) error {
	compared, wrong := 0, map[string]int{}
	for i := range run.export.Lines {
		l := &run.export.Lines[i]
		list, known := a.listPrice(l)
		if !known {
			continue
		}
		compared++
		if why := vendor.Suspect(l.Event.Reported.Amount, list, l.Rounding, run.options.Unit); why != "" {
			l.Problems = append(l.Problems, spend.Problem{Field: "cost", Msg: why})
			wrong[why]++
		} else if vendor.Differs(l.Event.Reported.Amount, list, l.Rounding) {
			l.Event.Flags |= spend.ReportedCostDiffers
		}
	}
	bad := 0
	for _, n := range wrong {
		bad += n
	}
	if bad*2 <= compared || bad == 0 {
		if run.amounts() == 0 {
			return nil
		}
		run.note("%d of %d lines with an amount were compared with list prices", compared, run.amounts())
		return nil
	}
	for i := range run.export.Lines {
		if l := &run.export.Lines[i]; len(l.Problems) > 0 && l.Problems[0].Field == "cost" {
			return spend.Errorf(spend.KindInvalid, "import", "nothing of it is booked: %d of %d lines with a list price are in another unit; the amount in line %d %s",
				bad, compared, l.Row, l.Problems[0].Msg).
				WithHint("state --unit dollars or cents for amounts, tokens, thousand-tokens or million-tokens for counts, as the vendor's page says")
		}
	}
	return nil
}

func (r *exportRun) amounts() (n int) {
	for i := range r.export.Lines {
		if l := &r.export.Lines[i]; len(l.Problems) == 0 && l.Event.Reported.Valid && l.Event.Category.IsUsage() {
			n++
		}
	}
	return n
}

// listPrice rates what the amount of a line pays for, false when nobody knows its price.
func (a *App) listPrice(l *vendor.Line) (money.Amount, bool) {
	if len(l.Problems) > 0 || l.Paid.IsZero() || !l.Event.Reported.Valid {
		return money.Amount{}, false
	}
	book := a.Book()
	for _, seller := range l.Sellers {
		var out pricebook.Rating
		call := pricebook.Call{
			Seller: seller, Model: l.Event.RequestedModel, At: l.Event.UsedAt, ServedTier: l.Event.ServedTier, Usage: &l.Paid, Aggregated: true,
		}
		if book.Rate(&call, &out); out.State != spend.Unpriced && out.Currency == l.Event.ReportedCurrency {
			return out.List, true
		}
	}
	return money.Amount{}, false
}

// describe begins to say what the export holds.
func (r *exportRun) describe() {
	x := r.export
	r.said = &ingest.Export{Kind: x.Kind, Book: x.Book, Rows: x.Rows, Zone: r.options.Zone.String(), Totals: []ingest.ExportTotal{}, Notes: []string{}}
	if len(x.Unknown) > 0 {
		r.note("nothing is taken of the columns %q", x.Unknown)
	}
	if x.Empty > 0 {
		r.note("%d rows are of spans without usage", x.Empty)
	}
	if x.Foreign > 0 {
		r.note("%d rows are of other products and passed over", x.Foreign)
	}
}

func (r *exportRun) note(format string, args ...any) {
	r.said.Notes = append(r.said.Notes, fmt.Sprintf(format, args...))
}

// billZones names the zones in which the sellers of a bill count its days.
func (r *exportRun) billZones() string {
	names := map[string]bool{}
	for _, l := range r.left {
		names[r.options.Zones(l.Event.Seller).String()] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

// total sums what is booked, and says of which days.
func (r *exportRun) total(now time.Time) {
	if r.said.Book == spend.Invoiced && len(r.left) > 0 {
		r.said.Zone = r.billZones()
	}
	owed, told := map[money.Currency]*ingest.ExportTotal{}, false
	for _, l := range r.left {
		if len(l.Problems) > 0 {
			continue
		}
		r.said.From = cmp.Or(min(cmp.Or(r.said.From, l.Day), l.Day), l.Day)
		r.said.Through = max(r.said.Through, l.Day)
		e := &l.Event
		if told = told || e.Reported.Valid; !e.Reported.Valid {
			continue
		}
		t := owed[e.ReportedCurrency]
		if t == nil {
			t = &ingest.ExportTotal{Currency: e.ReportedCurrency}
			owed[e.ReportedCurrency] = t
		}
		into := &t.Owed
		if e.Flags&spend.Notional != 0 {
			into = &t.Included
		}
		if sum, err := into.Add(e.Reported.Amount); err == nil { // beyond all amounts: the ledger refuses it
			*into = sum
		}
	}
	for _, t := range owed {
		r.said.Totals = append(r.said.Totals, *t)
	}
	slices.SortFunc(r.said.Totals, func(a, b ingest.ExportTotal) int { return cmp.Compare(a.Currency, b.Currency) })
	if !told {
		r.note("it tells no money: what is owed stands in the vendor's export of costs")
	}
	if today := now.In(r.options.Zone).Format(time.DateOnly); r.said.Through != "" && r.said.Through >= today[:min(len(today), len(r.said.Through))] {
		r.note("%s is not over: it is provisional until it is downloaded again", r.said.Through)
	}
}
