package connect_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/connect"
)

func mapping(t testing.TB, text string) *connect.Mapping {
	t.Helper()
	m, err := connect.ParseMapping([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// all reads a stream to its end.
func all(t testing.TB, r *connect.Reader) (recs []connect.Record) {
	t.Helper()
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return recs
		}
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, rec)
	}
}

const simple = `
mapping: bursar/1
name: calls
format: csv
rank: span
key: [id]
time: {field: at, format: rfc3339}
fields:
  requested_model: model
  workflow: job
usage: {convention: inclusive, input: in, output: out}
`

// burst is two rows in the form of the BurstGPT files, with made-up values.
const burst = `Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
5,s-1,2.5,ChatGPT,472,18,490,Conversation log
86405,,,GPT-4,30,0,30,API log
`

func TestBurstGPT(t *testing.T) {
	t.Parallel()
	m, err := connect.LoadMapping("burstgpt")
	if err != nil {
		t.Fatal(err)
	}
	origin := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	recs := all(t, connect.Open(strings.NewReader(burst), m, connect.Options{Origin: origin}))
	first, second := recs[0].Event, recs[1].Event
	took, known := first.Duration()
	if first.RequestedModel != "gpt-3.5-turbo" || first.Scope.Run != "s-1" || took != 2500*time.Millisecond || !known || first.Usage.PromptTokens() != 472 {
		t.Errorf("first: %+v", first)
	}
	if second.RequestedModel != "gpt-4" || !second.UsedAt.Equal(origin.Add(86405*time.Second)) || second.Scope.Workflow != "API log" || !second.EndedAt.IsZero() {
		t.Errorf("second: %+v", second)
	}
	older := "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n"
	if recs := all(t, connect.Open(strings.NewReader(older), m, connect.Options{})); len(recs) != 1 || len(recs[0].Problems) > 0 {
		t.Errorf("without the later columns: %+v", recs)
	}
}

// measure reads a text over and over and reports records a second.
func measure(b *testing.B, text string, open func(io.Reader) *connect.Reader) {
	b.ReportAllocs()
	records := 0
	for b.Loop() {
		recs := 0
		for r := open(strings.NewReader(text)); ; recs++ {
			if _, err := r.Next(); err != nil {
				break
			}
		}
		records += recs
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}

const benchmarkRecords = 10_000

func BenchmarkCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString(head)
	for i := range benchmarkRecords {
		fmt.Fprintf(&text, "call-%d,2026-03-01T10:00:%02dZ,model-%d,job-%d,%d,%d\n", i, i%60, i%5, i%20, i+100, i%700)
	}
	for _, c := range []struct{ name, mapping string }{
		{"key", simple}, {"content", strings.Replace(simple, "key: [id]\n", "", 1)},
	} {
		m := mapping(b, c.mapping)
		b.Run(c.name, func(b *testing.B) {
			measure(b, text.String(), func(in io.Reader) *connect.Reader { return connect.Open(in, m, connect.Options{}) })
		})
	}
}

func BenchmarkJSONL(b *testing.B) {
	var text strings.Builder
	for i := range benchmarkRecords {
		fmt.Fprintf(&text, `{"id":%d,"at":%d,"meta":{"model":{"name":"model-%d"},"job":"job-%d"},"usage":{"in":%d,"out":%d},"blocks":[1,2,3,4,5,6]}`+"\n",
			i, 1772359200+i, i%5, i%20, i+100, i%700)
	}
	m := mapping(b, lines)
	measure(b, text.String(), func(in io.Reader) *connect.Reader { return connect.Open(in, m, connect.Options{}) })
}

func BenchmarkEvents(b *testing.B) {
	var text strings.Builder
	for i := range benchmarkRecords {
		text.WriteString(cloud(fmt.Sprint(i), sold) + "\n")
	}
	measure(b, text.String(), func(in io.Reader) *connect.Reader { return connect.OpenEvents(in, connect.Options{}) })
}
