package connect_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// blocks gives the code blocks of the guide in a language.
func blocks(t *testing.T, language string) (found []string) {
	t.Helper()
	guide, err := os.ReadFile("../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(guide), -1) {
		found = append(found, m[1])
	}
	return found
}

// What the guide shows works as it stands there.
func TestGuide(t *testing.T) {
	t.Parallel()
	texts := blocks(t, "yaml")
	recs := all(t, connect.Open(strings.NewReader(blocks(t, "csv")[0]), mapping(t, texts[0]), connect.Options{}))
	if len(recs) != 2 || len(recs[0].Problems)+len(recs[1].Problems) > 0 {
		t.Fatalf("%+v", recs)
	}
	e := recs[1].Event
	if e.SourceKey != "req-2" || e.UsedAt.Hour() != 9 || e.Usage.Tokens[spend.InText] != 150 || e.Reported != money.Known(money.Must("0.00228")) {
		t.Errorf("%+v", e)
	}
	_, rest, _ := strings.Cut(simple, "  workflow: job\n")
	before, _, _ := strings.Cut(simple, "fields:\n")
	mapping(t, before+texts[1]+rest)

	examples := blocks(t, "json")
	event, raw := examples[0], strings.TrimSpace(examples[1])
	swapped := regexp.MustCompile(`"usage": \{[^}]*\}`).ReplaceAllLiteralString(event, raw)
	for _, text := range []string{event, swapped} {
		recs := all(t, connect.OpenEvents(strings.NewReader(text), connect.Options{}))
		if len(recs) != 1 || len(recs[0].Problems) > 0 || recs[0].Event.Usage.IsZero() || recs[0].Event.Scope.Customer != "acme" {
			t.Errorf("%s: %+v", text, recs)
		}
	}
}

// The guide names every key that the errors offer.
func TestGuideIsComplete(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	_, err = connect.ParseMapping([]byte("unknown: 1\nfields: {unknown: 1}\nusage: {unknown: 1}\n" +
		"time: {field: a, unknown: 1}\nreported_cost: {field: a, unknown: 1}\nduration: {unknown: 1}\nbucket: {unknown: 1}\n"))
	if err == nil {
		t.Fatal("accepted")
	}
	offers := regexp.MustCompile(`known are (.*)`).FindAllStringSubmatch(err.Error(), -1)
	if len(offers) != 7 {
		t.Fatalf("%d offers in %v", len(offers), err)
	}
	for _, offer := range append(offers, []string{"", strings.Join(connect.Builtins(), ", ")}) {
		for _, key := range strings.Split(offer[1], ", ") {
			if !regexp.MustCompile(`\b` + key + `\b`).Match(guide) {
				t.Errorf("docs/import.md does not mention %s", key)
			}
		}
	}
}
