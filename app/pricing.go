package app

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/tracker"
)

// Proposal is what an import of prices would change.
type Proposal struct {
	Book     string              // what the file was read as
	Facts    []pricebook.Fact    // to be added to the log, closed ones included
	Changes  []pricebook.Change  // as a person reads them
	Findings []pricebook.Finding // of the lint, on what is new
	Skipped  []tracker.Skip      // rows of a public book that were not used
}

// maxPriceFile bounds a file of prices in memory.
const maxPriceFile = 64 << 20

// Propose reads a file of facts (CSV or YAML) or a public price book and says
// what it would change in the log. A public book has no dates: a price of it
// that differs from ours holds from the day of the import. Only SKUs that the
// log holds already are taken from a public book unless all is asked for.
func (l *PriceLog) Propose(path string, all bool, now time.Time) (Proposal, error) {
	data, err := readBounded(path)
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{Book: "facts"}
	incoming, err := p.read(path, data)
	if err != nil {
		return p, err
	}
	if p.Book != "facts" {
		incoming = l.differing(incoming, all, now)
	}
	p.Facts = l.superseded(incoming, now)
	after := PriceLog{Facts: slices.Clone(l.Facts)}
	after.Add(p.Facts)
	p.Changes = pricebook.Diff(l.Facts, after.Facts)
	p.Findings = about(incoming, pricebook.LintAgainst(after.Facts, l.Facts))
	return p, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "import prices", "%w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxPriceFile+1))
	if err == nil && len(data) > maxPriceFile {
		err = errors.New(path + " is larger than 64 MiB")
	}
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "import prices", "%w", err)
	}
	return data, nil
}

func (p *Proposal) read(path string, data []byte) ([]pricebook.Fact, error) {
	if book, ok := tracker.Detect(data); ok {
		reading, err := tracker.Read(book, data)
		p.Book, p.Skipped = string(book), reading.Skipped
		return reading.Facts, err
	}
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".yaml" || ext == ".yml" {
		document, err := pricebook.ReadYAML(bytes.NewReader(data))
		return document.Facts, err
	}
	return pricebook.ReadFacts(bytes.NewReader(data))
}

// slot is what a price is for.
type slot struct{ seller, sku, meter, conditions string }

func slotOf(f *pricebook.Fact) slot {
	return slot{f.Seller, f.SKU, f.Meter.String(), f.When.Conditions()}
}

// differing keeps the prices of a public book that are not ours already, and
// dates them to the import.
func (l *PriceLog) differing(facts []pricebook.Fact, all bool, now time.Time) []pricebook.Fact {
	ours := map[slot]*pricebook.Fact{}
	skus := map[[2]string]bool{}
	for i := range l.Facts {
		f := &l.Facts[i]
		if f.Known.To.IsZero() && f.Valid.Contains(now) {
			ours[slotOf(f)] = f
			skus[[2]string{f.Seller, f.SKU}] = true
		}
	}
	day := now.UTC().Truncate(24 * time.Hour)
	var fresh []pricebook.Fact
	for _, f := range facts {
		held := ours[slotOf(&f)]
		known := all || skus[[2]string{f.Seller, f.SKU}]
		if !known || !f.Valid.Contains(now) || held != nil && held.Price == f.Price && held.Per == f.Per {
			continue
		}
		f.Valid.From = day
		f.ID = f.ContentID()
		fresh = append(fresh, f)
	}
	return fresh
}

// superseded adds to new facts the closing of those that they replace: an older
// fact of the slot is known until now, and one that ends where the new one
// starts takes its place.
func (l *PriceLog) superseded(incoming []pricebook.Fact, now time.Time) []pricebook.Fact {
	bySlot := map[slot][]*pricebook.Fact{}
	for i := range l.Facts {
		if f := &l.Facts[i]; f.Known.To.IsZero() {
			bySlot[slotOf(f)] = append(bySlot[slotOf(f)], f)
		}
	}
	at := now.UTC().Truncate(time.Second)
	var out []pricebook.Fact
	for i := range incoming {
		f := incoming[i]
		for _, old := range bySlot[slotOf(&f)] {
			if old.ID == f.ID || old.Layer != f.Layer || !overlap(old.Valid, f.Valid) {
				continue
			}
			out = append(out, closing(*old, f, at)...)
		}
		out = append(out, f)
	}
	return out
}

// closing gives the old fact with its knowledge closed, and what is left of it
// before the new one starts.
func closing(old, by pricebook.Fact, at time.Time) []pricebook.Fact {
	rest := old
	old.Known.To = at
	if by.Valid.From.IsZero() || !old.Valid.From.Before(by.Valid.From) {
		return []pricebook.Fact{old}
	}
	rest.Valid.To, rest.Known.From = by.Valid.From, at
	rest.ID = rest.ContentID()
	return []pricebook.Fact{old, rest}
}

func overlap(a, b pricebook.Span) bool {
	return (a.To.IsZero() || b.From.IsZero() || b.From.Before(a.To)) && (b.To.IsZero() || a.From.IsZero() || a.From.Before(b.To))
}

// about keeps the findings on given facts.
func about(facts []pricebook.Fact, findings []pricebook.Finding) []pricebook.Finding {
	ids := map[string]bool{}
	for i := range facts {
		ids[facts[i].ID] = true
	}
	return slices.DeleteFunc(findings, func(f pricebook.Finding) bool {
		return !slices.ContainsFunc(f.FactIDs, func(id string) bool { return ids[id] })
	})
}
