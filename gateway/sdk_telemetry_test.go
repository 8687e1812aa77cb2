//go:build sdks

package gateway_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// instrumented is a program that makes calls with a vendor's library and tells them by
// OpenTelemetry. make sdks installs it.
type instrumented struct {
	name    string
	vendor  string // whose library
	command []string
	cases   []string
	grpc    bool // it tells over gRPC
	unnamed bool // it tells calls by which nobody knows them: no id of the answer, no trace in the request
}

func instrumentations() (all []instrumented) {
	cases := map[string][]string{
		"openai":    {"chat", "chat_stream", "responses", "responses_stream", "embeddings"},
		"anthropic": {"messages", "messages_stream", "messages_cache", "messages_stream_cache"},
	}
	programs := map[string][]string{
		"python":     {"../bin/sdks/telemetry/python/bin/python", "testdata/sdks/telemetry/python/drive.py"},
		"javascript": {"node", "../bin/sdks/telemetry/javascript/drive.mjs"},
	}
	for language, command := range programs {
		for _, by := range []string{"openllmetry", "openinference"} {
			for vendor, names := range cases {
				all = append(all, instrumented{strings.Join([]string{language, by, vendor}, " "), vendor, append(command[:2:2], by, vendor), names, false, isUnnamed(language, by, vendor)})
			}
		}
	}
	return append(all, instrumented{"go by hand openai", "openai", []string{"../bin/sdks/telemetry/go/drive"}, cases["openai"][:2], true, false})
}

// isUnnamed: OpenInference tells embeddings and, for JavaScript, streams without the id of
// the answer, OpenLLMetry for JavaScript messages and streams of responses.
func isUnnamed(language, by, vendor string) bool {
	return language == "javascript" || by == "openinference" && vendor == "openai"
}

// run makes the calls at a base URL, and tells them as the environment says.
func (i *instrumented) run(t *testing.T, base, key string, environment ...string) {
	t.Helper()
	args := append(append(i.command[1:len(i.command):len(i.command)], base, key), i.cases...)
	cmd := exec.CommandContext(t.Context(), i.command[0], args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environment...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", i.name, err, out)
	}
}

// ways are how the calls of a program come to the ledger.
type ways struct{ passed, told bool }

// ledger makes the calls, and says what of them is in the ledger.
func (i *instrumented) ledger(t *testing.T, w ways) string {
	t.Helper()
	v := newVendor(t)
	v.distinct = true
	s := serve(t, v.server.URL)
	base, environment := v.server.URL, []string{"OTEL_SDK_DISABLED=true"}
	if w.passed {
		base = s.url + "/" + i.vendor
	}
	if i.vendor == "openai" {
		base += "/v1"
	}
	if w.told {
		environment = append(s.collector(i.grpc), "OTEL_SERVICE_NAME=triage")
		if w.passed && i.unnamed {
			environment = append(environment, "OTEL_SERVICE_NAME="+meteredService)
		}
	}
	i.run(t, base, s.key(), environment...)
	s.stop()
	if got := v.seen(); got != len(i.cases) {
		t.Fatalf("the vendor saw %d requests, want %d", got, len(i.cases))
	}
	text := s.command("spend", "--by", "seller,served_model", "--measures", "calls,prompt_tokens,completion_tokens,cached_tokens,cost,exposure", "--output", "csv")
	return regexp.MustCompile("(?m)^.*,0,0,0,0,,0,false\n").ReplaceAllString(text, "") // what names a call under another model counts none
}

// collector is the environment in which programs tell a server.
func (s *served) collector(grpc bool) []string {
	s.t.Helper()
	key := strings.TrimSpace(s.command("key", "create", "telemetry", "--name", "sdk", "--team", "claims", "--application", "triage"))
	address := s.url + "/otlp"
	if grpc {
		address = "http://" + s.grpc
	}
	return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + address, "OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20" + key}
}

// meteredService is one whose calls the gateway alone charges, by the configuration.
const meteredService = "behind-the-gateway"

// TestTelemetryOfLibraries makes the same calls in three ways: through the gateway, told
// by telemetry, and both at once, which gives one charge for each call. What telemetry
// alone tells is the same wherever its library knows what the vendor said.
func TestTelemetryOfLibraries(t *testing.T) {
	t.Parallel()
	for _, i := range instrumentations() {
		t.Run(i.name, func(t *testing.T) {
			t.Parallel()
			passed, both := i.ledger(t, ways{passed: true}), i.ledger(t, ways{passed: true, told: true})
			if diff := cmp.Diff(passed, both); diff != "" {
				t.Errorf("telemetry beside the gateway changes the ledger (-gateway +both):\n%s", diff)
			}
			if diff := cmp.Diff(i.alone(passed), i.ledger(t, ways{told: true})); diff != "" {
				t.Errorf("telemetry alone (-want +got):\n%s", diff)
			}
		})
	}
}

// alone is the ledger when telemetry alone tells of the calls: that of the gateway, unless
// the library does not tell all that the vendor said. No call is missing then but the
// embeddings of which OpenLLMetry for JavaScript makes no span, and what has no usage has
// no price.
func (i *instrumented) alone(passed string) string {
	const head = "bucket,seller,served_model,calls,prompt_tokens,completion_tokens,cached_tokens,cost,exposure,other\n"
	lesser := map[string]string{
		// How long a cache is kept is told by nobody: 150 tokens of 5 minutes and 50 of an hour.
		"javascript openinference anthropic": ",anthropic,claude-sonnet-4-5-20250929,4,3600,120,800,0.01074,0,false\nTOTAL,,,4,3600,120,800,0.01074,0,false\n",
		"javascript openllmetry anthropic":   ",anthropic,claude-sonnet-4-5-20250929,4,3600,120,800,0.01074,0,false\nTOTAL,,,4,3600,120,800,0.01074,0,false\n",
		// No usage of a stream, none of embeddings.
		"javascript openinference openai": ",openai,gpt-5-2025-08-07,3,3000,90,1200,0.0033,0,false\n,openai,gpt-5,1,0,0,0,,0,false\n" +
			",openai,text-embedding-3-small,1,0,0,0,,0,false\nTOTAL,,,5,3000,90,1200,0.0033,0,false\n",
		// No cached tokens, no usage of streams, not even the model of one.
		"javascript openllmetry openai": ",openai,gpt-5-2025-08-07,3,2000,60,0,0.0031,0,false\n,openai,,1,0,0,0,,0,false\nTOTAL,,,4,2000,60,0,0.0031,0,false\n",
	}
	if rows, known := lesser[i.name]; known {
		return head + rows
	}
	return passed
}
