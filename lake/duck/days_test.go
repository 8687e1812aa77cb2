package duck_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

// watched counts the statements that read the roll-up by days.
type watched struct {
	*duck.Lake
	rolled *int
}

func (w watched) Snapshot(ctx context.Context, f func(lake.Ask) error) error {
	return w.Lake.Snapshot(ctx, func(ask lake.Ask) error {
		return f(func(ctx context.Context, s lake.Statement, row func([]*string) error) error {
			if strings.Contains(s.Text, " FROM days") {
				*w.rolled++
			}
			return ask(ctx, s, row)
		})
	})
}

// unrolled reads all lines.
type unrolled struct{ *duck.Lake }

func (u unrolled) Snapshot(ctx context.Context, f func(lake.Ask) error) error {
	return u.Lake.Snapshot(ctx, func(ask lake.Ask) error {
		return f(func(ctx context.Context, s lake.Statement, row func([]*string) error) error {
			if strings.Contains(s.Text, "FROM rolled") {
				return nil
			}
			return ask(ctx, s, row)
		})
	})
}

// sameUnrolled compares what is not asked of Answer with what all lines say.
func sameUnrolled(t *testing.T, l *duck.Lake, q spend.Query) {
	t.Helper()
	q.By = nil
	odd := q // its days are not whole
	if !q.From.IsZero() {
		odd.From = q.From.Add(7 * time.Hour)
	}
	if !q.To.IsZero() {
		odd.To = q.To.Add(11 * time.Hour)
	}
	for name, ask := range map[string]func(lake.Reader) (any, error){
		"the newest usage": func(r lake.Reader) (any, error) { return lake.Newest(t.Context(), r) },
		"sources": func(r lake.Reader) (any, error) {
			return lake.HeardOf(t.Context(), r, lake.Hearing{Since: laketest.Start(), Zone: q.Zone, Closed: "2026-10", Elsewhere: true})
		},
		"rates": func(r lake.Reader) (any, error) { return lake.Exchanged(t.Context(), r, &q) },
		"coverage": func(r lake.Reader) (any, error) {
			return lake.CoverageOf(t.Context(), r, &odd, []spend.Dimension{"team", "customer", "workflow"})
		},
		"gaps": func(r lake.Reader) (any, error) {
			g := lake.Gaps{Query: &odd, Lacks: []spend.Dimension{"team", "workflow"}, Fields: []spend.Dimension{"credential", "tag:project"}, Most: 5}
			found, all, err := lake.GapsOf(t.Context(), r, g)
			g.Now = odd.From.AddDate(0, 0, 9)
			apart, allApart, errApart := lake.GapsOf(t.Context(), r, g)
			if diff := cmp.Diff(found, apart); diff != "" || all != allApart {
				t.Errorf("gaps of %+v differ when they are asked apart: %+v, %+v (-at once +apart):\n%s", odd, all, allApart, diff)
			}
			return []any{found, all}, errors.Join(err, errApart)
		},
		"what a run takes": func(r lake.Reader) (any, error) {
			q := q
			q.By, q.Grain, q.Measures, q.Order, q.Top = []spend.Dimension{"workflow"}, spend.Whole, []spend.Measure{spend.Cost}, "", 2
			return lake.PerRunOf(t.Context(), r, &q)
		},
	} {
		got, err := ask(l)
		want, errWant := ask(unrolled{l})
		if diff := cmp.Diff(asJSON(t, want), asJSON(t, got)); diff != "" || err != nil || errWant != nil {
			t.Errorf("%s of %+v (%v, %v) differ (-lines +roll-up):\n%.2000s", name, q, err, errWant, diff)
		}
	}
}

// TestDaysEqualRecount books lines and their corrections in batches, extends the roll-up
// now and then, and asks what it answers, some of it as of an instant: every answer is
// that of a recount of all lines.
func TestDaysEqualRecount(t *testing.T) {
	t.Parallel()
	for n, zone := range laketest.Zones() {
		t.Run(zone.String(), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(n), 7))
			l, rolled := openWith(t, duck.Options{Threads: 1, Rolled: 1}), 0
			var booked []spend.Charge
			for batch := range slices.Chunk(laketest.NewGenerator(uint64(40+n)).Ledger(900), 150) {
				if err := l.Append(t.Context(), lake.Batch{Charges: batch}); err != nil {
					t.Fatal(err)
				}
				booked = append(booked, batch...)
				if r.IntN(3) > 0 {
					if err := l.RollDays(t.Context(), zone); err != nil {
						t.Fatal(err)
					}
				}
				for range 4 {
					q := dayQuestion(r, zone)
					sameUnrolled(t, l, q)
					got, err := lake.Answer(t.Context(), watched{l, &rolled}, &q)
					if err != nil {
						t.Fatalf("%+v: %v", q, err)
					}
					want := laketest.Recount(q, booked)
					want.Query, got.Query = spend.Query{}, spend.Query{}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%+v differs (-recount +engine):\n%.2000s", q, diff)
					}
				}
			}
			if rolled == 0 {
				t.Error("no answer has read the roll-up")
			}
		})
	}
}

func openWith(t *testing.T, opts duck.Options) *duck.Lake {
	t.Helper()
	l, err := duck.Open(t.TempDir(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// dayQuestion asks by some dimensions, for whole days of a zone as a rule.
func dayQuestion(r *rand.Rand, zone *time.Location) spend.Query {
	some := func(all ...spend.Dimension) []spend.Dimension {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		return all[:r.IntN(3)]
	}
	q := spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, Zone: zone,
		By: some("team", "workflow", "model", "seller", "currency", "price_state", "flags", "status", "credential", "run"),
	}
	q.Grain = []spend.Grain{spend.Whole, spend.Whole, spend.Day, spend.Week, spend.Month, spend.Quarter}[r.IntN(6)]
	for _, m := range spend.Measures() {
		if m == spend.Cost || m.Additive() && r.IntN(3) == 0 || r.IntN(12) == 0 {
			q.Measures = append(q.Measures, m)
		}
	}
	day := func(n int) time.Time {
		year, month, d := laketest.Start().In(zone).Date()
		return lake.BucketOf(&spend.Query{Grain: spend.Day, Zone: zone}, time.Date(year, month, d+n, 12, 0, 0, 0, zone))
	}
	first := 1 + r.IntN(20)
	switch r.IntN(4) {
	case 0:
		q.From = day(first)
	case 1:
		q.To = day(first)
	case 2:
		q.From, q.To = day(first), day(first+1+r.IntN(20))
		q.Previous = r.IntN(2) == 0
	}
	if r.IntN(5) == 0 {
		q.Grain, q.From, q.To = spend.Minute, day(first), day(first+1)
	}
	if r.IntN(3) == 0 && len(q.By) > 0 {
		q.Top = 1 + r.IntN(3)
	}
	if r.IntN(3) == 0 {
		q.Where = []spend.Filter{{By: "team", Values: []string{"team-1", "", fmt.Sprint("team-", r.IntN(4))}, Not: r.IntN(2) == 0}}
	}
	if r.IntN(8) == 0 {
		q.AsOf = day(first + 10)
	}
	return q
}

// TestRollDaysOfAnotherZone makes the roll-up anew, of all lines.
func TestRollDaysOfAnotherZone(t *testing.T) {
	t.Parallel()
	l := openWith(t, duck.Options{Threads: 1, Rolled: 1})
	if err := l.Append(t.Context(), lake.Batch{Charges: laketest.NewGenerator(9).Ledger(300)}); err != nil {
		t.Fatal(err)
	}
	for _, zone := range laketest.Zones()[:2] {
		if err := l.RollDays(t.Context(), zone); err != nil {
			t.Fatal(err)
		}
		rows := 0
		err := l.Query(t.Context(), lake.Statement{Text: "SELECT zone, booking FROM rolled WHERE name = 'days'"}, func(cells []*string) error {
			if rows++; *cells[0] != zone.String() || *cells[1] != "300" {
				t.Errorf("the roll-up is of %s through %s, want %s and 300", *cells[0], *cells[1], zone)
			}
			return nil
		})
		if err != nil || rows != 1 {
			t.Fatalf("%d marks, %v", rows, err)
		}
	}
}

// TestRetiredLinesLeaveTheRollUp asks after old lines are removed.
func TestRetiredLinesLeaveTheRollUp(t *testing.T) {
	t.Parallel()
	l, rolled := openWith(t, duck.Options{Threads: 1, Rolled: 1}), 0
	if err := l.Append(t.Context(), lake.Batch{Charges: laketest.NewGenerator(10).Charges(600)}); err != nil {
		t.Fatal(err)
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"team"}, Measures: []spend.Measure{spend.Cost, spend.Calls}}
	for range 2 {
		if err := l.RollDays(t.Context(), time.UTC); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Retire(t.Context(), "2026-10"); err != nil {
			t.Fatal(err)
		}
		var left []spend.Charge
		if err := l.EachLine(t.Context(), func(c *spend.Charge) error { left = append(left, *c); return nil }); err != nil {
			t.Fatal(err)
		}
		got, err := lake.Answer(t.Context(), watched{l, &rolled}, &q)
		want := laketest.Recount(q, left)
		want.Query, got.Query = spend.Query{}, spend.Query{}
		if diff := cmp.Diff(want, got); diff != "" || err != nil || len(left) == 0 || len(left) == 600 {
			t.Errorf("%d lines are left (%v); the answer differs (-recount +engine):\n%.2000s", len(left), err, diff)
		}
	}
	if rolled == 0 {
		t.Error("the roll-up was not made of what is left")
	}
}

// TestDaysReconcileAsLines sets books beside each other while the roll-up is behind the
// lines, of days of UTC and of another zone: what is remembered of days holds until more is
// booked of them.
func TestDaysReconcileAsLines(t *testing.T) {
	t.Parallel()
	for _, zone := range laketest.Zones()[:3] {
		l, rolled := openWith(t, duck.Options{Threads: 1, Rolled: 1}), 0
		ledger := laketest.Billed(laketest.NewGenerator(70).Ledger(900))
		for _, through := range []int{600, 880, len(ledger)} {
			if err := l.Append(t.Context(), lake.Batch{Charges: ledger[:through][count(t, l):]}); err != nil {
				t.Fatal(err)
			}
			if through == 600 {
				if err := l.RollDays(t.Context(), zone); err != nil {
					t.Fatal(err)
				}
			}
			laketest.ReconcileAlike(t, watched{l, &rolled}, ledger[:through])
			laketest.ReconcileZoned(t, l, ledger[:through])
		}
		if (rolled > 0) != (zone == time.UTC) || l.Recalls() == 0 {
			t.Errorf("%s: %d statements have read the roll-up, %d were remembered", zone, rolled, l.Recalls())
		}
	}
}
