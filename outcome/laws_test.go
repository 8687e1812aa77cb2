package outcome_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

func start() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }

func some(t *rapid.T, name string, most int64) money.Null {
	if !rapid.Bool().Draw(t, name+"?") {
		return money.Null{}
	}
	return money.Known(money.FromUnits(rapid.Int64Range(1, most*1_000_000_000_000).Draw(t, name)))
}

// events draws the events of a few outcomes; instants collide on purpose.
func events(t *rapid.T) []outcome.Event {
	all := make([]outcome.Event, rapid.IntRange(1, 12).Draw(t, "events"))
	for i := range all {
		e := outcome.Event{
			ID: fmt.Sprint(i), Source: rapid.SampledFrom([]string{"desk", "agent"}).Draw(t, "source"), Definition: "tickets",
			Subject:  rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "subject"),
			State:    rapid.SampledFrom(outcome.States()).Draw(t, "state"),
			At:       start().Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "at")) * time.Hour),
			Workflow: rapid.SampledFrom([]string{"", "w1", "w2"}).Draw(t, "workflow"),
			Quantity: some(t, "quantity", 5), RemediationMinutes: some(t, "minutes", 90), Value: some(t, "value", 100),
		}
		if e.Value.Valid {
			e.Currency = "USD"
		}
		for r := range rapid.IntRange(0, 3).Draw(t, "runs") {
			e.Runs = append(e.Runs, outcome.Link{Run: fmt.Sprint("run-", r)})
		}
		if rapid.Bool().Draw(t, "weighted") {
			for r := range e.Runs {
				e.Runs[r].Weight = money.Known(money.FromUnits(rapid.Int64Range(0, 333_333_333_333).Draw(t, "weight")))
			}
		}
		all[i] = e
	}
	return all
}

func definitions(t testing.TB) *outcome.Definitions {
	t.Helper()
	d, err := outcome.ParseDefinitions([]byte(`outcomes:
  - {id: tickets, version: 1, unit: ticket, workflow: w1, maturity: 7d, human_share: 0.2, value: {basis: avoided_handle_time, amount: 6.40, currency: USD}}
`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// standings folds what was booked, the plain way: by sums over the lines.
func standings(t *rapid.T, lines []outcome.Line) map[string]string {
	sums := map[string][4]money.Amount{}
	for _, l := range lines {
		key := l.Standing.Subject + " " + string(l.Standing.State) + " " + l.Standing.Workflow + " " + string(l.Standing.Currency)
		s := sums[key]
		for i, a := range []money.Amount{money.FromInt(l.Items), l.Count, l.Value.Amount, l.Minutes} {
			sum, err := s[i].Add(a)
			if err != nil {
				t.Fatal(err)
			}
			s[i] = sum
		}
		sums[key] = s
	}
	all := map[string]string{}
	for key, s := range sums {
		if s != [4]money.Amount{} {
			all[key] = fmt.Sprint(s)
		}
	}
	return all
}

// bookInParts delivers events in parts, each to what was booked so far.
func bookInParts(t *rapid.T, all []outcome.Event, defs *outcome.Definitions, size int) []outcome.Line {
	var lines []outcome.Line
	for part := range slices.Chunk(all, size) {
		b := outcome.Book(lines, part, defs, start())
		if len(b.Refused) > 0 {
			t.Fatalf("refused %+v", b.Refused)
		}
		lines = append(lines, b.Lines...)
		rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	}
	return lines
}

func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	rapid.Check(t, func(t *rapid.T) {
		all := events(t)
		one := standings(t, bookInParts(t, all, defs, len(all)))
		again := slices.Concat(rapid.Permutation(all).Draw(t, "order"), all[:rapid.IntRange(0, len(all)).Draw(t, "repeated")])
		other := standings(t, bookInParts(t, again, defs, rapid.IntRange(1, 4).Draw(t, "part")))
		if diff := cmp.Diff(one, other); diff != "" {
			t.Fatalf("sums depend on order or repetition:\n%s", diff)
		}
	})
}

func TestLinesSumToTheFold(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	rapid.Check(t, func(t *rapid.T) {
		all := events(t)
		want := map[string]string{}
		for _, subject := range []string{"a", "b", "c"} {
			its := slices.DeleteFunc(slices.Clone(all), func(e outcome.Event) bool { return e.Subject != subject })
			if len(its) == 0 {
				continue
			}
			s := outcome.Fold(its, defs)
			key := subject + " " + string(s.State) + " " + s.Workflow + " " + string(s.Currency)
			want[key] = fmt.Sprint([4]money.Amount{money.FromInt(1), s.Count, s.Value.Amount, s.Minutes})
		}
		if diff := cmp.Diff(want, standings(t, bookInParts(t, all, defs, 2))); diff != "" {
			t.Fatalf("(-fold +lines)\n%s", diff)
		}
	})
}

func TestTwiceMeansOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := events(t)
		first := outcome.Book(nil, all, nil, start())
		second := outcome.Book(first.Lines, all, nil, start().Add(time.Hour))
		if len(second.Lines) != 0 || second.Known != len(all) || len(second.Refused) != 0 {
			t.Fatalf("%d lines, %d known of %d, refused %v", len(second.Lines), second.Known, len(all), second.Refused)
		}
	})
}

func TestAReversalNegates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := outcome.Book(nil, events(t), nil, start()).Lines
		for _, l := range lines {
			r := l.Reverse(start())
			if r.Items != -l.Items || r.Count != l.Count.Neg() || r.Value != l.Value.Neg() || r.Minutes != l.Minutes.Neg() {
				t.Fatalf("%+v is not taken back by %+v", l, r)
			}
			if diff := cmp.Diff(l.Standing, r.Standing); diff != "" || !r.Reverses() || r.Corrects != l.ID {
				t.Fatalf("the reversal moved: %s", diff)
			}
		}
	})
}

func TestSharesSumToOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		human := money.FromUnits(rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "human"))
		for _, e := range events(t) {
			links, sum := outcome.Shares(e.Runs, human)
			if len(links) != len(e.Runs) {
				t.Fatalf("%d links of %d", len(links), len(e.Runs))
			}
			for _, l := range links {
				var err error
				if sum, err = sum.Add(l.Weight.Amount); err != nil || !l.Weight.Valid {
					t.Fatalf("weight %v: %v", l.Weight, err)
				}
			}
			if sum != money.FromInt(1) {
				t.Fatalf("shares of %v sum to %s", e.Runs, sum)
			}
		}
	})
}
