package protocol_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the facts and the client's bytes in testdata")

// A transcript is a file under testdata: what it shows, then
//
//	request    the method and path, then the body
//	head       status, content type, perhaps the flavour of its usage, and whether
//	           usage was asked for on the client's behalf, one a line
//	upstream   the body of the answer; upstream.cut has no line feed at its end
//	client     what the client gets, where that is something else; or client.cut
//	facts      what is known in the end
type transcript struct {
	archive  *txtar.Archive
	request  protocol.Request
	head     protocol.Head
	upstream []byte
	client   []byte
	facts    string
}

func transcripts(t testing.TB) map[string]transcript {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	all := map[string]transcript{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = parse(archive)
	}
	return all
}

func parse(archive *txtar.Archive) transcript {
	tr := transcript{archive: archive, head: protocol.Head{Status: 200, ContentType: "application/json"}}
	changed := false
	for _, f := range archive.Files {
		switch f.Name {
		case "request":
			line, body, _ := bytes.Cut(f.Data, []byte("\n"))
			method, path, _ := strings.Cut(string(line), " ")
			tr.request = protocol.Read(protocol.Target{Method: method, Path: path}, body)
		case "head":
			tr.readHead(string(f.Data))
		case "upstream":
			tr.upstream = f.Data
		case "upstream.cut":
			tr.upstream = bytes.TrimSuffix(f.Data, []byte("\n"))
		case "client":
			tr.client, changed = f.Data, true
		case "client.cut":
			tr.client, changed = bytes.TrimSuffix(f.Data, []byte("\n")), true
		case "facts":
			tr.facts = string(f.Data)
		}
	}
	if !changed {
		tr.client = tr.upstream
	}
	return tr
}

func (tr *transcript) readHead(text string) {
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch name {
		case "status":
			_, _ = fmt.Sscan(value, &tr.head.Status)
		case "type":
			tr.head.ContentType = value
		case "flavour":
			tr.head.Flavour = value
		case "added":
			tr.head.UsageAdded = true
		}
	}
}

// pass sends the answer through in the given pieces.
func (tr *transcript) pass(pieces ...[]byte) (client []byte, facts protocol.Facts) {
	return tr.passIn(new(protocol.Answer), pieces...)
}

// passIn is pass in the room of an answer that was closed.
func (tr *transcript) passIn(a *protocol.Answer, pieces ...[]byte) (client []byte, facts protocol.Facts) {
	a = tr.request.AnswerIn(a, tr.head)
	for _, p := range pieces {
		client = append(client, a.Write(bytes.Clone(p))...)
	}
	rest, facts := a.Close()
	return append(client, rest...), facts
}

// told are the facts as lines, without those that say nothing.
func told(f protocol.Facts) string {
	var b strings.Builder
	line := func(name string, value any) {
		if text := fmt.Sprint(value); text != "" && text != "0" && text != "false" {
			fmt.Fprintf(&b, "%s: %s\n", name, text)
		}
	}
	line("status", f.Status)
	line("response", f.Response)
	line("model", f.Model)
	line("tier", f.Tier)
	line("region", f.Region)
	line("stop", f.Stop)
	line("error", strings.TrimSpace(f.ErrorType+" "+f.ErrorCode))
	line("source", f.Source)
	line("usage", meters(&f.Usage))
	if f.Cost.Valid {
		line("cost", f.Cost.Amount)
	}
	for _, share := range f.Beside {
		line("beside", share.Kind+" of "+share.Model+": "+meters(&share.Usage))
	}
	line("flags", f.Flags)
	for _, p := range f.Problems {
		line("problem", p)
	}
	line("pending", f.Pending)
	line("began", f.Began)
	line("ended", f.Ended)
	line("frames", f.Frames)
	line("broken", f.Broken)
	line("text", f.Text)
	line("leftover", f.Leftover)
	return b.String()
}

func meters(u *spend.Usage) string {
	var all []string
	u.Each(func(m spend.Meter, q spend.Quantity) { all = append(all, fmt.Sprintf("%s %s", m, q)) })
	return strings.Join(all, ", ")
}

func TestTranscripts(t *testing.T) {
	t.Parallel()
	for file, tr := range transcripts(t) {
		client, facts := tr.pass(tr.upstream)
		if *update {
			rewrite(t, file, tr, client, told(facts))
			continue
		}
		if diff := cmp.Diff(string(tr.client), string(client)); diff != "" {
			t.Errorf("%s: the client's bytes (-want +got):\n%s", file, diff)
		}
		if diff := cmp.Diff(tr.facts, told(facts)); diff != "" {
			t.Errorf("%s: the facts (-want +got):\n%s", file, diff)
		}
	}
}

func rewrite(t *testing.T, file string, tr transcript, client []byte, facts string) {
	t.Helper()
	for i, f := range tr.archive.Files {
		switch f.Name {
		case "client", "client.cut":
			tr.archive.Files[i].Data = client
		case "facts":
			tr.archive.Files[i].Data = []byte(facts)
		}
	}
	if err := os.WriteFile(file, txtar.Format(tr.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCutsChangeNothing sends each transcript byte by byte, in two pieces at
// every place, and in random ones.
func TestCutsChangeNothing(t *testing.T) {
	t.Parallel()
	for file, tr := range transcripts(t) {
		check := func(pieces [][]byte) string {
			client, facts := tr.pass(pieces...)
			return cmp.Diff(string(tr.client), string(client)) + cmp.Diff(tr.facts, told(facts))
		}
		var single [][]byte
		for i := range tr.upstream {
			single = append(single, tr.upstream[i:i+1])
			if diff := check([][]byte{tr.upstream[:i], tr.upstream[i:]}); diff != "" {
				t.Fatalf("%s: cut at %d:\n%s", file, i, diff)
			}
		}
		if diff := check(single); diff != "" {
			t.Errorf("%s: byte by byte:\n%s", file, diff)
		}
		rapid.Check(t, func(t *rapid.T) {
			if diff := check(pieces(tr.upstream, rapid.SliceOfN(rapid.IntRange(1, 40), 1, 40).Draw(t, "sizes"))); diff != "" {
				t.Fatalf("%s:\n%s", file, diff)
			}
		})
	}
}

// pieces cuts bytes into pieces of the given sizes, over and over.
func pieces(all []byte, sizes []int) (cut [][]byte) {
	for i := 0; len(all) > 0; i++ {
		n := min(sizes[i%len(sizes)], len(all))
		cut = append(cut, all[:n])
		all = all[n:]
	}
	return cut
}
