package tracker_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/tracker"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	result := books{
		tracker.GenAI: genai("openai", "gpt-demo", `{"input_mtok":5}`),
		tracker.ModelsDev: devHead + "openai,gpt-demo,base,5,,,,2026-01-10\nopenai,gpt-alone,base,1,,,,2026-01-10\n" +
			"some-host,demo,base,1,,,,2026-01-10\nopenai,gpt-demo-2026-01-10,base,5,,,,2026-01-10\n",
	}.compile(t)
	files, err := tracker.Files(result)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"SOURCES.md", "aliases.csv", "limits.csv", "lineage.csv", "openai.csv", "tail-o.csv", "tail-s.csv"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	var facts []pricebook.Fact
	for _, name := range want[4:] {
		part, err := pricebook.ReadFacts(bytes.NewReader(files[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		facts = append(facts, part...)
	}
	if diff := cmp.Diff(graded(result.Facts), graded(facts)); diff != "" {
		t.Errorf("facts read back (-want +got):\n%s", diff)
	}
	aliases, err := pricebook.ReadAliases(bytes.NewReader(files["aliases.csv"]))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(result.Aliases, aliases); diff != "" {
		t.Errorf("aliases read back (-want +got):\n%s", diff)
	}
	for _, b := range tracker.Books() {
		if o := tracker.OriginOf(b); !bytes.Contains(files["SOURCES.md"], []byte(o.Notice)) || o.Snapshot.IsZero() {
			t.Errorf("SOURCES.md lacks the notice of %s", b)
		}
	}
}

// TestRows holds a book's statement beside the others'.
func TestRows(t *testing.T) {
	t.Parallel()
	readings := []tracker.Reading{
		read(t, tracker.GenAI, []byte(genai("groq", "demo", `{"input_mtok":5,"output_mtok":9}`))),
		read(t, tracker.LiteLLM, []byte(litellm("groq", "demo", `"input_cost_per_token":5e-06,"output_cost_per_token":9e-06`))),
		read(t, tracker.ModelsDev, []byte(devHead+"groq,demo,base,50,9,60,,2026-01-10\ngroq,embed,base,1,,,,\n")),
	}
	rows, err := tracker.Rows(readings, tracker.ModelsDev)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		undisputed := "disputed"
		if r.Undisputed {
			undisputed = "undisputed"
		}
		got = append(got, r.Seller+"/"+r.SKU+" "+r.Meter.String()+" "+r.Price.String()+" "+undisputed+" "+r.Rejected)
	}
	want := []string{
		"groq/demo in_text 50 undisputed more than five times off every other book",
		"groq/demo cache_read 60 disputed cached read above input 50",
		"groq/demo out_text 9 undisputed ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := tracker.Rows(append(readings, readings[0]), tracker.GenAI); err == nil {
		t.Error("a book twice gave no error")
	}
}
