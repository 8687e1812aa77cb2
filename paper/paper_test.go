package paper_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/board/boardtest"
	"github.com/bursarhq/bursar/paper"
)

var update = flag.Bool("update", false, "rewrite testdata")

func report(t testing.TB) *board.Pack {
	t.Helper()
	r, err := board.Compose(boardtest.Material(t))
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

// TestGolden holds both forms of a made-up month against their files.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer, *board.Pack) error{"board.md": paper.Markdown, "board.html": paper.HTML} {
		var got bytes.Buffer
		if err := write(&got, report(t)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v; write it with -update", err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
			t.Errorf("%s changed; -update if that is meant (-want +got):\n%s", name, diff)
		}
	}
}

// TestNamesAreNoMarkup gives a team and a workflow names that would be markup.
func TestNamesAreNoMarkup(t *testing.T) {
	t.Parallel()
	m := boardtest.Material(t)
	m.Teams.Slices[0].Keys = []string{`<script>alert(1)</script>`}
	m.Vendors.Rows[0].Keys = []string{"[a](javascript:b)|c\n# d"}
	r, err := board.Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	var page, text bytes.Buffer
	if err := paper.HTML(&page, &r); err != nil {
		t.Fatal(err)
	}
	if err := paper.Markdown(&text, &r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script") {
		t.Error("a name is a script")
	}
	if regexp.MustCompile(`[^\\](<script|\]\()`).MatchString(text.String()) || strings.Contains(text.String(), "\n# d") {
		t.Errorf("a name is markup:\n%s", text.String())
	}
}

// TestPageLoadsNothing looks for whatever would make a browser ask or run.
func TestPageLoadsNothing(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	if err := paper.HTML(&page, report(t)); err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)<(script|img|link|iframe|object)|src=|@import|url\([^#]|https?:`).FindString(page.String()); found != "" {
		t.Errorf("the page has %q", found)
	}
	if !strings.Contains(page.String(), "<svg") || !strings.Contains(page.String(), "@media print") {
		t.Error("the page has no chart, or no style for print")
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("claims", "openai")
	f.Add("a|b\n", "`*[x](y)")
	f.Fuzz(func(t *testing.T, team, vendor string) {
		m := boardtest.Material(t)
		m.Teams.Slices[0].Keys, m.Vendors.Rows[0].Keys = []string{team}, []string{vendor}
		r, err := board.Compose(m)
		if err != nil {
			t.Fatal(err)
		}
		var text, page bytes.Buffer
		if err := paper.Markdown(&text, &r); err != nil {
			t.Fatal(err)
		}
		if err := paper.HTML(&page, &r); err != nil {
			t.Fatal(err)
		}
		if want, got := 10, strings.Count(text.String(), "\n## ")-2; want != got {
			t.Errorf("%d sections, want %d:\n%s", got, want, text.String())
		}
	})
}
