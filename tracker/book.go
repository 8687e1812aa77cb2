package tracker

import (
	"time"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Book names a public price book, or our own dated history.
type Book string

// The books.
const (
	History   Book = "history"
	GenAI     Book = "genai-prices"
	LiteLLM   Book = "litellm"
	Portkey   Book = "portkey"
	ModelsDev Book = "models.dev"
	Langfuse  Book = "langfuse" // cross-check only: it never gives a price by itself
)

// Books lists the books in the order in which their word counts.
func Books() []Book { return []Book{History, GenAI, Langfuse, LiteLLM, Portkey, ModelsDev} }

// Origin says which state of a book was read.
type Origin struct {
	Ref      string    // repository@commit, or "history" for our own
	Snapshot time.Time // the day of that state
	Notice   string    // licence and copyright line
}

// OriginOf gives the state of the book that the committed facts were compiled
// from; the zero Origin for a name that is no book.
func OriginOf(b Book) Origin { return origins[b] }

var origins = map[Book]Origin{
	History: {"history", day("2026-11-24"), "our own compilation; a source for each row"},
	GenAI: {"pydantic/genai-prices@47df840", day("2026-08-21"),
		"MIT License, Copyright (c) Pydantic Services Inc. 2025 to present"},
	LiteLLM: {"BerriAI/litellm@2026-08-01", day("2026-08-01"),
		"MIT License (outside its enterprise folder), Copyright (c) 2023 Berri AI"},
	Portkey:   {"Portkey-AI/models@f654307", day("2026-08-21"), "MIT License, Copyright (c) 2025 Portkey.ai"},
	ModelsDev: {"anomalyco/models.dev@f3fc692", day("2026-07-02"), "MIT License, Copyright (c) 2025 models.dev"},
	Langfuse: {"langfuse/langfuse@6275144", day("2026-08-20"),
		"MIT Expat License (outside its ee folders), Copyright (c) 2023-2026 ClickHouse, Inc."},
}

// Reading is what one book says.
type Reading struct {
	Book    Book
	Facts   []pricebook.Fact  // confidence low, start zero where the book has no date
	Skipped []Skip            // what was left out
	Limits  []pricebook.Limit // of models, by the SKU that the book's id stands for

	listed   []listing            // every id that the book names, in its order
	rules    []rule               // names that the book covers by pattern
	launches map[string]time.Time // day of release by seller/sku and by canonical model
}

// Skip is one row or value of a book that was not used.
type Skip struct {
	Book   Book   // which book; "" for a fact dropped beside those of other books
	Row    string // the book's own id of the row, "openai/gpt-5"
	What   string // the value or key, "cache_read 4.5"
	Reason string // why it was left out
}

// listing is one id of one seller, as a book writes it without its own prefix.
type listing struct{ seller, id string }

// rule is a book's pattern and its prices; the first that matches an id counts.
type rule struct {
	sellers []string
	matches func(id string) bool
	quotes  []quote
}

// quote is a price before it is known whose it is.
type quote struct {
	meter spend.Meter
	price string // decimal text of the book's unit
	exp   int    // power of ten from that unit to the price of per units
	per   int64
	when  pricebook.When
	valid pricebook.Span
	note  string
	scale ratio // a multiplier that the book states, zero for none
	basis pricebook.Basis
}

func (r *Reading) skip(row, what, reason string) {
	r.Skipped = append(r.Skipped, Skip{r.Book, row, what, reason})
}

// day reads a date in UTC; it gives the zero time for anything else.
func day(s string) time.Time {
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
