package ingesttest

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// open makes the record by which a source announces an attempt of up to 1,000
// tokens in and 100 out, which is 0.003 USD at most.
func open(source, key, attempt string) ingest.Record {
	r := event(source, key, spend.RankGateway, [2]int64{1000, 100})
	r.Open, r.Event.Attempt = true, attempt
	r.Event.Status, r.Event.UsageSource = spend.StatusInterrupted, spend.UsageUnobserved
	return r
}

// standing is what stands beside the totals: the open attempts and their holds.
func standing(t testing.TB, e Engine) map[string]money.Amount {
	t.Helper()
	all := map[string]money.Amount{}
	err := e.EachOpened(t.Context(), func(c *spend.Charge) {
		if c.Calls != 1 || c.PriceState != spend.Unpriced || c.Reporting.Valid {
			t.Errorf("an open line of %d calls that is %s and costs %v; want one call of unknown cost", c.Calls, c.PriceState, c.Reporting)
		}
		all[c.Event.Attempt+"/"+c.SourceKey] = c.Exposure
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// begun is told with an open for each attempt, two attempts of which nothing
// else is known, one that was interrupted, and some of it twice.
func begun() []ingest.Record {
	all := told()
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "y", "z"} {
		all = append(all, open("gateway", "g"+id, "g"+id))
	}
	dear := open("sdk", "long", "")
	dear.Hold = money.Known(money.FromInt(7))
	cut := open("gateway", "gcut", "gcut")
	interrupted := cut
	interrupted.Open = false
	all = append(all, dear, cut, interrupted)
	return append(all, all[3:7]...)
}

func opensInAnyOrder(t *testing.T, open func(*testing.T) Engine) {
	cent := money.Must("0.003")
	want := map[string]money.Amount{"gy/gy": cent, "gz/gz": cent, "/long": money.FromInt(7)}
	var totals sum
	for seed := range uint64(8) {
		records := begun()
		rng := rand.New(rand.NewPCG(seed, 8))
		rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		e := open(t)
		p := Pipeline(t, e)
		for part := range slices.Chunk(records, 1+rng.IntN(9)) {
			if rng.IntN(3) == 0 {
				p = Pipeline(t, e) // a restart
			}
			book(t, p, part...)
		}
		if diff := cmp.Diff(want, standing(t, e)); diff != "" {
			t.Errorf("seed %d: open calls (-want +got)\n%s", seed, diff)
		}
		got := total(t, e)
		if totals.Calls == 0 {
			totals = got
		}
		if diff := cmp.Diff(totals, got); diff != "" || got.Calls != 7 {
			t.Errorf("seed %d: %d calls, want 7; another order gives another total:\n%s", seed, got.Calls, diff)
		}
	}
}

func openIsSettled(t *testing.T, engine func(*testing.T) Engine) {
	e := engine(t)
	p := Pipeline(t, e)
	result := book(t, p, open("gateway", "g", "g"), open("gateway", "h", "h"))
	if result.Opened != 2 || result.Booked != 0 || len(standing(t, e)) != 2 {
		t.Fatalf("%+v: want two open calls and nothing booked", result)
	}
	if again := book(t, p, open("gateway", "g", "g")); again.Duplicates != 1 || again.Opened != 0 {
		t.Errorf("%+v: want the open call to be known", again)
	}
	usage := event("usage-api", "v", spend.RankVendorUsage, [2]int64{900, 10})
	usage.Event.Attempt = "g" // another source, under the same key
	if result = book(t, p, usage); result.Closed != 1 || result.Booked != 1 {
		t.Errorf("%+v: want the call closed by its usage", result)
	}
	if late := book(t, p, open("gateway", "g", "g")); late.Settled != 1 || late.Opened != 0 {
		t.Errorf("%+v: want no second opening of a settled call", late)
	}
	negative := event("gateway", "h", spend.RankGateway, [2]int64{1, -1})
	negative.Event.Attempt = "h"
	negative.Event.Rank = spend.RankSpan
	if result = book(t, p, negative); result.Quarantined != 1 || result.Closed != 0 {
		t.Errorf("%+v: want what is rejected to close nothing", result)
	}
	if got := standing(t, e); len(got) != 1 || got["h/h"].IsZero() {
		t.Errorf("open: %v, want h", got)
	}
}

// rejectedEndInterrupts: a call of the gateway whose end is rejected is no longer open,
// its hold is exposure, and the end corrects that when it can be booked.
func rejectedEndInterrupts(t *testing.T, engine func(*testing.T) Engine) {
	for name, batches := range map[string]func(begins, ends ingest.Record) [][]ingest.Record{
		"at once":          func(begins, ends ingest.Record) [][]ingest.Record { return [][]ingest.Record{{begins, ends}} },
		"later":            func(begins, ends ingest.Record) [][]ingest.Record { return [][]ingest.Record{{begins}, {ends}} },
		"after a restart":  func(begins, ends ingest.Record) [][]ingest.Record { return [][]ingest.Record{{begins}, nil, {ends}} },
		"before it begins": func(begins, ends ingest.Record) [][]ingest.Record { return [][]ingest.Record{{ends, begins}} },
	} {
		t.Run(name, func(t *testing.T) {
			begins, ends := open("gateway", "g", "g"), event("gateway", "g", spend.RankGateway, [2]int64{1000, 100})
			begins.Hold = money.Known(money.Must("0.25"))
			ends.Event.Attempt, ends.Event.EndedAt, ends.Digest = "g", Now().Add(3*24*time.Hour), spend.Digest("ends")
			rejectedEnd(t, engine(t), batches(begins, ends))
		})
	}
}

// rejectedEnd books batches, nil for a restart, and tries again what is rejected of them.
func rejectedEnd(t *testing.T, e Engine, batches [][]ingest.Record) {
	t.Helper()
	p := Pipeline(t, e)
	for _, batch := range batches {
		if batch == nil {
			p = Pipeline(t, e)
		}
		book(t, p, batch...)
	}
	got := total(t, e)
	if left := standing(t, e); len(left) != 0 || got.Calls != 1 || got.Exposure != money.Must("0.25") || !got.Cost.IsZero() {
		t.Errorf("open: %v, total %+v; want one interrupted call with its hold", left, got)
	}
	p.Now = func() time.Time { return Now().Add(4 * 24 * time.Hour) }
	tried, err := (&ingest.Service{Pipeline: p}).Retry(t.Context(), spend.Digest("ends"), "ada")
	if err != nil || len(tried) != 1 || tried[0].Result != lake.RetryBooked {
		t.Errorf("tried again: %+v, %v", tried, err)
	}
	if got := total(t, e); got.Calls != 1 || !got.Exposure.IsZero() || got.Cost.IsZero() {
		t.Errorf("total %+v, want the call at its cost", got)
	}
}

func strongerOpenStands(t *testing.T, engine func(*testing.T) Engine) {
	weak, strong := open("sdk", "s", "g"), open("gateway", "g", "g")
	weak.Event.Rank, weak.Hold = spend.RankSpan, money.Known(money.FromInt(9))
	for _, order := range [][]ingest.Record{{weak, strong}, {strong, weak}} {
		e := engine(t)
		p := Pipeline(t, e)
		for _, r := range order {
			book(t, p, r)
		}
		if got := standing(t, e); len(got) != 1 || got["g/g"].IsZero() {
			t.Errorf("open: %v, want the call once, as the gateway tells it", got)
		}
		usage := event("gateway", "g", spend.RankGateway, [2]int64{10, 10})
		usage.Event.Attempt = "g"
		book(t, p, usage)
		if got := standing(t, e); len(got) != 0 {
			t.Errorf("open after the usage: %v", got)
		}
	}
}
