package pricebook_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

const limitTable = "seller,sku,context,output,source,checked,note\n" +
	"openai,gpt-5,400000,128000,BerriAI/litellm@2026-08-01,2026-08-01,\n" +
	"inhouse,llama,8192,,our own servers,,\"a, b\"\n"

func TestLimitsReadBack(t *testing.T) {
	t.Parallel()
	limits, err := pricebook.ReadLimits(strings.NewReader(limitTable))
	if err != nil {
		t.Fatal(err)
	}
	want := []pricebook.Limit{
		{Seller: "openai", SKU: "gpt-5", Context: 400_000, Output: 128_000,
			Source: pricebook.Source{Ref: "BerriAI/litellm@2026-08-01", Checked: time.Date(2026, time.August, 1, 0, 0, 0, 0, time.UTC)}},
		{Seller: "inhouse", SKU: "llama", Context: 8192, Source: pricebook.Source{Ref: "our own servers"}, Note: "a, b"},
	}
	if diff := cmp.Diff(want, limits); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	var b bytes.Buffer
	if err := pricebook.WriteLimits(&b, limits); err != nil || b.String() != limitTable {
		t.Errorf("%v: %s", err, cmp.Diff(limitTable, b.String()))
	}
	_, err = pricebook.ReadLimits(strings.NewReader("seller,sku,context,output\nx,y,many,1\nx,z,1,-\n"))
	if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), `line 2, context: "many"`) || !strings.Contains(err.Error(), "line 3, output") {
		t.Errorf("two mistakes: %v", err)
	}
}

// TestALimitIsMatchedLikeAPrice asks for models by the names that calls give them.
func TestALimitIsMatchedLikeAPrice(t *testing.T) {
	t.Parallel()
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	hash, at := book.Hash(), time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	bounds := func(b *pricebook.Book, seller, model string) [2]int64 {
		l, _ := b.Limit(seller, model, at)
		return [2]int64{l.Context, l.Output}
	}
	for _, f := range []struct {
		seller, model string
		want          [2]int64
	}{
		{"openai", "gpt-5", [2]int64{400_000, 128_000}},
		{"anthropic", "claude-haiku-4-5", [2]int64{200_000, 64_000}},                    // an alias
		{"Anthropic", "Anthropic/claude-haiku-4-5-20251001", [2]int64{200_000, 64_000}}, // a spelling
		{"openai", "gpt-5-of-somebody", [2]int64{}},
		{"anthropic", "gpt-5", [2]int64{}},
		{"nobody", "gpt-5", [2]int64{}},
	} {
		if got := bounds(book, f.seller, f.model); got != f.want {
			t.Errorf("%s %s: %v, want %v", f.seller, f.model, got, f.want)
		}
	}
	own, err := book.WithLimits([]pricebook.Limit{
		{Seller: "openai", SKU: "gpt-5", Output: 10}, {Seller: "openai", SKU: "gpt-5", Output: 20}, {Seller: "openai", SKU: "gone", Output: 1},
	})
	if err != nil || own.Hash() != hash || bounds(own, "openai", "gpt-5") != [2]int64{0, 20} || bounds(own, "openai", "gone") != [2]int64{} {
		t.Errorf("of two the later counts, of none nothing: %v, %v, %v", err, bounds(own, "openai", "gpt-5"), bounds(own, "openai", "gone"))
	}
	if got := bounds(book, "openai", "gpt-5"); got != [2]int64{400_000, 128_000} {
		t.Errorf("the book that they were laid over says %v", got)
	}
	_, err = book.WithLimits([]pricebook.Limit{{SKU: "x"}, {Seller: "OpenAI", SKU: "y", Context: -1}})
	for _, part := range []string{"seller and sku must not be empty", "it needs a context", "is called openai", "context must be"} {
		if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), part) {
			t.Errorf("%v, want it to say %q", err, part)
		}
	}
}

// TestNoLimitIsBelowAPricedPrompt looks for limits that would hold calls too low.
func TestNoLimitIsBelowAPricedPrompt(t *testing.T) {
	t.Parallel()
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	limits, err := pricebook.EmbeddedLimits()
	if err != nil || len(limits) < 2000 {
		t.Fatalf("%d limits, %v", len(limits), err)
	}
	for i := range limits {
		if l := &limits[i]; l.Source.Ref == "" || l.Source.Checked.IsZero() || book.Match(l.Seller, l.SKU, time.Now()).SKU != l.SKU {
			t.Errorf("%s/%s has no source, or no price", l.Seller, l.SKU)
		}
	}
	for _, f := range book.Facts() {
		if l, told := book.Limit(f.Seller, f.SKU, time.Now()); told && l.Context > 0 && l.Context < f.When.PromptAbove {
			t.Errorf("%s/%s takes %d tokens, and has a price above %d", f.Seller, f.SKU, l.Context, f.When.PromptAbove)
		}
	}
}

func FuzzReadLimits(f *testing.F) {
	f.Add([]byte(limitTable))
	f.Add([]byte("seller,sku\n\"a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits, err := pricebook.ReadLimits(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := pricebook.WriteLimits(&b, limits); err != nil {
			t.Fatal(err)
		}
		again, err := pricebook.ReadLimits(&b)
		if err != nil || !cmp.Equal(limits, again) {
			t.Fatalf("read back: %v\n%s", err, cmp.Diff(limits, again))
		}
	})
}
