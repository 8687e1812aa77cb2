package agentlog_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/spend"
)

// marker stands in every field of the made-up logs that holds text of people or models.
const marker = "tell-nobody-7f3a"

// logs reads the made-up logs of a program below testdata, by their relative path.
func logs(t *testing.T, p *agentlog.Program, folder string) map[string]string {
	t.Helper()
	files, root := map[string]string{}, os.DirFS(path.Join("testdata", folder))
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !p.Takes(name) {
			return err
		}
		text, err := fs.ReadFile(root, name)
		files[name] = string(text)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", folder, len(files), err)
	}
	return files
}

func readFiles(t *testing.T, p *agentlog.Program, files map[string]string) (recs []connect.Record) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		recs = append(recs, drain(t, agentlog.Open(strings.NewReader(files[name]), p, agentlog.Options{Path: name}))...)
	}
	return recs
}

// book writes calls down, one a line, in the order of their keys.
func book(calls map[string]spend.Event) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(calls)) {
		e := calls[key]
		fmt.Fprintf(&b, "%s %s %s/%s %s calls=%d", key, e.UsedAt.Format("15:04:05.000"), e.Seller, e.Model(), e.Scope.Run, e.Calls())
		e.Usage.Each(func(m spend.Meter, q spend.Quantity) { fmt.Fprintf(&b, " %s=%s", m, q) })
		if e.Flags != 0 {
			fmt.Fprintf(&b, " %s", e.Flags)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

type program struct {
	agentlog.Program
	folder string
	booked string // what the made-up logs come to
}

func programs() []program {
	const thread, helper, fork = "01a207a2-3280-7000-8000-000000000001", "01a207ab-5a40-7000-8000-000000000002", "01a207d9-2100-7000-8000-000000000003"
	const session, resumed, branched, other = "5c0e0000-0000-4000-8000-000000000001", "5c0e0000-0000-4000-8000-000000000002",
		"5c0e0000-0000-4000-8000-000000000003", "77aa0000-0000-4000-8000-000000000004"
	return []program{
		{agentlog.ClaudeCode(), "claude", strings.Join([]string{
			"line/00000007-0000-4000-8000-000000000000 09:08:00.100 anthropic/claude-opus-4-6 " + session + " calls=1 in_text=21 out_text=31",
			"msg_01A 09:00:09.100 anthropic/claude-opus-4-6 " + session + " calls=1 in_text=4 cache_read=52000 cache_write_1h=1800 out_text=655",
			"msg_01B 09:05:00.100 anthropic/claude-opus-4-6 " + session + " calls=1 in_text=10 cache_read=54000 cache_write_5m=300 cache_write_1h=700 out_text=1200 web_search=2",
			"msg_01C 09:09:00.100 anthropic/claude-opus-4-6 " + session + " calls=1 in_text=22 out_text=32",
			"msg_01D 10:00:00.100 anthropic/claude-opus-4-6 " + session + " calls=1 in_text=5 cache_read=60000 out_text=70",
			"msg_01E 10:10:00.100 anthropic/claude-sonnet-4-6 " + resumed + " calls=1 in_text=6 cache_read=61000 cache_write_1h=400 out_text=500",
			"msg_01F 10:20:00.100 anthropic/claude-opus-4-6 " + branched + " calls=1 in_text=7 cache_read=62000 cache_write_5m=250 out_text=300",
			"msg_01G 10:30:00.100 anthropic/claude-opus-4-6 " + other + " calls=1 in_text=8 cache_read=1000 out_text=90",
			"msg_01H 10:40:00.100 anthropic/claude-haiku-4-5-20251001 " + other + " calls=1 in_text=9 cache_read=2000 out_text=95",
			"msg_01H/advisor/0 10:40:00.100 anthropic/claude-opus-4-6 " + other + " calls=1 in_text=400 out_text=50",
			"msg_01N 09:07:00.100 anthropic/claude-opus-4-6 " + session + " calls=1 in_text=20 out_text=30",
			"msg_01S 09:04:00.100 anthropic/claude-haiku-4-5-20251001 " + session + " calls=1 in_text=900 cache_read=8000 out_text=77", "",
		}, "\n")},
		{agentlog.Codex(), "codex", strings.Join([]string{
			thread + "/0/12000-9000-0-300-120 09:00:20.000 openai/gpt-5-codex " + thread + " calls=1 in_text=3000 cache_read=9000 out_text=180 out_reasoning=120 notional",
			thread + "/0/30000-21000-0-900-400 09:00:40.000 openai/gpt-5-codex " + thread + " calls=1 in_text=6000 cache_read=12000 out_text=320 out_reasoning=280 notional",
			thread + "/0/50000-40000-0-1000-400 09:05:30.000 openai/gpt-5-codex " + thread + " calls=1 in_text=1000 cache_read=19000 out_text=100 notional",
			helper + "/0/51000-40500-0-1050-400 09:10:00.900 openai/gpt-5-codex-mini " + helper + " calls=1 in_text=500 cache_read=500 out_text=50 notional",
			helper + "/0/53000-41500-0-1090-420 09:10:09.000 openai/gpt-5-codex-mini " + helper + " calls=1 in_text=1000 cache_read=1000 out_text=20 out_reasoning=20 notional",
			fork + "/0/57000-45000-0-1100-450 10:00:30.000 openai/gpt-5-codex " + fork + " calls=1 in_text=2000 cache_read=5000 out_text=50 out_reasoning=50", "",
		}, "\n")},
		{agentlog.Gemini(), "gemini", strings.Join([]string{
			"a0e1/m1 09:00:10.000 google/gemini-2.5-pro a0e1 calls=1 in_text=100 cache_read=900 out_text=40 out_reasoning=60",
			"a0e1/m2 09:01:00.000 google/gemini-2.5-pro a0e1 calls=1 in_text=500 in_tool=30 cache_read=1500 out_text=80 out_reasoning=20",
			"a0e1/m4 09:03:00.000 google/gemini-2.5-pro a0e1 calls=1 in_text=300 cache_read=1500 out_text=10",
			"c3d4/h1 11:00:05.000 google/gemini-2.5-flash c3d4 calls=1 in_text=500 out_text=20 out_reasoning=5", "",
		}, "\n")},
		{agentlog.Copilot(), "copilot", strings.Join([]string{
			"response/msg_1 09:00:10.500 github-copilot/claude-sonnet-4.6 conv-1 calls=1 in_text=1 cache_read=35067 cache_write_other=857 out_text=370 notional",
			"response/msg_2 09:00:15.500 github-copilot/claude-sonnet-4.6 conv-1 calls=1 in_text=75 cache_read=35925 cache_write_other=500 out_text=60 out_reasoning=40 notional",
			"span/tr2/sp9 09:01:40.500 github-copilot/claude-sonnet-4.6 conv-1 calls=1 in_text=113 out_text=11 notional",
			"span/tr3/sp10 09:03:20.500 openai/gpt-5 conv-2 calls=1 in_text=100 cache_read=900 out_text=10", "",
		}, "\n")},
	}
}

func TestWhatMadeUpLogsComeTo(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(p.booked, book(merged(t, readFiles(t, &p.Program, logs(t, &p.Program, p.folder))))); diff != "" {
				t.Errorf("calls (-want +got)\n%s", diff)
			}
		})
	}
}

// TestLogsThatGrowComeToTheSame reads every file up to some byte and then as a whole,
// as an import does that looks again later.
func TestLogsThatGrowComeToTheSame(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			files := logs(t, &p.Program, p.folder)
			whole := readFiles(t, &p.Program, files)
			for name, text := range files {
				for cut := 0; cut < len(text); cut += 1 + len(text)/60 {
					recs := drain(t, agentlog.Open(strings.NewReader(text[:cut]), &p.Program, agentlog.Options{Path: name}))
					if diff := cmp.Diff(p.booked, book(merged(t, append(recs, whole...)))); diff != "" {
						t.Fatalf("%s cut at %d (-want +got)\n%s", name, cut, diff)
					}
				}
			}
		})
	}
}

func TestAFileOfItsOwnFolderIsTaken(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		for name := range logs(t, &p.Program, p.folder) {
			if !p.Takes(name) || p.Takes("config.toml") || p.Takes("auth.json") {
				t.Errorf("%s takes %s: %v", p.Name, name, p.Takes(name))
			}
		}
	}
}

// TestNothingButNamesAndCountsComesOut looks for the marker in every field, also of
// lines that cannot be read.
func TestNothingButNamesAndCountsComesOut(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		for name, text := range logs(t, &p.Program, p.folder) {
			if !strings.Contains(text, marker) {
				t.Errorf("%s: %s has no marker to look for", p.Name, name)
			}
			for _, broken := range []string{
				text, strings.ReplaceAll(text, `"timestamp":"2026`, `"timestamp":"`+marker), strings.ReplaceAll(text, `_tokens":`, `_tokens":"`+marker+`","x":`),
				strings.ReplaceAll(text, `"input":`, `"input":"`+marker+`","x":`), strings.ReplaceAll(text, `input_tokens":`, `input_tokens":"`+marker+`","x":`),
				strings.ReplaceAll(text, "}}\n", "}} "+marker+"\n"),
			} {
				for _, rec := range drain(t, agentlog.Open(strings.NewReader(broken), &p.Program, agentlog.Options{Path: name})) {
					if told := fmt.Sprintf("%+v", rec); strings.Contains(told, marker) || strings.Contains(told, "/home") || strings.Contains(told, "ada:") {
						t.Fatalf("%s: %s", p.Name, told)
					}
				}
			}
		}
	}
}

func TestBrokenCountsAreTold(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		for name, text := range logs(t, &p.Program, p.folder) {
			for old, broken := range map[string]string{`tokens":`: `tokens":-`, `"input":`: `"input":1.5`, `"output":`: `"output":"x`} {
				text := bytes.ReplaceAll([]byte(text), []byte(old), []byte(broken))
				for _, rec := range drain(t, agentlog.Open(bytes.NewReader(text), &p.Program, agentlog.Options{Path: name})) {
					if len(rec.Problems) > 0 && rec.Event.SourceKey != "" && !rec.Event.Usage.IsZero() {
						t.Errorf("%s: usage beside problems: %+v", p.Name, rec)
					}
				}
			}
		}
	}
}
