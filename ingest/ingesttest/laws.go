package ingesttest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Engine is a ledger that tests can also read whole.
type Engine interface {
	ingest.Ledger
	ingest.Partitions
	ingest.Unconverted
	ingest.Annex
	ingest.Past
	ingest.Sales
	EachOpened(ctx context.Context, f func(*spend.Charge)) error
	Quarantined(ctx context.Context, q lake.Listing) ([]lake.Rejected, error)
	Resolutions(ctx context.Context, digest spend.ID) ([]lake.Resolution, error)
	EachAttempt(ctx context.Context, f func(spend.ID)) error
	Retire(ctx context.Context, through spend.Period) (int64, error)
	Charges(ctx context.Context) ([]spend.Charge, error)
}

// Laws runs the laws on the engine that open makes; every call of open gives an
// empty one.
func Laws(t *testing.T, open func(*testing.T) Engine) {
	for name, law := range map[string]func(*testing.T, func(*testing.T) Engine){
		"order of arrival":   orderOfArrival,
		"twice means once":   twiceMeansOnce,
		"restart forgets":    restartForgetsNothing,
		"growing source":     growingSource,
		"immutable conflict": immutableConflict,
		"partition replaced": partitionReplaced,
		"late key":           lateKey,
		"withdrawn returns":  withdrawnReturns,
		"many withdrawn":     manyWithdrawn,
		"old version late":   oldVersionLate,
		"retired stays":      retiredStaysGone,
		"old content again":  oldContentAgain,
		"purchase":           purchased,
		"credit":             credited,
		"reported":           reported,
		"billed":             billed,
		"late rates":         lateRates,
		"late rates, often":  lateRatesOften,
		"rates in between":   ratesInBetween,

		"rules of the moment":          rulesOfTheMoment,
		"any rules and back":           anyRulesAndBack,
		"other prices and back":        otherPricesAndBack,
		"sightings afterwards":         sightingAfterwards,
		"reattribution is interrupted": interruptedReattribution,
		"reattribution leaves closed":  closedStaysClosed,
		"reattribution by line":        mixedKin,
		"booked meanwhile":             bookedMeanwhile,

		"opens in any order":        opensInAnyOrder,
		"an open call is settled":   openIsSettled,
		"a rejected end interrupts": rejectedEndInterrupts,
		"attempts of the gateway":   attemptsStayApart,
		"the stronger open stands":  strongerOpenStands,
		"outcomes with the records": outcomesWithRecords,
		"outcomes mature once":      outcomesMatureOnce,
		"a rejection is retried":    rejectionIsRetried,
		"pages of the quarantine":   pagesOfTheQuarantine,
	} {
		t.Run(name, func(t *testing.T) { law(t, open) })
	}
}

// Book is a small made-up price book: 2 USD per million tokens in, 10 out.
func Book(t testing.TB) *pricebook.Book {
	t.Helper()
	return compiled(t, fact("large", spend.InText, "2"), fact("large", spend.CacheRead, "0.2"), fact("large", spend.OutText, "10"))
}

func fact(sku string, m spend.Meter, price string) pricebook.Fact {
	f := pricebook.Fact{
		Seller: "acme", SKU: sku, Model: "acme/" + sku, Meter: m, Price: money.Must(price), Per: 1_000_000,
		Currency: "USD", Layer: pricebook.List, Basis: pricebook.VendorPage, Confidence: pricebook.High,
		Source: pricebook.Source{Ref: "made up"},
	}
	f.ID = f.ContentID()
	return f
}

func compiled(t testing.TB, facts ...pricebook.Fact) *pricebook.Book {
	t.Helper()
	book, err := pricebook.Compile(facts, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// Now is the instant at which the laws book.
func Now() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// Pipeline makes a pipeline over an engine, with its keys remembered.
func Pipeline(t testing.TB, e Engine) *ingest.Pipeline {
	t.Helper()
	return pipeline(t, e, ingest.Config{Order: ingest.Order{Reporting: "USD"}})
}

func pipeline(t testing.TB, e Engine, c ingest.Config) *ingest.Pipeline {
	t.Helper()
	c.Order.Book, c.Ledger, c.Annex, c.Now = Book(t), e, e, Now
	p := ingest.New(c)
	if err := errors.Join(e.EachAttempt(t.Context(), p.Remember), e.EachOpened(t.Context(), p.RememberOpen)); err != nil {
		t.Fatal(err)
	}
	return p
}

func book(t testing.TB, p *ingest.Pipeline, records ...ingest.Record) ingest.Result {
	t.Helper()
	result, err := p.Book(t.Context(), records, nil)
	if err = errors.Join(err, p.Settle(t.Context())); err != nil {
		t.Fatal(err)
	}
	return result
}

// event makes a record of a source with tokens in and out.
func event(source, key string, rank spend.Rank, tokens [2]int64) ingest.Record {
	e := spend.Event{
		Source: source, SourceKey: key, Rank: rank, Seller: "acme", RequestedModel: "large", Status: spend.StatusOK,
		UsageSource: spend.UsageProvider, UsedAt: Now().Add(-time.Hour), Scope: spend.Scope{Run: "run-" + key},
	}
	e.Usage.Tokens[spend.InText], e.Usage.Tokens[spend.OutText] = tokens[0], tokens[1]
	return ingest.Record{Event: e, Revisions: spend.Immutable}
}

// sum is what must not depend on how the records came.
type sum struct {
	Calls    int64
	Cost     money.Amount
	Known    money.Amount // in the reporting currency
	Exposure money.Amount
	Waiting  int64 // calls that no rate converts
	Usage    map[string]money.Amount
	Runs     int // runs whose calls do not net to zero
	Teams    map[string]money.Amount
}

func total(t testing.TB, e Engine) sum {
	t.Helper()
	lines, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := sum{Usage: map[string]money.Amount{}, Teams: map[string]money.Amount{}}
	runs := map[string]int64{}
	for i := range lines {
		c := &lines[i]
		s.Calls += c.Calls
		s.Cost = add(t, s.Cost, c.Effective.Amount)
		s.Known, s.Exposure = add(t, s.Known, c.Reporting.Amount), add(t, s.Exposure, c.Exposure)
		if c.Flags&spend.Unconverted != 0 {
			s.Waiting += c.Calls
		}
		s.Teams[c.Scope.Team] = add(t, s.Teams[c.Scope.Team], c.Effective.Amount)
		c.Usage.Each(func(m spend.Meter, q spend.Quantity) {
			s.Usage[m.String()] = add(t, s.Usage[m.String()], q)
		})
		runs[c.Scope.Run] += c.Calls
	}
	for _, n := range runs {
		if n != 0 {
			s.Runs++
		}
	}
	nonZero := func(_ string, a money.Amount) bool { return a.IsZero() }
	maps.DeleteFunc(s.Usage, nonZero)
	maps.DeleteFunc(s.Teams, nonZero)
	return s
}

func add(t testing.TB, a, b money.Amount) money.Amount {
	t.Helper()
	c, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// told is what three sources say of some attempts: a gateway that knows the run,
// a vendor's usage API that knows the tokens, an SDK that knows the team.
func told() []ingest.Record {
	var all []ingest.Record
	for i := range int64(6) {
		id := string(rune('a' + i))
		gateway := event("gateway", "g"+id, spend.RankGateway, [2]int64{1000 + i, 10})
		gateway.Event.Attempt, gateway.Event.Response = "g"+id, "resp-"+id
		vendor := event("usage-api", "v"+id, spend.RankVendorUsage, [2]int64{1000 + i%2, 12})
		vendor.Event.Response, vendor.Event.Scope = "resp-"+id, spend.Scope{}
		span := event("sdk", "s"+id, spend.RankSpan, [2]int64{900, 10})
		span.Event.Attempt, span.Event.Scope = "g"+id, spend.Scope{Run: "run-g" + id, Team: "team-" + id}
		all = append(all, gateway, vendor, span)
	}
	return all
}

func orderOfArrival(t *testing.T, open func(*testing.T) Engine) {
	var want sum
	for seed := range uint64(8) {
		records := told()
		rng := rand.New(rand.NewPCG(seed, 7))
		rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		e := open(t)
		p := Pipeline(t, e)
		for part := range slices.Chunk(records, 1+rng.IntN(7)) {
			book(t, p, part...)
		}
		got := total(t, e)
		if got.Calls != 6 || got.Runs != 6 {
			t.Errorf("seed %d: %d calls in %d runs, want 6 in 6", seed, got.Calls, got.Runs)
		}
		if want.Calls == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: another order gives another total:\n%s", seed, diff)
		}
	}
}

func twiceMeansOnce(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	p := Pipeline(t, e)
	book(t, p, told()...)
	want := total(t, e)
	lines, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again := book(t, p, told()...)
	if again.Duplicates != again.Read {
		t.Errorf("%+v: want every record to be a duplicate", again)
	}
	after, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, total(t, e)); diff != "" || len(after) != len(lines) {
		t.Errorf("%d lines became %d\n%s", len(lines), len(after), diff)
	}
}

func restartForgetsNothing(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	records := told()
	book(t, Pipeline(t, e), records[:9]...)
	p := Pipeline(t, e) // what a restarted process would do
	again := book(t, p, records...)
	if again.Duplicates != 9 {
		t.Errorf("%d duplicates, want 9", again.Duplicates)
	}
	other := open(t)
	book(t, Pipeline(t, other), records...)
	if diff := cmp.Diff(total(t, other), total(t, e)); diff != "" {
		t.Errorf("a restart changes the totals:\n%s", diff)
	}
}

func growingSource(t *testing.T, open func(*testing.T) Engine) {
	revision := func(n, out int64) ingest.Record {
		r := event("log", "1", spend.RankAgentLog, [2]int64{100, out})
		r.Event.Revision, r.Revisions = n, spend.Growing
		return r
	}
	for _, order := range [][]int64{{1, 2, 3}, {3, 1, 2}, {2, 3, 1}} {
		e := open(t)
		p := Pipeline(t, e)
		for _, n := range order {
			book(t, p, revision(n, n*10))
		}
		if got := total(t, e); got.Usage["out_text"] != money.FromInt(30) || got.Calls != 1 {
			t.Errorf("order %v: %s tokens out in %d calls, want those of revision 3 in one", order, got.Usage["out_text"], got.Calls)
		}
	}
}

func immutableConflict(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	p := Pipeline(t, e)
	result := book(t, p, event("file", "1", spend.RankSpan, [2]int64{100, 10}), event("file", "1", spend.RankSpan, [2]int64{100, 99}))
	if result.Booked != 1 || result.Quarantined != 1 {
		t.Errorf("%+v, want one booked and one in the quarantine", result)
	}
	if got := total(t, e); got.Usage["out_text"] != money.FromInt(10) {
		t.Errorf("%s tokens out, want those of the first record", got.Usage["out_text"])
	}
}

// records is a Reader over a slice.
type records struct{ left []ingest.Record }

func (r *records) Next(out *ingest.Record) error {
	if len(r.left) == 0 {
		return io.EOF
	}
	*out, r.left = r.left[0], r.left[1:]
	return nil
}

func partition(revision int64, keys ...string) []ingest.Record {
	var all []ingest.Record
	for _, key := range keys {
		r := event("export", key, spend.RankVendorUsage, [2]int64{100, 10})
		r.Event.Partition, r.Event.Revision, r.Revisions = "2026-11-19", revision, spend.Partitioned
		all = append(all, r)
	}
	return all
}

func importAll(t testing.TB, e Engine, all []ingest.Record) ingest.Result {
	t.Helper()
	im := ingest.Import{Pipeline: Pipeline(t, e), Reader: &records{all}, Complete: e, Late: true, Batch: 2}
	result, err := im.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func partitionReplaced(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	importAll(t, e, partition(1, "a", "b", "c"))
	changed := partition(2, "a", "c", "d")
	changed[1].Event.Usage.Tokens[spend.OutText] = 50
	result := importAll(t, e, changed)
	if result.Withdrawn != 1 || result.Corrections != 1 || result.Booked != 1 || result.Duplicates != 1 {
		t.Errorf("%+v, want b withdrawn, c corrected, d booked and a left alone", result)
	}
	got := total(t, e)
	if got.Calls != 3 || got.Usage["out_text"] != money.FromInt(70) {
		t.Errorf("%d calls with %s tokens out, want 3 with 70: the new partition and nothing else", got.Calls, got.Usage["out_text"])
	}
}

// manyWithdrawn are more than are taken back at once.
func manyWithdrawn(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	var all []string
	for n := range 40 {
		all = append(all, fmt.Sprint("key", n))
	}
	importAll(t, e, partition(1, all...))
	if result := importAll(t, e, partition(2, all[7])); result.Withdrawn != 39 || total(t, e).Calls != 1 {
		t.Errorf("%+v and %d calls, want 39 withdrawn and one left", result, total(t, e).Calls)
	}
	if result := importAll(t, e, partition(1, all...)); result.Withdrawn != 39 || total(t, e).Calls != 1 {
		t.Errorf("%+v and %d calls, want what the old version brings back withdrawn", result, total(t, e).Calls)
	}
}

func withdrawnReturns(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	importAll(t, e, partition(1, "a", "b"))
	importAll(t, e, partition(2, "a"))
	importAll(t, e, partition(3, "a", "b"))
	if got := total(t, e); got.Calls != 2 {
		t.Errorf("%d calls, want 2: what comes back is booked again", got.Calls)
	}
	p := Pipeline(t, e) // one pipeline for all three
	for revision, keys := range [][]string{{"a", "b"}, {"a"}, {"a", "b"}} {
		im := ingest.Import{Pipeline: p, Reader: &records{partition(int64(4+revision), keys...)}, Complete: e}
		if _, err := im.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := total(t, e); got.Calls != 2 {
		t.Errorf("%d calls, want 2, by one pipeline too", got.Calls)
	}
}

// oldVersionLate: a version that comes after a newer one brings nothing back, and nothing
// that the newer one never had.
func oldVersionLate(t *testing.T, open func(*testing.T) Engine) {
	changed := func() []ingest.Record {
		all := partition(2, "a", "c")
		all[0].Event.Usage.Tokens[spend.OutText] = 50
		return all
	}
	for name, versions := range map[string][][]ingest.Record{
		"the old one again": {partition(1, "a", "b"), changed(), partition(1, "b", "a")},
		"the new one first": {changed(), partition(1, "b", "a"), partition(1, "a", "b", "d")},
		"the new one again": {partition(1, "a", "b"), changed(), partition(1, "a", "b"), changed()},
	} {
		e := open(t)
		for _, v := range versions {
			importAll(t, e, v)
		}
		if got := total(t, e); got.Calls != 2 || got.Usage["out_text"] != money.FromInt(60) {
			t.Errorf("%s: %d calls with %s tokens out, want 2 with 60: the new version and nothing else", name, got.Calls, got.Usage["out_text"])
		}
		if back := importAll(t, e, partition(3, "a", "b", "c")); total(t, e).Calls != 3 || back.Withdrawn != 0 {
			t.Errorf("%s: %d calls after a third version (%+v), want 3", name, total(t, e).Calls, back)
		}
	}
	e := open(t) // no line is of the second version
	for _, v := range [][]ingest.Record{partition(1, "a", "b"), partition(2, "a"), partition(1, "b", "a")} {
		importAll(t, e, v)
	}
	if got := total(t, e); got.Calls != 1 {
		t.Errorf("%d calls after a version that only took away, want 1", got.Calls)
	}
	if importAll(t, e, partition(3, "b")); total(t, e).Calls != 1 {
		t.Errorf("%d calls after a third version, want 1", total(t, e).Calls)
	}
}

// oldContentAgain: a source that corrects itself may come back to what it said
// first.
func oldContentAgain(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	importAll(t, e, partition(1, "a"))
	changed := partition(2, "a")
	changed[0].Event.Usage.Tokens[spend.OutText] = 50
	importAll(t, e, changed)
	for _, revision := range []int64{3, 4} {
		importAll(t, e, partition(revision, "a"))
		if got := total(t, e); got.Usage["out_text"] != money.FromInt(10) {
			t.Errorf("revision %d: %s tokens out, want 10 again", revision, got.Usage["out_text"])
		}
	}
	if stale := importAll(t, e, changed); stale.Corrections != 0 {
		t.Errorf("%d corrections by a revision that is over", stale.Corrections)
	}
}

// purchased: what is no usage is booked with the amount that it brings, and
// counts as no call.
func purchased(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	paid := func(revision int64, amounts ...string) (all []ingest.Record) {
		for i, amount := range amounts {
			r := event("purchases", fmt.Sprint(i), spend.RankBill, [2]int64{})
			r.Event.Category, r.Event.UsageSource, r.Event.Seller = spend.CategoryPurchase, spend.UsageNone, "vendor without prices"
			r.Event.Reported, r.Event.ReportedCurrency = money.Known(money.Must(amount)), "USD"
			r.Event.Partition, r.Event.Revision, r.Revisions = "p", revision, spend.Partitioned
			r.Event.UsedAt = Now().AddDate(1, 0, 0)
			all = append(all, r)
		}
		return all
	}
	importAll(t, e, paid(1, "3.5", "3.5"))
	importAll(t, e, paid(2, "3.5", "3.5"))
	if got := total(t, e); got.Calls != 0 || got.Cost != money.FromInt(7) || got.Known != money.FromInt(7) {
		t.Errorf("%d calls cost %s, %s of it known; want none for 7", got.Calls, got.Cost, got.Known)
	}
	importAll(t, e, paid(3, "2"))
	if got := total(t, e); got.Cost != money.FromInt(2) {
		t.Errorf("the next version costs %s, want 2", got.Cost)
	}
	bad := paid(4, "1", "-1", "1")
	bad[0].Event.Category = "gift"
	bad[2].Event.Usage.Tokens[spend.OutText] = 1
	if got := book(t, Pipeline(t, e), bad...); got.Quarantined != 3 {
		t.Errorf("%d rejected, want all 3", got.Quarantined)
	}
}

// credited: money back is booked below zero, in every cost of the line alike, and
// nothing about it is odd.
func credited(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	r := event("purchases", "credit", spend.RankBill, [2]int64{})
	r.Event.Category, r.Event.UsageSource = spend.CategoryCredit, spend.UsageNone
	r.Event.Reported, r.Event.ReportedCurrency = money.Known(money.FromInt(-12)), "USD"
	book(t, Pipeline(t, e), r)
	lines, err := e.Charges(t.Context())
	if err != nil || len(lines) != 1 {
		t.Fatalf("%d lines, %v; want one", len(lines), err)
	}
	c, back := lines[0], money.Known(money.FromInt(-12))
	if c.List != back || c.Contracted != back || c.Effective != back || c.Reporting != back || c.Costs[spend.CostOther] != back.Amount || c.Billed.Valid {
		t.Errorf("costs %v, list %v, contracted %v, effective %v, reporting %v, billed %v; want -12 and nothing billed",
			c.Costs, c.List, c.Contracted, c.Effective, c.Reporting, c.Billed)
	}
	if c.Flags != 0 || c.PriceState != spend.Priced || c.PriceBook != "" || c.Facts != "" || c.Calls != 0 {
		t.Errorf("flags %q, %s by book %q and facts %q, %d calls; want no flag, priced by none, no call", c.Flags, c.PriceState, c.PriceBook, c.Facts, c.Calls)
	}
}

// lateKey: two attempts turn out to be one when a record names both.
// attemptsStayApart: what the gateway saw go out twice is two calls, also where the
// vendor names both alike.
func attemptsStayApart(t *testing.T, open func(*testing.T) Engine) {
	var all []ingest.Record
	for _, key := range []string{"g1", "g2", "g3"} {
		r := event("gateway", key, spend.RankGateway, [2]int64{100, 10})
		r.Event.Attempt, r.Event.Response = key, "same"
		all = append(all, r)
	}
	for name, batches := range map[string][][]ingest.Record{
		"at once": {all}, "one by one": {all[:1], all[1:2], all[2:]}, "backwards": {all[2:], all[1:2], all[:1]}, "twice": {all, all},
	} {
		e := open(t)
		for _, batch := range batches {
			book(t, Pipeline(t, e), batch...) // each a new start
		}
		if got := total(t, e); got.Calls != 3 || got.Usage["out_text"] != money.FromInt(30) {
			t.Errorf("%s: %+v, want three calls", name, got)
		}
	}
}

func lateKey(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	p := Pipeline(t, e)
	vendor := event("usage-api", "v", spend.RankVendorUsage, [2]int64{100, 10})
	vendor.Event.Response, vendor.Event.Scope.Run = "resp", ""
	span := event("sdk", "s", spend.RankSpan, [2]int64{100, 10})
	span.Event.Attempt, span.Event.Scope.Run = "g", "r"
	book(t, p, vendor)
	book(t, p, span)
	if got := total(t, e); got.Calls != 2 {
		t.Fatalf("%d calls before the two are known to be one, want 2", got.Calls)
	}
	gateway := event("gateway", "g", spend.RankGateway, [2]int64{100, 10})
	gateway.Event.Attempt, gateway.Event.Response, gateway.Event.Scope.Run = "g", "resp", "r"
	book(t, p, gateway)
	if got := total(t, e); got.Calls != 1 || got.Runs != 1 || got.Usage["out_text"] != money.FromInt(10) {
		t.Errorf("%+v, want one call", got)
	}
	if again := book(t, p, vendor, span, gateway); again.Duplicates != 3 {
		t.Errorf("%+v, want three duplicates", again)
	}
}
