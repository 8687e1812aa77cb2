package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/discrepancy"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func known(s string) money.Null { return money.Known(money.Must(s)) }

func discrepancies(t *testing.T) *report.Discrepancies {
	t.Helper()
	d := &report.Discrepancies{Zone: "UTC", Rows: []discrepancy.Row{
		{Source: "litellm", Model: "=m\x1b", Reason: discrepancy.OtherTier, Detail: "batch", Currency: "USD",
			Figures: discrepancy.Figures{Lines: 2, Calls: 2, Tokens: 1200, Theirs: known("0.0000004"), List: known("0.0000009"), Difference: known("0.0000005")}},
		{Source: "litellm", Model: "n", Reason: discrepancy.OtherTier, Detail: "batch", Currency: "USD",
			Figures: discrepancy.Figures{Lines: 1, Calls: 1, Tokens: 2, Theirs: known("0.0000004"), List: known("1234.0000002"), Difference: known("1233.9999998")}},
		{Source: "litellm", Model: "n", Reason: discrepancy.UnpricedHere, Currency: "EUR", Figures: discrepancy.Figures{Lines: 1, Calls: 1, Theirs: known("0.5")}},
	}}
	var err error
	if d.Totals, err = discrepancy.Totals(d.Rows); err != nil {
		t.Fatal(err)
	}
	d.Explain()
	return d
}

// TestDiscrepancyText shows rows that sum to what is below them, and words for each reason once.
func TestDiscrepancyText(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.DiscrepancyText(&b, discrepancies(t)); err != nil {
		t.Fatal(err)
	}
	want := `SOURCE   MODEL    REASON               CALLS  TOKENS  THEIRS    LIST            LIST − THEIRS
litellm  =m\x1b   other_tier (batch)   2      1,200   0.000001  0.000001        0.000000 USD
litellm  n        other_tier (batch)   1      2       0.000000  1,234.000000    1,234.000000 USD
litellm  n        unpriced_here        1      0       0.500000  –               – EUR
`
	got, _, _ := strings.Cut(b.String(), "\n\n")
	if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, said := range []string{
		"EUR: they say 0.5000 in 1 calls, the price book 0.00", "0.5000 of theirs has no list price beside it in this currency",
		"USD: they say 0.00000080 in 3 calls, the price book 1,234.00; where both say one, list − theirs is 1,234.00",
		"other_tier: they take another service tier\nunpriced_here: ",
	} {
		if !strings.Contains(b.String(), said) {
			t.Errorf("%s\nlacks %q", b.String(), said)
		}
	}
}

func TestDiscrepancyCSV(t *testing.T) {
	t.Parallel()
	d := discrepancies(t)
	d.Grain, d.Rows[0].Bucket = spend.Day, "2026-03-01"
	var b bytes.Buffer
	if err := report.DiscrepancyCSV(&b, d); err != nil {
		t.Fatal(err)
	}
	want := "bucket,source,model,reason,detail,currency,our_currency,lines,calls,tokens,theirs,list,difference\n" +
		"2026-03-01,litellm,'=m\x1b,other_tier,batch,USD,,2,2,1200,0.0000004,0.0000009,0.0000005\n" +
		",litellm,n,other_tier,batch,USD,,1,1,2,0.0000004,1234.0000002,1233.9999998\n" +
		",litellm,n,unpriced_here,,EUR,,1,1,0,0.5,,\n" +
		"TOTAL,,,,,EUR,,1,1,0,0.5,0,0\nTOTAL,,,,,USD,,3,3,1202,0.0000008,1234.0000011,1234.0000003\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNoDiscrepancySaysWhatToDo(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.DiscrepancyText(&b, &report.Discrepancies{}); err != nil || !strings.Contains(b.String(), "→ bursar import litellm") {
		t.Errorf("%s %v", b.String(), err)
	}
}
