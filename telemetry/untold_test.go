package telemetry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// countOf is tokens in that a service counts in an hour, of calls that end in it and may
// have begun so many hours before.
func countOf(service, model string, hour, before int, n int64) telemetry.Counted {
	at := twelve().Add(time.Duration(hour) * time.Hour)
	return telemetry.Counted{
		Slot: telemetry.Slot{Space: "a", Application: "a", Service: service, Model: model, Hour: at}, From: at.Add(-time.Duration(before) * time.Hour),
		Tokens: telemetry.Tokens{Prompt: n},
	}
}

func toldOf(service string, hour int, n int64, models ...string) telemetry.Told {
	return telemetry.Told{Application: "a", Service: service, Models: models, Hour: twelve().Add(time.Duration(hour) * time.Hour), Tokens: telemetry.Tokens{Prompt: n}}
}

// TestUntold uses what calls tell once.
func TestUntold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		counted []telemetry.Counted
		told    []telemetry.Told
		want    []int64
	}{
		"metrics alone":                     {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, nil, []int64{1000}},
		"sampled":                           {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("s", 0, 610, "m")}, []int64{390}},
		"spans that come late":              {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("s", 0, 610, "m"), toldOf("s", 0, 200, "m")}, []int64{190}},
		"all is told":                       {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("s", 0, 985, "m")}, []int64{0}},
		"more is told":                      {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("s", 0, 2000, "m")}, []int64{0}},
		"another model":                     {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("s", 0, 1000, "n")}, []int64{1000}},
		"another name of the model":         {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("s", 0, 1000, "m-2026", "m")}, []int64{0}},
		"a count without a model":           {[]telemetry.Counted{countOf("s", "", 0, 0, 1000)}, []telemetry.Told{toldOf("s", 0, 400, "m"), toldOf("s", 0, 600, "n")}, []int64{0}},
		"another service":                   {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("r", 0, 1000, "m")}, []int64{1000}},
		"calls that say no service":         {[]telemetry.Counted{countOf("r", "m", 0, 0, 300), countOf("s", "m", 0, 0, 1000)}, []telemetry.Told{toldOf("", 0, 1000, "m"), toldOf("s", 0, 200, "m")}, []int64{0, 100}},
		"a call of the hour before":         {[]telemetry.Counted{countOf("s", "m", 1, 1, 1000)}, []telemetry.Told{toldOf("s", 0, 1000, "m")}, []int64{0}},
		"which its own hour needs":          {[]telemetry.Counted{countOf("s", "m", 0, 0, 1000), countOf("s", "m", 1, 1, 1000)}, []telemetry.Told{toldOf("s", 0, 1000, "m")}, []int64{0, 1000}},
		"a call of the hour behind is none": {[]telemetry.Counted{countOf("s", "m", 0, 1, 1000)}, []telemetry.Told{toldOf("s", 1, 1000, "m")}, []int64{1000}},
	} {
		var got []int64
		for _, left := range telemetry.Untold(c.counted, c.told) {
			got = append(got, left.Prompt)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestUntoldProperty draws counts and calls of two services and three hours: what is
// charged of both is never below what was counted beyond all calls, never above what was
// counted, and less by no more than a call tells when that comes late.
func TestUntoldProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		services := []string{"r", "s"}
		var counted []telemetry.Counted
		var told []telemetry.Told
		var whole, calls int64
		for hour := range 3 {
			for _, service := range services {
				n := rapid.Int64Range(0, 10_000).Draw(t, "counted")
				counted = append(counted, countOf(service, "m", hour, 1, n))
				whole += n
			}
			for _, service := range append(services, "") {
				n := rapid.Int64Range(0, 10_000).Draw(t, "told")
				told = append(told, toldOf(service, hour, n, "m"))
				calls += n
			}
		}
		before := sumOf(telemetry.Untold(counted, told))
		if slack := whole * 2 / 100; before > whole || before+slack < whole-calls {
			t.Fatalf("%d of %d counted and %d told", before, whole, calls)
		}
		late := toldOf(rapid.SampledFrom(services).Draw(t, "whose"), rapid.IntRange(0, 2).Draw(t, "when"), rapid.Int64Range(0, 10_000).Draw(t, "late"), "m")
		if after := sumOf(telemetry.Untold(counted, append(told, late))); after > before || after < before-late.Prompt-whole*2/100 {
			t.Fatalf("%d became %d by %d", before, after, late.Prompt)
		}
	})
}

func sumOf(all []telemetry.Tokens) (n int64) {
	for _, left := range all {
		n += left.Prompt
	}
	return n
}

// TestTokensHaveDisjointMeters prices parts as parts; what contradicts its whole is no more
// than that.
func TestTokensHaveDisjointMeters(t *testing.T) {
	t.Parallel()
	var want spend.Usage
	want.Tokens[spend.InText], want.Tokens[spend.CacheRead], want.Tokens[spend.CacheWriteOther] = 5, 128955, 1253
	want.Tokens[spend.OutText], want.Tokens[spend.OutReasoning] = 700, 100
	got := telemetry.Tokens{Prompt: 130213, Read: 128955, Written: 1253, Completion: 800, Reasoned: 100}.Usage()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	odd := telemetry.Tokens{Prompt: 10, Read: 7, Written: 7, Completion: 1, Reasoned: 2}.Usage()
	if odd.PromptTokens() != 10 || odd.CompletionTokens() != 1 {
		t.Errorf("%+v", odd)
	}
}
