//go:build peers

package harvest_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect/agentlog"
)

// count is what ccusage tells of a day, a session or a model.
type count struct{ Input, CacheRead, CacheWrite, Output int64 }

func (c count) plus(d count) count {
	return count{c.Input + d.Input, c.CacheRead + d.CacheRead, c.CacheWrite + d.CacheWrite, c.Output + d.Output}
}

// difference is one that is meant: what Bursar counts more than ccusage, and why.
type difference struct {
	key  string
	more count
	why  string
}

// peerCases are the made-up folders, the same for both.
func peerCases() []struct {
	program           agentlog.Program
	command, home     string // of ccusage; the variable that names the program's home
	below             string // folder of the logs in it
	daily, bySessions []difference
} {
	const s1 = "5c0e0000-0000-4000-8000-000000000001"
	incomplete := count{Input: 20 + 21 + 22, Output: 30 + 31 + 32}
	const why = "a line without request, without ids, and one with null caches are calls that were paid for; ccusage drops them"
	return []struct {
		program           agentlog.Program
		command, home     string
		below             string
		daily, bySessions []difference
	}{
		{
			agentlog.ClaudeCode(), "claude", "CLAUDE_CONFIG_DIR", "projects",
			[]difference{{"2026-11-02 claude-opus-4-6", incomplete, why}},
			[]difference{
				{s1 + " claude-opus-4-6", incomplete, why},
				{s1 + " claude-opus-4-6", count{-4, -52000, -1800, -655}, "an answer that a sub-agent's file repeats is one call; ccusage counts it twice in its sessions, once in its days"},
			},
		},
		{
			agentlog.Codex(), "codex", "CODEX_HOME", "", nil,
			[]difference{{"01a207a2-3280-7000-8000-000000000001 gpt-5-codex", count{-10000, -40000, 0, -1000},
				"an archived copy beside the active file is one thread; ccusage counts it twice in its sessions, once in its days"}},
		},
	}
}

// TestPeer sets tokens by day and model, and by session and model, against ccusage's.
func TestPeer(t *testing.T) {
	t.Parallel()
	for _, c := range peerCases() {
		t.Run(c.command, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			write(t, filepath.Join(home, c.below), files(t, &c.program))
			l := newLedger(t)
			l.rounds(c.program, filepath.Join(home, c.below), func(round int) bool { return round == 0 })
			for report, meant := range map[string][]difference{"daily": c.daily, "session": c.bySessions} {
				want := ccusage(t, c.home+"="+home, c.command, report)
				for _, d := range meant {
					want[d.key] = want[d.key].plus(d.more)
					t.Logf("%s %s: %+v, since %s", c.command, d.key, d.more, d.why)
				}
				if diff := cmp.Diff(want, ours(l, report)); diff != "" {
					t.Errorf("%s (-ccusage and what is meant to differ, +ours)\n%s", report, diff)
				}
			}
		})
	}
}

// ours asks the ledger what ccusage tells.
func ours(l *ledger, report string) map[string]count {
	l.Helper()
	query := url.Values{"by": {"served_model,requested_model"}, "format": {"csv"}, "zone": {"UTC"},
		"measures": {"in_text,cache_read,cache_write_5m,cache_write_1h,out_text,out_reasoning"}}
	if report == "daily" {
		query.Set("grain", "day")
	} else {
		query.Set("by", "run,served_model,requested_model")
	}
	var out strings.Builder
	l.inside(func(ctx context.Context, cl *client.Client) error { return cl.Raw(ctx, "/api/v1/spend", query, &out) })
	rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		l.Fatal(err)
	}
	found := map[string]count{}
	for _, row := range rows[1:] {
		if row[0] == "TOTAL" {
			continue
		}
		if report == "session" {
			row = row[1:] // the day
		}
		key := strings.TrimSuffix(row[0], "T00:00:00Z") + " " + modelOf(row[1]+row[2])
		n := func(i int) int64 { v, _ := strconv.ParseInt(row[3+i], 10, 64); return v }
		found[key] = found[key].plus(count{n(0), n(1), n(2) + n(3), n(4) + n(5)})
	}
	return found
}

// modelOf leaves out what is no name of a model: a date, and the tier that ccusage
// writes behind it.
func modelOf(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, "-20251001"), "-fast")
}

// told is ccusage's JSON, as far as both commands have it.
type told struct {
	Daily, Sessions []struct {
		Date, SessionID, SessionFile string
		ModelBreakdowns              []tokens
		Models                       map[string]tokens
	}
}

type tokens struct {
	ModelName                                                       string
	InputTokens, OutputTokens, CacheCreationTokens, CacheReadTokens int64
}

// ccusage runs the peer that make peers has installed.
func ccusage(t *testing.T, home, command, report string) map[string]count {
	t.Helper()
	cmd := exec.Command(filepath.Join("..", "bin", "peers", "node_modules", ".bin", "ccusage"), command, report, "--json", "--offline", "--timezone", "UTC")
	cmd.Env = append(os.Environ(), home)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: run it by make peers", err)
	}
	var all told
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	found := map[string]count{}
	for _, e := range append(all.Daily, all.Sessions...) {
		key := e.Date
		if key == "" {
			key = sessionOf(e.SessionID)
		}
		for name, m := range e.Models {
			m.ModelName = name
			e.ModelBreakdowns = append(e.ModelBreakdowns, m)
		}
		for _, m := range e.ModelBreakdowns {
			key := fmt.Sprintf("%s %s", key, modelOf(m.ModelName))
			found[key] = found[key].plus(count{m.InputTokens, m.CacheReadTokens, m.CacheCreationTokens, m.OutputTokens})
		}
	}
	return found
}

// sessionOf is the id at the end of a rollout's path.
func sessionOf(id string) string {
	return id[max(0, len(id)-len("01a207a2-3280-7000-8000-000000000001")):]
}
