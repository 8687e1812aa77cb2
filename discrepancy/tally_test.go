package discrepancy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/discrepancy"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// TestWhatLinesHaveInCommon finds a factor and another rate, which no line shows alone,
// and believes neither on too little evidence.
func TestWhatLinesHaveInCommon(t *testing.T) {
	t.Parallel()
	p := shelf(t)
	call := func(i int) string {
		return fmt.Sprintf("openai/gpt-5 in_text=%d cache_read=%d out_text=%d", 600+i, 400+7*i, 200+3*i)
	}
	marked := func(i int) *spend.Charge { // × 1.07
		c := line(t, p, call(i), "0")
		theirs, err := c.List.Amount.MulRatio(107, 100)
		if err != nil {
			t.Fatal(err)
		}
		c.Reported = money.Known(theirs)
		return c
	}
	rated := func(i int) *spend.Charge { // 0.2 instead of 0.125 for cached tokens
		c := line(t, p, call(i), "0")
		more, err := money.Must("0.000000075").MulInt(int64(400 + 7*i))
		if err == nil {
			c.Reported.Amount, err = c.List.Amount.Add(more)
		}
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for name, c := range map[string]struct {
		line  func(int) *spend.Charge
		lines int
		taken int // back, of them
		want  discrepancy.Finding
	}{
		"a factor":             {marked, 3, 0, discrepancy.Finding{Reason: discrepancy.Markup, Detail: "× 1.07"}},
		"a rate":               {rated, 3, 0, discrepancy.Finding{Reason: discrepancy.OtherRate, Detail: "cache_read 0.2 instead of 0.125 for a million"}},
		"two lines alone":      {marked, 2, 0, discrepancy.Finding{Reason: discrepancy.Unexplained}},
		"one was taken back":   {rated, 3, 1, discrepancy.Finding{Reason: discrepancy.Unexplained}},
		"one line told thrice": {func(int) *spend.Charge { return marked(0) }, 3, 0, discrepancy.Finding{Reason: discrepancy.Unexplained}},
	} {
		x := discrepancy.New(p)
		for i := range c.taken { // in any order
			x.Learn(c.line(i), -1)
		}
		for i := range c.lines {
			x.Learn(c.line(i), 1)
		}
		if diff := cmp.Diff(c.want, x.Explain(c.line(1))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestRowsSumToTotals adds lines of every kind, takes some back, and recounts.
func TestRowsSumToTotals(t *testing.T) {
	t.Parallel()
	p := shelf(t)
	x, tally := discrepancy.New(p), discrepancy.NewTally()
	add := func(call, theirs string, sign int64) {
		c := line(t, p, call, theirs)
		if err := tally.Add("", c, x.Explain(c), sign); err != nil {
			t.Fatal(err)
		}
	}
	const gpt = "openai/gpt-5 in_text=600 cache_read=400 out_text=200"
	for _, theirs := range []string{"0.00325", "0.0033", "0.0028", "0", "", "0.00412"} {
		add(gpt, theirs, 1)
	}
	add("openai/no-such-model in_text=5", "0.04", 1)
	add(gpt+" theirs=EUR", "0.002", 1)
	add(gpt, "0.0033", 1)
	add(gpt, "0.0033", -1)
	add("openai/gpt-5 in_text=7", "0.5", 1)
	add("openai/gpt-5 in_text=7", "0.5", -1)
	rows, err := tally.Rows()
	if err != nil {
		t.Fatal(err)
	}
	totals, err := discrepancy.Totals(rows)
	if err != nil {
		t.Fatal(err)
	}
	want := []discrepancy.Total{
		{Currency: "EUR", Lines: 1, Calls: 1, Tokens: 1200, Theirs: money.Must("0.002"), TheirsAlone: money.Must("0.002")},
		{
			Currency: "USD", Lines: 7, Calls: 7, Tokens: 6*1200 + 5, Theirs: money.Must("0.05347"), List: money.Must("0.0196"), // 7 × 0.0028
			Difference: money.Must("0.00053"), ListAlone: money.Must("0.0056"), TheirsAlone: money.Must("0.04"),
		},
	}
	if diff := cmp.Diff(want, totals); diff != "" {
		t.Errorf("totals (-want +got)\n%s", diff)
	}
	for _, total := range totals { // list − theirs = difference + list alone − theirs alone
		left, _ := total.List.Sub(total.Theirs)
		right, _ := total.Difference.Add(total.ListAlone)
		if right, _ = right.Sub(total.TheirsAlone); left != right {
			t.Errorf("%s: %s is not %s", total.Currency, left, right)
		}
	}
	if len(rows) != 8 || rows[0].Reason != discrepancy.PricedAtZero {
		t.Errorf("%d rows, first %+v; want 8, the largest difference first", len(rows), rows[0])
	}
	for _, r := range rows {
		if r.Theirs.Valid == (r.Reason == discrepancy.NoFigure) || r.List.Valid == (r.Reason == discrepancy.UnpricedHere) {
			t.Errorf("%+v: what is not known is null", r)
		}
	}
}
