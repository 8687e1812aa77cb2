package harvest_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/harvest"
	"github.com/bursarhq/bursar/spend"
)

// ledger is a folder that logs are brought into.
type ledger struct {
	*testing.T
	data string
}

func newLedger(t *testing.T) *ledger { return &ledger{t, filepath.Join(t.TempDir(), "data")} }

func (l *ledger) inside(work func(ctx context.Context, cl *client.Client) error) {
	l.Helper()
	server, err := app.OpenServer(l.Context(), app.Config{Data: l.data, Create: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		l.Fatal(err)
	}
	err = server.Inside(l.Context(), func(cl *client.Client) error { return work(l.Context(), cl) })
	if err != nil {
		l.Fatal(err)
	}
	if err := server.Close(); err != nil {
		l.Fatal(err)
	}
}

// rounds brings in a folder as often as change says that it changed.
func (l *ledger) rounds(p agentlog.Program, folder string, change func(round int) bool) (book string, last harvest.Result) {
	l.Helper()
	l.inside(func(ctx context.Context, cl *client.Client) (err error) {
		for round := 0; change(round); round++ {
			h := harvest.Harvest{Program: p, Folders: []string{folder}}
			if last, err = h.Run(ctx, cl); err != nil {
				return err
			}
		}
		book, err = bookOf(ctx, cl)
		return err
	})
	return book, last
}

// bookOf gives all that the ledger says of calls.
func bookOf(ctx context.Context, cl *client.Client) (string, error) {
	var out bytes.Buffer
	err := cl.Raw(ctx, "/api/v1/spend", url.Values{
		"by": {"source,run,parent_run,agent,step,model,service_tier,project,branch,repository,flags,status"}, "grain": {"hour"}, "format": {"csv"}, "order": {"calls"},
		"measures": {"calls,runs,in_text,in_tool,cache_read,cache_write_5m,cache_write_1h,cache_write_other,out_text,out_reasoning,web_search,cost,notional,exposure"},
	}, &out)
	lines := strings.Split(out.String(), "\n")
	slices.Sort(lines)
	lines = slices.DeleteFunc(lines, func(line string) bool { // what was taken back sums to nothing
		figures := strings.Split(line, ",")
		return strings.Trim(strings.Join(figures[max(0, len(figures)-15):len(figures)-1], ""), "0") == ""
	})
	unknown := strings.NewReplacer(",0,", ",,")
	return unknown.Replace(unknown.Replace(strings.Join(lines, "\n"))), err
}

// files are the made-up logs of a program, by their path below its folder.
func files(t *testing.T, p *agentlog.Program) map[string]string {
	t.Helper()
	folder, _, _ := strings.Cut(p.Name, "-")
	root, all := filepath.Join("..", "connect", "agentlog", "testdata", folder), map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		all[name] = string(text)
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}

func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// part cuts every file.
func part(files map[string]string, numerator, denominator int) map[string]string {
	cut := map[string]string{}
	for name, text := range files {
		cut[name] = text[:min(len(text), len(text)*numerator/denominator)]
	}
	return cut
}

// ways are how the same files come in: each changes a folder before a round, and says
// whether there is one.
func ways(t *testing.T, all map[string]string) map[string]func(folder string, round int) bool {
	names := slices.Sorted(maps.Keys(all))
	return map[string]func(folder string, round int) bool{
		"twice": func(folder string, round int) bool {
			write(t, folder, all)
			return round < 2
		},
		"from a copy too": func(folder string, round int) bool {
			write(t, filepath.Join(folder, "of", "it"), all)
			write(t, folder, all)
			return round < 1
		},
		"in halves": func(folder string, round int) bool {
			write(t, folder, part(all, round+1, 2))
			return round < 2
		},
		"growing": func(folder string, round int) bool {
			write(t, folder, part(all, round, 7))
			return round <= 7
		},
		"file by file, the last one first": func(folder string, round int) bool {
			if round == len(names) {
				return false
			}
			name := names[len(names)-1-round]
			write(t, folder, map[string]string{name: all[name]})
			return true
		},
	}
}

// TestAnyWayInGivesTheSameLedger brings in the made-up logs of every program in every
// way, all through the server into the lake.
func TestAnyWayInGivesTheSameLedger(t *testing.T) {
	t.Parallel()
	for _, p := range agentlog.Programs() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			all := files(t, &p)
			folder := t.TempDir()
			write(t, folder, all)
			want, first := newLedger(t).rounds(p, folder, func(round int) bool { return round == 0 })
			if first.Booked < 4 || first.Quarantined+first.Corrections > 0 || first.Grown != len(all) {
				t.Errorf("the first time: %+v", first)
			}
			for name, change := range ways(t, all) {
				folder := t.TempDir()
				got, _ := newLedger(t).rounds(p, folder, func(round int) bool { return change(folder, round) })
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got)\n%s", name, diff)
				}
			}
		})
	}
}

// TestLinesInAnyOrder shuffles the lines of the programs whose lines stand alone.
func TestLinesInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, p := range []agentlog.Program{agentlog.ClaudeCode(), agentlog.Copilot()} {
		all := files(t, &p)
		folder := t.TempDir()
		write(t, folder, all)
		want, _ := newLedger(t).rounds(p, folder, func(round int) bool { return round == 0 })
		got, _ := newLedger(t).rounds(p, folder, func(round int) bool {
			for name, text := range all {
				lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
				lines[len(lines)-1] += "\n"
				rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
				write(t, folder, map[string]string{name: strings.Join(lines, "")})
			}
			return round < 3
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", p.Name, diff)
		}
	}
}

// TestWhatGrewIsRead counts the bytes that a second look reads.
func TestWhatGrewIsRead(t *testing.T) {
	t.Parallel()
	p := agentlog.ClaudeCode()
	all := files(t, &p)
	folder, l := t.TempDir(), newLedger(t)
	h := harvest.Harvest{Program: p, Folders: []string{folder, folder, filepath.Join(folder, "none")}}
	name := filepath.Join("-home-ada-src-shop", "5c0e0000-0000-4000-8000-000000000002.jsonl")
	text := all[name]
	line := strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n") + 1
	l.inside(func(ctx context.Context, cl *client.Client) error {
		for round, c := range []struct {
			text                   string
			bytes                  int64
			grown, booked, changed int
		}{
			{text[:line+20], int64(line + 20), 1, 2, 0},
			{text[:line+20], 20, 1, 0, 0}, // a torn line is looked at again by another process
			{text, int64(len(text) - line), 1, 1, 0},
			{text, 0, 0, 0, 0},
			{text[:line], int64(line), 1, 0, 0},                // cut
			{strings.ToUpper(text), int64(len(text)), 1, 0, 0}, // written anew, and no log any more
			{text, int64(len(text)), 1, 0, 0},
		} {
			write(t, folder, map[string]string{name: c.text})
			h := harvest.Harvest{Program: p, Folders: h.Folders}
			r, err := h.Run(ctx, cl)
			if err != nil {
				return err
			}
			if r.Bytes != c.bytes || r.Grown != c.grown || r.Booked != int64(c.booked) || r.Corrections != int64(c.changed) || r.Files != 1 {
				t.Errorf("round %d: %+v, want %+v", round, r, c)
			}
		}
		return nil
	})
}

// TestAnInterruptedHarvestGoesOn ends each harvest after a file more, and the last one
// comes to what one harvest comes to.
func TestAnInterruptedHarvestGoesOn(t *testing.T) {
	t.Parallel()
	p := agentlog.ClaudeCode()
	all, folder := files(t, &p), t.TempDir()
	write(t, folder, all)
	want, _ := newLedger(t).rounds(p, folder, func(round int) bool { return round == 0 })
	var got string
	newLedger(t).inside(func(ctx context.Context, cl *client.Client) (err error) {
		for stop := 1; stop <= len(all); stop++ {
			ended, end := context.WithCancel(ctx)
			h := harvest.Harvest{Program: p, Folders: []string{folder}, Progress: func(read, total int64) {
				if read > total*int64(stop)/int64(len(all)+1) {
					end()
				}
			}}
			if _, err := h.Run(ended, cl); !errors.Is(err, context.Canceled) {
				t.Errorf("after %d files: %v", stop, err)
			}
			if !h.Changed() {
				t.Error("what may not have been booked is not looked at again")
			}
		}
		h := harvest.Harvest{Program: p, Folders: []string{folder}}
		if _, err := h.Run(ctx, cl); err != nil {
			return err
		}
		if h.Changed() {
			t.Error("what was read has changed")
		}
		got, err = bookOf(ctx, cl)
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestAFolderByTwoNamesIsReadOnce names a folder twice, once by a link.
func TestAFolderByTwoNamesIsReadOnce(t *testing.T) {
	t.Parallel()
	p := agentlog.Codex()
	all, dir := files(t, &p), t.TempDir()
	folder, link := filepath.Join(dir, "logs"), filepath.Join(dir, "link")
	write(t, folder, all)
	if err := os.Symlink(folder, link); err != nil {
		t.Fatal(err)
	}
	newLedger(t).inside(func(ctx context.Context, cl *client.Client) error {
		h := harvest.Harvest{Program: p, Folders: []string{link, folder, filepath.Join(dir, "none")}}
		r, err := h.Run(ctx, cl)
		if r.Files != len(all) {
			t.Errorf("%d files, want %d", r.Files, len(all))
		}
		return err
	})
	for folders, kind := range map[string]spend.Kind{filepath.Join(dir, "none"): spend.KindNotFound, filepath.Join(folder, "archived_sessions"): ""} {
		h := harvest.Harvest{Program: p, Folders: []string{folders}}
		if err := h.Look(); spend.KindOf(err) != kind && !(err == nil && kind == "") {
			t.Errorf("%s: %v", folders, err)
		}
	}
}
