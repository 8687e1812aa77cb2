package duck_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/spend"
)

// toldBy is what three sources tell of so many calls: the gateway of each but every ninth,
// telemetry of two in three by the span, with a later revision of some, and a coding
// agent's log of every second by the vendor's request.
func toldBy(n int) (records []ingest.Record) {
	for i := range n {
		id := strconv.Itoa(i)
		span := map[string]string{ingest.TraceTag: "t", ingest.SpanTag: "s" + id}
		if i%9 > 0 {
			records = append(records, tells("gateway", "a"+id, spend.RankGateway, map[string]string{ingest.TraceTag: "t", ingest.SpanTag: "s" + id, ingest.RequestTag: "r" + id}))
		}
		if i%3 > 0 {
			records = append(records, tells("otlp", "s"+id, spend.RankSpan, span))
		}
		if i%5 == 1 {
			again := tells("otlp", "s"+id, spend.RankSpan, span)
			again.Event.Revision, again.Event.Usage.Tokens[spend.OutText] = 1, 7
			records = append(records, again)
		}
		if i%2 == 0 {
			records = append(records, tells("log", "r"+id, spend.RankAgentLog, map[string]string{ingest.RequestTag: "r" + id}))
		}
	}
	return records
}

func tells(source, key string, rank spend.Rank, tags map[string]string) ingest.Record {
	e := spend.Event{
		Source: source, SourceKey: key, Rank: rank, Seller: "acme", RequestedModel: "large", Status: spend.StatusOK,
		UsageSource: spend.UsageProvider, UsedAt: ingesttest.Now().Add(-time.Hour),
	}
	e.Usage.Tokens[spend.InText] = 1_000_000
	e.Scope.Tags = tags
	if source == "gateway" {
		e.Attempt = key
	}
	return ingest.Record{Event: e, Revisions: spend.Growing, Line: 1}
}

// TestDuplicatesAreCountedBySource books what several sources tell of the same calls in any
// order, some of it twice: each call is charged once, and of each source as many are
// duplicates as it told and another source was charged for; a restart changes nothing.
func TestDuplicatesAreCountedBySource(t *testing.T) {
	t.Parallel()
	const n = 90
	calls, duplicates := map[string]int64{}, map[[2]string]int64{}
	for i := range n {
		by := ""
		for _, told := range []struct {
			source string
			tells  bool
		}{{"gateway", i%9 > 0}, {"otlp", i%3 > 0 || i%5 == 1}, {"log", i%2 == 0}} {
			apart := told.source == "log" && by == "otlp" // without the gateway nobody knows that they are one
			switch {
			case !told.tells:
			case by == "" || apart:
				by = told.source
				calls[by]++
			default:
				duplicates[[2]string{told.source, by}]++
			}
		}
	}
	for seed := range uint64(3) {
		folder, chance, repeats := filepath.Join(t.TempDir(), "lake"), rand.New(rand.NewPCG(seed, 2)), map[string]int64{}
		l, err := duck.Open(folder, duck.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		records := toldBy(n)
		chance.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		p := ingesttest.Pipeline(t, ledger{l})
		p.Repeated = func(source string, n int64) { repeats[source] += n }
		for _, some := range [][]ingest.Record{records[:40], records[40:41], records[41:], records[:20]} {
			_, err := p.Book(t.Context(), some, nil)
			if err = errors.Join(err, p.Settle(t.Context())); err != nil {
				t.Fatal(err)
			}
			heardCounts(t, l) // is remembered, and no answer after the next
		}
		first := heardCounts(t, l)
		if diff := cmp.Diff(fmt.Sprint(calls, duplicates), first); diff != "" {
			t.Errorf("order %d (-want +got):\n%s", seed, diff)
		}
		if sum := repeats["gateway"] + repeats["otlp"] + repeats["log"]; sum < 20 {
			t.Errorf("order %d: %v came again, want the 20 records at least", seed, repeats)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if l, err = duck.Open(folder, duck.Options{Threads: 1}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, heardCounts(t, l)); diff != "" {
			t.Errorf("order %d after a restart (-before +after):\n%s", seed, diff)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// heardCounts are the calls of each source, and its duplicates by who is charged, twice.
func heardCounts(t *testing.T, l *duck.Lake) string {
	t.Helper()
	calls, duplicates := map[string]int64{}, map[[2]string]int64{}
	for range 2 { // the second answer is remembered
		clear(duplicates)
		all, err := lake.HeardOf(t.Context(), l, lake.Hearing{Elsewhere: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range all {
			if h.Calls > 0 {
				calls[h.Source] = h.Calls
			}
			for _, c := range h.ChargedBy {
				duplicates[[2]string{h.Source, c.Source}] = c.Calls
			}
			if h.Last.IsZero() || len(h.Hours) == 0 {
				t.Errorf("nobody knows when %s was heard: %+v", h.Source, h)
			}
		}
	}
	return fmt.Sprint(calls, duplicates)
}
