package pricebook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func caseBook(t testing.TB) *pricebook.Book {
	return compile(t, facts(t, `
		openai gpt-5 in_text    1.25  - - - 2025-08-07
		openai gpt-5 cache_read 0.125 - - - 2025-08-07
		openai gpt-5 out_text   10    - - - 2025-08-07`))
}

func runCases(t testing.TB, book *pricebook.Book, in string) (string, pricebook.Summary) {
	t.Helper()
	var out bytes.Buffer
	summary, err := pricebook.RateCases(book, strings.NewReader(in), &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), summary
}

func TestRateCases(t *testing.T) {
	t.Parallel()
	const head = `"provider":"openai","model":"gpt-5","at":"2026-01-01T00:00:00Z"`
	for name, c := range map[string]struct{ in, want string }{
		"priced": {`{"id":"a",` + head + `,"usage":{"input_tokens":10}}`,
			`{"id":"a","status":"priced","usd":"0.0000125","lines":[{"meter":"in_text","quantity":"10","rate":"1.25","per":1000000,"usd":"0.0000125"}],"flags":[],"suggestions":[],"book":"BOOK","sku":"gpt-5"}`},
		"zero": {`{"id":-1.50,` + head + `,"usage":{"input_tokens":0,"output_tokens":0}}`,
			`{"id":-1.50,"status":"priced","usd":"0","lines":[],"flags":[],"suggestions":[],"book":"BOOK","sku":"gpt-5"}`},
		"flagged": {`{"id":"a",` + head + `,"service_tier":"flex","usage":{"output_tokens":1}}`,
			`{"id":"a","status":"priced_flagged","usd":"0.00001","lines":[{"meter":"out_text","quantity":"1","rate":"10","per":1000000,"usd":"0.00001"}],"flags":["service_tier_missing_used_standard"],"suggestions":[],"book":"BOOK","sku":"gpt-5"}`},
		"raw": {`{"id":"a",` + head + `,"raw_usage":{"flavour":"openai.chat","usage":{"prompt_tokens":4}}}`,
			`{"id":"a","status":"priced","usd":"0.000005","lines":[{"meter":"in_text","quantity":"4","rate":"1.25","per":1000000,"usd":"0.000005"}],"flags":[],"suggestions":[],"book":"BOOK","sku":"gpt-5"}`},
		"raw and unpriced": {`{"id":"a",` + head + `,"raw_usage":{"flavour":"openai.responses","usage":{"total_tokens":5,"input_tokens":4,"seconds":1,"type":"duration"}}}`,
			`{"id":"a","status":"unpriced","usd":null,"lines":[],"flags":["usage_inconsistent"],"suggestions":["gpt-5"],"book":"BOOK","reason":"no_rate:second"}`},
		"flags of usage and rating": {`{"id":"a",` + head + `,"service_tier":"flex","usage":{"input_tokens":10,"cache_read_tokens":8,"input_image_tokens":6,"total_tokens":9}}`,
			`{"id":"a","status":"priced_flagged","usd":"0.0000035","lines":[{"meter":"in_image","quantity":"2","rate":"1.25","per":1000000,"usd":"0.0000025"},{"meter":"cache_read","quantity":"4","rate":"0.125","per":1000000,"usd":"0.0000005"},{"meter":"cache_read_image","quantity":"4","rate":"0.125","per":1000000,"usd":"0.0000005"}],"flags":["image_rate_missing_used_parent","service_tier_missing_used_standard","modality_unsplit","usage_inconsistent"],"suggestions":[],"book":"BOOK","sku":"gpt-5"}`},
		"nothing": {`{"id":"a",` + head + `,"usage":{}}`,
			`{"id":"a","status":"invalid_usage","usd":null,"lines":[],"flags":[],"suggestions":[],"book":"BOOK","problems":[{"field":"usage","msg":"says nothing; give input_tokens and output_tokens, or what else is billed"}]}`},
		"no amount": {`{"id":"a",` + head + `,"usage":{"input_tokens":4,"reported_cost_usd":"x"}}`,
			`{"id":"a","status":"invalid_usage","usd":null,"lines":[],"flags":[],"suggestions":[],"book":"BOOK","problems":[{"field":"reported_cost_usd","msg":"is no amount"}]}`},
		"no cost reported": {`{"id":"a",` + head + `,"usage":{"input_tokens":4,"reported_cost_usd":null,"image_size":null}}`,
			`{"id":"a","status":"priced","usd":"0.000005","lines":[{"meter":"in_text","quantity":"4","rate":"1.25","per":1000000,"usd":"0.000005"}],"flags":[],"suggestions":[],"book":"BOOK","sku":"gpt-5"}`},
		"reported": {`{"id":"a",` + head + `,"usage":{"input_tokens":4,"reported_cost_usd":6e-06}}`,
			`{"id":"a","status":"priced","usd":"0.000005","lines":[{"meter":"in_text","quantity":"4","rate":"1.25","per":1000000,"usd":"0.000005"}],"flags":[],"suggestions":[],"book":"BOOK","sku":"gpt-5","reported_usd":"0.000006","residual_usd":"-0.000001"}`},
		"unknown model": {`{"id":"é<",` + strings.Replace(head, "gpt-5", "gpt-5.3-instant", 1) + `,"usage":{"input_tokens":4}}`,
			`{"id":"é<","status":"unpriced","usd":null,"lines":[],"flags":[],"suggestions":["gpt-5"],"book":"BOOK","reason":"unknown_model"}`},
		"unknown seller": {`{"id":"a",` + strings.Replace(head, "openai", "nobody", 1) + `,"usage":{"input_tokens":4}}`,
			`{"id":"a","status":"unpriced","usd":null,"lines":[],"flags":[],"suggestions":["openai/gpt-5"],"book":"BOOK","reason":"unknown_seller"}`},
		"too early": {`{"id":"a",` + strings.Replace(head, "2026", "2020", 1) + `,"usage":{"input_tokens":4}}`,
			`{"id":"a","status":"unpriced","usd":null,"lines":[],"flags":[],"suggestions":["gpt-5"],"book":"BOOK","reason":"before_first_price"}`},
		"no rate": {`{"id":"a",` + head + `,"usage":{"input_tokens":4,"web_searches":1}}`,
			`{"id":"a","status":"unpriced","usd":null,"lines":[],"flags":[],"suggestions":["gpt-5"],"book":"BOOK","reason":"no_rate:web_search"}`},
		"invalid": {`{"id":"a",` + head + `,"usage":{"input_tokens":4,"cache_read_tokens":5}}`,
			`{"id":"a","status":"invalid_usage","usd":null,"lines":[],"flags":[],"suggestions":[],"book":"BOOK","problems":[{"field":"cache_read_tokens","msg":"is 5, above the 4 of input_tokens that it is a part of"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := caseBook(t)
			got, summary := runCases(t, book, c.in)
			if want := strings.Replace(c.want, "BOOK", book.Hash(), 1) + "\n"; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if summary.Bad != 0 || summary.Lines != 1 {
				t.Errorf("%+v", summary)
			}
		})
	}
}

func TestBadLinesAreAnsweredToo(t *testing.T) {
	t.Parallel()
	const good = `{"id":"good","provider":"openai","model":"gpt-5","at":"2026-01-01T00:00:00Z","usage":{"input_tokens":10}}`
	bad := []string{
		`{`, `null`, `[]`, `"x"`, `{}`, `{"id":null}`, strings.Replace(good, `"good"`, `{}`, 1),
		strings.Replace(good, "2026-01-01T00:00:00Z", "yesterday", 1), strings.Replace(good, `"gpt-5"`, `5`, 1),
		strings.Replace(good, `"openai"`, `""`, 1), strings.Replace(good, `{"input_tokens":10}`, `null`, 1),
		good + good, `{"id":"` + strings.Repeat("x", 17<<20) + `"}`,
		strings.Replace(good, `"usage"`, `"raw_usage":{},"usage"`, 1), strings.Replace(good, `{"input_tokens":10}`, `5`, 1),
		strings.Replace(good, `{"input_tokens":10}`, `{"images":1,"image_size":5}`, 1),
	}
	in := "\ufeff"[:0] + good + "\n\n" + strings.Join(bad, "\n") + "\r\n  \n" + good
	out, summary := runCases(t, caseBook(t), in)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != len(bad)+2 || summary.Lines != len(lines) || summary.Bad != len(bad) || summary.Invalid != len(bad) || summary.Priced != 2 {
		t.Fatalf("%d answers, %+v", len(lines), summary)
	}
	for i, line := range lines {
		var a struct {
			ID       any
			Status   string
			USD      *string
			Problems []spend.Problem
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		fine := i == 0 || i == len(lines)-1
		if fine != (a.Status == "priced") || fine != (a.USD != nil) || fine == (len(a.Problems) > 0) || a.ID == nil {
			t.Errorf("%d: %s", i, line)
		}
	}
	if summary.Total.String() != "0.000025" {
		t.Errorf("total %s", summary.Total)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errors.New("unplugged") }
func (broken) Write([]byte) (int, error) { return 0, errors.New("unplugged") }

func TestRateCasesReportsItsStreams(t *testing.T) {
	t.Parallel()
	if _, err := pricebook.RateCases(caseBook(t), broken{}, io.Discard); err == nil {
		t.Error("a broken input is no error")
	}
	if _, err := pricebook.RateCases(caseBook(t), strings.NewReader("{}\n"), broken{}); err == nil {
		t.Error("a broken output is no error")
	}
}

func FuzzRateCases(f *testing.F) {
	f.Add(`{"id":"a","provider":"openai","model":"gpt-5","at":"2026-01-01T00:00:00Z","usage":{"input_tokens":10}}` + "\n{\n\n[]")
	f.Add(`{"id":1,"provider":"aws.bedrock","model":"us.x-v1:0","at":"2026-01-01T00:00:00+14:00","usage":{"images":1,"image_size":"1-x-1"},"region":"é"}`)
	book := caseBook(f)
	f.Fuzz(func(t *testing.T, in string) {
		out, summary := runCases(t, book, in)
		lines := 0
		for line := range strings.SplitSeq(in, "\n") {
			if len(bytes.TrimSpace([]byte(line))) > 0 {
				lines++
			}
		}
		if n := strings.Count(out, "\n"); n != lines || summary.Lines != lines {
			t.Errorf("%d answers to %d lines", n, lines)
		}
		for line := range strings.Lines(out) {
			var a struct {
				Status string  `json:"status"`
				USD    *string `json:"usd"`
			}
			if err := json.Unmarshal([]byte(line), &a); err != nil {
				t.Errorf("%v in %s", err, line)
			}
			if (a.USD != nil) != strings.HasPrefix(a.Status, "priced") {
				t.Errorf("status and amount disagree: %s", line)
			}
		}
	})
}

func BenchmarkRateCases(b *testing.B) {
	book := caseBook(b)
	line := `{"id":"a","provider":"openai","model":"gpt-5","at":"2026-01-01T00:00:00Z","usage":{"input_tokens":1000,"cache_read_tokens":300,"output_tokens":40}}` + "\n"
	in := strings.Repeat(line, 1000)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if _, err := pricebook.RateCases(book, strings.NewReader(in), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
