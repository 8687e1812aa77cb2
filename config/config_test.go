package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/config"
)

// environment gives the variables of a test, written as NAME, value, NAME, value.
func environment(pairs ...string) func(string) (string, bool) {
	held := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		held[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) {
		value, set := held[name]
		return value, set
	}
}

// refusal parses a text that must be refused and gives its problems, one a line.
func refusal(t *testing.T, text string, getenv func(string) (string, bool)) string {
	t.Helper()
	c, err := config.Parse([]byte(text), getenv)
	var refused *config.Error
	if !errors.As(err, &refused) {
		t.Fatalf("%q: got error %v, want an *Error", text, err)
	}
	if diff := cmp.Diff(config.Config{}, c); diff != "" {
		t.Errorf("%q: a configuration comes with the error: %s", text, diff)
	}
	var lines []string
	for _, p := range refused.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func TestDefault(t *testing.T) {
	t.Parallel()
	c := config.Default()
	if err := c.Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	want := config.Config{
		Listen: "127.0.0.1:4141",
		Data:   "bursar-data",
		Limits: config.Limits{BodyBytes: 32 << 20, EventsPerBatch: 5_000, NewLabelsPerHour: 1_000, RequestsPerSecondPerToken: 100,
			QuerySeconds: 30, QueriesAtOnce: 4, Streams: 128},
		Journal: config.Journal{CommitWindowMS: 3, SegmentBytes: 64 << 20, Keys: 1 << 17, Retention: 7 * 24 * time.Hour},
		Backup:  config.Backup{Every: 24 * time.Hour, Keep: 7},
		Lake:    config.Lake{Memory: "1GB", CheckpointRows: 14_000, CheckpointIdle: time.Minute},
		Ingest:  config.Ingest{Batch: 8192, Queue: 1_000_000},
		Gateway: config.Gateway{Enabled: true, AccessLog: "off", BodyBytes: 64 << 20, MemoryBytes: 256 << 20, ClientTime: time.Minute,
			ConnectTime: 10 * time.Second, HeadTime: 10 * time.Minute, IdleTime: 5 * time.Minute, CallTime: time.Hour, DrainTime: 2 * time.Minute, Stalled: "refuse", StallTime: 2 * time.Second, QueueTime: 2 * time.Second, GraceTime: 20 * time.Second},
		Telemetry: config.Telemetry{Enabled: true, BodyBytes: 16 << 20, MemoryBytes: 128 << 20, Spans: 16_384},
		Vendors:   config.Vendors{Every: time.Hour},
		Prices:    config.Prices{StaleDays: 90},
		Forecast:  config.Forecast{LeastDays: 28, SettleDays: 3, LeastJudged: 3},
		Quality:   config.Quality{MarginPercent: 5, LeastRuns: 100, SharePercent: 90},
		Metrics:   config.Metrics{Enabled: true, LabelSets: 1000},
		Log:       config.Log{Level: "info", Format: "text"},
		Privacy:   config.Privacy{MinimumGroup: 5, Retention: config.Retention{Quarantine: 90 * 24 * time.Hour, Journal: 30 * 24 * time.Hour}},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
}

func TestNothingGivesTheDefaults(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# nothing\n", "---\n", "~", "{}", "lake:\ntls:\n  # key: k\n", "privacy: {retention: }"} {
		c, err := config.Parse([]byte(text), nil)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(config.Default(), c); diff != "" {
			t.Errorf("%q differs from the defaults (-want +got):\n%s", text, diff)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	text := `
listen: "[::]:0"
hosts: [bursar.example.com, "::1"]
rules: R&D-EU.yaml
tls: {certificate: c.pem, key: k.pem}
journal:
  retention: 1d12h
metrics:
  enabled: false
privacy:
  person_views: true
  retention:
    charges: 400d
    journal: 0
`
	want := config.Default()
	want.Listen = "[::]:0"
	want.Hosts = []string{"bursar.example.com", "::1"}
	want.Rules = "R&D-EU.yaml"
	want.TLS = config.TLS{Certificate: "c.pem", Key: "k.pem"}
	want.Journal.Retention = 36 * time.Hour
	want.Metrics.Enabled = false
	want.Privacy.PersonViews = true
	want.Privacy.Retention.Charges = 400 * 24 * time.Hour
	want.Privacy.Retention.Journal = 0
	got, err := config.Parse([]byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

// TestEverythingAtOnce is the promise that a file is mended in one go.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	got := refusal(t, `listne: ":80"
listen: nowhere
limits:
  body_byte: 1
  query_seconds: soon
  queries_at_once: 0
log: {level: loud}
tls:
  certificate: c.pem
hosts:
  - ok.example.com
  - https://bad.example.com
data: ${FOLDER}
privacy:
  retention:
    journal: 1d
`, environment())
	want := `journal.retention: want at most 1d, the value of privacy.retention.journal
line 1: listne: is unknown: here may stand listen, data, hosts, public_url, rules, tls, limits, journal, backup, lake, ingest, gateway, telemetry, notices, vendors, prices, forecast, quality, metrics, log, privacy
line 2: listen: want an address and a port up to 65535, like 127.0.0.1:4141 or [::1]:4141
line 4: limits.body_byte: is unknown: here may stand body_bytes, events_per_batch, new_labels_per_hour, requests_per_second_per_token, query_seconds, queries_at_once, streams
line 5: limits.query_seconds: want a whole number, not soon
line 6: limits.queries_at_once: want 1 to 1000
line 7: log.level: want debug, info, warn or error
line 8: tls.key: want the name of a file: certificate and key are set together, or neither
line 12: hosts[1]: want a name or an address alone, like bursar.example.com, without scheme and port
line 13: data: the environment variable FOLDER is not set: set it, or write the value here`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems differ (-want +got):\n%s", diff)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "bursar.yaml")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := config.Load(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("a missing file gives %v", err)
	}
	if _, err := config.Load(folder); err == nil || !strings.Contains(err.Error(), folder) {
		t.Errorf("a folder gives %v", err)
	}
	write("data: elsewhere\n")
	if c, err := config.Load(path); err != nil || c.Data != "elsewhere" {
		t.Errorf("got folder %q, error %v", c.Data, err)
	}
	write("\ndate: elsewhere\n")
	if _, err := config.Load(path); err == nil || !strings.HasPrefix(err.Error(), "read configuration "+path+": line 2: date: is unknown") {
		t.Errorf("an unknown key gives %v", err)
	}
	write("date: elsewhere\nlog: {level: x}\n")
	if _, err := config.Load(path); err == nil || !strings.HasPrefix(err.Error(), "read configuration "+path+": 2 problems\n  line 1: date: ") {
		t.Errorf("two problems give %v", err)
	}
	write("#" + strings.Repeat(" ", config.MaxBytes))
	if _, err := config.Load(path); err == nil || !strings.Contains(err.Error(), "is larger than") {
		t.Errorf("a large file gives %v", err)
	}
}
