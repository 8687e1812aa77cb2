package pricebook

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"slices"
	"time"
)

//go:embed facts/*.csv
var files embed.FS

// aliasesFile is the one CSV file of facts/ that holds no facts.
const aliasesFile = "aliases.csv"

// Embedded compiles the facts that ship with Bursar, as they are known now.
// It takes some tens of milliseconds: call it once.
func Embedded() (*Book, error) {
	facts, aliases, err := EmbeddedFacts()
	if err != nil {
		return nil, err
	}
	return Compile(facts, aliases, nil, time.Time{})
}

// EmbeddedFacts reads the facts and aliases that ship with Bursar, for a book
// with overlays or as known at an earlier instant.
func EmbeddedFacts() (facts []Fact, aliases []Alias, err error) {
	entries, err := files.ReadDir("facts")
	if err != nil {
		return nil, nil, fmt.Errorf("read embedded price facts: %w", err)
	}
	parts := make([][]Fact, 0, len(entries))
	for _, entry := range entries {
		data, err := files.ReadFile(path.Join("facts", entry.Name()))
		if err != nil {
			return nil, nil, fmt.Errorf("read embedded price facts: %w", err)
		}
		text := bytes.NewReader(data)
		if entry.Name() == aliasesFile {
			aliases, err = ReadAliases(text)
		} else {
			var more []Fact
			more, err = ReadFacts(text)
			parts = append(parts, more)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
	}
	return slices.Concat(parts...), aliases, nil
}
