package agentlog_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
)

// FuzzPrograms reads any bytes as a log of every program, whole and byte by byte:
// both give the same, places only grow, and a record is an event or says why not.
func FuzzPrograms(f *testing.F) {
	f.Add(answer("msg_A", "req_A", 655, ""))
	f.Add(answer("msg_A", "req_A", 9, "") + side(answer("msg_A", "req_B", 655, "")) + `{"usage":`)
	f.Add(`{"message":{"usage":{"iterations":[{"type":"advisor_message","model":"m","input_tokens":1e3}]}},"timestamp":"2026-11-23T09:00:01Z"}` + "\n")
	f.Add(`{"usage":"\\\"","a":[{},[]],"message":{"id":"\u0041","usage":{"cache_creation":[1]}}}` + "\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range agentlog.Programs() {
			recs, place := read(t, strings.NewReader(text), &p)
			slow, _ := read(t, iotest.OneByteReader(strings.NewReader(text)), &p)
			if len(recs) != len(slow) {
				t.Fatalf("%s: %d records, byte by byte %d", p.Name, len(recs), len(slow))
			}
			end := int64(0)
			for i, rec := range recs {
				if rec.Event.Content() != slow[i].Event.Content() || rec.End < end || rec.End > place.Offset && place.Offset > 0 {
					t.Fatalf("%s: record %d ends at %d after %d, of %d", p.Name, i, rec.End, end, place.Offset)
				}
				end = rec.End
				if len(rec.Problems) == 0 && (rec.Event.SourceKey == "" || rec.Event.UsedAt.IsZero() || rec.Event.Revision < 0) {
					t.Fatalf("%s: half an event: %+v", p.Name, rec.Event)
				}
			}
		}
	})
}

func read(t *testing.T, in io.Reader, p *agentlog.Program) (recs []connect.Record, at agentlog.Position) {
	t.Helper()
	r := agentlog.Open(in, p, agentlog.Options{Path: "-a/b.jsonl", Era: agentlog.MaxEra})
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return recs, r.Position()
		}
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, rec)
	}
}
