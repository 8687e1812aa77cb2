package agentlog_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/spend"
)

// drain reads a log to the end of what is complete.
func drain(t *testing.T, r *agentlog.Reader) (recs []connect.Record) {
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

// claude reads the text of one file of Claude Code.
func claude(t *testing.T, path, text string) []connect.Record {
	t.Helper()
	p := agentlog.ClaudeCode()
	return drain(t, agentlog.Open(strings.NewReader(text), &p, agentlog.Options{Path: path, Plan: agentlog.Seat}))
}

// answer is a line of an answer. More is set before its closing brace.
func answer(message, request string, output int, more string) string {
	return fmt.Sprintf(`{"type":"assistant","sessionId":"5c0e","timestamp":"2026-11-23T09:00:01.100Z","version":"2.1.150","requestId":%q,"isSidechain":false,`+
		`"cwd":"/src/my-app/web","gitBranch":"main","message":{"id":%q,"model":"claude-opus-4-6","content":[{"type":"text","text":"a \"usage\":{ b"}],`+
		`"usage":{"input_tokens":4,"cache_read_input_tokens":52000,"cache_creation_input_tokens":1800,`+
		`"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":1800},"output_tokens":%d}}%s}`+"\n", request, message, output, more)
}

const file = "-src-my-app/5c0e.jsonl"

func TestWhatGrowsIsReadWhereItStopped(t *testing.T) {
	t.Parallel()
	p := agentlog.ClaudeCode()
	text := answer("msg_1", "req_1", 9, "") + `{"type":"user","message":"hello"}` + "\n" + answer("msg_2", "req_2", 10, "") + answer("msg_3", "req_3", 11, "")
	whole := drain(t, agentlog.Open(strings.NewReader(text), &p, agentlog.Options{Path: file}))
	if len(whole) != 3 || whole[2].Line != 4 || whole[2].End != int64(len(text)) {
		t.Fatalf("%d records, the last at line %d and byte %d", len(whole), whole[2].Line, whole[2].End)
	}
	for cut := range len(text) {
		first := agentlog.Open(strings.NewReader(text[:cut]), &p, agentlog.Options{Path: file})
		recs := drain(t, first)
		from := first.Position()
		if from.Offset > int64(cut) {
			t.Fatalf("%d bytes are read of %d", from.Offset, cut)
		}
		recs = append(recs, drain(t, agentlog.Open(strings.NewReader(text[from.Offset:]), &p, agentlog.Options{Path: file, From: from}))...)
		got := map[string]connect.Record{}
		for _, rec := range recs {
			got[rec.Event.SourceKey] = rec
		}
		for _, want := range whole {
			rec := got[want.Event.SourceKey]
			if rec.Event.Content() != want.Event.Content() || rec.Line != want.Line || rec.End != want.End {
				t.Fatalf("cut at %d: %s is at line %d, byte %d", cut, want.Event.SourceKey, rec.Line, rec.End)
			}
		}
	}
}

func TestATornLastLineIsLeftForTheNextReading(t *testing.T) {
	t.Parallel()
	p := agentlog.ClaudeCode()
	line := answer("msg_1", "req_1", 9, "")
	r := agentlog.Open(strings.NewReader(line+line[:200]), &p, agentlog.Options{Path: file})
	if recs := drain(t, r); len(recs) != 1 || r.Position().Offset != int64(len(line)) {
		t.Errorf("%d records, and the next reading begins at %d", len(recs), r.Position().Offset)
	}
	r = agentlog.Open(strings.NewReader(strings.TrimSpace(line)), &p, agentlog.Options{Path: file})
	if recs := drain(t, r); len(recs) != 1 || r.Position().Offset != 0 {
		t.Errorf("%d records of a line that only lacks its end, and the next reading begins at %d", len(recs), r.Position().Offset)
	}
}

// long gives a line of many megabytes without holding it.
func long(inside string) io.Reader {
	return io.MultiReader(strings.NewReader(`{"type":"user","toolUseResult":"`), io.LimitReader(iotest.DataErrReader(filler{}), 50<<20),
		strings.NewReader(inside+`"}`+"\n"))
}

type filler struct{}

func (filler) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestALineOfFiftyMegabytesIsPassed(t *testing.T) {
	t.Parallel()
	p := agentlog.ClaudeCode()
	line := answer("msg_1", "req_1", 9, "")
	recs := drain(t, agentlog.Open(io.MultiReader(strings.NewReader(line), long(""), strings.NewReader(line)), &p, agentlog.Options{Path: file}))
	if len(recs) != 2 || recs[1].Line != 3 || len(recs[1].Problems) > 0 {
		t.Errorf("%d records: %+v", len(recs), recs)
	}
	recs = drain(t, agentlog.Open(io.MultiReader(long(`","message":{"usage":{}},"a":"`), strings.NewReader(line)), &p, agentlog.Options{Path: file}))
	if len(recs) != 2 || len(recs[0].Problems) != 1 || len(recs[1].Problems) != 0 {
		t.Errorf("%d records, want the long line with usage told of: %+v", len(recs), recs)
	}
}

func TestThePlanIsWhatTheImportSays(t *testing.T) {
	t.Parallel()
	p := agentlog.ClaudeCode()
	read := func(o agentlog.Options) spend.Event {
		return drain(t, agentlog.Open(strings.NewReader(answer("msg_1", "req_1", 9, "")), &p, o))[0].Event
	}
	seat, api := read(agentlog.Options{Path: file, Plan: agentlog.Seat}), read(agentlog.Options{Path: file, Plan: agentlog.API, Era: 1})
	if seat.Flags != spend.Notional || api.Flags != 0 {
		t.Errorf("flags are %q and %q", seat.Flags, api.Flags)
	}
	if diff := cmp.Diff(spend.Merge([]spend.Event{seat, api}), spend.Merge([]spend.Event{api, seat})); diff != "" || seat.Revision >= api.Revision {
		t.Errorf("the later plan does not count: revisions %d and %d, %s", seat.Revision, api.Revision, diff)
	}
	if _, err := agentlog.ParsePlan("free"); spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
		t.Errorf("a plan that is none: %v", err)
	}
}

// document is a program whose files are one JSON document.
func document() agentlog.Program {
	return agentlog.Program{
		Name: "test", Whole: func(string) bool { return true }, New: func(string) agentlog.Session { return paid{} },
	}
}

type paid struct{}

func (paid) Paid() agentlog.Plan { return agentlog.API }

func (paid) Read(text []byte, emit func(*connect.Record)) {
	for i := range text {
		emit(&connect.Record{Event: spend.Event{SourceKey: fmt.Sprint(i)}})
	}
}

func TestADocumentIsReadWhole(t *testing.T) {
	t.Parallel()
	p := document()
	r := agentlog.Open(strings.NewReader(`{}`), &p, agentlog.Options{Plan: agentlog.Seat})
	if recs := drain(t, r); len(recs) != 2 || recs[0].End != 0 || recs[1].End != 2 || recs[0].Event.Flags != 0 || r.Position().Offset != 2 {
		t.Errorf("%+v", recs)
	}
	r = agentlog.Open(strings.NewReader("{"), &p, agentlog.Options{})
	if recs := drain(t, r); len(recs) != 0 || r.Position().Offset != 0 {
		t.Errorf("a document that is not complete gives %d records", len(recs))
	}
}

func TestAStreamThatBreaksIsTold(t *testing.T) {
	t.Parallel()
	p := agentlog.ClaudeCode()
	r := agentlog.Open(io.MultiReader(strings.NewReader(answer("msg_1", "req_1", 9, "")), iotest.ErrReader(errors.New("gone"))), &p, agentlog.Options{Path: file})
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Next(); spend.KindOf(err) != spend.KindUnavailable || !strings.Contains(err.Error(), "gone") {
			t.Errorf("%v", err)
		}
	}
}

func TestBase(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/src/my-app": "my-app", "/src/my-app/": "my-app", `C:\src\My App`: "My App", "app": "app", "": "", "/": "",
		"/home/ada": "", "/Users/ada/": "", `C:\Users\ada`: "", "/home/ada/app": "app",
	} {
		if got := agentlog.Base(path); got != want {
			t.Errorf("base of %q is %q, want %q", path, got, want)
		}
	}
}
