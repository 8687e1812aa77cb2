package ingest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

func full() Record {
	r := Record{Whole: true, Bound: true, Revisions: spend.Growing, Digest: spend.Digest("raw"), Problems: []spend.Problem{{Field: "a", Msg: "b"}}}
	for i, s := range texts(&r) {
		if *s == "" {
			*s = string(rune('a' + i%26))
		}
	}
	r.Event.UsedAt = time.Date(2026, 11, 20, 12, 0, 0, 5000, time.UTC)
	r.Event.Usage.Tokens[spend.OutImage] = 1 << 50
	r.Event.Usage.Extra = []spend.Extra{{Meter: spend.WebSearch, Quantity: money.FromInt(3)}, {Meter: spend.Second, Quantity: money.Must("1.25")}}
	r.Event.Reported = money.Known(money.Must("-0.000000000001"))
	r.Event.Category = spend.CategoryCredit
	r.Event.Revision, r.Event.Rank, r.Event.Bucket, r.Event.CallCount, r.Event.Flags = -7, 3, true, 9, spend.Notional
	r.Event.Scope.Tags = map[string]string{"k": "v", "": ""}
	return r
}

func TestCodecThereAndBack(t *testing.T) {
	t.Parallel()
	records := []Record{{}, full()}
	for e := range company.New(company.Config{Seed: 3, Events: 500}).Events() {
		records = append(records, Record{Event: e, Revisions: spend.Immutable})
	}
	for i := range records {
		payload, err := encode(nil, &records[i])
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(payload)
		if diff := cmp.Diff(records[i], back); diff != "" || err != nil {
			t.Fatalf("record %d comes back changed (%v):\n%s", i, err, diff)
		}
	}
}

func TestCodecRefusesWhatIsCut(t *testing.T) {
	t.Parallel()
	r := full()
	payload, err := encode(nil, &r)
	if err != nil {
		t.Fatal(err)
	}
	for n := range payload {
		if _, err := decode(payload[:n]); err == nil {
			t.Errorf("an entry cut to %d of %d bytes was read", n, len(payload))
		}
	}
	if _, err := decode(append(payload, 0)); err == nil {
		t.Error("bytes behind an entry were passed over")
	}
}

func TestCodecReadsEarlierVersions(t *testing.T) {
	t.Parallel()
	want := full()
	payload, err := encode(nil, &want)
	if err != nil {
		t.Fatal(err)
	}
	payload = payload[:len(payload)-1]
	payload[0] = 2
	back, err := decode(payload) // which ended before Bound
	if want.Bound = false; !cmp.Equal(want, back) || err != nil {
		t.Errorf("%v\n%s", err, cmp.Diff(want, back))
	}
	payload[0] = 1
	back, err = decode(payload[:len(payload)-len("_credit")-1]) // which ended before Whole
	if want.Whole, want.Event.Category = false, ""; !cmp.Equal(want, back) || err != nil {
		t.Errorf("%v\n%s", err, cmp.Diff(want, back))
	}
}

func fullOutcome() OutcomeRecord {
	e := outcome.Event{
		ID: "1", Source: "desk", Definition: "ticket", Version: 2, Subject: "s", Workflow: "w", State: outcome.Matured, At: time.Date(2026, 11, 20, 12, 0, 0, 5000, time.UTC),
		Level: outcome.Audited, Quantity: money.Known(money.FromInt(2)), Value: money.Known(money.Must("6.40")), Currency: "USD",
		Runs: []outcome.Link{{Run: "a"}, {Run: "b", Weight: money.Known(money.Must("0.5"))}}, RemediationMinutes: money.Known(money.FromInt(4)),
	}
	return OutcomeRecord{Event: e, Digest: spend.Digest("raw"), Problems: []spend.Problem{{Field: "a", Msg: "b"}}, Whole: true}
}

func TestEntriesOfEveryKind(t *testing.T) {
	t.Parallel()
	usage, open, held, told := full(), full(), full(), fullOutcome()
	open.Open, held.Open, held.Hold = true, true, money.Known(money.Must("0.25"))
	keys := map[spend.ID]bool{}
	for _, r := range []*Record{&usage, &open, &held} {
		e, err := r.entry(nil)
		if err != nil {
			t.Fatal(err)
		}
		keys[e.keyed().Key] = true
		back, err := place(7, e)
		if diff := cmp.Diff(*r, back.Record); diff != "" || err != nil || back.at != 7 {
			t.Errorf("%v, at %d, comes back changed:\n%s", err, back.at, diff)
		}
	}
	e, err := told.entry()
	if err != nil {
		t.Fatal(err)
	}
	keys[e.keyed().Key] = true
	back, err := place(8, e)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(told, *back.outcome); diff != "" {
		t.Errorf("the outcome comes back changed:\n%s", diff)
	}
	if len(keys) != 4 {
		t.Errorf("%d keys of four entries", len(keys))
	}
	e.Kind = 9
	if _, err := place(9, e); spend.HintOf(err) == "" {
		t.Errorf("an entry of an unknown kind: %v", err)
	}
}

func FuzzPlace(f *testing.F) {
	open, told := full(), fullOutcome()
	open.Open, open.Hold = true, money.Known(money.FromInt(1))
	begun, errBegun := open.entry(nil)
	result, errResult := told.entry()
	if errBegun != nil || errResult != nil {
		f.Fatal(errBegun, errResult)
	}
	f.Add(uint8(begun.Kind), begun.Payload)
	f.Add(uint8(result.Kind), result.Payload)
	f.Fuzz(func(t *testing.T, kind uint8, payload []byte) {
		p, err := place(1, Entry{Kind: EntryKind(kind), Payload: payload})
		if err != nil {
			return
		}
		again, err := p.Record.entry(nil)
		if p.outcome != nil {
			again, err = p.outcome.entry()
		}
		if err != nil {
			t.Fatal(err)
		}
		back, err := place(1, again)
		if diff := cmp.Diff(p, back, cmp.AllowUnexported(placed{})); diff != "" || err != nil {
			t.Fatalf("not stable (%v):\n%s", err, diff)
		}
	})
}

func FuzzDecode(f *testing.F) {
	r := full()
	payload, err := encode(nil, &r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(data)
		if err != nil {
			return
		}
		again, err := encode(nil, &r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(again)
		if diff := cmp.Diff(r, back); diff != "" || err != nil {
			t.Fatalf("not stable (%v):\n%s", err, diff)
		}
	})
}
