package company_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
)

// TestPurchases wants sound purchases of teams and workflows that exist, the same
// ones each time, in every unit and of every kind.
func TestPurchases(t *testing.T) {
	t.Parallel()
	c := company.New(company.Config{Seed: 1, Events: 1000})
	all := c.Purchases()
	if faults := purchase.ValidateAll(all); len(faults) > 0 {
		t.Fatal(faults)
	}
	same := func(a, b purchase.Day) bool { return a == b }
	if diff := cmp.Diff(all, company.New(company.Config{Seed: 1, Events: 9}).Purchases(), cmp.Comparer(same)); diff != "" {
		t.Errorf("another number of calls buys otherwise:\n%s", diff)
	}
	places := placesOf(c.Organisation())
	units, kinds := map[string]bool{}, map[purchase.Kind]bool{}
	for i := range all {
		p := &all[i]
		units[p.Owner.BusinessUnit], kinds[p.Kind] = true, true
		if p.Owner.Team == "" || p.Owner.CostCentre == "" {
			t.Errorf("%s is owned by %+v", p.ID, p.Owner)
		}
		if w := p.Owner.Workflow; w != "" && (p.Owner.Application == "" || places.workflows[w].Title == "") {
			t.Errorf("%s is for the workflow %q of application %q", p.ID, w, p.Owner.Application)
		}
		if p.Kind == purchase.Seat && (p.Active.Amount.Sign() <= 0 || p.Active.Amount.Cmp(p.Assigned) > 0) {
			t.Errorf("%s: %s of %s seats in use", p.ID, p.Active, p.Assigned)
		}
	}
	if len(units) != len(c.Organisation().Units) || len(kinds) != len(purchase.Kinds()) {
		t.Errorf("units %v buy kinds %v, want all", units, kinds)
	}
	if n, last := len(all), all[len(all)-1].Through.String(); n != 6*9+2 || last != "2026-10-31" {
		t.Errorf("%d purchases through %s, want nine in each of six months and two more", n, last)
	}
	i := slices.IndexFunc(all, func(p purchase.Purchase) bool { return p.ID == "claims-chat/2026-05-01" })
	if i < 0 || all[i].Amount != money.FromInt(300) {
		t.Errorf("12 seats at 25 USD: %+v", all)
	}
}

// TestPurchasesOfAnyWindow wants no day of a month twice, whatever day it begins on.
func TestPurchasesOfAnyWindow(t *testing.T) {
	t.Parallel()
	for day := 1; day <= 31; day++ {
		start := time.Date(2026, time.January, day, 13, 0, 0, 0, time.UTC)
		seen := map[string]bool{}
		for _, p := range company.New(company.Config{Start: start, End: start.AddDate(0, 6, 0), Events: 9}).Purchases() {
			if p.Product != "Call archive" {
				continue
			}
			events, err := p.Events(time.UTC, 250_000)
			if err != nil {
				t.Fatal(err)
			}
			for i := range events {
				key := events[i].UsedAt.Format(time.DateOnly)
				if seen[key] {
					t.Errorf("window from %s: %s is paid twice", start, key)
				}
				seen[key] = true
			}
		}
		if len(seen) < 180 {
			t.Errorf("window from %s: %d days are paid", start, len(seen))
		}
	}
	if all := company.New(company.Config{Start: time.Unix(0, 0), End: time.Unix(0, 0)}).Purchases(); len(all) > 0 {
		t.Errorf("a window of no time buys %v", all)
	}
}
