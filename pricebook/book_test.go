package pricebook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// facts reads a table without its header: the columns that tests need, split
// by white space, "-" for empty.
func facts(t testing.TB, table string) []pricebook.Fact {
	t.Helper()
	var csv strings.Builder
	csv.WriteString("seller,sku,meter,price,service_tier,region,prompt_tokens,valid_from,valid_to,layer,free\n")
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		for i, field := range fields {
			if field == "-" {
				fields[i] = ""
			}
		}
		if len(fields) > 0 {
			csv.WriteString(strings.Join(fields, ",") + strings.Repeat(",", 11-len(fields)) + "\n")
		}
	}
	all, err := pricebook.ReadFacts(strings.NewReader(csv.String()))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func compile(t testing.TB, all []pricebook.Fact, aliases ...pricebook.Alias) *pricebook.Book {
	t.Helper()
	book, err := pricebook.Compile(all, aliases, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func at(s string) time.Time {
	layout := time.RFC3339
	if len(s) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		panic(err)
	}
	return t
}

func usage(in, cached, out int64) *spend.Usage {
	u := &spend.Usage{}
	u.Tokens[spend.InText], u.Tokens[spend.CacheRead], u.Tokens[spend.OutText] = in, cached, out
	return u
}

func rated(book *pricebook.Book, call pricebook.Call) pricebook.Rating {
	var r pricebook.Rating
	book.Rate(&call, &r)
	return r
}

// want checks the amount of a rating, "unpriced" for none, and its flags.
func want(t *testing.T, r pricebook.Rating, usd, flags string) {
	t.Helper()
	got := r.List.String()
	if r.State == spend.Unpriced {
		got = "unpriced"
	}
	if got != usd || r.Flags.String() != flags {
		t.Errorf("%s/%s: got %s [%s] %s, want %s [%s]", r.Seller, r.SKU, got, r.Flags, r.Reason, usd, flags)
	}
	if (r.State == spend.Flagged) != (flags != "") {
		t.Errorf("%s/%s: state %s with flags %q", r.Seller, r.SKU, r.State, flags)
	}
}
