//go:build data

package tracker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/tracker"
)

// bar is the least share of undisputed rows on which facts that were compiled
// without a book must agree with it.
const bar = 97

// market is the seller whose prices float with the hosts behind it: its row of
// one day is not in force on the day of another book.
const market = "openrouter"

// TestDataAgreement holds out one book at a time and asks the facts compiled
// from the others for each of its chat rows, on its own day.
//
// A row is undisputed when at least two other sources carry it and agree, one of
// them no copy of the others, and the facts made of them are of high or medium
// confidence. A row that the lint or a written decision rejects is disputed; so
// is one whose SKU the other books know by a pattern only.
func TestDataAgreement(t *testing.T) {
	readings := readBooks(t)
	var deviations []string
	for _, b := range []tracker.Book{tracker.Langfuse, tracker.ModelsDev, tracker.LiteLLM, tracker.Portkey, tracker.GenAI} {
		h := holdOut(t, readings, b)
		t.Logf("%-12s %4d of %4d undisputed rows agree: %.2f %%; with those of low confidence %s; of %s %s; %d rows rejected, %d known by pattern only; "+
			"of all %d rows those on which the others, be it one, do not differ: %s",
			b, h.agree.yes, h.agree.all, h.agree.percent(), h.wide, market, h.market, h.rejected, h.unknown, h.rows, h.loose)
		if h.agree.percent() < bar {
			t.Errorf("facts compiled without %s agree with %.2f %% of its undisputed rows, want %d", b, h.agree.percent(), bar)
		}
		deviations = append(deviations, h.deviations...)
	}
	current(t, "DEVIATIONS.md", []byte(deviationsHead+strings.Join(deviations, "")))
}

const deviationsHead = `# Where a book differs from the facts compiled without it

Each book was left out in turn and its standard prices of input, output and cached read, on the day
of its snapshot, set beside the facts made of the others. The rows below are those on which at least
two other sources agree, one of them no copy of the others. Dollars per million tokens.

| Book | SKU | Region | Meter | Book says | We say | Reason |
|---|---|---|---|---|---|---|
`

type share struct{ yes, all int }

func (s *share) add(agrees bool) {
	s.all++
	if agrees {
		s.yes++
	}
}

func (s share) percent() float64 { return 100 * float64(s.yes) / float64(max(s.all, 1)) }

func (s share) String() string { return fmt.Sprintf("%d/%d (%.2f %%)", s.yes, s.all, s.percent()) }

// heldOut is how a book compares with facts made without it.
type heldOut struct {
	agree, wide, market     share
	loose                   share // no independence and no second source asked for
	rejected, unknown, rows int
	deviations              []string
}

func holdOut(t *testing.T, readings map[tracker.Book]tracker.Reading, b tracker.Book) (h heldOut) {
	t.Helper()
	result := compileWithout(t, readings, b)
	book, err := pricebook.Compile(result.Facts, result.Aliases, nil, time.Time{})
	if err != nil {
		t.Fatalf("facts without %s: %v", b, err)
	}
	var all []tracker.Reading
	for _, name := range tracker.Books() {
		all = append(all, readings[name])
	}
	rows, err := tracker.Rows(all, b)
	if err != nil {
		t.Fatal(err)
	}
	h.rows = len(rows)
	for _, r := range rows {
		if unanimous(r.Others) {
			price, _ := rated(book, r)
			h.loose.add(price == r.Price)
		}
		if r.Undisputed {
			h.count(book, b, r)
		}
	}
	return h
}

// unanimous says that the others, one at least, say one thing.
func unanimous(said []tracker.Said) bool {
	return len(said) > 0 && !slices.ContainsFunc(said, func(s tracker.Said) bool { return s.Price != said[0].Price })
}

func (h *heldOut) count(book *pricebook.Book, b tracker.Book, r tracker.Row) {
	price, confidence := rated(book, r)
	agrees := price == r.Price
	switch {
	case confidence == "":
		h.unknown++
		return
	case r.Rejected != "":
		h.rejected++
	case r.Seller == market:
		h.market.add(agrees)
	default:
		h.wide.add(agrees)
		if confidence != pricebook.Low {
			h.agree.add(agrees)
		}
	}
	if !agrees {
		h.deviations = append(h.deviations, fmt.Sprintf("| %s | %s/%s | %s | %s | %s | %s | %s |\n",
			b, r.Seller, r.SKU, r.Region, r.Meter, r.Price, price, reason(r)))
	}
}

// reason says why the facts are right, or at least better supported.
func reason(r tracker.Row) string {
	var who []string
	for _, o := range r.Others {
		who = append(who, string(o.Book))
	}
	slices.Sort(who)
	switch {
	case r.Rejected != "":
		return r.Rejected
	case r.Seller == market:
		return "price of another day; " + strings.Join(who, ", ") + " agree"
	}
	return strings.Join(who, ", ") + " agree"
}

// rated gives the price of a million tokens of the row's meter and the
// confidence of the fact; none for an unknown SKU, a parent's rate is low.
func rated(book *pricebook.Book, r tracker.Row) (money.Amount, pricebook.Confidence) {
	var usage spend.Usage
	usage.Tokens[r.Meter] = 1
	var rating pricebook.Rating
	book.Rate(&pricebook.Call{Seller: r.Seller, Model: r.SKU, Region: r.Region, At: r.At, Usage: &usage}, &rating)
	if len(rating.Lines) != 1 {
		return money.Amount{}, ""
	}
	f, _ := book.Fact(rating.Lines[0].FactID)
	if f.Meter != r.Meter {
		return rating.Lines[0].Rate, pricebook.Low
	}
	return rating.Lines[0].Rate, f.Confidence
}
