package pricebook_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// TestFactsComeBack compiles two facts of one SKU that differ in nothing but meter,
// price and one thing more: none of them takes anything from the other. Only currencies
// may not differ.
func TestFactsComeBack(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*pricebook.Fact){
		"nothing":   func(*pricebook.Fact) {},
		"model":     func(f *pricebook.Fact) { f.Model = "maker/n" },
		"per":       func(f *pricebook.Fact) { f.Per = 1 },
		"tiers":     func(f *pricebook.Fact) { f.When.ServiceTiers = []string{"batch"} },
		"regions":   func(f *pricebook.Fact) { f.When.Regions = []string{"us"} },
		"prompt":    func(f *pricebook.Fact) { f.When.PromptAbove++ },
		"inclusive": func(f *pricebook.Fact) { f.When.Inclusive = false },
		"zone":      func(f *pricebook.Fact) { f.When.Window.Zone = "Asia/Shanghai" },
		"days":      func(f *pricebook.Fact) { f.When.Window.Days = []time.Weekday{time.Monday} },
		"spans":     func(f *pricebook.Fact) { f.When.Window.Spans = []pricebook.ClockSpan{{From: 0, To: 60}} },
		"outside":   func(f *pricebook.Fact) { f.When.Window.Not = false },
		"size":      func(f *pricebook.Fact) { f.When.ImageSize = "512x512" },
		"quality":   func(f *pricebook.Fact) { f.When.ImageQuality = "low" },
		"from":      func(f *pricebook.Fact) { f.Valid.From = at("2026-08-17") },
		"to":        func(f *pricebook.Fact) { f.Valid.To = time.Time{} },
		"known":     func(f *pricebook.Fact) { f.Known.From = at("2026-08-02") },
		"closed":    func(f *pricebook.Fact) { f.Known.To = time.Time{} },
		"promise":   func(f *pricebook.Fact) { f.PromoUntilAtLeast = time.Time{} },
		"layer":     func(f *pricebook.Fact) { f.Layer = pricebook.Contract },
		"basis":     func(f *pricebook.Fact) { f.Basis = pricebook.Invoice },
		"source":    func(f *pricebook.Fact) { f.Source.Ref = "another page" },
		"checked":   func(f *pricebook.Fact) { f.Source.Checked = at("2026-11-21") },
		"trust":     func(f *pricebook.Fact) { f.Confidence = pricebook.High },
		"free":      func(f *pricebook.Fact) { f.Free, f.Price = true, money.Amount{} },
		"note":      func(f *pricebook.Fact) { f.Note = "" },
	} {
		one := fullFact(t)
		other := one
		one.ID, one.Meter = "one", spend.InText
		other.ID, other.Meter, other.Price = "other", spend.OutText, money.Must("2")
		change(&other)
		want := []pricebook.Fact{one, other}
		book, err := pricebook.Compile(slices.Clone(want), nil, nil, at("2026-08-15"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, book.Facts()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got, _ := book.Fact("other"); !cmp.Equal(got, other) {
			t.Errorf("%s: the fact by its id is %+v", name, got)
		}
	}
}
