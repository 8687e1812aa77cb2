package app_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// requestsOf makes requests of OTLP, by signal, of lines in a short form:
//
//	span TRACE ID PARENT START END SERVICE SCOPE name=value…
//	log AT SERVICE name=value…
//	counter|histogram SERVICE METRIC delta|cumulative START AT N name=value…
//
// PARENT and SCOPE are - for none, traces and ids are small numbers, and a value of
// digits alone is a number. Values have no spaces.
func requestsOf(t *testing.T, text string) map[string]any {
	t.Helper()
	out := map[string][]any{}
	for _, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) >= 8 && f[0] == "span":
			out["traces"] = append(out["traces"], toldSpan(t, f))
		case len(f) >= 3 && f[0] == "log":
			out["logs"] = append(out["logs"], toldLog(t, f))
		case len(f) >= 7 && (f[0] == "counter" || f[0] == "histogram"):
			out["metrics"] = append(out["metrics"], toldMetric(t, f))
		default:
			t.Fatalf("%q is not told in the short form", line)
		}
	}
	requests := map[string]any{}
	for signal, name := range map[string]string{"traces": "resourceSpans", "logs": "resourceLogs", "metrics": "resourceMetrics"} {
		if len(out[signal]) > 0 {
			requests[signal] = map[string]any{name: out[signal]}
		}
	}
	return requests
}

func toldSpan(t *testing.T, f []string) any {
	t.Helper()
	span := map[string]any{
		"traceId": fmt.Sprintf("%032s", f[1]), "spanId": fmt.Sprintf("%016s", f[2]), "name": "a span",
		"startTimeUnixNano": nanos(t, f[4]), "endTimeUnixNano": nanos(t, f[5]), "attributes": pairsOf(f[8:]),
	}
	if f[3] != "-" {
		span["parentSpanId"] = fmt.Sprintf("%016s", f[3])
	}
	for _, pair := range f[8:] {
		if state, found := strings.CutPrefix(pair, "tracestate="); found {
			span["traceState"] = state
		}
	}
	return map[string]any{"resource": resourceOf(f[6]), "scopeSpans": []any{map[string]any{
		"scope": map[string]any{"name": strings.Trim(f[7], "-")}, "spans": []any{span},
	}}}
}

// toldLog may say its span by trace= and span=.
func toldLog(t *testing.T, f []string) any {
	t.Helper()
	record := map[string]any{"timeUnixNano": nanos(t, f[1]), "attributes": pairsOf(f[3:])}
	for _, pair := range f[3:] {
		if id, found := strings.CutPrefix(pair, "trace="); found {
			record["traceId"] = fmt.Sprintf("%032s", id)
		}
		if id, found := strings.CutPrefix(pair, "span="); found {
			record["spanId"] = fmt.Sprintf("%016s", id)
		}
	}
	return map[string]any{"resource": resourceOf(f[2]), "scopeLogs": []any{map[string]any{"logRecords": []any{record}}}}
}

func toldMetric(t *testing.T, f []string) any {
	t.Helper()
	temporality := map[string]int{"delta": 1, "cumulative": 2}[f[3]]
	point := map[string]any{"startTimeUnixNano": nanos(t, f[4]), "timeUnixNano": nanos(t, f[5]), "attributes": pairsOf(f[7:])}
	data := map[string]any{"aggregationTemporality": temporality, "dataPoints": []any{point}}
	metric := map[string]any{"name": f[2]}
	if f[0] == "counter" {
		point["asInt"], data["isMonotonic"], metric["sum"] = f[6], true, data
	} else {
		n, err := strconv.ParseFloat(f[6], 64)
		if err != nil {
			t.Fatal(err)
		}
		point["sum"], point["count"], metric["histogram"] = n, "1", data
	}
	return map[string]any{"resource": resourceOf(f[1]), "scopeMetrics": []any{map[string]any{"metrics": []any{metric}}}}
}

func resourceOf(service string) any {
	return map[string]any{"attributes": pairsOf([]string{"service.name=" + service})}
}

func nanos(t *testing.T, hour string) string {
	t.Helper()
	return strconv.FormatInt(hourOf(t, hour).UnixNano(), 10)
}

func pairsOf(pairs []string) []any {
	all := []any{}
	for _, pair := range pairs {
		name, v, _ := strings.Cut(pair, "=")
		held := map[string]any{"stringValue": v}
		if _, err := strconv.ParseInt(v, 10, 64); err == nil {
			held = map[string]any{"intValue": v}
		}
		all = append(all, map[string]any{"key": name, "value": held})
	}
	return all
}
