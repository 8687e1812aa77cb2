package ingesttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

func result(id string, state outcome.State, ago time.Duration) ingest.OutcomeRecord {
	e := outcome.Event{
		ID: id, Source: "desk", Definition: "ticket", Subject: "1", Workflow: "support", State: state, At: Now().Add(-ago),
		Runs: []outcome.Link{{Run: "run-1"}},
	}
	return ingest.OutcomeRecord{Event: e, Digest: e.Key()}
}

func deliver(t testing.TB, p *ingest.Pipeline, d ingest.Delivery) ingest.Result {
	t.Helper()
	r, err := p.Deliver(t.Context(), d)
	if err == nil {
		err = p.Settle(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func outcomesWithRecords(t *testing.T, engine func(*testing.T) Engine) {
	e := engine(t)
	p := Pipeline(t, e)
	bad := result("bad", "finished", time.Hour)
	bad.Problems = bad.Event.Validate()
	d := ingest.Delivery{
		Records:  []ingest.Record{event("file", "1", spend.RankSpan, [2]int64{10, 1})},
		Outcomes: []ingest.OutcomeRecord{result("a", outcome.Claimed, 2*time.Hour), bad, result("b", outcome.Verified, time.Hour)},
	}
	got := deliver(t, p, d)
	if got.Read != 4 || got.Booked != 1 || got.Outcomes != 2 || got.Quarantined != 1 {
		t.Errorf("%+v: want a call and two outcome events booked, and one event rejected", got)
	}
	if got = deliver(t, p, d); got.Duplicates != 3 || got.Outcomes != 0 {
		t.Errorf("%+v: want everything to be known", got)
	}
	changed := result("b", outcome.Reversed, time.Minute)
	if got = deliver(t, p, ingest.Delivery{Outcomes: []ingest.OutcomeRecord{changed}}); got.Quarantined != 1 {
		t.Errorf("%+v: want an event that says something else under a known id rejected", got)
	}
	kept, err := e.Quarantined(t.Context(), lake.Listing{Limit: 10})
	if err != nil || len(kept) != 2 {
		t.Fatalf("%d rejected, want 2, error %v", len(kept), err)
	}
	for _, r := range kept {
		if r.Kind != lake.OutcomeRecord || r.Outcome == nil || len(r.Problems) == 0 || !r.Open() || r.Whole != (r.SourceKey == "b") {
			t.Errorf("kept as %+v", r)
		}
	}
}

func outcomesMatureOnce(t *testing.T, engine func(*testing.T) Engine) {
	e := engine(t)
	s := &ingest.Service{Pipeline: Pipeline(t, e)}
	definitions, err := outcome.ParseDefinitions([]byte("outcomes:\n  - {id: ticket, version: 1, unit: ticket, workflow: support, maturity: 7d}\n"))
	if err != nil {
		t.Fatal(err)
	}
	young := result("young", outcome.Verified, 24*time.Hour)
	young.Event.Subject = "2"
	deliver(t, s.Pipeline, ingest.Delivery{Definitions: definitions, Outcomes: []ingest.OutcomeRecord{result("a", outcome.Verified, 8*24*time.Hour), young}})
	if n, err := s.Mature(t.Context(), Now()); n != 0 || err != nil {
		t.Errorf("%d matured without a definition, error %v", n, err)
	}
	s.Define(definitions)
	for _, want := range []int64{1, 0} {
		if n, err := s.Mature(t.Context(), Now()); n != want || err != nil {
			t.Errorf("%d matured, want %d, error %v", n, want, err)
		}
	}
	first := result("a", outcome.Verified, 0)
	lines, err := e.OutcomeHistory(t.Context(), []spend.ID{first.Event.Outcome()})
	matured := 0
	for i := range lines {
		if lines[i].Standing.State == outcome.Matured && !lines[i].Reverses() {
			matured++
		}
	}
	if err != nil || matured != 1 || len(lines) != 3 {
		t.Errorf("%d lines of which %d are matured, want 3 and 1, error %v", len(lines), matured, err)
	}
}

// rejectionIsRetried books a call that was rejected since its clock ran ahead.
func rejectionIsRetried(t *testing.T, engine func(*testing.T) Engine) {
	e := engine(t)
	p := Pipeline(t, e)
	s := &ingest.Service{Pipeline: p}
	early, torn := event("file", "1", spend.RankSpan, [2]int64{100, 10}), event("file", "2", spend.RankSpan, [2]int64{100, 10})
	early.Event.UsedAt, early.Digest, early.File, early.Line = Now().Add(3*24*time.Hour), spend.Digest("early"), "calls.csv", 7
	early.Event.Scope.Tags = map[string]string{"ticket": "4"}
	torn.Problems, torn.Digest = []spend.Problem{{Field: "usage", Msg: "is no number"}}, spend.Digest("torn")
	book(t, p, early, torn)
	retry := func(digest spend.ID) lake.ResolutionResult {
		tried, err := s.Retry(t.Context(), digest, "ada")
		if err != nil || len(tried) != 1 {
			t.Fatalf("%d tried, want 1, error %v", len(tried), err)
		}
		return tried[0].Result
	}
	if got := retry(early.Digest); got != lake.RetryRefused {
		t.Errorf("the retry is %s while the clock is still ahead", got)
	}
	if _, err := s.Retry(t.Context(), torn.Digest, "ada"); spend.KindOf(err) != spend.KindConflict || spend.HintOf(err) == "" {
		t.Errorf("what was not legible was tried: %v", err)
	}
	if _, err := s.Retry(t.Context(), spend.Digest("none"), "ada"); spend.KindOf(err) != spend.KindNotFound {
		t.Errorf("what was never rejected: %v", err)
	}
	p.Now = func() time.Time { return Now().Add(4 * 24 * time.Hour) }
	if got := retry(early.Digest); got != lake.RetryBooked {
		t.Errorf("the retry is %s, want it booked", got)
	}
	if _, err := s.Retry(t.Context(), early.Digest, "ada"); spend.KindOf(err) != spend.KindConflict {
		t.Errorf("tried again although it is booked: %v", err)
	}
	if got := total(t, e); got.Calls != 1 || got.Cost != money.Must("0.0003") {
		t.Errorf("%+v, want the call", got)
	}
	tried, err := e.Resolutions(t.Context(), early.Digest)
	if err != nil || len(tried) != 2 || tried[0].Result != lake.RetryRefused || len(tried[0].Problems) == 0 || tried[1].By != "ada" || tried[1].Record != 7 {
		t.Errorf("tries %+v, error %v", tried, err)
	}
	left, err := e.Quarantined(t.Context(), lake.Listing{Limit: 10})
	if err != nil || len(left) != 1 || left[0].Digest != torn.Digest {
		t.Errorf("open: %+v, error %v; want the illegible one", left, err)
	}
	book(t, p, early)
	if again := book(t, p, early); again.Duplicates != 1 {
		t.Errorf("%+v: the same record from its source is known", again)
	}
}

func pagesOfTheQuarantine(t *testing.T, engine func(*testing.T) Engine) {
	e := engine(t)
	var all []lake.Rejected
	for i := range 7 {
		all = append(all, lake.Rejected{
			Digest: spend.Digest(fmt.Sprint(i / 3)), Source: []string{"a", "b"}[i%2], SourceKey: fmt.Sprint(i), File: "x.csv", Record: int64(i % 4),
			At: Now().Add(time.Duration(i/4) * time.Hour), Problems: []spend.Problem{{Field: "usage", Msg: "is “odd”"}}, Kind: lake.UsageRecord,
			Event: event("a", fmt.Sprint(i), spend.RankSpan, [2]int64{1, 1}).Event, Revisions: spend.Growing, Whole: i%2 == 0, Hold: money.Known(money.FromInt(int64(i))),
		})
	}
	again := all[0]
	again.At = Now().Add(time.Minute)
	done := lake.Resolution{Digest: all[6].Digest, Source: all[6].Source, File: "x.csv", Record: all[6].Record, At: all[6].At.Add(time.Hour), By: "ada", Result: lake.RetryDuplicate}
	if err := e.Append(t.Context(), lake.Batch{Quarantine: append(all, again), Resolved: []lake.Resolution{done}}); err != nil {
		t.Fatal(err)
	}
	for _, q := range []lake.Listing{{}, {All: true}, {Source: "a"}, {Source: "a", All: true}} {
		q.Limit = 100
		whole, err := e.Quarantined(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var paged []lake.Rejected
		for q.Limit = 2; ; {
			page, err := e.Quarantined(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if paged = append(paged, page...); len(page) < q.Limit {
				break
			}
			place := page[1].Place()
			q.After = &place
		}
		if diff := cmp.Diff(whole, paged); diff != "" {
			t.Errorf("source %q, all %v: pages differ from the whole list:\n%s", q.Source, q.All, diff)
		}
		want := map[bool]int{false: 6, true: 7}[q.All]
		if q.Source == "a" {
			want -= 3
		}
		if len(whole) != want {
			t.Errorf("source %q, all %v: %d records, want %d", q.Source, q.All, len(whole), want)
		}
	}
	one, err := e.Rejected(t.Context(), all[6].Digest)
	all[6].Result = lake.RetryDuplicate
	if diff := cmp.Diff([]lake.Rejected{all[6]}, one); diff != "" || err != nil {
		t.Errorf("error %v, the record differs (-want +got):\n%s", err, diff)
	}
}
