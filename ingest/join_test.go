package ingest_test

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// told makes a record of one source of one call.
func told(source, key string, rank spend.Rank, edit func(*spend.Event)) ingest.Record {
	e := spend.Event{
		Source: source, SourceKey: key, Rank: rank, Seller: "acme", RequestedModel: "large", Status: spend.StatusOK,
		UsageSource: spend.UsageProvider, UsedAt: ingesttest.Now().Add(-time.Hour),
	}
	e.Usage.Tokens[spend.InText] = 1_000_000
	edit(&e)
	return ingest.Record{Event: e, Revisions: spend.Growing, Line: 1}
}

// meeting is what gateway, telemetry and logs tell of three requests: a call that was
// tried twice under one span, and one that a coding agent made.
func meeting() []ingest.Record {
	span := map[string]string{ingest.TraceTag: "t", ingest.SpanTag: "s"}
	request := func(more ...string) map[string]string {
		tags := map[string]string{ingest.RequestTag: "req_1"}
		for _, name := range more {
			tags[name] = "x"
		}
		return tags
	}
	return []ingest.Record{
		told("gateway", "a1", spend.RankGateway, func(e *spend.Event) {
			e.Attempt, e.Scope.Tags, e.Status, e.UsageSource = "a1", span, spend.StatusError, spend.UsageNone
			e.Usage = spend.Usage{}
		}),
		told("gateway", "a2", spend.RankGateway, func(e *spend.Event) { e.Attempt, e.Scope.Tags = "a2", span }),
		told("otlp:x/openinference", "t/s", spend.RankSpan, func(e *spend.Event) { e.Scope.Tags, e.Scope.Workflow = span, "triage" }),
		told("gateway", "a3", spend.RankGateway, func(e *spend.Event) { e.Attempt, e.Response, e.Scope.Tags = "a3", "msg_1", request() }),
		told("otlp:x/claude-code", "request/req_1", spend.RankAgentLog, func(e *spend.Event) { e.Scope.Tags, e.Scope.Run = request("service"), "session" }),
		told("claude-code", "msg_1", spend.RankAgentLog, func(e *spend.Event) { e.Response, e.Scope.Tags = "msg_1", request("project") }),
	}
}

// TestMeeting books three requests in any order, batch and number of times: three
// attempts, two of which cost, with all that anybody knows of them.
func TestMeeting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		ledger := ingesttest.NewMemory()
		p := ingesttest.Pipeline(t, ledger)
		records := rapid.Permutation(meeting()).Draw(rt, "order")
		records = append(records, rapid.SliceOfN(rapid.SampledFrom(records), 0, 4).Draw(rt, "again")...)
		for len(records) > 0 {
			n := rapid.IntRange(1, len(records)).Draw(rt, "batch")
			if _, err := p.Book(t.Context(), records[:n], nil); err != nil {
				rt.Fatal(err)
			}
			records = records[n:]
		}
		if err := p.Settle(t.Context()); err != nil {
			rt.Fatal(err)
		}
		want := "3 calls, 4 USD, 3 attempts: in , in session,triage in "
		if diff := cmp.Diff(want, met(t, ledger)); diff != "" {
			rt.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func met(t *testing.T, ledger *ingesttest.Memory) string {
	t.Helper()
	lines, err := ledger.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	calls, cost, standing := int64(0), money.Amount{}, map[string]int64{}
	for i := range lines {
		c := &lines[i]
		calls += c.Calls
		if cost, err = cost.Add(c.Effective.Amount); err != nil {
			t.Fatal(err)
		}
		standing["attempt "+c.AttemptID.String()] += c.Calls
		standing[c.Scope.Workflow+" in "+c.Scope.Run] += c.Calls
	}
	maps.DeleteFunc(standing, func(_ string, n int64) bool { return n == 0 })
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(standing)), func(s string) bool { return strings.HasPrefix(s, "attempt ") })
	return fmt.Sprintf("%d calls, %s USD, %d attempts:%s", calls, cost, len(standing)-len(names), strings.Join(names, ","))
}

// crowd is what three sources tell of so many calls: the gateway of each, the telemetry
// of two in three (by the id of the answer, or by the span alone), and a log of every
// second. Some answers were cut off before their usage came, and telemetry has it.
func crowd(n int) (records []ingest.Record) {
	for i := range n {
		id := strconv.Itoa(i)
		span := map[string]string{ingest.TraceTag: "t" + strconv.Itoa(i/5), ingest.SpanTag: "s" + id}
		records = append(records, told("gateway", "a"+id, spend.RankGateway, func(e *spend.Event) {
			e.Attempt, e.Response, e.Scope.Tags = "a"+id, "msg_"+id, map[string]string{ingest.TraceTag: span[ingest.TraceTag], ingest.SpanTag: span[ingest.SpanTag], ingest.RequestTag: "req_" + id}
			if i%7 == 0 {
				e.Usage, e.UsageSource, e.Status = spend.Usage{}, spend.UsageUnobserved, spend.StatusAborted
			}
		}))
		if i%3 > 0 || i%7 == 0 {
			records = append(records, told("otlp:x/genai", span[ingest.TraceTag]+"/s"+id, spend.RankSpan, func(e *spend.Event) {
				e.Scope.Tags, e.Scope.Run, e.Scope.Workflow = span, "run-"+strconv.Itoa(i/5), "triage"
				if i%3 == 1 || i%7 == 0 {
					e.Response = "msg_" + id
				}
			}))
		}
		if i%2 == 0 {
			records = append(records, told("otlp:x/claude-code", "request/req_"+id, spend.RankAgentLog, func(e *spend.Event) {
				e.Scope.Tags = map[string]string{ingest.RequestTag: "req_" + id}
				e.Usage.Tokens[spend.InText] = 999_999 // it rounds
			}))
		}
	}
	return records
}

// paged is what a vendor's interface answers of the same calls, in pages of five days: the
// first answer of a day is cut off, the second counts half of what the third does.
func paged(n int) (pages [][]ingest.Record) {
	for day := range 5 {
		for revision, share := range []int64{4, 2, 1} {
			var page []ingest.Record
			for _, key := range []string{"fresh", "again"}[:min(revision+1, 2)] {
				r := told("openai:usage", fmt.Sprint(key, day), spend.RankVendorUsage, func(e *spend.Event) {
					e.Book, e.Bucket, e.CallCount = spend.Reported, true, int64(n)/10/share
					e.Usage.Tokens[spend.InText] = int64(n) / 10 / share * 1_000_000
					e.Reported, e.ReportedCurrency = money.Known(money.FromInt(int64(n)/5/share)), "USD"
					e.Partition, e.Revision = "day "+strconv.Itoa(day), int64(revision)+1
				})
				r.Revisions = spend.Partitioned
				page = append(page, r)
			}
			pages = append(pages, page)
		}
	}
	return pages
}

// page hands one to an import.
type page struct{ left []ingest.Record }

func (p *page) Next(out *ingest.Record) error {
	if len(p.left) == 0 {
		return io.EOF
	}
	*out, p.left = p.left[0], p.left[1:]
	return nil
}

// arrivals are the records of a crowd in batches, with a vendor's pages between them; all
// of it in order, or some of it again and in none.
func arrivals(n int, mixed bool, chance *rand.Rand) (all []any) {
	records, pages := crowd(n), paged(n)
	if mixed {
		for range n / 2 {
			records = append(records, records[chance.IntN(len(records))])
		}
		chance.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		pages = append(pages, pages...)
	}
	for len(records) > 0 {
		size := 1 + chance.IntN(min(len(records), 400))
		all, records = append(all, records[:size]), records[size:]
	}
	for _, records := range pages {
		all = append(all, &page{records})
	}
	if mixed {
		chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	return all
}

// TestACrowdMeets tells of 500 calls in any order and batch, many of them again, with a
// vendor's pages between them: the totals, calls and runs are those of one order.
// BURSAR_MEETING says another number.
func TestACrowdMeets(t *testing.T) {
	t.Parallel()
	n := 500
	if more, err := strconv.Atoi(os.Getenv("BURSAR_MEETING")); err == nil {
		n = more
	}
	want := ""
	for seed := range uint64(3) {
		ledger := ingesttest.NewMemory()
		p := ingesttest.Pipeline(t, ledger)
		for _, next := range arrivals(n, seed > 0, rand.New(rand.NewPCG(seed, 1))) {
			var err error
			switch next := next.(type) {
			case []ingest.Record:
				_, err = p.Book(t.Context(), next, nil)
			case *page:
				im := ingest.Import{Pipeline: p, Reader: next, Complete: ledger}
				_, err = im.Run(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := totals(t, ledger)
		if want == "" {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(got, fmt.Sprint("metered: ", n, " calls, ", 2*n, " USD")) || !strings.Contains(got, fmt.Sprint("reported: ", n, " calls, ", 2*n, " USD")) {
			t.Errorf("order %d (-first +this):\n%s", seed, diff)
		}
	}
}

// totals are sums of a ledger by book, with the runs that have calls.
func totals(t *testing.T, ledger *ingesttest.Memory) string {
	t.Helper()
	lines, err := ledger.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type sums struct {
		calls, tokens int64
		cost          money.Amount
	}
	books, runs := map[spend.Book]*sums{spend.Metered: {}, spend.Reported: {}}, map[string]int64{}
	for i := range lines {
		c := &lines[i]
		of := books[c.Book]
		of.calls += c.Calls
		of.tokens += c.Usage.Tokens[spend.InText]
		if of.cost, err = of.cost.Add(c.Effective.Amount); err != nil {
			t.Fatal(err)
		}
		runs[c.Scope.Run] += c.Calls
	}
	maps.DeleteFunc(runs, func(_ string, n int64) bool { return n == 0 })
	text := fmt.Sprintf("runs %v", runs)
	for _, name := range []spend.Book{spend.Metered, spend.Reported} {
		of := books[name]
		text += fmt.Sprintf("\n%s: %d calls, %s USD, %d tokens", name, of.calls, of.cost, of.tokens)
	}
	return text
}
