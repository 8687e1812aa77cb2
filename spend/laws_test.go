package spend_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The laws of the ledger's algebra, before any table: they hold for every value.

func start() time.Time { return time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC) }

// sighting draws what one source may say of one attempt.
func sighting() *rapid.Generator[spend.Event] {
	return rapid.Custom(func(t *rapid.T) spend.Event {
		text := func(name string) string { return rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, name) }
		e := spend.Event{
			Source:    rapid.SampledFrom([]string{"gateway", "span", "usage-api"}).Draw(t, "source"),
			SourceKey: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "key"),
			Revision:  rapid.Int64Range(0, 3).Draw(t, "revision"),
			Rank:      spend.Rank(rapid.IntRange(1, 7).Draw(t, "rank")),
			Response:  "resp", Seller: "openai",
			UsedAt:      start().Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "minute")) * time.Minute),
			ServedModel: text("model"), Account: text("account"), Kind: text("kind"),
			Status:      rapid.SampledFrom([]spend.Status{spend.StatusOK, spend.StatusInterrupted}).Draw(t, "status"),
			UsageSource: rapid.SampledFrom([]spend.UsageSource{spend.UsageProvider, spend.UsageUnobserved}).Draw(t, "usage source"),
			Scope:       spend.Scope{Team: text("team"), Workflow: text("workflow"), Run: text("run")},
		}
		if e.UsageSource == spend.UsageProvider {
			e.Usage = usage().Draw(t, "usage")
		}
		return e
	})
}

func usage() *rapid.Generator[spend.Usage] {
	return rapid.Custom(func(t *rapid.T) spend.Usage {
		var u spend.Usage
		for _, m := range rapid.SliceOf(rapid.SampledFrom(spend.Meters())).Draw(t, "meters") {
			if err := u.Set(m, money.FromInt(rapid.Int64Range(0, 1e9).Draw(t, "quantity"))); err != nil {
				t.Fatal(err)
			}
		}
		return u
	})
}

func charge() *rapid.Generator[spend.Charge] {
	return rapid.Custom(func(t *rapid.T) spend.Charge {
		amount := func(name string) money.Amount { return money.FromUnits(rapid.Int64().Draw(t, name)) }
		c := spend.Charge{
			Event: sighting().Draw(t, "event"), Calls: rapid.Int64Range(-3, 9).Draw(t, "calls"),
			ID: spend.Digest("line"), AttemptID: spend.Digest("attempt"),
			BookedAt: start(), Period: "2026-11", Origin: "2026-11",
			Currency: "USD", Exposure: amount("exposure"), PriceState: spend.Priced,
		}
		for i := range c.Costs {
			c.Costs[i] = amount("cost")
		}
		c.List, c.Effective = money.Known(amount("list")), money.Known(amount("effective"))
		if rapid.Bool().Draw(t, "reported") {
			c.Event.Reported, c.ReportedCurrency = money.Known(amount("reported")), "USD"
		}
		return c
	})
}

func TestMergeIsAFunctionOfTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(sighting(), 1, 8).Draw(t, "sightings")
		want := spend.Merge(all)
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffle.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if diff := cmp.Diff(want, spend.Merge(append(all, all[0]))); diff != "" {
			t.Fatalf("another order, or one sighting told twice, gives another event:\n%s", diff)
		}
	})
}

func TestMergeTakesTheStrongestWordOnEachField(t *testing.T) {
	t.Parallel()
	gateway := spend.Event{Source: "gateway", SourceKey: "1", Rank: spend.RankGateway, Status: spend.StatusInterrupted,
		UsageSource: spend.UsageUnobserved, Scope: spend.Scope{Workflow: "triage", Run: "r1"}}
	vendor := spend.Event{Source: "usage-api", SourceKey: "9", Rank: spend.RankVendorUsage, Status: spend.StatusOK,
		UsageSource: spend.UsageProvider, Account: "acme"}
	vendor.Usage.Tokens[spend.InText] = 1200
	got := spend.Merge([]spend.Event{gateway, vendor})
	if got.Scope.Workflow != "triage" || got.Usage.Tokens[spend.InText] != 1200 || got.Status != spend.StatusOK || got.Account != "acme" {
		t.Errorf("merged %+v: want the gateway's scope with the vendor's usage, status and account", got)
	}
}

func TestMergeKeepsTheLastRevision(t *testing.T) {
	t.Parallel()
	first := spend.Event{Source: "log", SourceKey: "1", Revision: 1, Rank: spend.RankAgentLog, Kind: "draft"}
	last := first
	last.Revision, last.Kind = 2, "final"
	for _, order := range [][]spend.Event{{first, last}, {last, first}} {
		if got := spend.Merge(order); got.Kind != "final" {
			t.Errorf("kind %q, want that of revision 2", got.Kind)
		}
	}
}

func TestReversalNetsToZero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := charge().Draw(t, "charge")
		r := c.Reverse(start().Add(time.Hour), "2026-12")
		if back := r.Reverse(c.BookedAt, c.Period); !cmp.Equal(additive(&back), additive(&c)) {
			t.Fatalf("reversing twice changes %v to %v", additive(&c), additive(&back))
		}
		mine, theirs := additive(&c), additive(&r)
		for i := range mine {
			if sum, err := mine[i].Add(theirs[i]); err != nil || !sum.IsZero() {
				t.Fatalf("additive column %d: %s and %s sum to %s (%v)", i, mine[i], theirs[i], sum, err)
			}
		}
		if r.Event.Scope.Team != c.Scope.Team || r.ServedModel != c.ServedModel || r.Origin != c.Origin || r.Corrects != c.ID {
			t.Fatal("a reversal keeps every dimension and names its line")
		}
	})
}

// additive lists every additive column of a line.
func additive(c *spend.Charge) []money.Amount {
	all := []money.Amount{
		money.FromInt(c.Calls), c.Exposure, c.List.Amount, c.Contracted.Amount,
		c.Effective.Amount, c.Billed.Amount, c.Reporting.Amount, c.Reported.Amount,
	}
	all = append(all, c.Costs[:]...)
	for _, m := range spend.Meters() {
		all = append(all, c.Usage.Get(m))
	}
	return all
}

func TestCorrectBooksTheDifferenceAndNothingTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		booked, due := charge().Draw(t, "booked"), charge().Draw(t, "due")
		lines := spend.Correct(booked, due, "")
		ledger := append([]spend.Charge{booked}, lines...)
		want := additive(&due)
		for i := range want {
			sum := money.Amount{}
			for j := range ledger {
				var err error
				if sum, err = sum.Add(additive(&ledger[j])[i]); err != nil {
					t.Fatal(err)
				}
			}
			if sum != want[i] {
				t.Fatalf("column %d sums to %s, want %s", i, sum, want[i])
			}
		}
		if last := ledger[len(ledger)-1]; len(spend.Correct(last, due, "")) != 0 {
			t.Fatal("correcting again books more lines")
		}
	})
}

func TestPostNeverReopensAPeriod(t *testing.T) {
	t.Parallel()
	f := func(origin, closed, want spend.Period) {
		t.Helper()
		if got := origin.Post(closed); got != want {
			t.Errorf("%s with %q closed is posted in %s, want %s", origin, closed, got, want)
		}
	}
	f("2026-08", "", "2026-08")
	f("2026-08", "2026-07", "2026-08")
	f("2026-08", "2026-08", "2026-09")
	f("2026-08", "2026-12", "2027-01")
}

func TestAReversalOfAClosedPeriodIsPostedInTheOpenOne(t *testing.T) {
	t.Parallel()
	booked := spend.Charge{ID: spend.Digest("1"), Calls: 1, Period: "2026-08", Origin: "2026-08"}
	due := booked
	due.Calls, due.Period = 2, due.Origin.Post("2026-09")
	lines := spend.Correct(booked, due, "2026-09")
	if lines[0].Period != "2026-10" || lines[1].Period != "2026-10" || lines[0].Origin != "2026-08" {
		t.Errorf("posted in %s and %s, want 2026-10 for both, of origin 2026-08", lines[0].Period, lines[1].Period)
	}
}

func TestKeysJoinTheSightingsOfAnAttempt(t *testing.T) {
	t.Parallel()
	gateway := spend.Event{Source: "gateway", SourceKey: "g1", Attempt: "g1", Seller: "openai", Response: "resp"}
	vendor := spend.Event{Source: "usage-api", SourceKey: "9", Seller: "openai", Response: "resp"}
	other := spend.Event{Source: "usage-api", SourceKey: "9", Seller: "azure", Response: "resp"}
	if gateway.Keys()[0] != vendor.Keys()[0] {
		t.Error("one response of one seller has two identities")
	}
	if gateway.Keys()[0] == other.Keys()[0] {
		t.Error("two sellers share the identity of a response")
	}
	if n := len(gateway.Keys()); n != 3 {
		t.Errorf("%d keys, want response, attempt and source key", n)
	}
}
