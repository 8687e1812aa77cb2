package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// PriceLog is everything that the price book of a data folder is compiled from:
// the facts that ship with Bursar, then the folder's own, in order of import.
type PriceLog struct {
	Facts    []pricebook.Fact
	Aliases  []pricebook.Alias
	Overlays []pricebook.Overlay
	Limits   []pricebook.Limit // of models; the last of a SKU counts
	Lineage  []pricebook.Lineage
}

// ReadPrices reads the log of a data folder; a folder without prices of its own
// has those that ship with Bursar.
func ReadPrices(data string) (PriceLog, error) {
	var log PriceLog
	var err error
	if log.Facts, log.Aliases, err = pricebook.EmbeddedFacts(); err != nil {
		return log, err
	}
	if log.Limits, err = pricebook.EmbeddedLimits(); err != nil {
		return log, err
	}
	if log.Lineage, err = pricebook.EmbeddedLineage(); err != nil {
		return log, err
	}
	own, err := filepath.Glob(filepath.Join(pricesFolder(data), "*"))
	if err != nil {
		return log, fmt.Errorf("list prices of %s: %w", data, err)
	}
	slices.Sort(own)
	for _, path := range own {
		if err := log.read(path); err != nil {
			return log, spend.Errorf(spend.KindInvalid, "read prices", "%s: %w", path, err).WithHint("mend the file or move it away")
		}
	}
	return log, nil
}

// Prices compiles the book of a data folder, as it was known at an instant; the
// zero time means now.
func Prices(data string, asKnown time.Time) (*pricebook.Book, error) {
	log, err := ReadPrices(data)
	if err != nil {
		return nil, err
	}
	return log.Compile(asKnown)
}

// Compile compiles the log.
func (l *PriceLog) Compile(asKnown time.Time) (*pricebook.Book, error) {
	book, err := pricebook.Compile(l.Facts, l.Aliases, l.Overlays, asKnown)
	if err != nil {
		return nil, err
	}
	if book, err = book.WithLimits(l.Limits); err != nil {
		return nil, err
	}
	return book.WithLineage(l.Lineage)
}

// Add puts facts behind the log: a fact that the log already holds under its id
// replaces it, which is how its knowledge is closed.
func (l *PriceLog) Add(facts []pricebook.Fact) {
	at := make(map[string]int, len(l.Facts))
	for i := range l.Facts {
		at[l.Facts[i].ID] = i
	}
	for _, f := range facts {
		if i, held := at[f.ID]; held {
			l.Facts[i] = f
			continue
		}
		at[f.ID] = len(l.Facts)
		l.Facts = append(l.Facts, f)
	}
}

// agree puts overlays behind the log: from the day on that it holds each takes the place of
// what was said under its id before.
func (l *PriceLog) agree(overlays []pricebook.Overlay) {
	var kept []pricebook.Overlay
	for _, held := range l.Overlays {
		if stays(&held, overlays) {
			kept = append(kept, held)
		}
	}
	l.Overlays = append(kept, overlays...)
}

// stays cuts an overlay by those that are said after it, false where nothing is left.
func stays(held *pricebook.Overlay, later []pricebook.Overlay) bool {
	for i := range later {
		if !held.EndedBy(&later[i]) {
			return false
		}
	}
	return true
}

func (l *PriceLog) read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	if ext := filepath.Ext(path); ext == ".yaml" || ext == ".yml" {
		file, err := pricebook.ReadYAML(f)
		l.Add(file.Facts)
		l.Aliases = append(l.Aliases, file.Aliases...)
		l.agree(file.Overlays)
		l.Limits = append(l.Limits, file.Limits...)
		return err
	}
	facts, err := pricebook.ReadFacts(f)
	l.Add(facts)
	return err
}

// SavePrices adds a proposal to the prices of a data folder: its facts as one
// more file, its aliases, overlays and limits as another. It gives the folder.
func SavePrices(data, name string, p *Proposal, now time.Time) (string, error) {
	dir := pricesFolder(data)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", spend.Errorf(spend.KindUnavailable, "save prices", "%w", err)
	}
	path := filepath.Join(dir, now.UTC().Format("20060102T150405.000Z")+"-"+plainName(name))
	if len(p.Facts) > 0 {
		err := saveFile(path+".csv", func(w io.Writer) error { return pricebook.WriteFacts(w, p.Facts) })
		if err != nil {
			return "", err
		}
	}
	if p.terms == nil {
		return dir, nil
	}
	return dir, saveFile(path+".yaml", func(w io.Writer) error { _, err := w.Write(p.terms); return err })
}

// plainName is the name of a file without its ending, in letters that every folder takes.
func plainName(name string) string {
	base := filepath.Base(name)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, base)
	return plain[:min(len(plain), longestName)]
}

// longestName is what a name of prices keeps of the name of their file.
const longestName = 60

func saveFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return spend.Errorf(spend.KindUnavailable, "save prices", "%w", err)
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(spend.Errorf(spend.KindExhausted, "save prices", "%w", err), os.Remove(path))
	}
	return nil
}

func pricesFolder(data string) string { return filepath.Join(data, "prices") }
