package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/lake"
)

const (
	canary  = "tell-nobody-7f3a" // text of a call, wherever text of a call can stand
	control = "workflow-of-9c41" // a label, which is kept: the search would find the canary
	lookup  = "ada.byron@example.org"
)

// canaryMapping reads the columns that a ledger wants, next to content.
const canaryMapping = `mapping: bursar/1
name: %s
format: %[1]s
rank: gateway
key: [id]
time: {field: at, format: rfc3339}
fields:
  seller: {value: openai}
  requested_model: {value: gpt-5}
  workflow: workflow
  principal: user
  status: {field: status, default: ok}
usage:
  convention: inclusive
  input: input_tokens
`

// canaryFiles are content in every field of every format that can hold some, in
// records that are booked and in records that are rejected.
func canaryFiles() map[string]string {
	jsonl := `{"id":"%s","at":"%s","workflow":"` + control + `","user":"` + lookup + `","status":"%s","input_tokens":%s,` +
		`"prompt":"` + canary + `","completion":"` + canary + `","messages":[{"role":"user","content":"` + canary + `"}],` +
		`"tool_calls":[{"function":{"name":"x","arguments":"{\"q\":\"` + canary + `\"}"}}],"error":{"message":"` + canary + `"},"cwd":"/` + canary + `"}` + "\n"
	return map[string]string{
		"calls.csv": "id,at,workflow,user,status,input_tokens,prompt,completion\n" +
			"1,2026-03-01T10:00:00Z," + control + "," + lookup + ",ok,1000," + canary + ",\"two\nlines of " + canary + "\"\n" +
			"2," + canary + "," + control + "," + lookup + ",ok,1000,,\n" +
			"3,2026-03-01T10:00:00Z," + control + "," + lookup + "," + canary + "," + canary + ",,\n" +
			"4,2026-03-01T10:00:00Z," + control + "," + lookup + ",ok\n" + canary + "," + canary + "\n\"" + canary,
		"calls.jsonl": fmt.Sprintf(jsonl, "j1", "2026-03-01T10:00:00Z", "ok", "1000") +
			fmt.Sprintf(jsonl, "j2", canary, canary, `"`+canary+`"`) + "{\"prompt\":\"" + canary + "\n" + canary + "\n",
		"events.json": canaryEvents("file"),
		"outcomes.json": canaryOutcome("1", `"note":"`+canary+`",`, "") + canaryOutcome("2", "", `,"note":"`+canary+`"`) +
			canaryOutcome("3", `"source":"tickets",`, `,"value":"`+canary+`","level":"`+canary+`"`),
		"openai-usage.csv": "start_time,end_time,num_model_requests,model,user_email,input_tokens,output_tokens,prompt\n" +
			"1772323200,1772409600,1," + control + "," + lookup + ",10,1," + canary + "\n1772323200,1772409600," + canary + ",m,," + canary + ",1,\n",
		"openai-cost.csv": "start_time,end_time,amount_value,amount_currency,line_item,prompt\n" +
			"1772323200,1772409600,1,usd," + control + "," + canary + "\n" + canary + "," + canary + "," + canary + ",usd,,\n",
		"anthropic-usage.csv": "usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_output_tokens,prompt\n" +
			"2026-03-01," + control + "," + lookup + ",10,1," + canary + "\n" + canary + ",m,k," + canary + "," + canary + ",\n",
		"anthropic-cost.csv": "usage_date_utc,model,token_type,cost_usd,prompt\n2026-03-01,m,output," + canary + "\n2026-03-01," + control + ",output,1," + canary + "\n",
		"copilot.csv": "date,username,sku,model,quantity,unit_type,gross_amount,discount_amount,net_amount,prompt\n" +
			"2026-03-01," + lookup + ",s," + control + ",100,ai-credits,1,0.5,0.5," + canary + "\n2026-03-01,,s,m," + canary + "," + canary + "," + canary + ",,,\n",
		"cursor.csv": "Date,User,Kind,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost,Prompt\n" +
			"2026-03-01T10:00:00Z," + lookup + ",Usage-based," + control + ",0,10,0,1,11,1.5," + canary + "\n" +
			canary + "," + lookup + ",Usage-based,m," + canary + ",0,0,0,0," + canary + ",\n",
		"outcomes.csv": "id,run,state,at,remediation_minutes,comment\nt1,r1,verified,2026-03-01T11:00:00Z,1," + canary + "\n" +
			"t2,r2," + canary + "," + canary + "," + canary + "," + canary + "\n",
	}
}

func canaryOutcome(id, more, data string) string {
	return `{"specversion":"1.0","type":"com.bursarhq.outcome.v1","source":"tickets","id":"` + id + `","subject":"o` + id + `","time":"2026-03-01T11:00:00Z",` + more +
		`"data":{"definition":"support.resolution","workflow":"` + control + `","state":"verified","runs":["r1"]` + data + `}}` + "\n"
}

func canaryEvents(source string) string {
	event := func(id, more, data string) string {
		return `{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"` + source + `","id":"` + id + `","time":"2026-03-01T10:00:00Z",` + more +
			`"data":{"seller":"openai","requested_model":"gpt-5","scope":{"workflow":"` + control + `"}` + data + `}}`
	}
	return "[" + strings.Join([]string{
		event("1", `"prompt":"`+canary+`","messages":[{"content":"`+canary+`"}],`, `,"usage":{"input_tokens":1000,"output_tokens":1}`),
		event("2", "", `,"prompt":"`+canary+`","completion":"`+canary+`","usage":{"input_tokens":1000}`),
		event("3", "", `,"status":"`+canary+`","usage_source":"`+canary+`","rank":"`+canary+`","usage":{"input_tokens":"`+canary+`"}`),
		event("4", "", `,"reported":"`+canary+`","reported_currency":"`+canary+`","started_at":"`+canary+`","call_count":"`+canary+`"`),
		event("5", "", `,"raw_usage":{"flavour":"`+canary+`","usage":{"prompt":"`+canary+`"}}`),
		event("6", "", `,"raw_usage":{"flavour":"openai","usage":{"prompt_tokens":"`+canary+`","text":"`+canary+`"}}`),
		event("7", "", `,"usage":{"convention":"`+canary+`","input_tokens":1}`),
		event("8", `"data_base64":"`+canary+`",`, ""),
		event("9", "", `,"usage_source":"`+canary+`","usage":{"input_tokens":1000}`),
		`"` + canary + `"`, `{"specversion":"` + canary + `","type":"` + canary + `","time":"` + canary + `","data":"` + canary + `"}`,
	}, ",") + "]"
}

// TestCanary plants content in every format, over files and over the network, and
// looks for it in every byte that is left: data folder, logs, exports, a backup.
func TestCanary(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	data := filepath.Join(out, "data")
	for _, d := range []string{in, out} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	log := record(t, out, "log")
	importCanaries(t, in, data, log)
	harvestCanaries(t, in, data, log)
	postCanaries(t, data, log)
	for name, args := range map[string][]string{
		"spend.csv": {"spend", "--by", "workflow,status,usage_source,requested_model", "--output", "csv"}, "quarantine.json": {"quarantine", "list", "--output", "json"},
		"export": {"export", "lines", filepath.Join(out, "all.parquet")}, "applied": {"export", "applied", filepath.Join(out, "policies")}, "outcomes.csv": {"spend", "--outcome", "--output", "csv"},
	} {
		cmd := bursar(append(args, "--data", data)...)
		cmd.Stdout, cmd.Stderr = record(t, out, name), log
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	showRejectedCanaries(t, out, data)
	backUp(t, data, filepath.Join(out, "backups"), log)
	dump(t, data, record(t, out, "rows"))
	if _, err := os.Stat(filepath.Join(out, "all.parquet")); err != nil {
		t.Error(err)
	}
	if in := holding(t, out, canary); len(in) > 0 {
		t.Errorf("text of a call is in %q", in)
	}
	if in := holding(t, out, "home/ada"); len(in) > 0 {
		t.Errorf("a path of a coding agent's log is in %q", in)
	}
	if in := holding(t, out, lookup); !slices.Equal(in, []string{"state.db", "state.db"}) {
		t.Errorf("what sources call a person is in %q, want the state and its backup alone", in)
	}
	if printed, err := os.ReadFile(log.Name()); err != nil || strings.Count(string(printed), "1 events booked") != 2 {
		t.Errorf("want two files of outcomes with a booked one: %s", printed)
	}
	for _, kind := range []string{"openai usage", "openai cost", "anthropic usage", "anthropic cost", "copilot usage", "cursor usage"} {
		if printed, err := os.ReadFile(log.Name()); err != nil || !strings.Contains(string(printed), kind+": 2026-03-01") {
			t.Errorf("no line of %s was booked: %v", kind, err)
		}
	}
	if rows, err := os.ReadFile(filepath.Join(out, "rows")); err != nil || !harvested(string(rows)) {
		t.Errorf("the search does not see what every coding agent's logs came to: %v", err)
	}
	seen := strings.Join(holding(t, out, control), " ") + " "
	for _, file := range []string{"rows ", "spend.csv ", "shown ", "lake.duckdb ", ".seg "} {
		if !strings.Contains(seen, file) {
			t.Errorf("the search does not find the control in %s, only in %s", file, seen)
		}
	}
}

// harvested says that calls and rejected lines of every coding agent are in a dump.
func harvested(rows string) bool {
	for _, table := range []string{"charges", "quarantine"} {
		for _, program := range []string{"claude-code", "codex", "gemini-cli", "copilot-cli"} {
			if !strings.Contains(rows, table+" "+program+"\n") {
				return false
			}
		}
	}
	return true
}

// backUp makes a backup of a folder that no server has open.
func backUp(t *testing.T, data, shelf string, log io.Writer) {
	t.Helper()
	cmd := bursar("backup", shelf, "--data", data)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		t.Fatalf("back up: %v", err)
	}
}

// showRejectedCanaries shows and retries everything that the quarantine lists.
func showRejectedCanaries(t *testing.T, out, data string) {
	t.Helper()
	shown := record(t, out, "shown")
	list, err := os.ReadFile(filepath.Join(out, "quarantine.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rejected []api.RejectedRecord
	if err := json.Unmarshal(list, &rejected); err != nil {
		t.Fatal(err)
	}
	server := startLogged(t, data, shown)
	admin, err := os.ReadFile(filepath.Join(data, "admin-token"))
	if err != nil {
		t.Fatal(err)
	}
	good, kinds := []string{"Authorization", "Bearer " + strings.TrimSpace(string(admin))}, map[lake.RecordKind]int{}
	for _, r := range rejected {
		kinds[r.Kind]++
		if status := server.sendTo(t, request{"GET", "/api/v1/quarantine/" + r.Digest, "", good}, shown); status != http.StatusOK {
			t.Errorf("%s is not shown: %d", r.Digest, status)
		}
		server.sendTo(t, request{"POST", "/api/v1/quarantine/" + r.Digest + "/retry", "{}", good}, shown)
	}
	if kinds[lake.UsageRecord] == 0 || kinds[lake.OutcomeRecord] == 0 {
		t.Errorf("rejected are %v, want some of both", kinds)
	}
	server.kill(t)
}

// record makes a file in a folder that is searched.
func record(t *testing.T, folder, name string) *os.File {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// canaryHistory is what a product wrote down, with the canary in its fields of content
// already, and a broken record behind.
func canaryHistory(t *testing.T, product string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "connect", "history", "testdata", product+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	made := strings.NewReplacer("ada@example.org", lookup, "bob@example.org", lookup).Replace(string(text))
	if !strings.Contains(made, canary) || !strings.Contains(made, lookup) {
		t.Fatalf("the history of %s has no canary or no person", product)
	}
	return made + `{"request_id":"x","prompt":"` + canary + "\n" + canary + "\n"
}

// importCanaries imports every file. What is said to the person at the terminal
// is kept too, as a script's log would.
func importCanaries(t *testing.T, in, data string, log io.Writer) {
	t.Helper()
	files := canaryFiles()
	for _, format := range []string{"csv", "jsonl"} {
		files[format+".yaml"] = fmt.Sprintf(canaryMapping, format)
	}
	for _, product := range history.Names() {
		files[product+".jsonl"] = canaryHistory(t, product)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := func(name string) string { return filepath.Join(in, name) }
	for _, args := range [][]string{
		{"litellm", path("litellm.jsonl")}, {"langfuse", path("langfuse.jsonl")}, {"helicone", path("helicone.jsonl")}, {"openrouter", path("openrouter.jsonl")},
		{"csv", path("calls.csv"), "--map", path("csv.yaml")}, {"jsonl", path("calls.jsonl"), "--map", path("jsonl.yaml")}, {"events", path("events.json")},
		{"openai", path("openai-usage.csv"), path("openai-cost.csv")}, {"anthropic", path("anthropic-usage.csv"), path("anthropic-cost.csv")},
		{"copilot", path("copilot.csv")}, {"cursor", path("cursor.csv")},
		{"outcomes", path("outcomes.json"), "--format", "events"},
		{"outcomes", path("outcomes.csv"), "--definition", "support.resolution", "--workflow", control},
	} {
		cmd := bursar(append(append([]string{"import"}, args...), "--data", data)...)
		cmd.Stdout, cmd.Stderr = log, log
		_ = cmd.Run() // a file may be refused: it must not be repeated
	}
}

// harvestCanaries brings in the logs of every coding agent, whole and broken in several
// ways, from below a folder whose path must stay here too.
func harvestCanaries(t *testing.T, in, data string, log io.Writer) {
	t.Helper()
	for program, folder := range map[string]string{"claude-code": "claude", "codex": "codex", "gemini-cli": "gemini", "copilot-cli": "copilot"} {
		for i, damage := range []*strings.Replacer{
			strings.NewReplacer(), strings.NewReplacer(`input_tokens":`, `input_tokens":"`+canary+`","x":`, `"input":`, `"input":"`+canary+`","x":`),
			strings.NewReplacer(`"timestamp":"`, `"timestamp":"`+canary, `"endTime":`, `"endTime":"`+canary+`","x":`), strings.NewReplacer("}}\n", "}} "+canary+"\n"),
		} {
			home := filepath.Join(in, canary, strconv.Itoa(i), folder)
			if copied := copyLogs(t, filepath.Join("..", "..", "connect", "agentlog", "testdata", folder), home, damage); copied == 0 {
				t.Errorf("no log of %s holds the canary", program)
			}
			cmd := bursar("import", program, home, "--data", data)
			cmd.Stdout, cmd.Stderr = log, log
			if err := cmd.Run(); err != nil {
				t.Errorf("%s %d: %v", program, i, err)
			}
		}
	}
}

// copyLogs damages logs on the way, and counts those that hold the canary.
func copyLogs(t *testing.T, from, to string, damage *strings.Replacer) (holding int) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(from, path)
		if err != nil || d.IsDir() {
			return errors.Join(err, os.MkdirAll(filepath.Join(to, name), 0o700))
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(canary)) {
			holding++
		}
		return errors.Join(err, os.WriteFile(filepath.Join(to, name), []byte(damage.Replace(string(text))), 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
	return holding
}

// postCanaries sends content to a running server in every way that a request has,
// and kills it, so that its journal is left as it was.
func postCanaries(t *testing.T, data string, log *os.File) {
	t.Helper()
	server := startLogged(t, data, log)
	token, err := bursar("key", "create", "events", "--name", "till", "--application", "a", "--team", "t", "--business-unit", "u", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	desk, err := bursar("key", "create", "outcomes", "--name", "desk", "--application", "a", "--team", "t", "--business-unit", "u", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	good, telling := "Bearer "+strings.TrimSpace(string(token)), "Bearer "+strings.TrimSpace(string(desk))
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte(canaryEvents("zipped"))); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	events := "/api/v1/events"
	for _, q := range []request{
		{"POST", events, canaryEvents("posted"), []string{"Authorization", good}},
		{"POST", events, canaryEvents("repeated"), []string{"Authorization", good, "Idempotency-Key", "k"}},
		{"POST", events, zipped.String(), []string{"Authorization", good, "Content-Encoding", "gzip"}},
		{"POST", events, `{"prompt":"` + canary, []string{"Authorization", good}},
		{"POST", events, canaryEvents("x"), []string{"Authorization", "Bearer " + canary}},
		{"POST", events, canaryEvents("x"), []string{"Authorization", "Bearer bursar_events_" + canary, "X-" + canary, canary}},
		{"POST", events, canaryEvents("x"), []string{"Authorization", canary, "Cookie", "bursar_session=" + canary}},
		{"POST", events, canary, []string{"Authorization", good, "Content-Type", canary}},
		{"POST", events, canary, []string{"Authorization", good, "Content-Encoding", canary}},
		{"POST", "/api/v1/outcomes", canaryOutcome("4", `"note":"`+canary+`",`, ""), []string{"Authorization", telling}},
		{"POST", "/api/v1/outcomes", canaryOutcome("5", "", `,"note":"`+canary+`","level":"`+canary+`"`), []string{"Authorization", telling}},
		{"POST", "/api/v1/outcomes", canaryEvents("x"), []string{"Authorization", telling}},
		{"GET", "/api/v1/spend?by=" + canary + "&where=team=" + canary + "&" + canary + "=1", "", []string{"Authorization", good}},
		{"GET", "/" + canary + "?prompt=" + canary, "", []string{"Origin", "https://" + canary + ".example"}},
		{canary, "/healthz", "", nil},
	} {
		if status := server.send(t, q); status == 0 || status >= 500 {
			t.Errorf("%s %s answered %d", q.method, q.path, status)
		}
	}
	time.Sleep(300 * time.Millisecond) // for some of it to be booked, and some not
	server.kill(t)
}

func startLogged(t *testing.T, data string, log *os.File) *server {
	t.Helper()
	config := filepath.Join(t.TempDir(), "bursar.yaml")
	if err := os.WriteFile(config, []byte("listen: 127.0.0.1:0\ndata: "+data+"\nlog: {level: debug}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return startServerWith(t, log, "serve", "--config", config)
}

type request struct {
	method, path, body string
	header             []string
}

func (s *server) send(t *testing.T, q request) int {
	t.Helper()
	return s.sendTo(t, q, io.Discard)
}

// sendTo keeps the answer.
func (s *server) sendTo(t *testing.T, q request, answered io.Writer) int {
	t.Helper()
	r, err := http.NewRequest(q.method, s.url+q.path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(q.header); i += 2 {
		r.Header.Set(q.header[i], q.header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(answered, answer.Body)
	return answer.StatusCode
}

// dump writes every cell of every table of the lake, which may be compressed in
// its file.
func dump(t *testing.T, data string, to io.Writer) {
	t.Helper()
	a, err := app.Open(app.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var tables []string
	ask := func(text string, row func([]*string) error) {
		if err := a.Lake.Query(t.Context(), lake.Statement{Text: text}, row); err != nil {
			t.Fatal(err)
		}
	}
	ask("SELECT table_name FROM duckdb_tables()", func(cells []*string) error { tables = append(tables, *cells[0]); return nil })
	for _, table := range tables {
		ask("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM "+table, func(cells []*string) error {
			for _, c := range cells {
				if c != nil {
					fmt.Fprintln(to, table, *c)
				}
			}
			return nil
		})
	}
}

// holding lists the files below a folder that hold a text, whatever its case.
func holding(t *testing.T, folder, text string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(content), []byte(text)) {
			files = append(files, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestASecretIsInItsFileAlone makes tokens in both ways and looks for them.
func TestASecretIsInItsFileAlone(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	data := filepath.Join(out, "data")
	log := record(t, out, "log")
	server := startLogged(t, data, log)
	made, err := bursar("key", "create", "events", "--name", "till", "--application", "a", "--team", "t", "--business-unit", "u", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(data, "admin-token")
	admin, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	order := request{"POST", "/api/v1/tokens", `{"kind":"events","name":"x","scope":{"application":"a"}}`,
		[]string{"Authorization", "Bearer " + strings.TrimSpace(string(admin)), "Idempotency-Key", "once"}}
	for range 2 {
		if status := server.send(t, order); status != http.StatusCreated {
			t.Fatalf("answered %d", status)
		}
	}
	server.kill(t)
	backUp(t, data, filepath.Join(out, "backups"), log)
	if in := holding(t, out, secretOf(made)); len(in) > 0 {
		t.Errorf("a token is in %q", in)
	}
	if in := holding(t, out, secretOf(admin)); !slices.Equal(in, []string{"admin-token"}) {
		t.Errorf("the admin token is in %q", in)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v, want 0600", info.Mode(), err)
	}
}

// TestTheLedgerIsItsOwners looks at the files of a server that was killed, its logs
// among them, in a folder that others may enter.
func TestTheLedgerIsItsOwners(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	startLogged(t, data, record(t, t.TempDir(), "log")).kill(t)
	seen := map[string]bool{}
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == data {
			return err
		}
		seen[d.Name()] = true
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v (%v): others may read it", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil || !seen["lake.duckdb"] || !seen["lake.duckdb.wal"] {
		t.Errorf("%v, of %v", err, seen)
	}
}

// secretOf is the part of a token that is in no list.
func secretOf(token []byte) string {
	text := strings.TrimSpace(strings.ToLower(string(token)))
	return text[len(text)-16:]
}
