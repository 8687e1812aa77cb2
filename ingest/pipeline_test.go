package ingest_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func TestLaws(t *testing.T) {
	t.Parallel()
	ingesttest.Laws(t, func(*testing.T) ingesttest.Engine { return ingesttest.NewMemory() })
}

func record(key string) ingest.Record {
	e := spend.Event{
		Source: "test", SourceKey: key, Rank: spend.RankSpan, Seller: "acme", RequestedModel: "large",
		Status: spend.StatusOK, UsageSource: spend.UsageProvider, UsedAt: ingesttest.Now().Add(-time.Hour),
	}
	e.Usage.Tokens[spend.InText] = 1_000_000
	return ingest.Record{Event: e, Revisions: spend.Immutable, Line: 7, File: "calls.csv"}
}

func TestAChargeExplainsItself(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	rules, err := attribute.New([]attribute.Rule{{ID: "all", Set: map[string]string{"team": "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	book := ingesttest.Book(t)
	p := ingest.New(ingest.Config{Order: ingest.Order{Book: book, Rules: rules, Reporting: "USD"}, Ledger: ledger, Now: ingesttest.Now})
	if _, err := p.Book(t.Context(), []ingest.Record{record("1")}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	c := lines[0]
	if c.List != money.Known(money.FromInt(2)) || c.Reporting != c.List || c.RateFact != "par" || c.PriceBook != book.Hash() || c.Facts == "" {
		t.Errorf("list %v, reporting %v by %q, book %s, facts %q: want 2 USD, converted at par, from the book by a fact",
			c.List, c.Reporting, c.RateFact, c.PriceBook, c.Facts)
	}
	if c.Scope.Team != "x" || attribute.IDOf(c.Rule) != "all" || c.Claims != "{}" {
		t.Errorf("team %q by rule %q, claimed %q: want x by all, nothing claimed", c.Scope.Team, c.Rule, c.Claims)
	}
	if c.Period != "2026-11" || c.Finality != spend.Provisional || c.Calls != 1 {
		t.Errorf("period %s, %s, %d calls", c.Period, c.Finality, c.Calls)
	}
}

func TestTheSourcesOwnCostIsKeptBeside(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	near, far, none := record("near"), record("far"), record("none")
	near.Event.Reported, near.Event.ReportedCurrency = money.Known(money.Must("2.02")), "USD"
	far.Event.Reported, far.Event.ReportedCurrency = money.Known(money.Must("1.97")), "USD"
	if _, err := p.Book(t.Context(), []ingest.Record{near, far, none}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	for i, want := range []bool{false, true, false} {
		c := lines[i]
		if got := c.Flags&spend.ReportedCostDiffers != 0; got != want || c.Effective != money.Known(money.FromInt(2)) || c.PriceState != spend.Priced {
			t.Errorf("%s: differs is %v, effective %s, %s; want %v, and our own price of 2", c.SourceKey, got, c.Effective, c.PriceState, want)
		}
	}
}

func TestUnpricedIsNeverZero(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	unknown, unseen, nothing, foreign := record("model"), record("usage"), record("none"), record("seller")
	unknown.Event.RequestedModel = "enormous"
	unseen.Event.UsageSource, unseen.Event.Usage, unseen.Event.Status = spend.UsageUnobserved, spend.Usage{}, spend.StatusInterrupted
	nothing.Event.UsageSource, nothing.Event.Usage, nothing.Event.Status = spend.UsageNone, spend.Usage{}, spend.StatusError
	foreign.Event.Seller = "nobody"
	result, err := p.Book(t.Context(), []ingest.Record{unknown, unseen, nothing, foreign}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if result.Unpriced != 3 || !result.Cost.IsZero() || result.Exposure != money.FromInt(4) {
		t.Errorf("%+v: want three unpriced calls, no cost, 2 USD held for each of the two with tokens", result)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	for i, known := range []bool{false, false, true, false} {
		if c := lines[i]; c.List.Valid != known || c.Effective.Valid != known || (c.PriceState == spend.Unpriced) == known {
			t.Errorf("%s: list %v, effective %v, state %s; amount known should be %v", c.SourceKey, c.List, c.Effective, c.PriceState, known)
		}
	}
}

func TestRejectedRecordsAreKeptAndLoseNothingElse(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	ancient, negative, broken := record("ancient"), record("negative"), record("broken")
	ancient.Event.UsedAt = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
	negative.Event.Usage.Tokens[spend.OutText] = -1
	broken.Problems = []spend.Problem{{Field: "line", Msg: "is no CSV"}}
	broken.Event.Scope.Team = "\xff"
	result, err := p.Book(t.Context(), []ingest.Record{record("1"), ancient, negative, broken, record("2")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if result.Booked != 2 || result.Quarantined != 3 || len(ledger.Quarantine()) != 3 {
		t.Errorf("%+v with %d kept, want 2 booked and 3 kept in the quarantine", result, len(ledger.Quarantine()))
	}
	for _, r := range ledger.Quarantine() {
		if len(r.Problems) == 0 || r.Record != 7 || r.File != "calls.csv" || r.Event.Scope.Team != "" {
			t.Errorf("rejected %+v: want its place, its reasons and no broken text", r)
		}
	}
}

func TestALineThatNoColumnHoldsIsRejected(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	huge, grown := record("huge"), record("grown")
	huge.Event.Usage.Tokens[spend.InText] = 600_000_000_000
	grown.Revisions = spend.Growing
	again := grown
	again.Event.Revision, again.Event.Usage.Tokens[spend.InText] = 2, 600_000_000_000
	result, err := p.Book(t.Context(), []ingest.Record{huge, grown, record("1"), again}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if result.Booked != 2 || result.Quarantined != 2 || result.Cost != money.FromInt(4) {
		t.Errorf("%+v, want two booked at 4 USD and both huge ones rejected", result)
	}
}

func TestAFailedAppendIsNotForgotten(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	ledger.Break(true)
	if _, err := p.Book(t.Context(), []ingest.Record{record("1")}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); spend.KindOf(err) != spend.KindExhausted {
		t.Fatalf("settled with %v, want the full disk", err)
	}
	ledger.Break(false)
	if _, err := p.Book(t.Context(), []ingest.Record{record("1")}, nil); spend.KindOf(err) != spend.KindExhausted {
		t.Errorf("booked on with %v: what the pipeline remembers is not in the ledger", err)
	}
	fresh := ingesttest.Pipeline(t, ledger)
	result, err := fresh.Book(t.Context(), []ingest.Record{record("1")}, nil)
	if err != nil || result.Booked != 1 {
		t.Errorf("%+v (%v), want the record booked by the next pipeline", result, err)
	}
}

// TestASeatsUsageCostsNothingMore books what a seat covers: its list price is kept,
// with its components, and stands in no cost, nor in exposure when it is unknown.
func TestASeatsUsageCostsNothingMore(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	known, unknown := record("known"), record("unknown")
	unknown.Event.RequestedModel = "enormous"
	for _, r := range []*ingest.Record{&known, &unknown} {
		r.Event.Flags, r.Revisions = spend.Notional, spend.Growing
	}
	paid := known
	paid.Event.Flags, paid.Event.Revision = 0, 1
	book := func(records ...ingest.Record) ingest.Result {
		result, err := p.Book(t.Context(), records, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		return result
	}
	result := book(known, unknown)
	lines, _ := ledger.Charges(t.Context())
	zero, two := money.Known(money.Amount{}), money.FromInt(2)
	c := lines[0]
	if c.List != money.Known(two) || c.Costs[spend.CostIn] != two || c.Contracted != zero || c.Effective != zero || c.Reporting != zero {
		t.Errorf("list %v, in %v, contracted %v, effective %v, reporting %v: want 2 at list and nothing owed", c.List, c.Costs[spend.CostIn], c.Contracted, c.Effective, c.Reporting)
	}
	if c := lines[1]; c.PriceState != spend.Unpriced || c.List.Valid || !c.Exposure.IsZero() {
		t.Errorf("%s, list %v, exposure %v: want it unpriced and nothing exposed", c.PriceState, c.List, c.Exposure)
	}
	if !result.Cost.IsZero() || result.Notional != two {
		t.Errorf("cost %v, notional %v", result.Cost, result.Notional)
	}
	if again := book(paid); again.Cost != two || again.Notional != two.Neg() || again.Corrections != 1 {
		t.Errorf("told to be paid by token: %+v, want the estimate to become a cost", again)
	}
}
