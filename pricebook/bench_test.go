package pricebook_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// manyFacts makes n facts, eight a SKU: four meters, dated twice.
func manyFacts(n int) []pricebook.Fact {
	meters := []spend.Meter{spend.InText, spend.CacheRead, spend.CacheWrite5m, spend.OutText}
	all := make([]pricebook.Fact, 0, n)
	for i := range n {
		cut := at("2026-03-01")
		f := pricebook.Fact{
			Seller: fmt.Sprintf("seller%d", i/8%20), SKU: fmt.Sprintf("model-%d", i/8), Model: fmt.Sprintf("maker/model-%d", i/8),
			Meter: meters[i%4], Price: money.Must("1.25"), Per: 1_000_000, Currency: "USD", Layer: pricebook.List,
			Basis: pricebook.Tracker, Source: pricebook.Source{Ref: "books/prices@1234567:prices/model.yml", Checked: cut},
			Confidence: pricebook.Medium, Valid: pricebook.Span{From: at("2025-01-01"), To: cut},
		}
		if i/4%2 == 1 {
			f.Valid = pricebook.Span{From: cut}
		}
		f.ID = f.ContentID()
		all = append(all, f)
	}
	return all
}

func BenchmarkReadFacts20k(b *testing.B) {
	var csv bytes.Buffer
	if err := pricebook.WriteFacts(&csv, manyFacts(20_000)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(csv.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pricebook.ReadFacts(bytes.NewReader(csv.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile20k(b *testing.B) {
	all := manyFacts(20_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pricebook.Compile(all, nil, nil, time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRate(b *testing.B) {
	book := compile(b, manyFacts(20_000))
	u := usage(1000, 5000, 300)
	u.Tokens[spend.CacheWrite5m] = 200
	for name, call := range map[string]pricebook.Call{
		"Exact":    {Seller: "seller3", Model: "model-43", At: at("2026-05-01"), Usage: u},
		"Unpriced": {Seller: "seller3", Model: "nothing", At: at("2026-05-01"), Usage: u},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var out pricebook.Rating
			for b.Loop() {
				book.Rate(&call, &out)
			}
		})
	}
}
