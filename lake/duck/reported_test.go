package duck_test

import (
	"testing"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// TestReportedVersionIsOfSourcesThatSayCosts books usage of a source that says no cost
// of any, then of one that says those of some.
func TestReportedVersionIsOfSourcesThatSayCosts(t *testing.T) {
	t.Parallel()
	l := openWith(t, duck.Options{Threads: 1})
	versions := map[string]bool{}
	for n, c := range laketest.NewGenerator(80).Charges(4) {
		c.Book, c.Category, c.Rank, c.Source = spend.Metered, spend.CategoryUsage, spend.RankSpan, "silent"
		c.Reported, c.ReportedCurrency = money.Null{}, ""
		if n >= 2 {
			c.Source = "telling"
		}
		if n == 2 {
			c.Reported, c.ReportedCurrency = money.Known(money.FromUnits(1)), "USD"
		}
		if err := l.Append(t.Context(), lake.Batch{Charges: []spend.Charge{c}}); err != nil {
			t.Fatal(err)
		}
		version, err := lake.ReportedVersion(t.Context(), l, lake.Window{})
		if err != nil {
			t.Fatal(err)
		}
		versions[version] = true
		said := 0
		err = l.EachReported(t.Context(), lake.Window{}, func(*spend.Charge) error { said++; return nil })
		if err != nil || said != max(0, n-1) || len(versions) != max(1, n) {
			t.Errorf("after line %d: %d lines are compared, under %d names (%v)", n, said, len(versions), err)
		}
	}
}
