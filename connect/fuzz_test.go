package connect_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
)

// drain reads what a stream gives until it ends or fails.
func drain(r *connect.Reader) (recs []connect.Record, err error) {
	for {
		rec, err := r.Next()
		if err != nil {
			return recs, err
		}
		recs = append(recs, rec)
	}
}

// checkReader reads a text whole and byte by byte: both give the same, places
// only grow, and at the end every byte is accounted for.
func checkReader(t *testing.T, text string, open func(io.Reader) *connect.Reader) (recs []connect.Record, whole bool) {
	t.Helper()
	r := open(strings.NewReader(text))
	recs, err := drain(r)
	slow, slowErr := drain(open(iotest.OneByteReader(strings.NewReader(text))))
	if diff := cmp.Diff(recs, slow, cmp.Comparer(sameRecord)); diff != "" {
		t.Fatalf("byte by byte: %s", diff)
	}
	if atEnd := errors.Is(err, io.EOF); atEnd != errors.Is(slowErr, io.EOF) || !atEnd && err.Error() != slowErr.Error() {
		t.Fatalf("ends with %v, byte by byte with %v", err, slowErr)
	}
	line, end := int64(0), int64(0)
	for i, rec := range recs {
		if rec.Line < line || rec.End <= end || rec.End > int64(len(text)) {
			t.Fatalf("record %d: line %d after %d, end %d after %d of %d", i, rec.Line, line, rec.End, end, len(text))
		}
		line, end = rec.Line, rec.End
		if len(rec.Problems) == 0 && (rec.Event.SourceKey == "" || rec.Event.UsedAt.IsZero() || rec.Event.Rank == 0) {
			t.Fatalf("record %d: half an event: %+v", i, rec.Event)
		}
		for m, n := range rec.Event.Usage.Tokens {
			if n < 0 {
				t.Fatalf("record %d: meter %d is %d", i, m, n)
			}
		}
	}
	if errors.Is(err, io.EOF) && r.Position().Offset != int64(len(text)) {
		t.Fatalf("ends at %d of %d", r.Position().Offset, len(text))
	}
	return recs, errors.Is(err, io.EOF)
}

func FuzzCSV(f *testing.F) {
	f.Add(row("a")+row("\"b\nb\""), row("c"))
	f.Add("\"a\"\"\n\",x\r\n", "\"open\n"+row("a"))
	f.Add("1\"2,\"3\"4\n", "\xff,\x00\n,,,,,\n")
	f.Add("a,2026-03-01T10:00:00Z,m,j,1e300,-0\n", "a,0001-01-01T00:00:00Z,m,j,0x1,9223372036854775808\n")
	m := mapping(f, simple)
	f.Fuzz(func(t *testing.T, a, b string) {
		read := func(text string) ([]connect.Record, bool) {
			return checkReader(t, head+text, func(in io.Reader) *connect.Reader { return connect.Open(in, m, connect.Options{}) })
		}
		first, whole := read(a)
		for _, rec := range first {
			if len(rec.Problems) > 0 {
				return
			}
		}
		joined, joinedWhole := read(a + b)
		second, secondWhole := read(b)
		if !strings.HasSuffix(a, "\n") || !whole || !joinedWhole || !secondWhole {
			return
		}
		// Records that are whole stay what they are when more follows.
		if len(joined) != len(first)+len(second) {
			t.Fatalf("%d records and %d make %d", len(first), len(second), len(joined))
		}
		for i, rec := range append(first, second...) {
			if rec.Hash != joined[i].Hash || rec.Event.Content() != joined[i].Event.Content() {
				t.Fatalf("record %d changed", i)
			}
		}
	})
}

func FuzzJSONL(f *testing.F) {
	f.Add(`{"id":"a","at":1772359200,"usage":{"in":12,"out":3},"meta":{"job":"\ud800\"","model":{"name":[{}]}}}` + "\n{}")
	f.Add("{\"id\":1,\"at\":1.5e9,\"usage.in\":\"\"}\r\n[[[\n\"")
	m := mapping(f, lines)
	f.Fuzz(func(t *testing.T, text string) {
		checkReader(t, text, func(in io.Reader) *connect.Reader { return connect.Open(in, m, connect.Options{}) })
	})
}

func FuzzEvents(f *testing.F) {
	f.Add("[" + cloud("a", sold) + ",\n" + cloud("b", `{"usage":{"convention":"exclusive","in_text":1}}`) + "]")
	f.Add(cloud("a", sold) + "\n" + cloud("b", `{"raw_usage":{"flavour":"anthropic.messages","usage":{"input_tokens":1,"output_tokens":2}}}`))
	f.Add("[{\"a\":\"\\\"},],\n{]}")
	f.Fuzz(func(t *testing.T, text string) {
		checkReader(t, text, func(in io.Reader) *connect.Reader { return connect.OpenEvents(in, connect.Options{}) })
	})
}

func FuzzMapping(f *testing.F) {
	f.Add(simple)
	f.Add(full)
	f.Add(lines)
	f.Add("a: &b [*b]\nfields: {status: {map: {1: [2]}}}")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := connect.ParseMapping([]byte(text))
		if err != nil {
			return
		}
		_, _ = drain(connect.Open(strings.NewReader(head+row("a")), m, connect.Options{}))
	})
}
