package market_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func day(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
}

// book prices three models: falling halves its price in February, still keeps its own,
// new has one from March on, and moving is a name that went over to another model.
func book(t *testing.T) *pricebook.Book {
	t.Helper()
	var facts []pricebook.Fact
	add := func(sku, price, note string, valid pricebook.Span) {
		for _, m := range []spend.Meter{spend.InText, spend.OutText} {
			f := pricebook.Fact{
				Seller: "openai", SKU: sku, Model: "acme/" + sku, Meter: m, Price: money.Must(price), Per: 1_000_000, Currency: "USD", Valid: valid,
				Layer: pricebook.List, Basis: pricebook.Tracker, Confidence: pricebook.High, Note: note, Source: pricebook.Source{Ref: "made up", Checked: day(time.April, 1)},
			}
			f.ID = f.ContentID()
			facts = append(facts, f)
		}
	}
	add("falling", "2", "", pricebook.Span{From: day(time.January, 1), To: day(time.February, 10)})
	add("falling", "1", "", pricebook.Span{From: day(time.February, 10)})
	add("still", "1", "", pricebook.Span{From: day(time.January, 1)})
	add("new", "5", "", pricebook.Span{From: day(time.March, 3)})
	add("moving", "1", "", pricebook.Span{From: day(time.January, 1), To: day(time.February, 10)})
	add("moving", "9", "alias repoint", pricebook.Span{From: day(time.February, 10)})
	b, err := pricebook.Compile(facts, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func months() []market.Month {
	return []market.Month{{Name: "2026-01", At: day(time.January, 31)}, {Name: "2026-02", At: day(time.February, 28)}, {Name: "2026-03", At: day(time.March, 31)}}
}

func used(million int64, model string) pricebook.Call {
	u := &spend.Usage{}
	u.Tokens[spend.InText] = million * 1_000_000
	return pricebook.Call{Seller: "openai", Model: model, Usage: u, Aggregated: true}
}

func told(points []market.Point) []string {
	var lines []string
	shown := func(a money.Null) string {
		if !a.Valid {
			return "-"
		}
		return a.Amount.Fixed(6)
	}
	for _, p := range points {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %d", p.Month.Name, shown(p.Level), shown(p.Link.Laspeyres), shown(p.Link.Paasche), p.Link.Leaves))
	}
	return lines
}

// TestOurs is the example of Ours, with a name that moved and a model that is new, which
// count in no link that they are not alike over.
func TestOurs(t *testing.T) {
	t.Parallel()
	points, err := market.Ours(book(t), months(), [][]pricebook.Call{
		{used(1, "falling"), used(1, "still"), used(7, "moving")},
		{used(3, "falling"), used(1, "still"), used(7, "moving")},
		{used(3, "falling"), used(4, "new")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-01 1.000000 - - 0", "2026-02 0.617213 0.666667 0.571429 2", "2026-03 0.617213 1.000000 1.000000 1"}
	if diff := cmp.Diff(want, told(points)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	points, err = market.Ours(book(t), months(), [][]pricebook.Call{{used(1, "falling")}, nil, {used(1, "falling")}})
	if err != nil {
		t.Fatal(err)
	}
	want = []string{"2026-01 1.000000 - - 0", "2026-02 - - - 0", "2026-03 0.500000 0.500000 0.500000 1"}
	if diff := cmp.Diff(want, told(points)); diff != "" {
		t.Errorf("over a gap (-want +got):\n%s", diff)
	}
}

// TestBasket is the example of Basket.Index: the name that moved is left out of the month
// in which it did, the new model comes in once it has two prices.
func TestBasket(t *testing.T) {
	t.Parallel()
	b := market.NewBasket(book(t))
	if len(b.Models) != 4 || !b.Checked.Equal(day(time.April, 1)) {
		t.Fatalf("%d models, checked %s", len(b.Models), b.Checked)
	}
	points, err := b.Index(append(months(), market.Month{Name: "2026-04", At: day(time.April, 30)}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2026-01 1.000000 - - 0", "2026-02 0.707107 0.750000 0.666667 2",
		"2026-03 0.707107 1.000000 1.000000 3", "2026-04 0.707107 1.000000 1.000000 4",
	}
	if diff := cmp.Diff(want, told(points)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTheMarketIsPublic: what an organisation pays by a contract, an override or a price that
// it stated itself moves no index of the market, and hides no public price.
func TestTheMarketIsPublic(t *testing.T) {
	t.Parallel()
	public := book(t)
	own := public.Facts()
	for _, of := range []struct {
		sku   string
		layer pricebook.Layer
		basis pricebook.Basis
	}{{"still", pricebook.Override, pricebook.VendorPage}, {"falling", pricebook.Contract, pricebook.VendorPage}, {"mine", pricebook.List, ""}, {"billed", pricebook.List, pricebook.Invoice}} {
		for i, price := range []string{"8", "1"} {
			f := pricebook.Fact{
				Seller: "openai", SKU: of.sku, Model: "acme/" + of.sku, Price: money.Must(price), Per: 1_000_000, Currency: "USD", Layer: of.layer, Basis: of.basis,
				Valid:  pricebook.Span{From: day(time.January, 1), To: day(time.February, 10)},
				Source: pricebook.Source{Ref: "stated by a person", Checked: day(time.April, 2)}, Confidence: pricebook.High,
			}
			if i == 1 {
				f.Valid = pricebook.Span{From: day(time.February, 10)}
			}
			for _, f.Meter = range []spend.Meter{spend.InText, spend.OutText} {
				f.ID = f.ContentID()
				own = append(own, f)
			}
		}
	}
	mixed, err := pricebook.Compile(own, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want, got := market.NewBasket(public), market.NewBasket(mixed)
	if diff := cmp.Diff(want.Models, got.Models); diff != "" || !got.Checked.Equal(want.Checked) {
		t.Errorf("checked %s, models (-want +got):\n%s", got.Checked, diff)
	}
	points, err1 := want.Index(months())
	moved, err2 := got.Index(months())
	if diff := cmp.Diff(told(points), told(moved)); diff != "" || err1 != nil || err2 != nil {
		t.Errorf("%v, %v (-want +got):\n%s", err1, err2, diff)
	}
}

// TestReprice sets usage of March against the prices of January, exactly.
func TestReprice(t *testing.T) {
	t.Parallel()
	calls := []pricebook.Call{used(3, "falling"), used(2, "still"), used(4, "new"), used(1, "moving"), used(5, "nobody-knows")}
	r, err := market.Reprice(book(t), calls, months()[0].At, months()[2].At)
	if err != nil {
		t.Fatal(err)
	}
	want := market.Repriced{Now: money.Must("5"), Then: money.Must("8"), Models: 2, Beyond: money.Must("29"), Beside: 2, Unpriced: 1}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTheMarketOfTheShippedBook holds the basket to a size and its index to a range that
// a reader would believe.
func TestTheMarketOfTheShippedBook(t *testing.T) {
	t.Parallel()
	embedded, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	b := market.NewBasket(embedded)
	index, err := b.Between(time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC), time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC))
	if err != nil || index.Leaves < 100 || !index.Fisher.Valid || index.Fisher.Amount.Cmp(money.Must("0.5")) < 0 || index.Fisher.Amount.Cmp(money.Must("1.1")) > 0 {
		t.Errorf("of %d models %d are matched: %+v, %v", len(b.Models), index.Leaves, index, err)
	}
	t.Logf("%d models, %d matched, Laspeyres %s, Paasche %s, Fisher %s", len(b.Models), index.Leaves, index.Laspeyres.Amount, index.Paasche.Amount, index.Fisher.Amount)
}

// TestNewest is the example of Newest.
func TestNewest(t *testing.T) {
	t.Parallel()
	lined, err := book(t).WithLineage([]pricebook.Lineage{
		{Line: "acme/one", Model: "openai/still", Since: day(time.January, 1)}, {Line: "acme/one", Model: "openai/new", Since: day(time.March, 3)},
		{Line: "acme/two", Model: "openai/falling", Since: day(time.January, 1)}, {Line: "acme/none", Model: "openai/unpriced", Since: day(time.January, 1)},
	})
	if err != nil {
		t.Fatal(err)
	}
	points, err := market.Newest(lined, months())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-01 1.000000 - - 0", "2026-02 0.707107 0.750000 0.666667 2", "2026-03 1.581139 3.000000 1.666667 2"}
	if diff := cmp.Diff(want, told(points)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	embedded, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	points, err = market.Newest(embedded, []market.Month{{Name: "2025-08", At: time.Date(2025, 8, 31, 0, 0, 0, 0, time.UTC)}, {Name: "2026-09", At: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)}})
	if err != nil || points[1].Link.Leaves < 8 || points[1].Level.Amount.Cmp(money.FromInt(1)) < 0 {
		t.Errorf("the newest of each line: %v, %v", told(points), err)
	}
	t.Log(told(points))
}

// TestFamiliesPartTheIndex gives the example of the index of families: a line of its own for
// each developer and family, the costliest of the last month first.
func TestFamiliesPartTheIndex(t *testing.T) {
	t.Parallel()
	b := market.NewBasket(book(t))
	families, err := b.Families(months(), [][]pricebook.Call{{used(1, "falling"), used(1, "still")}, {used(3, "falling"), used(1, "still")}, {used(3, "falling"), used(5, "still"), used(9, "nobody-knows")}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range families {
		got = append(got, fmt.Sprintf("%s %s %d", f.Line, f.Cost, f.Models))
		got = append(got, told(f.Ours)...)
		got = append(got, told(f.Market)...)
	}
	want := []string{
		"acme/still 5 1", "2026-01 1.000000 - - 0", "2026-02 1.000000 1.000000 1.000000 1", "2026-03 1.000000 1.000000 1.000000 1",
		"2026-01 1.000000 - - 0", "2026-02 1.000000 1.000000 1.000000 1", "2026-03 1.000000 1.000000 1.000000 1",
		"acme/falling 3 1", "2026-01 1.000000 - - 0", "2026-02 0.500000 0.500000 0.500000 1", "2026-03 0.500000 1.000000 1.000000 1",
		"2026-01 1.000000 - - 0", "2026-02 0.500000 0.500000 0.500000 1", "2026-03 0.500000 1.000000 1.000000 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
