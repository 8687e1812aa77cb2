package laketest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// sumsReconcileAsLines: books agree, and disagree for the same reasons, whether lines or
// their sums are set beside each other.
func sumsReconcileAsLines(t *testing.T, open func(t *testing.T) Engine) {
	for seed := range uint64(4) {
		ledger := Billed(NewGenerator(60 + seed).Ledger(size / 2))
		r := filled(t, open, ledger)
		ReconcileAlike(t, r, ledger)
		ReconcileZoned(t, r, ledger)
	}
}

// Billed gives lines of all books to lines: an attempt and its corrections are of one. Some
// name no model, and some are true-ups.
func Billed(ledger []spend.Charge) []spend.Charge {
	for i := range ledger {
		c := &ledger[i]
		drawn := c.AttemptID[0]
		switch {
		case drawn < 60:
			c.Book = spend.Reported
		case drawn < 100:
			c.Book = spend.Invoiced
		case drawn < 108:
			c.Source, c.Category = reconcile.Source, spend.CategoryAdjustment
		case drawn < 112:
			c.Category = spend.CategoryTax
		}
		drawn = c.AttemptID[1]
		if drawn < 40 {
			c.Canonical.Name = ""
		}
		if drawn < 20 {
			c.ServedModel, c.RequestedModel = "", ""
		}
		c.Seller, c.Account = fmt.Sprint("seller-", c.AttemptID[2]%2), []string{"", "account"}[c.AttemptID[3]%2]
		if drawn = c.AttemptID[4]; drawn < 100 { // a map of its own: lines share theirs
			c.Scope.Tags = map[string]string{
				reconcile.Tags()[drawn%4]: "sku", reconcile.Tags()[4+drawn%6]: fmt.Sprint("key-", drawn%3), "other": fmt.Sprint(drawn),
				reconcile.Tags()[10]: []string{string(spend.Reported), ""}[drawn%2],
			}
		}
	}
	return ledger
}

// ReconcileAlike compares the reconciliations of lines with those of their sums, in windows
// of whole days, of all sellers and of one.
func ReconcileAlike(t *testing.T, r lake.Reader, ledger []spend.Charge) {
	t.Helper()
	for _, days := range [][2]int{{0, 41}, {3, 33}, {12, 13}, {60, 61}} {
		for _, seller := range []string{"", "seller-1"} {
			alike(t, r, ledger, &lake.Alike{From: Start().AddDate(0, 0, days[0]), To: Start().AddDate(0, 0, days[1]), Seller: seller})
		}
	}
	given, n := errors.New("enough"), 0
	err := lake.EachAlike(t.Context(), r, lake.Alike{From: Start(), To: Start().Add(Span)}, func(*spend.Charge) error { n++; return given })
	if !errors.Is(err, given) || n != 1 {
		t.Errorf("after %d sums: %v", n, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := lake.EachAlike(ended, r, lake.Alike{From: Start(), To: Start().Add(Span)}, nil); err == nil {
		t.Error("a reading that is given up ends without an error")
	}
}

// ReconcileZoned compares the same where sellers count days in zones of their own; the
// clocks of one of them go back within the days.
func ReconcileZoned(t *testing.T, r lake.Reader, ledger []spend.Charge) {
	t.Helper()
	for i, zones := range sellersZones() {
		alike(t, r, ledger, &lake.Alike{From: Start().AddDate(0, 0, 3), To: Start().AddDate(0, 0, 33), Seller: []string{"", "seller-1"}[i/2%2], Zones: zones})
		alike(t, r, ledger, &lake.Alike{From: Start().AddDate(0, 0, 12), To: Start().AddDate(0, 0, 13), Zones: zones})
		alike(t, r, ledger, &lake.Alike{From: Start().Add(77 * time.Hour), To: Start().Add(500 * time.Hour), Zones: zones, Exact: true})
	}
}

// alike compares the reconciliation of lines with that of their sums.
func alike(t *testing.T, r lake.Reader, ledger []spend.Charge, q *lake.Alike) {
	t.Helper()
	q.Tags = reconcile.Tags()
	want := reconciled(t, q.Zones, func(add func(*spend.Charge) error) error { return eachOf(ledger, q, add) })
	got := reconciled(t, q.Zones, func(add func(*spend.Charge) error) error { return lake.EachAlike(t.Context(), r, *q, add) })
	if diff := gocmp.Diff(want, got); diff != "" || q.To.Sub(q.From) > 48*time.Hour && q.From.Before(Start().Add(Span)) && len(got.Rows) < 5 {
		t.Errorf("%d rows from %s to %s of %q in %v (-lines +sums):\n%.3000s", len(want.Rows), q.From, q.To, q.Seller, q.Zones, diff)
	}
}

// sellersZones are zones in which sellers may count their days: that of one alone, beside a
// seller of which there are no lines, one for all, and one for each.
func sellersZones() []reconcile.Zones {
	pacific, india, east := mustZone("America/Los_Angeles"), mustZone("Asia/Kolkata"), mustZone("Pacific/Auckland")
	return []reconcile.Zones{
		{"seller-1": pacific, "nobody": india},
		{"seller-0": pacific, "seller-1": pacific},
		{"seller-0": india, "seller-1": pacific},
		{"seller-0": time.UTC, "seller-1": east},
	}
}

// eachOf gives each line that sums are asked of: its date at its seller is in the window, or
// its instant.
func eachOf(ledger []spend.Charge, q *lake.Alike, add func(*spend.Charge) error) (err error) {
	from, to := q.From.Format(time.DateOnly), q.To.Format(time.DateOnly)
	for i := range ledger {
		c := &ledger[i]
		day := c.UsedAt.In(reconcile.Zones(q.Zones).Of(c.Seller)).Format(time.DateOnly)
		within := day >= from && day < to
		if q.Exact {
			within = !c.UsedAt.Before(q.From) && c.UsedAt.Before(q.To)
		}
		if within && (q.Seller == "" || c.Seller == q.Seller) {
			err = errors.Join(err, add(c))
		}
	}
	return err
}

// reconciled sets books beside each other, at prices and rates that are made up.
func reconciled(t *testing.T, zones reconcile.Zones, lines func(add func(*spend.Charge) error) error) reconcile.Answer {
	t.Helper()
	tally := reconcile.NewTally(reconcile.Options{
		Zone: zones.Of,
		Rate: func(asked reconcile.Asked) money.Null {
			a, err := money.FromInt(int64(3+len(asked.Tier)+len(asked.Model))).MulRatio(asked.Usage.PromptTokens(), 1_000_000)
			return money.Null{Amount: a, Valid: err == nil && asked.Region != "eu-central-1"}
		},
		Convert: func(a money.Amount, _, _ money.Currency, day time.Time) (money.Amount, bool) {
			b, err := a.MulRatio(9, 10)
			return b, err == nil && day.Day() != 20
		},
	})
	if err := lines(tally.Add); err != nil {
		t.Fatal(err)
	}
	a, err := tally.Reconcile()
	if err != nil {
		t.Fatal(err)
	}
	return a
}
