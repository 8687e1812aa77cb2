package config_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/config"
)

var update = flag.Bool("update", false, "rewrite docs/config.md")

func contains(text, part string) bool { return strings.Contains(text, part) }

func printed(t interface{ Fatal(...any) }, c config.Config) string {
	var b strings.Builder
	if err := config.Print(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reparsed is what comes of a configuration that was printed.
func reparsed(t interface{ Fatal(...any) }, c config.Config) config.Config {
	got, err := config.Parse([]byte(printed(t, c)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestDefaultRoundTrip(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(config.Default(), reparsed(t, config.Default())); diff != "" {
		t.Errorf("the printed defaults differ (-want +got):\n%s", diff)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[\PC$"'\\#:{}\[\]]{1,12}`)
		c := config.Default()
		c.Data = text.Draw(t, "data")
		c.Rules = text.Draw(t, "rules")
		c.Rules = text.Draw(t, "name")
		c.Hosts = rapid.SliceOfN(rapid.StringMatching(`[a-z0-9]{1,9}(\.[a-z]{2,5})?`), 1, 3).Draw(t, "hosts")
		c.Lake.CheckpointIdle = time.Duration(rapid.Int64Range(int64(time.Second), int64(24*time.Hour)).Draw(t, "idle"))
		c.Privacy.Retention.Charges = time.Duration(rapid.Int64Range(0, 36500*int64(24*time.Hour)).Draw(t, "charges"))
		c.Privacy.PersonViews = rapid.Bool().Draw(t, "views")
		if c.Validate() != nil {
			return
		}
		if diff := cmp.Diff(c, reparsed(t, c)); diff != "" {
			t.Fatalf("differs (-want +got):\n%s", diff)
		}
	})
}

func TestPrintHidesSecrets(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.TLS = config.TLS{Certificate: "c.pem", Key: "hunter2"}
	got := printed(t, c)
	if contains(got, "hunter2") || !contains(got, "tls:\n  certificate: \"c.pem\"\n  key: \"********\"\n") {
		t.Errorf("printed:\n%s", got)
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	c := config.TLS{Key: "hunter2"}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", slog.Any("key", c.Key), slog.Any("tls", c))
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	ways := []string{logged.String(), string(asJSON), string(asYAML), c.Key.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		ways = append(ways, fmt.Sprintf(verb, c), fmt.Sprintf(verb, c.Key), fmt.Sprintf(verb, &c))
	}
	for _, shown := range ways {
		if contains(shown, "hunter2") || contains(shown, "68756e74657232") || !contains(shown, "********") {
			t.Errorf("shows as %s", shown)
		}
	}
	if got := config.Secret("").String(); got != "" {
		t.Errorf("an empty secret shows as %q", got)
	}
	if string(c.Key) != "hunter2" {
		t.Error("the text is lost")
	}
}

const page = "../docs/config.md"

func TestReferencePageIsCurrent(t *testing.T) {
	t.Parallel()
	if *update {
		if err := os.WriteFile(page, []byte(config.Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(page)
	if err != nil {
		t.Fatalf("%v: write it with -update", err)
	}
	if diff := cmp.Diff(string(held), config.Reference()); diff != "" {
		t.Errorf("the page is old, write it with -update (-page +source):\n%s", diff)
	}
}

// TestReferenceExplainsEverySetting looks for a row with a meaning for each line
// of the printed file, and reads the example.
func TestReferenceExplainsEverySetting(t *testing.T) {
	t.Parallel()
	reference := config.Reference()
	rows := 0
	for line := range strings.Lines(reference) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| `") {
			rows++
			if len(cells) != 4 || len(cells[3]) < 20 {
				t.Errorf("row without a meaning: %s", line)
			}
		}
	}
	settings := 0
	for line := range strings.Lines(printed(t, config.Default())) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), ":"); value != "" {
			settings++
			if !contains(reference, name+"` | ") {
				t.Errorf("no row for %s", name)
			}
		}
	}
	if rows != settings {
		t.Errorf("%d rows for %d settings", rows, settings)
	}
	_, example, _ := strings.Cut(reference, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := config.Parse([]byte(example), environment("TLS_FOLDER", "certificates")); err != nil {
		t.Errorf("the example is refused: %v", err)
	}
}
