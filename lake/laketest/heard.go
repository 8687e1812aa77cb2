package laketest

import (
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// sourcesAreHeardAsTheyTold: what each source told, and the hours since an instant, are
// those of a recount.
func sourcesAreHeardAsTheyTold(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(29).Ledger(size)
	e := filled(t, open, ledger)
	for n, zone := range Zones() {
		for _, h := range []lake.Hearing{{Zone: zone}, {Since: ledger[size/2].UsedAt, Zone: zone, Closed: "2026-10"}, {Closed: "2026-12"}} {
			h.Elsewhere = true
			got, err := lake.HeardOf(t.Context(), e, h)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(heardOf(ledger, &h), got); diff != "" {
				t.Errorf("%d: heard %+v (-recount +engine):\n%.2000s", n, h, diff)
			}
		}
	}
}

func heardOf(ledger []spend.Charge, asked *lake.Hearing) (all []lake.Heard) {
	since := asked.Since
	found := map[string]*lake.Heard{}
	hours := map[string]map[time.Time]bool{}
	for i := range ledger {
		c := &ledger[i]
		if !c.Category.IsUsage() || c.Book != spend.Metered {
			continue
		}
		h := found[c.Source]
		if h == nil {
			h = &lake.Heard{Source: c.Source, First: c.UsedAt, Last: c.UsedAt, Booked: c.BookedAt}
			found[c.Source], hours[c.Source] = h, map[time.Time]bool{}
		}
		h.Calls += c.Calls
		h.First, h.Last, h.Booked = earlier(h.First, c.UsedAt), later(h.Last, c.UsedAt), later(h.Booked, c.BookedAt)
		if !c.UsedAt.Before(since) {
			hours[c.Source][c.UsedAt.UTC().Truncate(time.Hour)] = true
		}
	}
	for _, source := range slices.Sorted(maps.Keys(found)) {
		found[source].Maturity = maturityOf(ledger, source, asked)
		found[source].Hours = slices.SortedFunc(maps.Keys(hours[source]), time.Time.Compare)
		all = append(all, *found[source])
	}
	return all
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
