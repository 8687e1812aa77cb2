package history_test

import (
	"strings"
	"testing"

	"github.com/bursarhq/bursar/connect/history"
)

// BenchmarkRead reads a LiteLLM history with prompts and answers in it, in each form.
func BenchmarkRead(b *testing.B) {
	p := product(b, "litellm")
	record, _, _ := strings.Cut(fixture(b, "litellm"), "\n")
	record = strings.Replace(record, `"response":{`, `"response":{"text":"`+strings.Repeat(`an answer of \"some\" length `, 40)+`",`, 1)
	lines := strings.Repeat(record+"\n", 500)
	for name, text := range map[string]string{"json": lines, "csv": asCSV(b, lines), "dump": asDump(b, p.Table, lines)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if recs, err := read(strings.NewReader(text), p, history.Options{}); err != nil || len(recs) != 500 {
					b.Fatal(len(recs), err)
				}
			}
		})
	}
}
