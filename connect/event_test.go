package connect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// one reads a file of one record.
func one(t *testing.T, mappingText, file string, o connect.Options) connect.Record {
	t.Helper()
	recs := all(t, connect.Open(strings.NewReader(file), mapping(t, mappingText), o))
	if len(recs) != 1 {
		t.Fatalf("%d records", len(recs))
	}
	return recs[0]
}

const full = `
mapping: bursar/1
name: everything
format: csv
delimiter: ";"
revisions: partitioned
revision: version
partition: "{project}-{date}"
rank: vendor_usage
empty: [NaN, "-"]
key: [project, id]
time: {field: at, format: "%d.%m.%Y %H:%M:%S.%f", zone: Europe/Berlin}
fields:
  seller: {value: openai}
  response: {field: request, optional: true}
  requested_model: {field: model, strip_prefix: "openai/", map: {4o: gpt-4o}}
  status: {field: code, map: {"200": ok, "*": error}}
  team: {field: team, default: unowned}
  run: id
  tags.project: project
usage:
  convention: cache_apart
  input: in
  cache_read: cached
  cache_write_5m: written
  output: out
  output_reasoning: thought
  web_search: searches
reported_cost: {field: cents, currency_field: currency, divide_by: 100, zero_is_missing: true}
duration:
  elapsed: {field: took, unit: ms}
  to_first_token: {field: wait, unit: ms}
bucket: {calls: calls}
`

func TestEventOfEveryKey(t *testing.T) {
	t.Parallel()
	rec := one(t, full, "project;id;version;at;model;code;team;in;cached;written;out;thought;searches;cents;currency;took;wait;calls\n"+
		`a/b;c\d;3;02.07.2025 14:30:00.1234567;openai/4o;429;-;100;50;7;20;NaN;2.0;18432.517;EUR;1500.5;250;12`+"\n", connect.Options{Revision: 1})
	if len(rec.Problems) > 0 {
		t.Fatal(rec.Problems)
	}
	at := time.Date(2025, 7, 2, 12, 30, 0, 123457000, time.UTC)
	want := spend.Event{
		Source: "csv:everything", SourceKey: `a\/b/c\\d`, Partition: "a/b-2025-07-02", Revision: 3, Rank: spend.RankVendorUsage,
		Bucket: true, CallCount: 12, UsedAt: at, StartedAt: at, FirstTokenAt: at.Add(250 * time.Millisecond), EndedAt: at.Add(1500500 * time.Microsecond),
		Seller: "openai", RequestedModel: "gpt-4o", Status: spend.StatusError, UsageSource: spend.UsageProvider,
		Scope:    spend.Scope{Team: "unowned", Run: `c\d`, Tags: map[string]string{"project": "a/b"}},
		Reported: money.Known(money.Must("184.32517")), ReportedCurrency: "EUR",
	}
	want.Usage.Tokens = [spend.ColumnMeters]int64{spend.InText: 100, spend.CacheRead: 50, spend.CacheWrite5m: 7, spend.OutText: 20}
	want.Usage.Extra = []spend.Extra{{Meter: spend.WebSearch, Quantity: money.FromInt(2)}}
	if diff := cmp.Diff(want, rec.Event); diff != "" {
		t.Error(diff)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 11, 19, 0, 1, 56, 0, time.UTC)
	for _, c := range []struct {
		format, cell string
		want         time.Time // zero for a problem
	}{
		{"unix_s", "1763510516", at},
		{"unix_s", "1763510516.25", at.Add(250 * time.Millisecond)},
		{"unix_s", "1.763510516e9", at},
		{"unix_ms", "1763510516000", at},
		{"unix_us", "1763510516000001", at.Add(time.Microsecond)},
		{"unix_s", "1763510516000001", time.Time{}}, // microseconds read as seconds
		{"unix_s", "2025-11-19", time.Time{}},
		{"rfc3339", "2025-11-19T01:01:56+01:00", at},
		{"rfc3339", "2025-11-19 01:01:56", time.Time{}},
		{"2006-01-02 15:04:05", "2025-11-19 00:01:56.0000004", at},
		{"2006-01-02 15:04:05", "2025-13-19 00:01:56", time.Time{}},
		{"%Y-%m-%dT%T%z", "2025-11-19T00:01:56+0000", at},
		{"%d %b %y %I:%M:%S %p", "19 Nov 25 12:01:56 AM", at},
		{"relative_s, origin: 2025-11-19T00:00:00Z", "116", at},
		{"relative_s, origin: 2025-11-19T00:00:00Z", "-1.5", at.Add(-117500 * time.Millisecond)},
		{"relative_ms, origin: 2025-11-19T00:00:00Z", "116000.0", at},
		{"relative_h, origin: 2025-11-18T22:01:56Z", "2", at},
		{"relative_h, origin: 2025-11-18T22:01:56Z", "99999999999999", time.Time{}},
		{"relative_s, origin: 2025-11-19T00:00:00Z", "NaN", time.Time{}},
	} {
		quoted := strings.Replace(c.format, ", origin", "', origin", 1)
		if quoted == c.format {
			quoted += "'"
		}
		rec := one(t, strings.Replace(simple, "format: rfc3339", "format: '"+quoted, 1), head+"a,"+c.cell+",m,j,1,1\n", connect.Options{})
		if got := len(rec.Problems) > 0; got != c.want.IsZero() || !got && !rec.Event.UsedAt.Equal(c.want) {
			t.Errorf("%s of %q: %v %v, want %v", c.format, c.cell, rec.Event.UsedAt, rec.Problems, c.want)
		}
	}
	moved := one(t, strings.Replace(simple, "format: rfc3339", "format: relative_s, origin: 2001-01-01T00:00:00Z", 1), head+"a,56,m,j,1,1\n",
		connect.Options{Origin: at.Add(-56 * time.Second), Source: "csv:mine"})
	if !moved.Event.UsedAt.Equal(at) || moved.Event.Source != "csv:mine" {
		t.Errorf("moved origin: %v of %s", moved.Event.UsedAt, moved.Event.Source)
	}
}

func TestUsageConventions(t *testing.T) {
	t.Parallel()
	const usage = "usage: {convention: inclusive, input: in, output: out}"
	type tokens = [spend.ColumnMeters]int64
	for _, c := range []struct {
		name, usage, in, out string // columns job and model are a part of in and of out
		want                 tokens
		flags                spend.Flags
		problem              string
	}{
		{"inclusive", "{convention: inclusive, input: in, cache_read: job, output: out, output_reasoning: model}", "10", "8",
			tokens{spend.InText: 7, spend.CacheRead: 3, spend.OutText: 3, spend.OutReasoning: 5}, 0, ""},
		{"exclusive", "{convention: exclusive, input: in, cache_read: job, output: out, output_reasoning: model}", "10", "2",
			tokens{spend.InText: 10, spend.CacheRead: 3, spend.OutText: 2, spend.OutReasoning: 5}, 0, ""},
		{"cache apart", "{convention: cache_apart, input: in, cache_read: job, output: out, output_reasoning: model}", "1", "8",
			tokens{spend.InText: 1, spend.CacheRead: 3, spend.OutText: 3, spend.OutReasoning: 5}, 0, ""},
		{"a part above its total", "{convention: inclusive, input: in, cache_read: job, output: out}", "2", "8", tokens{}, 0, "usage.cache_read_tokens"},
		{"flagged", "{convention: inclusive, contradiction: flag_output, input: in, output: out, output_reasoning: model}", "2", "4",
			tokens{spend.InText: 2, spend.OutText: 4}, spend.UsageInconsistent, ""},
		{"never flagged for the input", "{convention: inclusive, contradiction: flag_output, input: in, cache_read: job, output: out}", "2", "4",
			tokens{}, 0, "usage.cache_read_tokens"},
		{"total agrees", "{convention: inclusive, input: in, output: out, total: model}", "2", "3", tokens{spend.InText: 2, spend.OutText: 3}, 0, ""},
		{"total differs", "{convention: inclusive, input: in, output: out, total: model}", "2", "2",
			tokens{spend.InText: 2, spend.OutText: 2}, spend.UsageInconsistent, ""},
		{"means", "{convention: inclusive, round: true, input: in, output: out}", "2.5", "3.5", tokens{spend.InText: 2, spend.OutText: 4}, 0, ""},
		{"negative mean", "{convention: inclusive, round: true, input: in, output: out}", "-2.5", "3.5", tokens{}, 0, "usage.input_tokens"},
	} {
		rec := one(t, strings.Replace(simple, usage, "usage: "+c.usage, 1), head+"a,2026-03-01T10:00:00Z,5,3,"+c.in+","+c.out+"\n", connect.Options{})
		if c.problem != "" {
			if len(rec.Problems) == 0 || rec.Problems[0].Field != c.problem {
				t.Errorf("%s: problems %v", c.name, rec.Problems)
			}
			continue
		}
		if rec.Event.Usage.Tokens != c.want || rec.Event.Flags != c.flags || len(rec.Problems) > 0 {
			t.Errorf("%s: %v, flags %q, problems %v", c.name, rec.Event.Usage.Tokens, rec.Event.Flags, rec.Problems)
		}
	}
}

// A row whose counts are all empty is a call that nobody measured.
func TestUnobservedUsage(t *testing.T) {
	t.Parallel()
	text := strings.Replace(simple, "workflow: job", "status: job", 1)
	for _, c := range []struct {
		row  string
		want spend.UsageSource
	}{
		{"a,2026-03-01T10:00:00Z,m,ok,,\n", spend.UsageUnobserved},
		{"a,2026-03-01T10:00:00Z,m,refused,,\n", spend.UsageNone},
		{"a,2026-03-01T10:00:00Z,m,ok,0,\n", spend.UsageProvider},
	} {
		if rec := one(t, text, head+c.row, connect.Options{}); rec.Event.UsageSource != c.want || len(rec.Problems) > 0 {
			t.Errorf("%q: %s %v, want %s", c.row, rec.Event.UsageSource, rec.Problems, c.want)
		}
	}
	if rec := one(t, text, head+"a,2026-03-01T10:00:00Z,m,fine,1,1\n", connect.Options{}); len(rec.Problems) != 1 || rec.Problems[0].Field != "status" {
		t.Errorf("unknown status: %v", rec.Problems)
	}
}

// A default and a constant are our words: prefix and table are for the file's.
func TestDefaultsAreNotMapped(t *testing.T) {
	t.Parallel()
	text := strings.Replace(simple, "workflow: job", `status: {field: job, map: {"200": ok, "*": error}, default: aborted}
  team: {field: model, map: {a: b}, strip_prefix: x-, default: x-a}`, 1)
	for _, c := range []struct{ job, model, status, team string }{
		{"200", "x-a", "ok", "b"}, {"500", "c", "error", "c"}, {"", "", "aborted", "x-a"},
	} {
		e := one(t, text, head+"a,2026-03-01T10:00:00Z,"+c.model+","+c.job+",1,1\n", connect.Options{Revision: 7}).Event
		if string(e.Status) != c.status || e.Scope.Team != c.team || e.Revision != 0 {
			t.Errorf("%+v: status %s, team %s, revision %d", c, e.Status, e.Scope.Team, e.Revision)
		}
	}
}

func TestOriginOfWholeDates(t *testing.T) {
	t.Parallel()
	_, err := connect.Open(strings.NewReader(head), mapping(t, simple), connect.Options{Origin: time.Unix(0, 0)}).Next()
	if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), "whole dates") {
		t.Errorf("%v", err)
	}
}

// More names in a column than are kept still come out right.
func TestManyNames(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(head)
	names := make([]string, 3000)
	for i := range names {
		names[i] = strings.Repeat("n", i%200) + time.Duration(i).String()
		text.WriteString("a,2026-03-01T10:00:00Z,m," + names[i] + ",1,1\n")
	}
	for i, r := range all(t, connect.Open(strings.NewReader(text.String()), mapping(t, simple), connect.Options{})) {
		if r.Event.Scope.Workflow != names[i] {
			t.Fatalf("record %d: %q, want %q", i, r.Event.Scope.Workflow, names[i])
		}
	}
}
