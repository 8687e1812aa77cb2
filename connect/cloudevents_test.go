package connect_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// cloud is an event with an id and data.
func cloud(id, data string) string {
	return fmt.Sprintf(`{"specversion":"1.0","type":%q,"source":"shop/api","id":%q,"time":"2026-03-01T10:00:00Z","data":%s}`, connect.EventType, id, data)
}

const sold = `{"requested_model":"m","usage":{"input_tokens":10,"output_tokens":3}}`

func TestCloudEventOfEveryField(t *testing.T) {
	t.Parallel()
	text := `{
  "specversion": "1.0", "type": "` + connect.EventType + `", "source": "shop/api", "id": "e-1", "subject": "acme",
  "time": "2026-03-01T11:00:00.5+01:00", "datacontenttype": "application/json", "traceparent": "00-ab", "dataschema": null,
  "data": {
    "seller": "anthropic", "requested_model": "m", "served_model": "m-1", "response": "msg_1", "status": "aborted", "kind": "chat",
    "started_at": "2026-03-01T10:00:00Z", "ended_at": "2026-03-01T10:00:02Z", "rank": "agent_log", "usage_source": "provider_partial",
    "scope": {"workflow": "checkout", "run": "r-1", "tags": {"project": "x"}},
    "usage": {"convention": "cache_apart", "input_tokens": 5, "cache_read_tokens": 70, "cache_write_1h_tokens": 2, "output_tokens": 9,
      "output_reasoning_tokens": 4, "web_searches": 1, "audio_seconds": 2.5, "cache_write_tokens": null},
    "reported": "0.0125", "reported_currency": "USD"
  }
}`
	recs := all(t, connect.OpenEvents(iotest.OneByteReader(strings.NewReader(text)), connect.Options{}))
	if len(recs) != 1 || len(recs[0].Problems) > 0 {
		t.Fatalf("%+v", recs)
	}
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	want := spend.Event{
		Source: "events:shop/api", SourceKey: "e-1", Rank: spend.RankAgentLog, Response: "msg_1",
		UsedAt: at.Add(500 * time.Millisecond), StartedAt: at, EndedAt: at.Add(2 * time.Second),
		Seller: "anthropic", RequestedModel: "m", ServedModel: "m-1", Kind: "chat", Status: spend.StatusAborted, UsageSource: spend.UsageProviderPartial,
		Scope:    spend.Scope{Workflow: "checkout", Run: "r-1", Customer: "acme", Tags: map[string]string{"project": "x"}},
		Reported: money.Known(money.Must("0.0125")), ReportedCurrency: "USD",
	}
	want.Usage.Tokens = [spend.ColumnMeters]int64{spend.InText: 5, spend.CacheRead: 70, spend.CacheWrite1h: 2, spend.OutText: 5, spend.OutReasoning: 4}
	want.Usage.Extra = []spend.Extra{{Meter: spend.WebSearch, Quantity: money.FromInt(1)}, {Meter: spend.Second, Quantity: money.Must("2.5")}}
	if diff := cmp.Diff(want, recs[0].Event); diff != "" {
		t.Error(diff)
	}
	if recs[0].End != int64(len(text)) {
		t.Errorf("ends at %d of %d", recs[0].End, len(text))
	}
}

func TestKeysInEventsAreDigested(t *testing.T) {
	t.Parallel()
	const key = "sk-proj-aaaaaaaaaaaaaaaa"
	text := cloud("e-1", `{"requested_model":"m","scope":{"credential":"`+key+`","tags":{"key":"`+key+`","team":"x"}},"usage":{"input_tokens":10}}`)
	recs := all(t, connect.OpenEvents(strings.NewReader(text), connect.Options{}))
	want := spend.Scope{Credential: auth.Hashed(key), Tags: map[string]string{"key": auth.Hashed(key), "team": "x"}}
	if diff := cmp.Diff(want, recs[0].Event.Scope); diff != "" || len(recs[0].Problems) > 0 {
		t.Errorf("%v (-want +got)\n%s", recs[0].Problems, diff)
	}
}

func TestCloudEventLayouts(t *testing.T) {
	t.Parallel()
	a, b := cloud("a", sold), cloud("b", sold)
	long := `{"x":"` + strings.Repeat("],", 1<<20) + `"}`
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", " \n", nil},
		{"one", a, []string{"1 ok a"}},
		{"lines", a + "\n\n" + b + "\n", []string{"1 ok a", "3 ok b"}},
		{"lines with a bad first", "{bad\n" + b, []string{"1 bad record", "2 ok b"}},
		{"array", "[" + a + ",\n " + b + "]\n", []string{"1 ok a", "2 ok b"}},
		{"empty array", " [ ] ", nil},
		{"array on lines", "\n[\n" + a + "\n,\n" + b + "\n]", []string{"3 ok a", "5 ok b"}},
		{"bad element", "[" + a + `,{"id":tru},"x",,` + b + "]", []string{"1 ok a", "1 bad record", "1 bad record", "1 bad record", "1 ok b"}},
		{"open text", "[" + a + ",{\"id\":\"open},\n" + b + "]", []string{"1 ok a", "1 bad record", "2 ok b"}},
		{"cut off", "[" + a + ",\n" + b[:50], []string{"1 ok a", "2 bad record"}},
		{"behind the array", "[" + a + "]\n" + b + "\n" + b, []string{"1 ok a", "2 bad record"}},
		{"behind nothing", "[]\n]", []string{"2 bad record"}},
		{"trailing comma", "[" + a + ",\n]", []string{"1 ok a"}},
		{"long element", "[" + a + "," + long + ",\n" + b + "]", []string{"1 ok a", "1 bad record", "2 ok b"}},
		{"long line", a + "\n" + long + "\n" + b, []string{"1 ok a", "2 bad record", "3 ok b"}},
		{"latin-1", a + "\n{\"x\":\"\xe9\"}\n" + b, []string{"1 ok a", "2 bad record", "3 ok b"}},
	} {
		for name, in := range map[string]io.Reader{"whole": strings.NewReader(c.text), "in halves": iotest.HalfReader(strings.NewReader(c.text))} {
			got := outline(all(t, connect.OpenEvents(in, connect.Options{})))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s, %s: %s", c.name, name, diff)
			}
		}
	}
}

func TestCloudEventProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"no envelope", `{"a":1}`, "specversion: type: source: id: used_at: data:"},
		{"other version", strings.Replace(cloud("a", sold), `"1.0"`, `"0.3"`, 1), "specversion:"},
		{"other type", strings.Replace(cloud("a", sold), connect.EventType, "x", 1), "type:"},
		{"bad time", strings.Replace(cloud("a", sold), "2026-03-01T", "", 1), "used_at:"},
		{"base64", strings.Replace(cloud("a", sold), `"data":`, `"data_base64":"YQ==","x":`, 1), "data:"},
		{"data is a text", cloud("a", `"x"`), "data:"},
		{"unknown fields", cloud("a", `{"model":"m","prompt":"hello"}`), "data: data:"},
		{"unknown scope", cloud("a", `{"scope":{"org":"m"}}`), "scope:"},
		{"source in data", cloud("a", `{"source":"x"}`), "data:"},
		{"number for a text", cloud("a", `{"seller":1,"scope":{"run":2,"tags":{"a":1}}}`), "scope.run: scope.tags: seller:"},
		{"both usages", cloud("a", `{"usage":{"input_tokens":1},"raw_usage":{"flavour":"openai.chat","usage":{"prompt_tokens":1,"completion_tokens":1}}}`), "usage:"},
		{"part above total", cloud("a", `{"usage":{"input_tokens":1,"cache_read_tokens":2}}`), "usage.cache_read_tokens:"},
		{"negative", cloud("a", `{"usage":{"input_tokens":-1}}`), "usage.input_tokens:"},
		{"count as text", cloud("a", `{"usage":{"input_tokens":"1"}}`), "usage.input_tokens:"},
		{"part without its total", cloud("a", `{"usage":{"cache_read_tokens":1,"page":2}}`), "usage.input_tokens:"},
		{"twice under two names", cloud("a", `{"usage":{"requests":1,"request":2}}`), "usage:"},
		{"a meter of tokens beside totals", cloud("a", `{"usage":{"input_tokens":1,"out_video":2}}`), "usage:"},
		{"fraction", cloud("a", `{"usage":{"input_tokens":1.5}}`), "usage.input_tokens:"},
		{"huge", cloud("a", `{"usage":{"convention":"cache_apart","input_tokens":9e18,"cache_read_tokens":9e18}}`), "usage.input_tokens: usage.cache_read_tokens:"},
		{"meters in totals", cloud("a", `{"usage":{"in_text":1}}`), "usage:"},
		{"totals in meters", cloud("a", `{"usage":{"convention":"exclusive","input_tokens":1}}`), "usage:"},
		{"convention", cloud("a", `{"usage":{"convention":"mine"}}`), "usage.convention:"},
		{"flavour", cloud("a", `{"raw_usage":{"flavour":"acme","usage":{}}}`), "raw_usage.flavour:"},
		{"rank of the bill", cloud("a", `{"rank":"bill"}`), "rank:"},
		{"status", cloud("a", `{"status":"fine"}`), "status:"},
		{"reported", cloud("a", `{"reported":"free"}`), "reported:"},
		{"bucket", cloud("a", `{"bucket":1,"call_count":1.5}`), "bucket: call_count:"},
	} {
		recs := all(t, connect.OpenEvents(strings.NewReader(c.text), connect.Options{}))
		got := ""
		for _, p := range recs[0].Problems {
			got += p.Field + ": "
			if strings.Contains(p.Msg, "hello") {
				t.Errorf("%s repeats text: %s", c.name, p)
			}
		}
		if strings.TrimSpace(got) != c.want {
			t.Errorf("%s: %q, want %q: %v", c.name, got, c.want, recs[0].Problems)
		}
	}
}

func TestUnknownFieldsAreNamedWhenTheyAreNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"promptText_2.b-c":      `has an unknown field "promptText_2.b-c"`,
		"say hello":             "has an unknown field",
		"grüße":                 "has an unknown field",
		"":                      "has an unknown field",
		strings.Repeat("a", 40): `has an unknown field "` + strings.Repeat("a", 40) + `"`,
		strings.Repeat("a", 41): "has an unknown field",
	} {
		for _, place := range []string{`{%q:1}`, `{"scope":{%q:1}}`, `{"usage":{%q:1}}`} {
			recs := all(t, connect.OpenEvents(strings.NewReader(cloud("a", fmt.Sprintf(place, name))), connect.Options{}))
			if p := recs[0].Problems; len(p) != 1 || p[0].Msg != want {
				t.Errorf("%s: %v, want %s", fmt.Sprintf(place, name), p, want)
			}
		}
	}
}

func TestCloudEventUsage(t *testing.T) {
	t.Parallel()
	type tokens = [spend.ColumnMeters]int64
	for _, c := range []struct {
		name, data string
		want       tokens
		source     spend.UsageSource
		flags      spend.Flags
	}{
		{"inclusive unless said", `{"usage":{"input_tokens":10,"cache_read_tokens":4,"output_tokens":3}}`,
			tokens{spend.InText: 6, spend.CacheRead: 4, spend.OutText: 3}, spend.UsageProvider, 0},
		{"cached images that text cannot hold", `{"usage":{"input_tokens":10,"input_image_tokens":5,"cache_write_tokens":8,"output_tokens":3}}`,
			tokens{spend.InImage: 2, spend.CacheWriteOther: 8, spend.OutText: 3}, spend.UsageProvider, spend.ModalityUnsplit},
		{"meters beside totals", `{"usage":{"page":"1.5"}}`, tokens{}, spend.UsageProvider, 0},
		{"meters", `{"usage":{"convention":"exclusive","in_text":"10","cache_read":4}}`, tokens{spend.InText: 10, spend.CacheRead: 4}, spend.UsageProvider, 0},
		{"total differs", `{"usage":{"input_tokens":10,"output_tokens":3,"total_tokens":14}}`,
			tokens{spend.InText: 10, spend.OutText: 3}, spend.UsageProvider, spend.UsageInconsistent},
		{"raw", `{"raw_usage":{"flavour":"openai.chat","usage":{"prompt_tokens":10,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4}}}}`,
			tokens{spend.InText: 6, spend.CacheRead: 4, spend.OutText: 3}, spend.UsageProvider, 0},
		{"no usage", `{}`, tokens{}, spend.UsageUnobserved, 0},
		{"no counts", `{"usage":{"convention":"inclusive","input_tokens":null}}`, tokens{}, spend.UsageUnobserved, 0},
		{"refused", `{"status":"refused"}`, tokens{}, spend.UsageNone, 0},
	} {
		recs := all(t, connect.OpenEvents(strings.NewReader(cloud("a", c.data)), connect.Options{}))
		e := recs[0].Event
		if len(recs[0].Problems) > 0 || e.Usage.Tokens != c.want || e.UsageSource != c.source || e.Flags != c.flags {
			t.Errorf("%s: %v %s %q %v", c.name, e.Usage.Tokens, e.UsageSource, e.Flags, recs[0].Problems)
		}
	}
}

func TestAnOpenedCallIsAnEventWithoutItsEnd(t *testing.T) {
	t.Parallel()
	opened := func(id, data string) string {
		return strings.Replace(cloud(id, data), connect.EventType, connect.OpenedType, 1)
	}
	text := strings.Join([]string{
		opened("1", `{"requested_model":"m","attempt":"a-1","usage":{"input_tokens":10,"output_tokens":400},"hold":"0.25"}`),
		opened("2", `{"requested_model":"m"}`),
		opened("3", `{"status":"ok","usage_source":"provider","reported":1,"ended_at":"2026-03-01T10:00:00Z","hold":"much"}`),
		cloud("4", `{"requested_model":"m","hold":1}`),
	}, "\n")
	recs := all(t, connect.OpenEvents(strings.NewReader(text), connect.Options{}))
	if len(recs) != 4 {
		t.Fatalf("%+v", recs)
	}
	for i, hold := range []money.Null{money.Known(money.Must("0.25")), {}} {
		r := recs[i]
		if len(r.Problems) > 0 || !r.Open || r.Hold != hold || r.Event.Status != spend.StatusInterrupted || r.Event.UsageSource != spend.UsageUnobserved {
			t.Errorf("event %d: %+v", i+1, r)
		}
	}
	if recs[0].Event.Usage.Tokens[spend.OutText] != 400 {
		t.Errorf("usage %+v, want what the call may come to", recs[0].Event.Usage)
	}
	fields := []string{}
	for _, p := range recs[2].Problems {
		fields = append(fields, p.Field)
	}
	if diff := cmp.Diff([]string{"ended_at", "hold", "reported", "status", "usage_source"}, fields); diff != "" {
		t.Errorf("fields (-want +got)\n%s", diff)
	}
	if recs[3].Open || len(recs[3].Problems) != 1 {
		t.Errorf("usage with a hold: %+v", recs[3])
	}
}

// TestAWrittenEventIsReadBack writes events and reads them: they are the same but for
// the name of the source.
func TestAWrittenEventIsReadBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 10, 0, 0, 123_000, time.UTC)
	full := spend.Event{
		Source: "claude-code", SourceKey: "msg_1", Revision: 1<<62 + 1, Rank: spend.RankAgentLog, Account: "a", Response: "msg_1", Attempt: "t", Operation: "o",
		UsedAt: at, StartedAt: at, FirstTokenAt: at.Add(time.Second), EndedAt: at.Add(time.Minute), Bucket: true, CallCount: 3,
		Seller: "anthropic", Host: "h", RequestedModel: "m", ServedModel: "n", RequestedTier: "batch", ServedTier: "fast", Region: "us", Kind: "chat",
		ImageSize: "1x1", ImageQuality: "low", Status: spend.StatusError, UsageSource: spend.UsageProviderPartial, Flags: spend.Notional | spend.ModalityUnsplit,
		Scope:    spend.Scope{Run: "r", ParentRun: "p", Agent: "x", Step: "s", Customer: "c", Tags: map[string]string{"project": "y"}},
		Reported: money.Known(money.Must("0.000000000001")), ReportedCurrency: "EUR",
	}
	full.Usage.Tokens = [spend.ColumnMeters]int64{spend.InText: 1, spend.CacheWrite1h: 2, spend.OutReasoning: 3}
	full.Usage.Extra = []spend.Extra{{Meter: spend.WebSearch, Quantity: money.FromInt(1)}}
	none := spend.Event{Source: "codex", SourceKey: "k", Rank: spend.RankSpan, UsedAt: at, Status: spend.StatusOK, UsageSource: spend.UsageNone}
	var text strings.Builder
	for _, e := range []spend.Event{full, none} {
		b, err := connect.WriteEvent(&e)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s\n", b)
	}
	recs := all(t, connect.OpenEvents(strings.NewReader(text.String()), connect.Options{}))
	full.Source, none.Source = "events:claude-code", "events:codex"
	if len(recs) != 2 || len(recs[0].Problems)+len(recs[1].Problems) > 0 {
		t.Fatalf("%+v", recs)
	}
	if diff := cmp.Diff([]spend.Event{full, none}, []spend.Event{recs[0].Event, recs[1].Event}); diff != "" {
		t.Error(diff)
	}
}

func TestRemarksOfASource(t *testing.T) {
	t.Parallel()
	for data, problem := range map[string]string{
		`{"flags":"notional","usage":{"input_tokens":1}}`:             "",
		`{"flags":"low_confidence_price","usage":{"input_tokens":1}}`: "flags",
		`{"flags":"secret","usage":{"input_tokens":1}}`:               "flags",
		`{"revision":-1,"usage":{"input_tokens":1}}`:                  "revision",
		`{"revision":"secret","usage":{"input_tokens":1}}`:            "revision",
	} {
		recs := all(t, connect.OpenEvents(strings.NewReader(cloud("1", data)), connect.Options{}))
		found := ""
		for _, p := range recs[0].Problems {
			found += p.Field
			if strings.Contains(p.Msg, "secret") {
				t.Errorf("%s repeats text", p)
			}
		}
		if found != problem {
			t.Errorf("%s: problems %v", data, recs[0].Problems)
		}
	}
}
