package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
)

// ledger is a server as its administrator asks it.
type ledger struct {
	*server
	token    string // of the administrator
	upstream string // address
	known    string // how the upstream knows the server
	prefixes []string
}

// holders are whose the keys are.
func holders() [][3]string {
	return [][3]string{{"retail", "claims", "letters"}, {"retail", "claims", "portal"}, {"retail", "sales", "quotes"}, {"trade", "desk", "search"}}
}

// fiveMatching match every call: of the organisation, a team, an application, a workflow
// and a key.
const fiveMatching = `kind: budget
budgets:
  - {id: year, amount: 1000000, currency: USD, period: year, alerts: [], at_limit: stop, override: {reason: load, until: 2099-12-31}}
  - {id: team, each: team, amount: 100000, currency: USD, period: month, alerts: [], at_limit: stop, override: {reason: load, until: 2099-12-31}}
  - {id: application, each: application, amount: 100000, currency: USD, period: month, alerts: [], at_limit: stop, override: {reason: load, until: 2099-12-31}}
  - {id: workflow, each: workflow, amount: 100000, currency: USD, period: day, alerts: [], at_limit: stop, override: {reason: load, until: 2099-12-31}}
  - {id: key, each: credential, amount: 100000, currency: USD, period: week, alerts: [], at_limit: stop}
`

// startGateway starts a server in a folder, with a key for each holder.
func startGateway(b *testing.B, name, folder, upstream string) *way {
	b.Helper()
	data, file := configure(b, folder, upstream, "")
	s := startServerWith(b, io.Discard, "serve", "--config", file)
	token, err := os.ReadFile(filepath.Join(data, "admin-token"))
	if err != nil {
		b.Fatal(err)
	}
	w := newWay(name, s.url+"/openai/v1/chat/completions", s.cmd.Process.Pid)
	w.keys, w.ledger = nil, &ledger{server: s, token: strings.TrimSpace(string(token)), upstream: upstream, known: filepath.Base(folder)}
	for _, h := range holders() {
		key := command(b, "key", "create", "--name", "load", "--business-unit", h[0], "--team", h[1], "--application", h[2], "--data", data)
		w.keys = append(w.keys, key)
		_, random, _ := strings.Cut(strings.TrimPrefix(key, "bursar_"), "_")
		w.ledger.prefixes = append(w.ledger.prefixes, random[:8])
	}
	return w
}

// limit applies five budgets to a gateway.
func (l *ledger) limit(b *testing.B, folder string) {
	b.Helper()
	file := filepath.Join(folder, "budgets.yaml")
	if err := os.WriteFile(file, []byte(fiveMatching), 0o600); err != nil {
		b.Fatal(err)
	}
	command(b, "apply", "-f", file, "--yes", "--data", filepath.Join(folder, "data"))
}

func command(b *testing.B, args ...string) string {
	b.Helper()
	out, err := bursar(args...).Output()
	if err != nil {
		b.Fatalf("%v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (l *ledger) ask(b *testing.B, path string) string {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, l.url+path, http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+l.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s: %v %s\n%s", path, err, answer.Status, text)
	}
	return string(text)
}

// figure reads one of the server's own counters.
func (l *ledger) figure(b *testing.B, name string) int64 {
	b.Helper()
	_, rest, _ := strings.Cut(l.ask(b, "/metrics"), "\n"+name+" ")
	line, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.ParseFloat(line, 64)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return int64(n)
}

// slowSyncs are the syncs of the journal that took over 40 ms.
func (l *ledger) slowSyncs(b *testing.B) int64 {
	b.Helper()
	const syncs = "bursar_journal_sync_seconds"
	return l.figure(b, syncs+"_count") - l.figure(b, syncs+`_bucket{le="0.04"}`)
}

// rest waits until everything is booked.
func (l *ledger) rest(b *testing.B) {
	b.Helper()
	look := time.NewTicker(300 * time.Millisecond)
	defer look.Stop()
	for l.figure(b, "bursar_ingest_waiting") > 0 {
		<-look.C
	}
}

// levels are the dimensions by which lines and money are compared, with the member of
// each that a caller's calls belong to.
func (l *ledger) levels() map[string]func(key int, workflow string) string {
	held := func(i int) func(int, string) string {
		return func(key int, _ string) string { return holders()[key][i] }
	}
	return map[string]func(int, string) string{
		"business_unit": held(0), "team": held(1), "application": held(2),
		"workflow":   func(_ int, workflow string) string { return workflow },
		"credential": func(key int, _ string) string { return l.prefixes[key] },
	}
}

// recount compares the ledger with what the upstream answered: the number of lines and
// the money to the last digit, of the whole and of every member of every level.
func (l *ledger) recount(b *testing.B) (lines, exact bool) {
	b.Helper()
	answer, err := http.Get(l.upstream)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var seen map[string]map[string]tally
	if err := json.NewDecoder(answer.Body).Decode(&seen); err != nil {
		b.Fatal(err)
	}
	lines, exact = true, true
	for level, member := range l.levels() {
		want := map[string]tally{}
		for caller, t := range seen[l.known] {
			key, workflow, _ := strings.Cut(caller, "/")
			name := member(int(key[0]-'0'), workflow)
			want[name], want[whole] = want[name].plus(t), want[whole].plus(t)
		}
		got := l.by(b, level)
		for name, t := range want {
			lines = lines && got[name].calls == t.Calls
			exact = exact && got[name].cost == costOf(b, t)
		}
		if lines = lines && len(got) == len(want); !lines || !exact {
			b.Errorf("by %s the ledger says %v, the upstream %v", level, got, want)
			return lines, exact
		}
	}
	return lines, exact
}

// whole names the sum over all members.
const whole = "TOTAL"

type booking struct {
	calls int64
	cost  money.Amount
}

// by asks for lines and money by one dimension.
func (l *ledger) by(b *testing.B, level string) map[string]booking {
	b.Helper()
	rows, err := csv.NewReader(strings.NewReader(l.ask(b, "/api/v1/spend?measures=calls,cost&format=csv&by="+level))).ReadAll()
	if err != nil || len(rows) < 2 {
		b.Fatal(rows, err)
	}
	got := map[string]booking{}
	for _, row := range rows[1:] {
		var one booking
		member := row[0] // TOTAL of the last row
		for i, name := range rows[0] {
			switch name {
			case level:
				member = cmp.Or(row[i], member)
			case "calls":
				one.calls, _ = strconv.ParseInt(row[i], 10, 64)
			case "cost":
				one.cost, _ = money.Parse(row[i])
			}
		}
		got[member] = one
	}
	return got
}

// costOf is the money of a tally by the list prices of gpt-5, in dollars for a million
// tokens.
func costOf(b *testing.B, t tally) money.Amount {
	b.Helper()
	prompt, err := money.Must("0.00000125").MulInt(t.Prompt)
	completion, errCompletion := money.Must("0.00001").MulInt(t.Completion)
	sum, errSum := prompt.Add(completion)
	if err != nil || errCompletion != nil || errSum != nil {
		b.Fatal(errors.Join(err, errCompletion, errSum))
	}
	return sum
}
