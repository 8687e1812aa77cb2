package protocol_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// chat is a stream of chat completions for which usage was asked on the client's
// behalf.
func chat(stream string) transcript {
	return transcript{
		request:  read(protocol.Chat, `{"model":"m","stream":true}`),
		head:     protocol.Head{Status: 200, ContentType: "text/event-stream", UsageAdded: true},
		upstream: []byte(stream),
	}
}

const usageChunk = `{"id":"c","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}`

func TestUsageIsTakenOutOfAnyForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, upstream, client string
		leftover               bool
	}{
		{"usage first", "data: {\"usage\":null,\"choices\":[{}]}\n\n", "data: {\"choices\":[{}]}\n\n", false},
		{"usage first with spaces", "data: { \"usage\" : null , \"choices\": [{}] }\n\n", "data: {\"choices\": [{}] }\n\n", false},
		{"usage between", "data: {\"a\":1,\"usage\":null,\"choices\":[{}]}\n\n", "data: {\"a\":1,\"choices\":[{}]}\n\n", false},
		{"usage alone", "data: {\"usage\":null}\n\n", "data: {}\n\n", false},
		{"no space after the colon", "data:{\"a\":1,\"usage\":null}\n\n", "data:{\"a\":1}\n\n", false},
		{"lines end as on Windows", "data: {\"a\":1,\"usage\":null}\r\n\r\ndata: " + usageChunk + "\r\n\r\ndata: [DONE]\r\n\r\n", "data: {\"a\":1}\r\n\r\ndata: [DONE]\r\n\r\n", false},
		{"lines end as on old Macs", "data: {\"a\":1,\"usage\":null}\r\rdata: " + usageChunk + "\r\rdata: [DONE]\r\r", "data: {\"a\":1}\r\rdata: [DONE]\r\r", false},
		{"a mark first", "\xef\xbb\xbfdata: {\"a\":1,\"usage\":null}\n\n", "\xef\xbb\xbfdata: {\"a\":1}\n\n", false},
		{"fields beside the data", "event: chunk\nid: 7\ndata: {\"usage\":null}\nretry: 5\n\n", "event: chunk\nid: 7\ndata: {}\nretry: 5\n\n", false},
		{"a comment within", "event: a\n: b\ndata: " + usageChunk + "\n\n", ": b\n\n", false},
		{"a comment within, on Windows", "event: a\r\n: b\r\ndata: " + usageChunk + "\r\n\r\n", ": b\r\n\r\n", false},
		{"the word in a text", "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":null\"}}]}\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":null\"}}]}\n\n", false},
		{"the word in another place", "data: {\"x\":{\"usage\":null},\"choices\":[{\"usage\":null}]}\n\n", "data: {\"x\":{\"usage\":null},\"choices\":[{\"usage\":null}]}\n\n", false},
		{"an error beside usage", "data: {\"error\":{\"code\":\"x\"},\"usage\":{\"prompt_tokens\":1}}\n\n", "data: {\"error\":{\"code\":\"x\"},\"usage\":{\"prompt_tokens\":1}}\n\n", true},
		{"usage that is no object", "data: {\"usage\":7}\n\n", "data: {\"usage\":7}\n\n", true},
		{"data over two lines", "data: {\"usage\":\ndata: null}\n\n", "data: {\"usage\":\ndata: null}\n\n", true},
		{"a chunk over two lines", "data: {\"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n", "", false},
		{"a chunk without its end", "data: " + usageChunk, "", false},
	} {
		tr := chat(c.upstream)
		for _, cut := range [][][]byte{{tr.upstream}, pieces(tr.upstream, []int{1})} {
			client, facts := tr.pass(cut...)
			if string(client) != c.client || facts.Leftover != c.leftover {
				t.Errorf("%s in %d pieces: got %q, leftover %v; want %q, %v", c.name, len(cut), client, facts.Leftover, c.client, c.leftover)
			}
		}
	}
}

// TestTheClientGetsWhatItWouldHaveGot writes streams as the vendor does with and
// without usage.
func TestTheClientGetsWhatItWouldHaveGot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end")
		var with, without strings.Builder
		for range rapid.IntRange(0, 8).Draw(t, "chunks") {
			lead := rapid.SampledFrom([]string{"", ": ping" + end + end, "event: x" + end}).Draw(t, "before")
			text := rapid.StringMatching(`[a-z"{\\,é]{0,40}`).Draw(t, "text")
			for b, usage := range map[*strings.Builder]string{&with: `,"usage":null`, &without: ""} {
				fmt.Fprintf(b, `%sdata: {"id":"c","choices":[{"delta":{"content":%q}}]%s}%s`, lead, text, usage, end+end)
			}
		}
		with.WriteString("data: " + usageChunk + end + end)
		for _, b := range []*strings.Builder{&with, &without} {
			b.WriteString("data: [DONE]" + end + end)
		}
		tr := chat(with.String())
		client, facts := tr.pass(pieces(tr.upstream, rapid.SliceOfN(rapid.IntRange(1, 90), 1, 20).Draw(t, "sizes"))...)
		if diff := cmp.Diff(without.String(), string(client)); diff != "" || facts.Leftover {
			t.Fatalf("leftover %v (-want +got):\n%s", facts.Leftover, diff)
		}
		if facts.Source != spend.UsageProvider || facts.Usage.PromptTokens() != 7 {
			t.Fatalf("usage is %+v of %s", facts.Usage, facts.Source)
		}
	})
}

// TestAFrameWithoutEndIsNotHeld sends one line of 16 MiB: what is held back stays
// below half a MiB, and the client gets every byte.
func TestAFrameWithoutEndIsNotHeld(t *testing.T) {
	t.Parallel()
	for _, lead := range []string{`data: {"choices":[{"delta":{"content":"`, `data: {"usage":{"x":"`, "data: ", ": ", "event", "data: {\"id\":\""} {
		tr := chat("")
		a := tr.request.Answer(tr.head)
		chunk := bytes.Repeat([]byte("a"), 64<<10)
		sent, got := len(lead), len(a.Write([]byte(lead)))
		for range 256 {
			sent, got = sent+len(chunk), got+len(a.Write(chunk))
			if sent-got > 512<<10 {
				t.Fatalf("%s: %d bytes are held back", lead, sent-got)
			}
		}
		rest, facts := a.Close()
		if got += len(rest); got != sent {
			t.Errorf("%s: the client got %d of %d bytes", lead, got, sent)
		}
		if facts.Status != spend.StatusInterrupted {
			t.Errorf("%s: status is %s", lead, facts.Status)
		}
	}
}

func TestUsageTooLongIsAProblem(t *testing.T) {
	t.Parallel()
	tr := chat(`data: {"choices":[],"usage":{"prompt_tokens":1,"x":"` + strings.Repeat("a", 70<<10) + "\"}}\n\n")
	_, facts := tr.pass(tr.upstream)
	if facts.Source != spend.UsageUnobserved || len(facts.Problems) != 1 || facts.Problems[0].Field != "usage" {
		t.Errorf("got %s, problems %v; want one of usage", facts.Source, facts.Problems)
	}
}

// TestAnAnswerBehindAMark is read and passed whole, however it is cut; half a mark is no JSON.
func TestAnAnswerBehindAMark(t *testing.T) {
	t.Parallel()
	for mark, source := range map[string]spend.UsageSource{"": spend.UsageProvider, "\xef\xbb\xbf": spend.UsageProvider, "\xef\xbb": spend.UsageUnobserved} {
		tr := transcript{request: read(protocol.Chat, `{"model":"m"}`), head: protocol.Head{Status: 200, ContentType: "application/json"}}
		tr.upstream = []byte(mark + usageChunk)
		for _, cut := range [][][]byte{{tr.upstream}, pieces(tr.upstream, []int{1})} {
			client, facts := tr.pass(cut...)
			if string(client) != string(tr.upstream) || facts.Source != source {
				t.Errorf("behind %q in %d pieces: usage of %s, want %s; the client got %q", mark, len(cut), facts.Source, source, client)
			}
		}
	}
}

// TestACommentIsPassedAtOnce keeps a connection alive whose upstream thinks.
func TestACommentIsPassedAtOnce(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n", "\r"} {
		tr := chat("")
		a := tr.request.Answer(tr.head)
		for range 3 {
			if got := string(a.Write([]byte(": wait" + end))); got != ": wait"+end {
				t.Errorf("end of line %q: a comment gave %q", end, got)
			}
		}
		if got := string(a.Write([]byte("data: " + usageChunk + end + end))); got != "" {
			t.Errorf("end of line %q: usage gave %q", end, got)
		}
		if got := string(a.Write([]byte(": wait" + end))); got != ": wait"+end {
			t.Errorf("end of line %q: a comment after usage gave %q", end, got)
		}
	}
}

func TestACompressedAnswerPassesUnread(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]spend.UsageSource{200: spend.UsageUnobserved, 429: spend.UsageNone} {
		tr := chat("\x1f\x8b\x08 data: {}\n\n")
		tr.head.Status, tr.head.Encoding = status, "br"
		client, facts := tr.pass(tr.upstream)
		if !bytes.Equal(client, tr.upstream) || facts.Source != want || !facts.Leftover || facts.Status == spend.StatusInterrupted {
			t.Errorf("status %d: got %q, %+v; want usage %s", status, client, facts, want)
		}
	}
}

// gzipped packs parts, each so that it can be unpacked before the next has come.
func gzipped(t *testing.T, parts ...string) (packed []byte) {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for _, part := range parts {
		_, err := io.WriteString(w, part)
		if err = errors.Join(err, w.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWhatComesPackedIsRead as what came plain, however it is cut, and passes as it came.
func TestWhatComesPackedIsRead(t *testing.T) {
	t.Parallel()
	for file, tr := range transcripts(t) {
		tr.head.UsageAdded = false // usage can be taken out of no packed stream
		_, want := tr.pass(tr.upstream)
		tr.head.Encoding = "gzip"
		packed := gzipped(t, string(tr.upstream))
		for _, size := range []int{1, 7, len(packed)} {
			client, facts := tr.pass(pieces(packed, []int{size})...)
			if diff := cmp.Diff(want, facts); diff != "" || !bytes.Equal(client, packed) {
				t.Errorf("%s in pieces of %d (-plain +packed):\n%s", file, size, diff)
			}
		}
	}
	tr := chat(string(gzipped(t, "data: "+usageChunk+"\n\n", "data: [DONE]\n\n")))
	tr.head.Encoding = "gzip"
	if client, facts := tr.pass(tr.upstream); !bytes.Equal(client, tr.upstream) || !facts.Leftover || facts.Source != spend.UsageProvider {
		t.Errorf("a stream of which usage was asked: %+v", facts)
	}
}

// TestWhatCannotBeUnpacked passes all the same, and nothing is known of it but what came
// before.
func TestWhatCannotBeUnpacked(t *testing.T) {
	t.Parallel()
	body := `{"id":"c","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}`
	good := gzipped(t, body)
	many := gzipped(t, strings.Repeat("a", 1<<20))
	wrong := bytes.Clone(good)
	wrong[len(wrong)-8]++ // of its sum
	for name, c := range map[string]struct {
		upstream []byte
		source   spend.UsageSource
		status   spend.Status
	}{
		"nothing":        {nil, spend.UsageUnobserved, spend.StatusInterrupted},
		"plain":          {[]byte(body), spend.UsageUnobserved, spend.StatusOK},
		"cut":            {good[:len(good)/2], spend.UsageUnobserved, spend.StatusInterrupted},
		"another sum":    {wrong, spend.UsageUnobserved, spend.StatusOK},
		"in parts":       {slices.Concat(gzipped(t, `{"x":"`), many, gzipped(t, `",`+body[1:])), spend.UsageProvider, spend.StatusOK},
		"more than much": {slices.Concat(gzipped(t, `{"x":"`), bytes.Repeat(many, 64), gzipped(t, `",`+body[1:])), spend.UsageUnobserved, spend.StatusOK},
	} {
		tr := transcript{request: read(protocol.Chat, `{"model":"m"}`), head: protocol.Head{Status: 200, ContentType: "application/json", Encoding: "gzip"}}
		client, facts := tr.pass(pieces(c.upstream, []int{4096})...)
		if !bytes.Equal(client, c.upstream) || facts.Source != c.source || facts.Status != c.status {
			t.Errorf("%s: %s, %s", name, facts.Source, facts.Status)
		}
	}
}

// TestADeepAnswerIsRead to its usage, however deep what a tool is given nests, as long as
// other readers of JSON take it.
func TestADeepAnswerIsRead(t *testing.T) {
	t.Parallel()
	for deep, want := range map[int]spend.UsageSource{600: spend.UsageProvider, 9_999: spend.UsageProvider, 10_000: spend.UsageUnobserved} {
		body := `{"id":"c","choices":` + strings.Repeat(`[`, deep) + strings.Repeat(`]`, deep) + `,"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}`
		tr := transcript{request: read(protocol.Chat, `{"model":"m"}`), head: protocol.Head{Status: 200, ContentType: "application/json"}, upstream: []byte(body)}
		client, facts := tr.pass(pieces(tr.upstream, []int{7})...)
		if facts.Source != want || string(client) != body || json.Valid(tr.upstream) != (want == spend.UsageProvider) {
			t.Errorf("%d deep: %s, %v", deep, facts.Source, facts.Usage)
		}
	}
}

func TestWhatComesAtOnceIsPassedAtOnce(t *testing.T) {
	t.Parallel()
	tr := chat("")
	a := tr.request.Answer(tr.head)
	if a.Began() {
		t.Error("the answer began before its first byte")
	}
	frame := "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":null}\n\n"
	if got := string(a.Write([]byte(frame))); got != strings.Replace(frame, `,"usage":null`, "", 1) {
		t.Errorf("a whole frame gave %q", got)
	}
	if !a.Began() {
		t.Error("the answer has not begun after its first text")
	}
}

// TestNoContentIsInTheFacts plants a marker wherever an answer has text.
func TestNoContentIsInTheFacts(t *testing.T) {
	t.Parallel()
	secret := "K E E P O U T " + strings.Repeat("x", 200)
	for file, tr := range transcripts(t) {
		for _, word := range []string{"Hello", "hm", "Overloaded", "Provider returned error", "The model failed", "Slow down", "Rate limit reached for gpt-x"} {
			tr.upstream = bytes.ReplaceAll(tr.upstream, []byte(word), []byte(secret))
		}
		_, facts := tr.pass(tr.upstream)
		if text := fmt.Sprintf("%+v", facts); strings.Contains(text, "K E E P O U T") {
			t.Errorf("%s: the facts keep content: %s", file, text)
		}
	}
	tr := chat(`data: {"id":"two words","model":"gr\u00fc\u00dfe","choices":[{"finish_reason":"` + secret + `"}],"error":{"type":"a b","code":"c d"}}` + "\n\n")
	_, facts := tr.pass(tr.upstream)
	if facts.Response != "" || facts.Model != "" || facts.Stop != "" || facts.ErrorType != "" || facts.ErrorCode != "" {
		t.Errorf("labels that no vendor gives are kept: %+v", facts)
	}
}

// FuzzAnswer checks of any bytes: cuts change nothing, the client gets no byte
// that did not come, and all of them where no usage was added.
func FuzzAnswer(f *testing.F) {
	for _, tr := range transcripts(f) {
		f.Add(tr.upstream, []byte{3, 50, 1}, byte(0))
		f.Add(tr.upstream, []byte{200, 7}, byte(3))
	}
	f.Fuzz(func(t *testing.T, upstream, sizes []byte, kind byte) {
		operations := []protocol.Operation{protocol.Chat, protocol.Completions, protocol.Embeddings, protocol.Responses, protocol.Messages}
		tr := transcript{request: read(operations[int(kind>>2)%len(operations)], `{"model":"m","stream":true}`), upstream: upstream}
		tr.head = protocol.Head{Status: 200, ContentType: "application/json", UsageAdded: kind&2 != 0}
		if kind&1 != 0 {
			tr.head.ContentType = "text/event-stream"
		}
		whole, facts := tr.pass(upstream)
		cut := []int{1}
		for _, n := range sizes {
			cut = append(cut, int(n)+1)
		}
		again, factsAgain := tr.pass(pieces(upstream, cut)...)
		if diff := cmp.Diff(facts, factsAgain) + cmp.Diff(string(whole), string(again)); diff != "" {
			t.Fatalf("cut into %v:\n%s", cut, diff)
		}
		if changed := !bytes.Equal(whole, upstream); changed && (!tr.head.UsageAdded || kind&1 == 0) || len(whole) > len(upstream) {
			t.Fatalf("%q became %q", upstream, whole)
		}
		if !bytes.Equal(subsequence(whole, upstream), whole) {
			t.Fatalf("%q has bytes that did not come: %q", whole, upstream)
		}
	})
}

// subsequence is as much of the part as can be found in the whole in its order.
func subsequence(part, whole []byte) []byte {
	n := 0
	for _, c := range whole {
		if n < len(part) && part[n] == c {
			n++
		}
	}
	return part[:n]
}

// TestAnAnswerInTheRoomOfAnother reads every transcript behind every other, and behind its
// own first half.
func TestAnAnswerInTheRoomOfAnother(t *testing.T) {
	t.Parallel()
	all := transcripts(t)
	for first, before := range all {
		for second, tr := range all {
			var room protocol.Answer
			_, early := before.passIn(&room, before.upstream[:len(before.upstream)/2])
			was := told(early)
			client, facts := tr.passIn(&room, tr.upstream)
			want, alone := tr.pass(tr.upstream)
			if diff := cmp.Diff(told(alone), told(facts)); diff != "" || !bytes.Equal(client, want) {
				t.Errorf("%s behind %s differs (-alone +behind):\n%s", second, first, diff)
			}
			if is := told(early); is != was {
				t.Errorf("the facts of %s changed with %s, from\n%sto\n%s", first, second, was, is)
			}
		}
	}
}
