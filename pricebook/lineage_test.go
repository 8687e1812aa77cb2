package pricebook_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func TestProductLines(t *testing.T) {
	t.Parallel()
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for model, want := range map[string]string{
		"openai/gpt-5.5": "openai/flagship", "openai/gpt-5.6-sol": "openai/flagship", "openai/gpt-5.1": "openai/flagship",
		"openai/gpt-5.6-luna": "openai/small", "openai/gpt-4.1-mini": "openai/small", "anthropic/claude-opus-4-7": "anthropic/opus",
		"anthropic/claude-sonnet-5": "anthropic/sonnet", "mistral/mistral-large-2512": "mistral/mistral-large", "": "/",
	} {
		c := pricebook.Canonical(model)
		if got := book.Line(c.Developer, c.Family, model); got != want {
			t.Errorf("%s is of %s, want %s", model, got, want)
		}
	}
	if got := (*pricebook.Book)(nil).Line("acme", "one", "acme/one-2"); got != "acme/one" {
		t.Errorf("without a book it is of %s", got)
	}
}

// TestWhatMovedAPrice reads the facts that ship: the example of Moved, a promotion, its
// absence, and what no seller sells.
func TestWhatMovedAPrice(t *testing.T) {
	t.Parallel()
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	month := func(m time.Month) pricebook.Span {
		return pricebook.Span{From: time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, m+1, 1, 0, 0, 0, 0, time.UTC)}
	}
	for _, c := range []struct {
		seller, model string
		before, after time.Month
		want          pricebook.Moved
	}{
		{"mistral", "mistral-medium-latest", time.May, time.July, pricebook.Repointed},
		{"mistral", "mistral-medium-latest", time.July, time.May, pricebook.Repointed},
		{"mistral", "mistral-medium-latest", time.July, time.August, pricebook.Unmoved},
		{"openai", "gpt-5.6-sol", time.August, time.September, pricebook.Promotion},
		{"openai", "gpt-5.5", time.August, time.September, pricebook.Unmoved},
		{"openai", "no-such-model", time.August, time.September, pricebook.Unmoved},
		{"nobody", "gpt-5.5", time.August, time.September, pricebook.Unmoved},
	} {
		if got := book.Moved(c.seller, c.model, month(c.before), month(c.after)); got != c.want {
			t.Errorf("%s/%s from %s to %s: %q, want %q", c.seller, c.model, c.before, c.after, got, c.want)
		}
	}
}

func TestLineageIsReadAndChecked(t *testing.T) {
	t.Parallel()
	steps, err := pricebook.EmbeddedLineage()
	if err != nil || len(steps) < 40 {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	var b bytes.Buffer
	if err := pricebook.WriteLineage(&b, steps); err != nil {
		t.Fatal(err)
	}
	again, err := pricebook.ReadLineage(&b)
	if diff := cmp.Diff(steps, again); err != nil || diff != "" {
		t.Errorf("%v, read back:\n%s", err, diff)
	}
	book, err := pricebook.Compile(nil, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	twice := []pricebook.Lineage{{Line: "a/one", Model: "a/x", Since: steps[0].Since}, {Line: "a/two", Model: "a/x", Since: steps[0].Since}, {Model: "a/y"}}
	_, err = book.WithLineage(twice)
	for _, want := range []string{"a/x: it is in a/one and in a/two", "a/y: line and model", "a/y: the day"} {
		if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func FuzzReadLineage(f *testing.F) {
	f.Add([]byte("line,model,since,source,checked,note\na/one,a/x,2026-01-01,ref,2026-02-01,\n"))
	f.Add([]byte("line,model\n\"a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		steps, err := pricebook.ReadLineage(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := pricebook.WriteLineage(&b, steps); err != nil {
			t.Fatal(err)
		}
		again, err := pricebook.ReadLineage(&b)
		if diff := cmp.Diff(steps, again); err != nil || diff != "" {
			t.Errorf("%v, read back:\n%s", err, diff)
		}
	})
}
