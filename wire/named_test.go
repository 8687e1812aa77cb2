package wire_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

func named(t testing.TB, text string) wire.Named {
	t.Helper()
	var n wire.Named
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(text, err)
	}
	return n
}

func TestNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []reading{
		{name: "nothing", body: `{}`},
		{name: "text", body: `{"input_tokens":10,"output_tokens":5}`, meters: "in_text 10, out_text 5"},
		{name: "zero", body: `{"input_tokens":0,"output_tokens":0,"cache_read_tokens":0}`},
		{name: "zero parts need no total", body: `{"cache_read_tokens":0,"output_reasoning_tokens":0,"cache_audio_read_tokens":0}`},
		{name: "spellings of a whole number", body: `{"input_tokens":12.0,"output_tokens":1e2,"cache_read_tokens":null}`, meters: "in_text 12, out_text 100"},
		{name: "other members", body: `{"input_tokens":12,"image_size":"1x1","Output_Tokens":5}`, meters: "in_text 12"},
		{
			name:   "the example of the documentation",
			body:   `{"input_tokens":1000,"cache_read_tokens":600,"cache_audio_read_tokens":50,"input_audio_tokens":80,"cache_write_1h_tokens":100}`,
			meters: "in_text 270, in_audio 30, cache_read 550, cache_write_1h 100, cache_read_audio 50",
		},
		{name: "a part known by its own part", body: `{"input_tokens":9,"cache_image_read_tokens":5}`, meters: "in_text 4, cache_read_image 5"},
		{
			name:   "every other prompt token",
			body:   `{"input_tokens":100,"cache_read_tokens":40,"cache_image_read_tokens":40,"input_image_tokens":60,"input_video_tokens":10,"input_tool_tokens":30}`,
			meters: "in_image 20, in_video 10, in_tool 30, cache_read_image 40",
		},
		{
			name:   "writes with and without a lifetime",
			body:   `{"input_tokens":100,"cache_write_tokens":60,"cache_write_5m_tokens":10,"cache_write_1h_tokens":20}`,
			meters: "in_text 40, cache_write_5m 10, cache_write_1h 20, cache_write_other 30",
		},
		{
			name:   "every completion token",
			body:   `{"output_tokens":100,"output_reasoning_tokens":60,"output_audio_tokens":1,"output_image_tokens":2,"output_video_tokens":3,"output_citation_tokens":4}`,
			meters: "out_text 30, out_reasoning 60, out_audio 1, out_image 2, out_video 3, out_citation 4",
		},
		{
			name:   "beside tokens",
			body:   `{"requests":2,"web_searches":1,"file_search_calls":3,"rerank_searches":4,"audio_seconds":1.25,"images":2}`,
			meters: "request 2, web_search 1, file_search 3, rerank_search 4, second 1.25, image 2",
		},
		{name: "a total that is no sum", body: `{"input_tokens":10,"output_tokens":5,"total_tokens":14}`, meters: "in_text 10, out_text 5", flags: spend.UsageInconsistent},
		{
			name:   "cached tokens that text can hold",
			body:   `{"input_tokens":1000,"input_image_tokens":300,"cache_read_tokens":600}`,
			meters: "in_text 100, in_image 300, cache_read 600",
		},
		{
			name:   "cached tokens that text cannot hold",
			body:   `{"input_tokens":1000,"input_image_tokens":300,"cache_read_tokens":900}`,
			meters: "in_image 100, cache_read 700, cache_read_image 200", flags: spend.ModalityUnsplit,
		},
		{
			name:   "written tokens that text cannot hold",
			body:   `{"input_tokens":1000,"input_audio_tokens":300,"cache_write_5m_tokens":900,"total_tokens":7}`,
			meters: "in_audio 100, cache_write_5m 900", flags: spend.ModalityUnsplit | spend.UsageInconsistent,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			usage, flags, problems := named(t, c.body).Disjoint()
			if diff := cmp.Diff(c.meters, meters(usage)); diff != "" || flags != c.flags || len(problems) > 0 {
				t.Errorf("flags %q, problems %v; meters (-want +got):\n%s", flags, problems, diff)
			}
		})
	}
}

func TestNamedRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"input_tokens":10,"cache_read_tokens":11}`:                                                   "cache_read_tokens: is 11, above the 10 of input_tokens",
		`{"input_tokens":10,"cache_read_tokens":6,"cache_write_tokens":5}`:                             "input_tokens: is 10, below the sum of its parts",
		`{"input_tokens":99,"cache_write_tokens":5,"cache_write_1h_tokens":6}`:                         "cache_write_tokens: is 5, below the 6 of its lifetimes",
		`{"input_tokens":99,"cache_write_tokens":0,"cache_write_1h_tokens":6}`:                         "cache_write_tokens: is 0, below the 6 of its lifetimes",
		`{"input_tokens":99,"cache_read_tokens":5,"cache_audio_read_tokens":6,"input_audio_tokens":9}`: "cache_audio_read_tokens: is 6, above the 5 of cache_read_tokens",
		`{"input_tokens":99,"cache_read_tokens":9,"cache_audio_read_tokens":6,"input_audio_tokens":5}`: "cache_audio_read_tokens: is 6, above the 5 of input_audio_tokens",
		// The cached tokens are told apart, so nothing is left to assume.
		`{"input_tokens":100,"cache_read_tokens":90,"input_image_tokens":30,"cache_image_read_tokens":0}`: "input_tokens: is 100, below the sum of its parts",

		`{"cache_read_tokens":5}`:                                      "input_tokens: is missing",
		`{"cache_write_5m_tokens":5,"output_tokens":5}`:                "input_tokens: is missing",
		`{"input_tokens":9,"cache_image_read_tokens":12}`:              "cache_read_tokens: is 12, above the 9 of input_tokens",
		`{"input_tokens":9,"output_reasoning_tokens":5}`:               "output_tokens: is missing",
		`{"total_tokens":5}`:                                           "input_tokens: is missing",
		`{"input_tokens":9,"output_tokens":5,"output_audio_tokens":6}`: "output_audio_tokens: is 6, above the 5 of output_tokens",

		`{"input_tokens":-1,"output_tokens":5}`:                    "input_tokens: is -1; want a whole number",
		`{"input_tokens":1.5,"output_tokens":5}`:                   "input_tokens: is 1.5; want a whole number",
		`{"input_tokens":"12"}`:                                    "input_tokens: is a string",
		`{"input_tokens":true}`:                                    "input_tokens: is a truth value",
		`{"input_tokens":1e30}`:                                    "input_tokens: is 1e30",
		`{"input_tokens":1000000000000001}`:                        "input_tokens: is 1000000000000001",
		`{"images":0.5}`:                                           "images: is 0.5",
		`{"audio_seconds":-0.5}`:                                   "audio_seconds: is -0.5",
		`{"audio_seconds":"1"}`:                                    "audio_seconds: is a string",
		`{"audio_seconds":1e16}`:                                   "audio_seconds: is 10000000000000000; want 0 to 10^15",
		`{"audio_seconds":1e-13}`:                                  "audio_seconds: has no exact value",
		`{"images":-1,"output_tokens":-5,"input_tokens":-1}`:       "input_tokens: is -1\noutput_tokens: is -5\nimages: is -1",
		`{"input_tokens":5,"cache_read_tokens":"5","requests":[]}`: "cache_read_tokens: is a string\nrequests: is a list",
	} {
		usage, flags, problems := named(t, in).Disjoint()
		checkProblems(t, problems, want)
		if !usage.IsZero() || flags != 0 {
			t.Errorf("%s: %s %q beside problems", in, meters(usage), flags)
		}
	}
}

func TestNamedCacheApart(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"input_tokens":5,"cache_read_tokens":128955,"cache_write_tokens":1253,"output_tokens":9}`: "in_text 5, cache_read 128955, cache_write_other 1253, out_text 9",
		`{"cache_read_tokens":70,"cache_write_1h_tokens":2}`:                                        "cache_read 70, cache_write_1h 2",
		`{"input_tokens":-5}`: "input_tokens: is -5; want a whole number from 0 to 10^15",
	} {
		usage, _, problems := named(t, in).DisjointCacheApart()
		got := meters(usage)
		for _, p := range problems {
			got += p.String()
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestNamedIsZero(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		`null`: true, `{}`: true, `{"input_tokens":null,"image_size":"1x1"}`: true, `{"input_tokens":0}`: false, `{"audio_seconds":0}`: false,
	} {
		if got := named(t, in).IsZero(); got != want {
			t.Errorf("%s: %t", in, got)
		}
	}
}

// Every count of Totals has a name, and every name its count.
func TestNames(t *testing.T) {
	t.Parallel()
	names := wire.Names()
	if sorted := slices.Sorted(slices.Values(names)); len(slices.Compact(sorted)) != len(names) {
		t.Errorf("a name twice: %v", names)
	}
	for _, name := range names {
		if _, _, problems := (wire.Named{name: json.RawMessage(`"x"`)}).Disjoint(); len(problems) != 1 || problems[0].Field != name {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func FuzzNamed(f *testing.F) {
	f.Add(`{"input_tokens":1000,"cache_read_tokens":600,"cache_audio_read_tokens":50,"input_audio_tokens":80,"output_tokens":4,"output_reasoning_tokens":3}`)
	f.Add(`{"input_tokens":100,"cache_write_tokens":60,"cache_write_5m_tokens":10,"input_image_tokens":90}`)
	f.Fuzz(func(t *testing.T, in string) {
		var n wire.Named
		if json.Unmarshal([]byte(in), &n) != nil {
			return
		}
		usage, flags, problems := n.Disjoint()
		if len(problems) > 0 {
			if !usage.IsZero() || flags != 0 {
				t.Errorf("%s: usage beside problems", in)
			}
			return
		}
		prompt, completion := whole(json.Number(n["input_tokens"])), whole(json.Number(n["output_tokens"]))
		if usage.PromptTokens() != max(0, prompt) || usage.CompletionTokens() != max(0, completion) {
			t.Errorf("%s: prompt %d, completion %d", in, usage.PromptTokens(), usage.CompletionTokens())
		}
		usage.Each(func(m spend.Meter, q spend.Quantity) {
			if q.Sign() < 0 {
				t.Errorf("%s: %s is %s", in, m, q)
			}
		})
	})
}

func BenchmarkNamed(b *testing.B) {
	n := named(b, `{"input_tokens":1000,"cache_read_tokens":300,"output_tokens":40}`)
	b.ReportAllocs()
	for b.Loop() {
		n.Disjoint()
	}
}

// Every row of an import is carved: that costs no memory.
func TestDisjointAllocatesNothing(t *testing.T) {
	totals := wire.Totals{Input: 1000, CacheRead: 300, CacheWrite5m: 9, InputAudio: 20, CacheAudioRead: 0, Output: 80, OutputReasoning: 60}
	if n := testing.AllocsPerRun(100, func() { totals.Disjoint() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
