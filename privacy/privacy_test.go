package privacy_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/spend"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	by := func(d ...spend.Dimension) spend.Query {
		return spend.Query{By: d, Measures: []spend.Measure{spend.Cost}}
	}
	only := by("team")
	only.Where = []spend.Filter{{By: "principal", Values: []string{"x"}, Not: true}}
	people := by("team")
	people.Measures = append(people.Measures, spend.People)
	compared := people
	compared.Previous = true
	for name, c := range map[string]struct {
		ask         spend.Query
		views       bool
		kind        spend.Kind
		personal    bool
		groupsCount bool
	}{
		"by team":                  {ask: by("team", "run", "step")},
		"by person":                {ask: by("team", "principal"), kind: spend.KindForbidden, personal: true},
		"by person, shown":         {ask: by("team", "principal"), views: true, personal: true},
		"without a person":         {ask: only, kind: spend.KindForbidden, personal: true, groupsCount: true},
		"people":                   {ask: people, groupsCount: true},
		"people, window by itself": {ask: compared, kind: spend.KindInvalid, groupsCount: true},
	} {
		err := privacy.Policy{PersonViews: c.views, MinimumGroup: 5}.Check(&c.ask)
		if (err == nil) != (c.kind == "") || err != nil && (spend.KindOf(err) != c.kind || spend.HintOf(err) == "") {
			t.Errorf("%s: %v", name, err)
		}
		if privacy.Personal(&c.ask) != c.personal || privacy.Groups(&c.ask) != c.groupsCount {
			t.Errorf("%s: personal %t, groups %t", name, privacy.Personal(&c.ask), privacy.Groups(&c.ask))
		}
	}
}

// group is a row with the people behind it.
type group struct {
	row    spend.Row
	people map[int]bool
}

const limit = 5

// groups draws rows over a few people, so that the same are in several, and some
// rows that no person caused.
func groups(t *rapid.T) (all []group) {
	n := rapid.IntRange(1, 9).Draw(t, "groups")
	other := rapid.Bool().Draw(t, "other")
	for i := range n {
		g := group{people: map[int]bool{}, row: spend.Row{Keys: []string{fmt.Sprint("k", i)}}}
		if other && i == n-1 {
			g.row.Keys, g.row.Other = []string{""}, true
		}
		for _, p := range rapid.SliceOfN(rapid.IntRange(0, 11), 0, 9).Draw(t, "people") {
			g.people[p] = true
		}
		g.row.Values = []money.Null{
			money.Known(money.FromUnits(rapid.Int64Range(-1000, 1_000_000).Draw(t, "cost"))),
			money.Known(money.FromInt(int64(len(g.people)))),
			money.Known(money.FromInt(int64(i))), // a quantile
		}
		all = append(all, g)
	}
	return all
}

func together(all []group, of func(*group) bool) int64 {
	people := map[int]bool{}
	for i := range all {
		if of(&all[i]) {
			for p := range all[i].people {
				people[p] = true
			}
		}
	}
	return int64(len(people))
}

func merge(t *rapid.T, all []group) []spend.Row {
	rows := make([]spend.Row, len(all))
	for i := range all {
		rows[i] = all[i].row
	}
	small := func(g *group) bool { return len(g.people) > 0 && len(g.people) < limit }
	few := privacy.Few{Limit: limit, People: 1, Together: together(all, small), Adds: []bool{true, false, false}, By: true}
	out, err := few.Merge(rows)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMerge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := groups(t)
		out := merge(t, all)
		var before, after money.Amount
		for i := range all {
			before, _ = before.Add(all[i].row.Values[0].Amount)
		}
		kept := map[string]bool{}
		merged := 0
		for _, row := range out {
			after, _ = after.Add(row.Values[0].Amount)
			if row.Few {
				merged++
				if row.Values[1].Valid || !row.Other {
					t.Fatalf("the merged row tells %v", row)
				}
				continue
			}
			kept[row.Keys[0]] = true
			if n, _ := row.Values[1].Amount.Int(); n > 0 && n < limit {
				t.Fatalf("row %v has %d people", row.Keys, n)
			}
		}
		if before != after {
			t.Fatalf("the rows sum to %s, not %s", after, before)
		}
		n := together(all, func(g *group) bool { return !kept[g.row.Keys[0]] })
		if merged > 1 || merged == 1 && n < limit && len(out) > 1 {
			t.Fatalf("%d merged rows of %d, with %d people", merged, len(out), n)
		}
	})
}

// TestMergeJoinsTheNextSmallest is the example of the comment.
func TestMergeJoinsTheNextSmallest(t *testing.T) {
	t.Parallel()
	row := func(key string, people int64) spend.Row {
		return spend.Row{Keys: []string{key}, Values: []money.Null{money.Known(money.FromInt(people))}}
	}
	rows := []spend.Row{row("nine", 9), row("six", 6), row("three", 3), row("one", 1), row("machines", 0)}
	for together, want := range map[int64][]string{4: {"nine", "machines", ""}, 5: {"six", "nine", "machines", ""}} {
		out, err := privacy.Few{Limit: 5, Together: together, Adds: []bool{false}, By: true}.Merge(rows)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range out {
			got = append(got, r.Keys[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d people together: %q, want %q", together, got, want)
		}
	}
}

func TestAnAnswerOfOneRowDoesNotSayHowMany(t *testing.T) {
	t.Parallel()
	rows := []spend.Row{{Values: []money.Null{money.Known(money.FromInt(7)), money.Known(money.FromInt(1))}}}
	out, err := privacy.Few{Limit: 5, People: 1, Together: 1, Adds: []bool{true, false}}.Merge(rows)
	if err != nil || len(out) != 1 || out[0].Few || out[0].Values[1].Valid || !out[0].Values[0].Valid {
		t.Errorf("%v, %v", out, err)
	}
}
