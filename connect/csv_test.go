package connect_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

const head = "id,at,model,job,in,out\n"

func row(id string) string { return id + ",2026-03-01T10:00:00Z,m,j,10,3\n" }

// outline is what a test compares: line, key, or the fields of the problems.
func outline(recs []connect.Record) (lines []string) {
	for _, r := range recs {
		what := "ok " + r.Event.SourceKey
		if len(r.Problems) > 0 {
			what = "bad"
			for _, p := range r.Problems {
				what += " " + p.Field
			}
		}
		lines = append(lines, fmt.Sprintf("%d %s", r.Line, what))
	}
	return lines
}

func TestCSVRecords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"plain", head + row("a") + row("b"), []string{"2 ok a", "3 ok b"}},
		{"no last line ending", head + strings.TrimSuffix(row("a"), "\n"), []string{"2 ok a"}},
		{"CRLF and a mark", "\ufeff" + strings.ReplaceAll(head+row("a")+row("b"), "\n", "\r\n"), []string{"2 ok a", "3 ok b"}},
		{"header only", head, nil},
		{"blank lines", head + "\n  \n" + row("a") + "\n", []string{"4 ok a"}},
		{"another order and more columns", "x,out,in,job,model,at,id\n\"text, and \"\"more\"\"\nhere\",3,10,j,m,2026-03-01T10:00:00Z,a\n", []string{"2 ok a"}},
		{"quoted line ending", head + "\"a\nb\"" + row("") + row("c"), []string{"2 ok a\nb", "4 ok c"}},
		{"quoted CRLF at the end", head + "a,2026-03-01T10:00:00Z,m,j,10,\"3\"\r\n" + row("b"), []string{"2 ok a", "3 ok b"}},
		{"a quote inside a plain field", head + row(`5" disk`), []string{`2 ok 5" disk`}},
		{"ragged", head + "a,b\n" + row("b") + row("c,c"), []string{"2 bad record", "3 ok b", "4 bad record"}},
		{"latin-1", head + row("caf\xe9") + row("b"), []string{"2 bad record", "3 ok b"}},
		{"text behind a quote", head + row(`"a"b`) + row("c"), []string{"2 bad record", "3 ok c"}},
		{"open quote", head + row(`"a`) + row("b") + row("c"), []string{"2 bad record", "3 ok b", "4 ok c"}},
		{"open quote in the last line", head + row("a") + row(`"b`), []string{"2 ok a", "3 bad record"}},
		{"open quote that meets another", head + row(`"a`) + row("b") + row(`"c"`), []string{"2 bad record", "3 ok b", "4 ok c"}},
		{"numbers", head + strings.Replace(row("a"), ",10", ",1.5", 1) + strings.Replace(row("b"), ",10", ",ten", 1) +
			strings.Replace(row("c"), ",10", ",-1", 1) + strings.Replace(row("d"), ",10", ",1e3", 1) + strings.Replace(row("e"), ",10", ",1e16", 1) +
			strings.Replace(row("f"), ",10,3", ",1e99,x", 1),
			[]string{"2 bad usage.input_tokens", "3 bad usage.input_tokens", "4 bad usage.input_tokens", "5 ok d", "6 bad usage.input_tokens",
				"7 bad usage.input_tokens usage.output_tokens"}},
		{"all at once", head + ",yesterday,m,j,x,y\n", []string{"2 bad used_at source_key usage.input_tokens usage.output_tokens"}},
		{"no time", head + "a,,m,j,1,1\n", []string{"2 bad used_at"}},
	} {
		m := mapping(t, simple)
		for name, in := range map[string]io.Reader{"whole": strings.NewReader(c.text), "byte by byte": iotest.OneByteReader(strings.NewReader(c.text))} {
			recs := all(t, connect.Open(in, m, connect.Options{}))
			if diff := cmp.Diff(c.want, outline(recs)); diff != "" {
				t.Errorf("%s, %s: %s", c.name, name, diff)
			}
			if n := len(recs); n > 0 && recs[n-1].End > int64(len(c.text)) {
				t.Errorf("%s: the last record ends at %d of %d bytes", c.name, recs[n-1].End, len(c.text))
			}
		}
	}
}

// A record's end is where the next one starts, to the byte.
func TestCSVOffsets(t *testing.T) {
	t.Parallel()
	text := "\ufeff" + strings.ReplaceAll(head, "\n", "\r\n") + row("a") + "\n" + row("\"b\nb\"") + "short\n" + row("c")
	var ends []string
	for _, r := range all(t, connect.Open(strings.NewReader(text), mapping(t, simple), connect.Options{})) {
		ends = append(ends, text[:r.End][strings.LastIndexByte(strings.TrimSuffix(text[:r.End], "\n"), '\n')+1:])
	}
	want := []string{row("a"), row("b\""), "short\n", row("c")}
	if diff := cmp.Diff(want, ends); diff != "" {
		t.Error(diff)
	}
}

func TestCSVHeader(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"missing", "id,At,model,in,out\n", `missing columns: "at", "job"; the header found is "id", "At", "model", "in", "out"`},
		{"twice", "id,at,model,job,in,in,out,out\n", `columns that appear twice: "in", "out"; the header found is "id"`},
		{"empty", "", "the file is empty"},
		{"another delimiter", strings.ReplaceAll(head, ",", ";"), `the header found is "id;at;model;job;in;out"`},
		{"UTF-16 LE", "\xff\xfei\x00d\x00,\x00", "UTF-16"},
		{"UTF-16 BE", "\xfe\xff\x00i\x00d", "UTF-16"},
		{"UTF-16 without a mark", "i\x00d\x00,\x00", "zero bytes"},
		{"gzip", "\x1f\x8b\x08\x00", "gzip"},
		{"spreadsheet", "PK\x03\x04xl", "spreadsheet"},
		{"latin-1 header", "id,at,mod\xe8le\n", "not UTF-8"},
		{"open quote", "\"id,at\n", "opens a quote"},
	} {
		r := connect.Open(strings.NewReader(c.text), mapping(t, simple), connect.Options{})
		_, err := r.Next()
		if err == nil || !strings.Contains(err.Error(), c.want) || spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
		if _, again := r.Next(); !errors.Is(again, err) {
			t.Errorf("%s: then %v", c.name, again)
		}
	}
}

func TestCSVWithoutHeader(t *testing.T) {
	t.Parallel()
	m := mapping(t, simple+"header: false\ncolumns: [id, at, model, job, in, out]\ndelimiter: tab\n")
	recs := all(t, connect.Open(strings.NewReader(strings.ReplaceAll(row("a")+row("b"), ",", "\t")), m, connect.Options{}))
	if diff := cmp.Diff([]string{"1 ok a", "2 ok b"}, outline(recs)); diff != "" {
		t.Error(diff)
	}
}

// A stream that breaks gives what came before, then says where it broke.
func TestCSVBrokenStream(t *testing.T) {
	t.Parallel()
	broke := errors.New("the disk is gone")
	for _, c := range []struct{ name, text string }{{"between lines", ""}, {"in a line", "b,20"}, {"in quotes", "\"b\nc"}} {
		in := io.MultiReader(strings.NewReader(head+row("a")+c.text), iotest.ErrReader(broke))
		r := connect.Open(in, mapping(t, simple), connect.Options{})
		if rec, err := r.Next(); err != nil || rec.Event.SourceKey != "a" {
			t.Fatalf("%s: %v, %v", c.name, rec, err)
		}
		if _, err := r.Next(); !errors.Is(err, broke) || !strings.Contains(err.Error(), "line 3") || spend.KindOf(err) != spend.KindUnavailable {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Reading on from a position gives the tail of a full read.
func TestResume(t *testing.T) {
	t.Parallel()
	text := head + row("a") + row("\"b\nb\"") + "short\n" + row("c") + row("d")
	m := mapping(t, simple)
	full := all(t, connect.Open(strings.NewReader(text), m, connect.Options{}))
	r := connect.Open(strings.NewReader(text), m, connect.Options{})
	for i := range full {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		at := r.Position()
		if at.Offset != full[i].End {
			t.Errorf("position %d after a record that ends at %d", at.Offset, full[i].End)
		}
		rest := all(t, connect.Open(strings.NewReader(text[at.Offset:]), m, connect.Options{From: at}))
		if diff := cmp.Diff(full[i+1:], rest, cmp.Comparer(sameRecord)); len(full[i+1:])+len(rest) > 0 && diff != "" {
			t.Errorf("after record %d: %s", i, diff)
		}
	}
}

func sameRecord(a, b connect.Record) bool {
	return a.Event.Content() == b.Event.Content() && a.Line == b.Line && a.End == b.End && a.Hash == b.Hash &&
		cmp.Equal(a.Problems, b.Problems)
}

func TestResumeNeedsAKey(t *testing.T) {
	t.Parallel()
	m := mapping(t, strings.Replace(simple, "key: [id]\n", "", 1))
	_, err := connect.Open(strings.NewReader(row("a")), m, connect.Options{From: connect.Position{Offset: 9, Line: 2, Header: []string{"id"}}}).Next()
	if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), "no key columns") {
		t.Errorf("%v", err)
	}
}

// Without key columns equal rows stay two, and a sorted file gives the same set.
func TestContentKeys(t *testing.T) {
	t.Parallel()
	m := mapping(t, strings.Replace(simple, "key: [id]\n", "", 1))
	keys := func(rows ...string) map[string]bool {
		set := map[string]bool{}
		for _, r := range all(t, connect.Open(strings.NewReader(head+strings.Join(rows, "")), m, connect.Options{})) {
			set[r.Event.SourceKey] = true
		}
		return set
	}
	first := keys(row("a"), row("b"), row("a"), "bad\n", row("a"))
	if len(first) != 5 { // three a, one b, and the bad row's empty key
		t.Errorf("%d keys: %v", len(first), first)
	}
	if diff := cmp.Diff(first, keys("bad\n", row("a"), row("a"), row("a"), strings.Replace(row("b"), "\n", "\r\n", 1))); diff != "" {
		t.Error(diff)
	}
	r := connect.Open(strings.NewReader(head+row("a")+row("a")+row("b")+row("c")), m, connect.Options{MaxDistinct: 2})
	var err error
	for n := 0; err == nil; n++ {
		_, err = r.Next()
	}
	if spend.KindOf(err) != spend.KindExhausted || !strings.Contains(err.Error(), "line 5: more than 2 different rows") {
		t.Errorf("%v", err)
	}
}

// TestKeysAreDigested keeps a vendor's key out of every field that a file fills, also where
// the mapping cuts its beginning off; a name that the mapping gives it stays.
func TestKeysAreDigested(t *testing.T) {
	t.Parallel()
	const openai, aws, known = "sk-proj-aaaaaaaaaaaaaaaa", "AKIAIOSFODNN7EXAMPLE", "sk-shop"
	text := head + row(openai)
	for i, key := range []string{openai, aws, known, "sk-team-lead@0123", "key-17"} {
		text += strings.Replace(row(fmt.Sprint("r", i)), ",j,", ","+key+",", 1)
	}
	m := mapping(t, strings.Replace(simple, "workflow: job", "tags.key: {field: job, strip_prefix: sk-}\n  credential: {field: job, map: {sk-shop: shop}}", 1))
	recs := all(t, connect.Open(strings.NewReader(text), m, connect.Options{}))
	var names []string
	for _, r := range recs {
		said := fmt.Sprintf("%+v", r.Event)
		if len(r.Problems) > 0 || strings.Contains(said, "aaaa") || strings.Contains(said, aws[4:]) || strings.Contains(said, "lead") {
			t.Errorf("line %d: %v %s", r.Line, r.Problems, said)
		}
		names = append(names, r.Event.Scope.Credential)
	}
	want := []string{"j", auth.Hashed(openai), auth.Hashed(aws), "shop", auth.Hashed("sk-team-lead@0123"), "key-17"}
	if diff := cmp.Diff(want, names); diff != "" || len(auth.Hashed(openai)) != 64 {
		t.Errorf("credentials (-want +got)\n%s", diff)
	}
}

// No problem repeats text of the file.
func TestProblemsKeepTextOut(t *testing.T) {
	t.Parallel()
	const marker = "write me a poem"
	text := head + strings.Repeat(marker+",", 5) + marker + "\n" + row(`"`+marker+`"x`) + row(marker+"\xff") + marker + "\n"
	m := mapping(t, strings.Replace(simple, "workflow: job", "workflow: job\n  status: job", 1)+
		"reported_cost: {field: out, currency: USD}\n")
	for _, r := range all(t, connect.Open(strings.NewReader(text), m, connect.Options{})) {
		if len(r.Problems) == 0 {
			t.Errorf("line %d is accepted", r.Line)
		}
		if strings.Contains(fmt.Sprint(r.Problems), "poem") {
			t.Errorf("line %d: %v", r.Line, r.Problems)
		}
	}
}
