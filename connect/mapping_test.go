package connect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

func TestBuiltinsAreMappings(t *testing.T) {
	t.Parallel()
	want := []string{"azure-llm-trace", "burstgpt", "mini-swe-agent", "mooncake", "servegen-hourly", "servegen-tokens"}
	if diff := cmp.Diff(want, connect.Builtins()); diff != "" {
		t.Fatal(diff)
	}
	for _, name := range connect.Builtins() {
		m, err := connect.LoadMapping(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m.Name != name || m.Source != string(m.Format)+":"+name {
			t.Errorf("%s calls itself %q of source %q", name, m.Name, m.Source)
		}
	}
}

func TestLoadMapping(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(file, []byte(simple+"source: gateway-export\nrevisions: growing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := connect.LoadMapping(file)
	if err != nil {
		t.Fatal(err)
	}
	if m.Source != "gateway-export" || m.Revisions != spend.Growing || m.Rank != spend.RankSpan || m.Format != connect.CSV {
		t.Errorf("read %+v", m)
	}
	_, err = connect.LoadMapping("burst-gpt")
	if spend.KindOf(err) != spend.KindNotFound || !strings.Contains(spend.HintOf(err), "burstgpt") {
		t.Errorf("unknown mapping: %v, hint %q", err, spend.HintOf(err))
	}
}

// Every mistake is told at once, each with its line.
func TestMappingTellsAllMistakes(t *testing.T) {
	t.Parallel()
	_, err := connect.ParseMapping([]byte(`mapping: bursar/2
name: ""
format: xlsx
revison: x
rank: best
time: {field: at, format: whenever}
fields:
  modell: m
  status: {value: fine}
usage:
  input: {field: a, value: 3}
  convention: both
reported_cost: {field: c, currency: dollars, zero_is_missing: maybe}
`))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		`line 1: mapping is "bursar/2"; want bursar/1`,
		"line 2: name is empty",
		`line 3: format is "xlsx"; want csv, jsonl`,
		`line 4: mapping: unknown key "revison"`,
		`line 5: rank is "best"`,
		`line 6: time.format: "whenever" is neither`,
		`line 8: fields: unknown key "modell"`,
		`line 9: fields.status is "fine"`,
		"line 11: usage.input needs either field (a column) or value (a constant)",
		`line 12: usage.convention is "both"`,
		"line 13: reported_cost.currency must be three capital letters",
		"line 13: reported_cost.zero_is_missing must be true or false",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
}

func TestMappingRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, new, want string }{
		{"empty text", simple, "", "empty"},
		{"only a comment", simple, "# nothing\n", "empty"},
		{"only a mark", simple, "---\n", "must be an object"},
		{"no yaml", simple, "a: [", "line"},
		{"a list", simple, "- a", "must be an object"},
		{"two documents", "", "", ""},
		{"no time", "time: {field: at, format: rfc3339}\n", "", "the key time is missing"},
		{"no rank", "rank: span\n", "", "the key rank is missing"},
		{"no usage", "usage: {convention: inclusive, input: in, output: out}\n", "", "usage or reported_cost is missing"},
		{"no convention", "convention: inclusive, ", "", "usage needs convention"},
		{"key twice", "rank: span", "rank: span\nrank: bill", `"rank" appears twice`},
		{"alias", "workflow: job", "workflow: &a job", "anchors"},
		{"relative without origin", "format: rfc3339", "format: relative_s", "needs origin"},
		{"origin without relative", "format: rfc3339", "format: unix_s, origin: 2025-01-01T00:00:00Z", "needs origin"},
		{"zone of a number", "format: rfc3339", "format: unix_s, zone: Europe/Berlin", "zone is for layouts"},
		{"bad zone", "format: rfc3339", "format: '2006-01-02', zone: Mars/Base", "not a zone"},
		{"bad directive", "format: rfc3339", "format: '%Y %Q'", "directive"},
		{"partitioned", "rank: span", "rank: span\nrevisions: partitioned", "needs the key partition"},
		{"partition alone", "rank: span", "rank: span\npartition: '{date}'", "is for revisions"},
		{"open brace", "rank: span", "rank: span\nrevisions: partitioned\npartition: '{date'", "braces"},
		{"growing without key", "rank: span\nkey: [id]", "rank: span\nrevisions: growing", "growing source needs"},
		{"revision of immutable", "rank: span", "rank: span\nrevision: v", "growing or partitioned"},
		{"delimiter", "rank: span", "rank: span\ndelimiter: '||'", "one plain character"},
		{"headless", "rank: span", "rank: span\nheader: false", "go together"},
		{"columns of jsonl", "format: csv", "format: jsonl\nheader: false\ncolumns: [a]", "are for format: csv"},
		{"total of exclusive", "convention: inclusive", "convention: exclusive, total: sum", "is for convention: inclusive"},
		{"constant count", "input: in", "input: {value: many}", "not a number"},
		{"default of a constant", "model: model", "model: {value: a, default: b}", "not for a constant"},
		{"cost without currency", "rank: span", "rank: span\nreported_cost: {field: c}", "needs either currency"},
		{"cost as a column", "rank: span", "rank: span\nreported_cost: c", "must be an object"},
		{"length without unit", "rank: span", "rank: span\nduration: {elapsed: {field: e}}", "needs unit"},
		{"end twice", "rank: span", "rank: span\nduration: {ended: e, elapsed: {field: e, unit: s}}", "not both"},
		{"bucket", "rank: span", "rank: span\nbucket: {}", "bucket needs calls"},
		{"null name", "name: calls", "name:", "name must be a text"},
	} {
		text := strings.Replace(simple, c.old, c.new, 1)
		if c.name == "two documents" {
			text, c.want = simple+"---\na: b\n", "one document"
		}
		_, err := connect.ParseMapping([]byte(text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
		if err != nil && spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%s: kind %s", c.name, spend.KindOf(err))
		}
	}
}
