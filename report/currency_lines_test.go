package report_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// lines are those of the books, each known and of its team.
func (b books) lines() []report.Line {
	out := make([]report.Line, len(b))
	for i, l := range b {
		out[i] = report.Line{Keys: []string{l.team}, Used: start().Add(time.Duration(l.hour) * time.Hour), Cost: money.Known(l.cost), Exposure: money.Known(l.cost)}
	}
	return out
}

func TestPartsOfADay(t *testing.T) {
	t.Parallel()
	small := money.Must("0.000000000005")
	b := books{{96, "a", small}, {97, "b", small}, {1, "a", money.Must("10")}, {51, "c", money.Must("10")}}
	rates := b.in("CHF")
	rates.Now = start().AddDate(0, 0, 12)
	got, err := rates.Parted(t.Context(), about([]spend.Dimension{"team"}, spend.Whole, 0), b.lines())
	if err != nil {
		t.Fatal(err)
	}
	if got.Books.String() != "20.00000000001" || got.Groups["c"].Cost.String() != "8" || got.Lines[2].Cost.String() != "9" || got.Lines[3].Cost.String() != "8" {
		t.Errorf("%+v, want each day by its own rate", got)
	}
	none, err := b.in("GBP").Parted(t.Context(), about([]spend.Dimension{"team"}, spend.Whole, 0), b.lines())
	if err != nil || none.Groups["a"].Cost.Valid || none.Groups["a"].Left != 2 || none.Lines[0].Cost.Valid {
		t.Errorf("without a rate: %+v (%v), want unknown amounts and 2 calls of a", none, err)
	}
}

// TestLinesSumToTheirGroups: lines sum to the groups, groups to the total of the same
// question, and what is not listed is left of its group alone.
func TestLinesSumToTheirGroups(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := books(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) line {
			return line{
				rapid.IntRange(0, 11*24).Draw(t, "hour"), rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "team"),
				money.FromUnits(rapid.Int64Range(-9, 99).Draw(t, "cost")),
			}
		}), 1, 40).Draw(t, "lines"))
		q := about([]spend.Dimension{"team"}, spend.Whole, 0)
		whole, err := b.in("CHF").Answer(context.Background(), about(nil, spend.Whole, 0))
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.in("CHF").Parted(context.Background(), q, b.lines())
		if err != nil {
			t.Fatal(err)
		}
		var total money.Amount
		for team, group := range got.Groups {
			var cost, exposure money.Amount
			for i, l := range b {
				if l.team == team {
					cost, _ = cost.Add(got.Lines[i].Cost.Amount)
					exposure, _ = exposure.Add(got.Lines[i].Exposure.Amount)
				}
			}
			if cost != group.Cost.Amount || exposure != group.Exposure.Amount {
				t.Fatalf("lines of %q sum to %s and %s, the group is %s and %s", team, cost, exposure, group.Cost, group.Exposure)
			}
			total, _ = total.Add(group.Cost.Amount)
		}
		if total != whole.Totals.Cost {
			t.Fatalf("groups sum to %s, the total is %s", total, whole.Totals.Cost)
		}
		some, err := b.in("CHF").Parted(context.Background(), q, b.lines()[1:])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got.Groups, some.Groups); diff != "" {
			t.Fatalf("groups depend on which lines are listed:\n%s", diff)
		}
	})
}
