package tracker_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/tracker"
)

func TestDetect(t *testing.T) {
	t.Parallel()
	for book := range fixtures() {
		if got, ok := tracker.Detect(fixture(t, book)); !ok || got != book {
			t.Errorf("Detect(%s) = %q, %v", fixtures()[book], got, ok)
		}
	}
	for _, none := range []string{"", "{}", "[]", "hello", `{"a":{"b":1}}`, `[{"x":1}]`, "id,seller,sku"} {
		if got, ok := tracker.Detect([]byte(none)); ok {
			t.Errorf("Detect(%q) = %q, want none", none, got)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for book := range fixtures() {
		if _, err := tracker.Read(book, []byte("\x00nonsense")); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("Read(%s, nonsense) = %v, want an invalid error", book, err)
		}
	}
	if _, err := tracker.Read("almanac", nil); spend.HintOf(err) == "" {
		t.Errorf("Read(almanac) = %v, want an error with a hint", err)
	}
}

// TestRead compares what each fixture holds, and what was left out of it and
// why, with a golden list that was checked by hand.
func TestRead(t *testing.T) {
	t.Parallel()
	for book, name := range fixtures() {
		t.Run(string(book), func(t *testing.T) {
			t.Parallel()
			r := read(t, book, fixture(t, book))
			got := "facts\n" + strings.Join(lines(r.Facts), "\n") + "\n\nskipped\n" + strings.Join(reasons(r.Skipped), "\n") + "\n"
			golden(t, name+".golden", got)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestUnits holds one price in the unit of each book: five dollars per million
// tokens, ten per thousand searches.
func TestUnits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		book tracker.Book
		data string
		want []string
	}{
		{tracker.GenAI, `[{"id":"openai","models":[{"id":"m","match":{"equals":"m"},"prices":{"input_mtok":5,"web_searches_kcount":10}}]}]`,
			[]string{"openai/m in_text 5", "openai/m web_search 10"}},
		{tracker.LiteLLM, `{"m":{"litellm_provider":"openai","input_cost_per_token":4.9999999999999996e-06,"search_context_cost_per_query":{"search_context_size_medium":0.01}}}`,
			[]string{"openai/m in_text 5", "openai/m web_search 10"}},
		{tracker.Portkey, `{"openai":{"m":{"pricing_config":{"pay_as_you_go":{"request_token":{"price":5e-4},"additional_units":{"web_search":{"price":1}}}}}}}`,
			[]string{"openai/m in_text 5", "openai/m web_search 10"}},
		{tracker.ModelsDev, "provider,model,context_tier,input,output\nopenai,m,base,5.0,\n", []string{"openai/m in_text 5"}},
	} {
		if diff := cmp.Diff(tt.want, lines(read(t, tt.book, []byte(tt.data)).Facts)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.book, diff)
		}
	}
}

func FuzzHistory(f *testing.F)   { fuzz(f, tracker.History) }
func FuzzGenAI(f *testing.F)     { fuzz(f, tracker.GenAI) }
func FuzzLiteLLM(f *testing.F)   { fuzz(f, tracker.LiteLLM) }
func FuzzPortkey(f *testing.F)   { fuzz(f, tracker.Portkey) }
func FuzzModelsDev(f *testing.F) { fuzz(f, tracker.ModelsDev) }
func FuzzLangfuse(f *testing.F)  { fuzz(f, tracker.Langfuse) }

// fuzz reads and compiles whatever looks like the book. What comes out must load
// as a price book: no ties, no negative prices, no zero that is not declared.
func fuzz(f *testing.F, b tracker.Book) {
	f.Add(fixture(f, b))
	f.Fuzz(func(t *testing.T, data []byte) {
		tracker.Detect(data)
		r, err := tracker.Read(b, data)
		if err != nil {
			return
		}
		result, err := tracker.Compile(tracker.Inputs{Readings: []tracker.Reading{r}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pricebook.Compile(result.Facts, result.Aliases, nil, time.Time{}); err != nil {
			t.Fatal(err)
		}
	})
}
