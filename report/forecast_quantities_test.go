package report_test

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// soon is a book in which a million tokens out cost 10 until a day, and another price then.
func soon(t *testing.T, change time.Time, then string) *pricebook.Book {
	t.Helper()
	fact := func(id string, m spend.Meter, price string, valid pricebook.Span) pricebook.Fact {
		return pricebook.Fact{
			ID: id, Seller: "openai", SKU: "large", Model: "openai/large", Meter: m, Price: money.Must(price), Per: 1_000_000, Currency: "USD", Valid: valid,
			Layer: pricebook.List, Basis: pricebook.VendorPage, Confidence: "high",
			Source: pricebook.Source{Ref: "https://example.com/prices", Checked: change.AddDate(0, -1, 0)},
		}
	}
	start := change.AddDate(-2, 0, 0)
	book, err := pricebook.Compile([]pricebook.Fact{
		fact("in", spend.InText, "2", pricebook.Span{From: start}), fact("old", spend.OutText, "10", pricebook.Span{From: start, To: change}),
		fact("new", spend.OutText, then, pricebook.Span{From: change}),
	}, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// used is a line of a group's usage of one model.
func used(cost float64, in, out int64, bucket time.Time) spend.Row {
	r := spend.Row{Bucket: bucket, Keys: []string{"a", "openai", "large", "large", "", ""}, Values: []money.Null{money.Known(money.Must(strconv.FormatFloat(cost, 'f', 6, 64)))}}
	for _, m := range spend.Meters() {
		quantity := money.Null{}
		switch m {
		case spend.InText:
			quantity = money.Known(money.FromInt(in))
		case spend.OutText:
			quantity = money.Known(money.FromInt(out))
		}
		r.Values = append(r.Values, quantity)
	}
	return r
}

// cut forecasts a team that uses five million tokens in a day for 10, other things for 5,
// and one million tokens out for 10 that became three in the last five weeks, when tokens
// out will cost another price from the sixth day on.
func cut(t *testing.T, then string) report.Outlook {
	t.Helper()
	f := ahead(t, report.ForecastAsk{By: "team"})
	book := soon(t, f.Past.To.AddDate(0, 0, 5), then)
	if _, due := f.Mix(book); !due {
		t.Fatal("no price changes")
	}
	l, byDay := ledger{}, spend.Table{}
	for day := 1; day <= 300; day++ {
		out := int64(1_000_000)
		if day <= 35 {
			out = 3_000_000
		}
		cost := 10 + 10*float64(out)/1e6
		l.add(&f, day, strconv.FormatFloat(cost+5, 'f', 6, 64), "a")
		byDay.Rows = append(byDay.Rows, used(cost, 5_000_000, out, f.Past.To.AddDate(0, 0, -day)))
	}
	mix := spend.Table{Rows: []spend.Row{used(28*40, 28*5_000_000, 28*3_000_000, time.Time{})}}
	if err := f.Reprice(book, &mix); err != nil {
		t.Fatal(err)
	}
	q, due := f.Quantities()
	if !due || len(q.By) != 6 || q.Grain != spend.Day || q.Where[len(q.Where)-1].Values[0] != "large" {
		t.Fatalf("due %t, asked %+v", due, q)
	}
	f.Drive(book, &byDay)
	return l.foresee(t, &f)
}

// TestAPriceCutMovesAForecastByItsEffect: each day from the cut on is the quantity that is
// forecast at the new price, so that two cuts differ by exactly that quantity at the
// difference of the prices, and the effect that is told is what the days show.
func TestAPriceCutMovesAForecastByItsEffect(t *testing.T) {
	t.Parallel()
	half, fifth := cut(t, "5"), cut(t, "8")
	row, other := &half.Rows[1], &fifth.Rows[1]
	if !row.Driven || !other.Driven {
		t.Fatalf("driven %t and %t", row.Driven, other.Driven)
	}
	effect, difference := 0.0, 0.0
	for k, day := range row.Days {
		switch out := day.Approx() - 15; { // what flat quantities cost stays 15
		case k < 5 && math.Abs(day.Approx()-45) > 1.5:
			t.Errorf("day %d is %v, want about 45", k+1, day)
		case k >= 5 && math.Abs(out-15) > 1:
			t.Errorf("day %d is %v, want about 30", k+1, day)
		case k >= 5:
			effect -= out             // at half the price it has lost as much again
			difference += out / 5 * 3 // at 8 instead of 5 a million
		}
	}
	if math.Abs(row.Priced.Approx()-effect) > 1e-4 || math.Abs(half.Rows[0].Priced.Approx()-effect) > 1e-4 {
		t.Errorf("the effect is told as %v, of the total %v, and is %.6f", row.Priced, half.Rows[0].Priced, effect)
	}
	if got := other.Mean.Approx() - row.Mean.Approx(); math.Abs(got-difference) > 1e-4 {
		t.Errorf("the two cuts differ by %.6f, want %.6f", got, difference)
	}
	if b := row.Bounds[0]; b.Refused != "" || b.Low.Amount.Cmp(row.Mean) > 0 {
		t.Errorf("bounds %+v of %v", b, row.Mean)
	}
	var out bytes.Buffer
	if err := report.ForecastText(&out, &report.ForecastShown{Outlook: &half}); err != nil || !strings.Contains(out.String(), "its quantities") || !strings.Contains(out.String(), "known price changes: -13") {
		t.Errorf("%v: %s", err, &out)
	}
}
