package pricebook_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bursarhq/bursar/pricebook"
)

var update = flag.Bool("update", false, "write what the scenarios give into their want.jsonl")

// A scenario is a file under testdata: what it shows, then facts.csv, perhaps
// aliases.csv, book.yaml (facts and overlays) and known (an instant), the cases
// and the wanted answers. "BOOK" stands for the hash.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runScenario(t, file)
		})
	}
}

func runScenario(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	part := map[string][]byte{}
	for _, f := range archive.Files {
		part[f.Name] = f.Data
	}
	book := scenarioBook(t, part)
	var out bytes.Buffer
	if _, err := pricebook.RateCases(book, bytes.NewReader(part["cases.jsonl"]), &out); err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(out.String(), book.Hash(), "BOOK")
	if *update {
		for i, f := range archive.Files {
			if f.Name == "want.jsonl" {
				archive.Files[i].Data = []byte(got)
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	gotLines, wantLines := strings.SplitAfter(got, "\n"), strings.SplitAfter(string(part["want.jsonl"]), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		if i >= len(gotLines) || i >= len(wantLines) || gotLines[i] != wantLines[i] {
			t.Fatalf("answer %d differs; all answers:\n%s", i+1, got)
		}
	}
}

func scenarioBook(t *testing.T, part map[string][]byte) *pricebook.Book {
	var d pricebook.Document
	var err error
	if text, ok := part["book.yaml"]; ok {
		if d, err = pricebook.ReadYAML(bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if text, ok := part["facts.csv"]; ok {
		more, err := pricebook.ReadFacts(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		d.Facts = append(d.Facts, more...)
	}
	if text, ok := part["aliases.csv"]; ok {
		if d.Aliases, err = pricebook.ReadAliases(bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	var known time.Time
	if text, ok := part["known"]; ok {
		known = at(strings.TrimSpace(string(text)))
	}
	book, err := pricebook.Compile(d.Facts, d.Aliases, d.Overlays, known)
	if err != nil {
		t.Fatal(err)
	}
	return book
}
