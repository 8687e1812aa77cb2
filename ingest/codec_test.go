package ingest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func full() Record {
	r := Record{Revisions: spend.Growing, Digest: spend.Digest("raw"), Problems: []spend.Problem{{Field: "a", Msg: "b"}}}
	for i, s := range texts(&r) {
		if *s == "" {
			*s = string(rune('a' + i%26))
		}
	}
	r.Event.UsedAt = time.Date(2026, 11, 20, 12, 0, 0, 5000, time.UTC)
	r.Event.Usage.Tokens[spend.OutImage] = 1 << 50
	r.Event.Usage.Extra = []spend.Extra{{Meter: spend.WebSearch, Quantity: money.FromInt(3)}, {Meter: spend.Second, Quantity: money.Must("1.25")}}
	r.Event.Reported = money.Known(money.Must("-0.000000000001"))
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
		payload, err := encode(&records[i])
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
	payload, err := encode(&r)
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

func FuzzDecode(f *testing.F) {
	r := full()
	payload, err := encode(&r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(data)
		if err != nil {
			return
		}
		again, err := encode(&r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(again)
		if diff := cmp.Diff(r, back); diff != "" || err != nil {
			t.Fatalf("not stable (%v):\n%s", err, diff)
		}
	})
}
