package telemetry_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	commonv1 "go.opentelemetry.io/proto/slim/otlp/common/v1"
	metricsv1 "go.opentelemetry.io/proto/slim/otlp/metrics/v1"

	"github.com/bursarhq/bursar/telemetry"
)

// twelve is when the tallies here begin.
func twelve() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func minute(m int) time.Time { return twelve().Add(time.Duration(m) * time.Minute) }

func keyed(pairs ...string) (all []*commonv1.KeyValue) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, &commonv1.KeyValue{Key: pairs[i], Value: &commonv1.AnyValue{Value: &commonv1.AnyValue_StringValue{StringValue: pairs[i+1]}}})
	}
	return all
}

// rising is a counter with one point, as its start.
func rising(name string, n int64, t metricsv1.AggregationTemporality, attributes ...string) *metricsv1.Metric {
	return &metricsv1.Metric{Name: name, Data: &metricsv1.Metric_Sum{Sum: &metricsv1.Sum{IsMonotonic: true, AggregationTemporality: t, DataPoints: []*metricsv1.NumberDataPoint{{
		Attributes: keyed(attributes...), StartTimeUnixNano: uint64(minute(1).UnixNano()), TimeUnixNano: uint64(minute(2).UnixNano()), Value: &metricsv1.NumberDataPoint_AsInt{AsInt: n},
	}}}}}
}

// spread is a histogram with one point.
func spread(name string, sum float64, attributes ...string) *metricsv1.Metric {
	return &metricsv1.Metric{Name: name, Data: &metricsv1.Metric_Histogram{Histogram: &metricsv1.Histogram{AggregationTemporality: metricsv1.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE, DataPoints: []*metricsv1.HistogramDataPoint{{
		Attributes: keyed(attributes...), StartTimeUnixNano: uint64(minute(1).UnixNano()), TimeUnixNano: uint64(minute(2).UnixNano()), Sum: &sum, Count: 2,
	}}}}}
}

const (
	delta      = metricsv1.AggregationTemporality_AGGREGATION_TEMPORALITY_DELTA
	cumulative = metricsv1.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE
)

// TestMetricFamilies reads metrics by their name and the type of their points. What
// counts a part, or several families of the same tokens, adds nothing.
func TestMetricFamilies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		metrics []*metricsv1.Metric
		want    string
	}{
		{"counters", []*metricsv1.Metric{
			rising("gen_ai.client.inference.usage.input_tokens", 100, cumulative, "gen_ai.token.modality", "text"),
			rising("gen_ai.client.inference.usage.input_tokens", 20, cumulative, "gen_ai.token.modality", "image"),
			rising("gen_ai.client.inference.usage.cache_read.input_tokens", 90, cumulative),
			rising("gen_ai.client.inference.usage.output_tokens", 30, cumulative),
			rising("gen_ai.client.inference.usage.reasoning.output_tokens", 10, cumulative),
		}, "genai-counters 120 30"},
		{"a histogram of that name", []*metricsv1.Metric{
			spread("gen_ai.client.inference.usage.input_tokens", 100), spread("gen_ai.client.inference.operation.input_tokens", 100),
		}, "genai-draft-b 100 0"},
		{"the one that is believed", []*metricsv1.Metric{
			spread("gen_ai.client.token.usage", 99, "gen_ai.token.type", "input"),
			rising("gen_ai.client.inference.usage.input_tokens", 100, cumulative),
		}, "genai-counters 100 0"},
		{"draft A", []*metricsv1.Metric{
			rising("gen_ai.client.inference.tokens", 100, cumulative, "gen_ai.token.type", "input"),
			rising("gen_ai.client.inference.input_tokens_by_cache", 100, cumulative, "gen_ai.token.cache", "read"),
			rising("gen_ai.client.inference.tokens", 7, cumulative, "gen_ai.token.type", "output"),
		}, "genai-draft-a 100 7"},
		{"the histogram", []*metricsv1.Metric{
			spread("gen_ai.client.token.usage", 100, "gen_ai.token.type", "input"), spread("gen_ai.client.token.usage", 7, "gen_ai.token.type", "output"),
		}, "genai-histogram 100 7"},
		{"Claude Code counts cached tokens beside the input", []*metricsv1.Metric{
			rising("claude_code.token.usage", 5, delta, "type", "input"), rising("claude_code.token.usage", 90, delta, "type", "cacheRead"),
			rising("claude_code.token.usage", 8, delta, "type", "cacheCreation"), rising("claude_code.token.usage", 30, delta, "type", "output"),
		}, "claude-code 103 30"},
		{"Gemini CLI counts thoughts beside the output", []*metricsv1.Metric{
			rising("gemini_cli.token.usage", 100, cumulative, "type", "input"), rising("gemini_cli.token.usage", 40, cumulative, "type", "cache"),
			rising("gemini_cli.token.usage", 30, cumulative, "type", "output"), rising("gemini_cli.token.usage", 10, cumulative, "type", "thought"),
		}, "gemini-cli 100 40"},
		{"Codex", []*metricsv1.Metric{
			spread("codex.turn.token_usage", 130, "token_type", "total"), spread("codex.turn.token_usage", 100, "token_type", "input"),
			spread("codex.turn.token_usage", 40, "token_type", "cached_input"), spread("codex.turn.token_usage", 30, "token_type", "output"),
		}, "codex 100 30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := telemetry.NewPointReader()
			r.Resource(keyed("service.name", "triage"))
			tally := telemetry.NewTally(twelve())
			for _, m := range c.metrics {
				points, unread := r.Read(nil, "", m)
				if unread > 0 {
					t.Errorf("%s: %d points are not read", m.GetName(), unread)
				}
				for i := range points {
					tally.Add("a", "a", minute(3), &points[i])
				}
			}
			if got := said(tally.Counted(minute(80))); got != "12 "+c.want+" true\n" {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func said(all []telemetry.Counted) (s string) {
	for _, c := range all {
		s += fmt.Sprintln(c.Hour.Hour(), c.Family, c.Prompt, c.Completion, c.Whole)
	}
	return s
}

// TestUnreadPoints refuses what is no count of tokens.
func TestUnreadPoints(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*metricsv1.Metric{
		"below zero":     rising("claude_code.token.usage", -1, delta, "type", "input"),
		"a fraction":     spread("gen_ai.client.token.usage", 1.5, "gen_ai.token.type", "input"),
		"no temporality": rising("claude_code.token.usage", 1, 0, "type", "input"),
	} {
		r := telemetry.NewPointReader()
		r.Resource(keyed("service.name", "triage"))
		if points, unread := r.Read(nil, "", m); len(points) != 0 || unread != 1 {
			t.Errorf("%s: %v, %d unread", name, points, unread)
		}
	}
}

// toldAt is a point of input tokens.
func toldAt(start, at int, n int64, isDelta bool) telemetry.Point {
	return telemetry.Point{Service: "s", Model: "m", Family: "claude-code", Side: telemetry.Prompt, Series: "1", Start: minute(start), At: minute(at), Tokens: n, Delta: isDelta}
}

// TestTemporality counts each token once, whatever a counter's temporality, and says
// where it cannot know.
func TestTemporality(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		points []telemetry.Point
		want   string
	}{
		{"cumulative with a reset", []telemetry.Point{toldAt(1, 10, 100, false), toldAt(1, 20, 130, false), toldAt(25, 30, 7, false)}, "12 claude-code 137 0 true\n"},
		{"cumulative, twice and late", []telemetry.Point{toldAt(1, 20, 130, false), toldAt(1, 20, 130, false), toldAt(1, 10, 100, false)}, "12 claude-code 130 0 true\n"},
		{"cumulative, began before", []telemetry.Point{toldAt(-90, 10, 100, false), toldAt(-90, 20, 130, false), toldAt(-90, 61, 140, false)}, "12 claude-code 30 0 false\n13 claude-code 10 0 true\n"},
		{"cumulative, fell without a start", []telemetry.Point{toldAt(1, 10, 100, false), toldAt(1, 20, 30, false)}, "12 claude-code 130 0 false\n"},
		{"two processes", []telemetry.Point{toldAt(1, 10, 100, false), toldAt(2, 11, 5, false), toldAt(1, 20, 130, false), toldAt(2, 21, 9, false)}, "12 claude-code 139 0 true\n"},
		{"delta", []telemetry.Point{toldAt(1, 10, 100, true), toldAt(10, 20, 30, true), toldAt(10, 20, 30, true)}, "12 claude-code 130 0 true\n"},
		{"delta, out of order", []telemetry.Point{toldAt(10, 20, 30, true), toldAt(1, 10, 100, true)}, "12 claude-code 30 0 false\n"},
		{"hours at once", []telemetry.Point{toldAt(1, 5, 100, false), toldAt(1, 70, 900, false)}, "12 claude-code 100 0 false\n13 claude-code 800 0 false\n"},
	} {
		tally := telemetry.NewTally(twelve())
		for i := range c.points {
			tally.Add("a", "a", minute(90), &c.points[i])
		}
		if diff := cmp.Diff(c.want, said(tally.Counted(minute(200)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestTallyIsBounded takes more series than it remembers: what comes again of one that
// it forgot is not counted twice, and its hour is not called whole.
func TestTallyIsBounded(t *testing.T) {
	t.Parallel()
	tally := telemetry.NewTally(twelve())
	const all = 20_000
	for i := range all {
		p := toldAt(1, 10, 1, false)
		p.Series = fmt.Sprint(i)
		tally.Add("a", "a", minute(30), &p)
	}
	for i := range all {
		p := toldAt(1, 20, 2, false)
		p.Series = fmt.Sprint(i)
		tally.Add("a", "a", minute(30), &p)
	}
	if got := tally.Counted(minute(200))[0]; got.Prompt > 2*all || got.Whole {
		t.Errorf("%+v", got)
	}
	refused := 0
	for i := range all {
		p := toldAt(1, 30, 1, true)
		p.Model = fmt.Sprint(i)
		if !tally.Add("a", "a", minute(30), &p) {
			refused++
		}
	}
	if got := len(tally.Counted(minute(200))); refused == 0 || got > all {
		t.Errorf("%d refused, %d remembered", refused, got)
	}
}

// TestTallyProperty sends the points of random counters, each any number of times and
// with what a sender repeats mixed in: the sum is that of what each counted last.
func TestTallyProperty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test that comes out the same each time
		tally := telemetry.NewTally(twelve())
		var want int64
		for life := range 5 {
			start, n := 1+10*life, int64(0)
			var sent []telemetry.Point
			for at := start + 1; at < start+9; at++ {
				n += random.Int64N(1000)
				sent = append(sent, toldAt(start, at, n, false))
				again := sent[random.IntN(len(sent))]
				tally.Add("a", "a", minute(60), &sent[len(sent)-1])
				tally.Add("a", "a", minute(60), &again)
			}
			want += n
		}
		if got := tally.Counted(minute(200)); len(got) != 1 || got[0].Prompt != want || !got[0].Whole {
			t.Fatalf("seed %d: %+v, want %d", seed, got, want)
		}
	}
}
