package pricebook

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Limit says how many tokens one call of a SKU takes and gives at most, from which
// the most follows that the call can cost. It is a fact of the present alone: calls
// are bounded when they are made.
type Limit struct {
	Seller  string
	SKU     string // the seller's own model id, one that has a price
	Context int64  // tokens of prompt that it takes at most, 0 for unknown
	Output  int64  // tokens of one answer that it gives at most, reasoning included; 0 for unknown
	Source  Source
	Note    string // one line for a reader
}

// highestLimit is more than any model takes.
const highestLimit = 1_000_000_000

// String says what a model takes and gives at most.
func (l *Limit) String() string {
	var parts []string
	if l.Context > 0 {
		parts = append(parts, fmt.Sprintf("takes at most %d tokens", l.Context))
	}
	if l.Output > 0 {
		parts = append(parts, fmt.Sprintf("gives at most %d", l.Output))
	}
	return strings.Join(parts, ", ")
}

func (l *Limit) problems() (found []string) {
	complain := func(wrong bool, msg string) {
		if wrong {
			found = append(found, fmt.Sprintf("limit %s/%s: %s", l.Seller, l.SKU, msg))
		}
	}
	complain(l.Seller == "" || l.SKU == "", "seller and sku must not be empty")
	complain(l.Seller != Seller(l.Seller), "the seller is called "+Seller(l.Seller)+" in facts")
	complain(l.Context < 0 || l.Context > highestLimit, "context must be 1 to 10^9 tokens")
	complain(l.Output < 0 || l.Output > highestLimit, "output must be 1 to 10^9 tokens")
	complain(l.Context == 0 && l.Output == 0, "it needs a context, an output or both")
	return found
}

// WithLimits gives the same book with the limits of models, which change no price and
// no hash. Of two limits of one SKU the later counts; one of a SKU that the book does
// not know bounds nothing. The error, of kind invalid, lists what is wrong with them.
func (b *Book) WithLimits(limits []Limit) (*Book, error) {
	limited := *b
	limited.limits = make(map[[2]string]Limit, len(limits))
	var problems []string
	for i := range limits {
		l := &limits[i]
		problems = append(problems, l.problems()...)
		limited.limits[[2]string{l.Seller, l.SKU}] = *l
	}
	if len(problems) > 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read limits of models", "%w", listed(problems)).
			WithHint("correct these limits; nothing was loaded")
	}
	return &limited, nil
}

// Limit gives the limit of a model by the name that a call gives it, matched as for
// its price: false where nobody told one.
func (b *Book) Limit(seller, model string, at time.Time) (Limit, bool) {
	m := b.Match(seller, model, at)
	l, told := b.limits[[2]string{m.Seller, m.SKU}]
	return l, told
}

// ReadLimits reads limits from CSV with the columns seller, sku, context, output,
// source, checked and note. The error lists up to 20 problems with line and field.
func ReadLimits(r io.Reader) ([]Limit, error) {
	return readTable(r, "read limits of models", limitColumns())
}

// WriteLimits writes what ReadLimits reads. The error is that of w.
func WriteLimits(w io.Writer, limits []Limit) error {
	return writeTable(w, limitColumns(), limits)
}

func limitColumns() []column[Limit] {
	return []column[Limit]{
		text("seller", func(l *Limit) *string { return &l.Seller }),
		text("sku", func(l *Limit) *string { return &l.SKU }),
		tokens("context", func(l *Limit) *int64 { return &l.Context }),
		tokens("output", func(l *Limit) *int64 { return &l.Output }),
		text("source", func(l *Limit) *string { return &l.Source.Ref }),
		instant("checked", func(l *Limit) *time.Time { return &l.Source.Checked }),
		text("note", func(l *Limit) *string { return &l.Note }),
	}
}

// tokens is a column of a number, empty for 0.
func tokens[T any](name string, field func(*T) *int64) column[T] {
	return column[T]{name,
		func(row *T, s string) (err error) {
			if *field(row), err = strconv.ParseInt(s, 10, 64); err != nil {
				return fmt.Errorf("%.40q: want a whole number of tokens", s)
			}
			return nil
		},
		func(row *T) string {
			if n := *field(row); n != 0 {
				return strconv.FormatInt(n, 10)
			}
			return ""
		}}
}
