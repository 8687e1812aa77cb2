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

// The CSV files of facts/ that hold no facts.
const (
	aliasesFile = "aliases.csv"
	limitsFile  = "limits.csv"
	lineageFile = "lineage.csv"
)

// Embedded compiles the facts that ship with Bursar, as they are known now.
// It takes some tens of milliseconds: call it once.
func Embedded() (*Book, error) {
	facts, aliases, err := EmbeddedFacts()
	if err != nil {
		return nil, err
	}
	book, err := Compile(facts, aliases, nil, time.Time{})
	if err != nil {
		return nil, err
	}
	limits, err := EmbeddedLimits()
	if err != nil {
		return nil, err
	}
	if book, err = book.WithLimits(limits); err != nil {
		return nil, err
	}
	steps, err := EmbeddedLineage()
	if err != nil {
		return nil, err
	}
	return book.WithLineage(steps)
}

// EmbeddedLineage reads the product lines of models that ship with Bursar.
func EmbeddedLineage() ([]Lineage, error) {
	data, err := files.ReadFile(path.Join("facts", lineageFile))
	if err != nil {
		return nil, fmt.Errorf("read embedded lineage: %w", err)
	}
	return ReadLineage(bytes.NewReader(data))
}

// EmbeddedLimits reads the limits of models that ship with Bursar.
func EmbeddedLimits() ([]Limit, error) {
	data, err := files.ReadFile(path.Join("facts", limitsFile))
	if err != nil {
		return nil, fmt.Errorf("read embedded limits: %w", err)
	}
	return ReadLimits(bytes.NewReader(data))
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
		switch entry.Name() {
		case limitsFile, lineageFile:
		case aliasesFile:
			aliases, err = ReadAliases(text)
		default:
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
