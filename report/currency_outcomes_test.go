package report_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// fates answer with lines as the costs of workflows, their hours parted among the fates.
func (b books) fates(_ context.Context, q *spend.Query) (outcome.Table, error) {
	t := outcome.Table{Query: *q, Basis: spend.Cost, Currency: "USD"}
	at := map[string]int{}
	for _, l := range b {
		when := start().Add(time.Duration(l.hour) * time.Hour)
		fate := []outcome.Fate{outcome.InWinning, outcome.InOthers, outcome.InNoRun}[(l.hour+300)%3]
		part := outcome.Part{Calls: 1, Cost: money.Known(l.cost)}
		day := outcome.Day{Workflow: l.team, Fate: fate, At: when.Truncate(24 * time.Hour), Part: part}
		same := func(d outcome.Day) bool {
			return d.Workflow == day.Workflow && d.Fate == day.Fate && d.At.Equal(day.At)
		}
		if i := slices.IndexFunc(t.Days, same); i >= 0 {
			t.Days[i].Part, _ = t.Days[i].Part.Plus(part)
		} else {
			t.Days = append(t.Days, day)
		}
		if _, found := at[l.team]; !found {
			at[l.team] = len(t.Rows)
			t.Rows = append(t.Rows, outcome.Row{Workflow: l.team})
		}
		row := &t.Rows[at[l.team]]
		*row.Part(fate), _ = row.Part(fate).Plus(part)
		_ = row.Close()
	}
	return t, t.Sum()
}

func TestOutcomesConvertByDay(t *testing.T) {
	t.Parallel()
	b := books{{3, "a", money.Must("10")}, {48, "a", money.Must("10")}, {49, "b", money.Must("1")}}
	got, err := b.in("CHF").Outcomes(t.Context(), about([]spend.Dimension{"workflow"}, spend.Whole, 0), b.fates)
	if err != nil {
		t.Fatal(err)
	}
	if got.Currency != "CHF" || got.Rows[0].With.Cost.String() != "17" || got.Total.All.Cost.String() != "17.8" || got.Total.All.Calls != 3 {
		t.Errorf("%+v, want 17 of 17.8 CHF", got.Total)
	}
	got, err = b.in("GBP").Outcomes(t.Context(), about([]spend.Dimension{"workflow"}, spend.Whole, 0), b.fates)
	if err != nil || got.Total.All.Cost.Valid || got.Total.All.Unknown != 3 || got.Rows[0].CostPerOutcome().Valid {
		t.Errorf("without a rate there are %+v (%v), want 3 calls of an unknown amount", got.Total.All, err)
	}
	if diff := cmp.Diff([]money.Money{{Amount: money.Must("21"), Currency: "USD"}}, got.WithoutRate); diff != "" {
		t.Errorf("what has no rate (-want +got):\n%s", diff)
	}
	bills := func(ctx context.Context, q *spend.Query) (outcome.Table, error) {
		table, err := b.fates(ctx, q)
		table.Basis = spend.ListCost
		return table, err
	}
	if _, err := b.in("CHF").Outcomes(t.Context(), about(nil, spend.Whole, 0), bills); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("list prices in another currency: %v, want them refused", err)
	}
}

// TestFatesSumToTheSpend: with and without an outcome sum to each workflow, workflows to the
// total, and the total is that of the same question about spend.
func TestFatesSumToTheSpend(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := books(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) line {
			return line{
				rapid.IntRange(0, 11*24).Draw(t, "hour"), rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "workflow"),
				money.FromUnits(rapid.Int64Range(-9, 99).Draw(t, "cost")),
			}
		}), 1, 40).Draw(t, "lines"))
		q := about(nil, spend.Whole, 0)
		whole, err := b.in("CHF").Answer(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.in("CHF").Outcomes(context.Background(), q, b.fates)
		if err != nil {
			t.Fatal(err)
		}
		var sum money.Amount
		for i := range got.Rows {
			r := &got.Rows[i]
			for _, part := range []money.Null{r.With.Cost, r.Without.Cost, r.NoRun.Cost} {
				sum, _ = sum.Add(part.Amount)
			}
		}
		if sum != got.Total.All.Cost.Amount || sum != whole.Totals.Cost {
			t.Fatalf("fates sum to %s, the total is %s, that of the spend %s", sum, got.Total.All.Cost, whole.Totals.Cost)
		}
	})
}

// TestEachGroupIsConvertedByItself: its figure does not depend on what else is asked for.
func TestEachGroupIsConvertedByItself(t *testing.T) {
	t.Parallel()
	b := books{{1, "a", money.Must("10")}, {50, "a", money.Must("10")}, {51, "b", money.Must("0.000000000005")}, {52, "c", money.Must("0.000000000005")}}
	all, err := b.in("CHF").Each(t.Context(), about([]spend.Dimension{"team"}, spend.Whole, 0))
	if err != nil || all["a"].Cost.String() != "17" || all["b"].Cost != all["c"].Cost {
		t.Errorf("%+v (%v), want 17 for a, and the same for b and c", all, err)
	}
	one := about([]spend.Dimension{"team"}, spend.Whole, 0)
	one.Where = []spend.Filter{{By: "team", Values: []string{"b"}}}
	alone, err := b.in("CHF").Each(t.Context(), one)
	if err != nil || alone["b"] != all["b"] {
		t.Errorf("alone b is %+v (%v), beside others %+v", alone["b"], err, all["b"])
	}
	none, err := b.in("GBP").Each(t.Context(), one)
	if err != nil || none["b"].Cost.Valid || none["b"].Left != 1 {
		t.Errorf("without a rate b is %+v (%v), want 1 call of an unknown amount", none["b"], err)
	}
}
