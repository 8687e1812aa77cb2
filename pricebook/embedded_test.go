package pricebook_test

import (
	"testing"

	"github.com/bursarhq/bursar/pricebook"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, seller := range []string{"openai", "anthropic", "google", "bedrock", "azure", "mistral", "deepseek", "xai"} {
		if len(book.SKUs(seller)) == 0 {
			t.Errorf("the embedded book has nothing of %s", seller)
		}
	}
	t.Logf("%d facts of %d sellers, hash %s", book.Len(), len(book.Sellers()), book.Hash())
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := pricebook.Embedded(); err != nil {
			b.Fatal(err)
		}
	}
}
