package app

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

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

	Aliases  []pricebook.Alias
	Overlays []pricebook.Overlay
	Replaced []pricebook.Overlay // as the log has them, that those of their ids end
	Limits   []pricebook.Limit
	terms    []byte // aliases, overlays and limits as YAML, nil when there are none
}

// PriceFile is a file of facts (CSV or YAML) or a public price book.
type PriceFile struct {
	Name string // whose ending says whether it is YAML
	Text []byte
	All  bool // of a public book also the SKUs that the log does not hold
}

// Propose says what a file would change in the log. A public book has no dates: a
// price of it that differs from ours holds from the day of the import.
func (l *PriceLog) Propose(file PriceFile, now time.Time) (Proposal, error) {
	p := Proposal{Book: "facts"}
	incoming, err := p.read(l, file.Name, file.Text)
	if err != nil {
		return p, err
	}
	if p.Book == "facts" {
		p.propose(l, l.unknown(incoming, now), now)
		return p, p.unlimited(l)
	}
	incoming = l.unknown(l.differing(incoming, file.All, now), now)
	for p.propose(l, incoming, now); p.leaveOut(&incoming); {
		p.propose(l, incoming, now)
	}
	return p, nil
}

// unlimited refuses limits of models that have no price, which would bound nothing.
func (p *Proposal) unlimited(l *PriceLog) error {
	sold := map[[2]string]bool{}
	for _, facts := range [][]pricebook.Fact{l.Facts, p.Facts} {
		for i := range facts {
			sold[[2]string{facts[i].Seller, facts[i].SKU}] = true
		}
	}
	var wrong []string
	for _, limit := range p.Limits {
		if !sold[[2]string{limit.Seller, limit.SKU}] {
			wrong = append(wrong, limit.Seller+"/"+limit.SKU)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "import prices", "there are limits of models without a price: %s", strings.Join(wrong, ", ")).
		WithHint("write the seller's own id as it stands in the facts (bursar price show), or add facts of the model")
}

// propose works out what facts would change.
func (p *Proposal) propose(l *PriceLog, incoming []pricebook.Fact, now time.Time) {
	p.Facts = l.superseded(incoming, now)
	after := PriceLog{Facts: slices.Clone(l.Facts)}
	after.Add(p.Facts)
	p.Changes = pricebook.Diff(l.Facts, after.Facts)
	p.Findings = about(incoming, pricebook.LintAgainst(after.Facts, l.Facts))
}

// leaveOut takes from a public book the facts that the lint is sure about; false
// when there are none.
func (p *Proposal) leaveOut(incoming *[]pricebook.Fact) bool {
	wrong := map[string]string{}
	for _, f := range p.Findings {
		if f.Severity == pricebook.Wrong {
			for _, id := range f.FactIDs {
				wrong[id] = f.Msg
			}
		}
	}
	kept := slices.DeleteFunc(*incoming, func(f pricebook.Fact) bool {
		reason, sure := wrong[f.ID]
		if sure {
			p.Skipped = append(p.Skipped, tracker.Skip{Book: tracker.Book(p.Book), Row: f.Seller + "/" + f.SKU, What: f.Meter.String() + " " + f.Price.String(), Reason: reason})
		}
		return sure
	})
	left := len(kept) < len(*incoming)
	*incoming = kept
	return left
}

func (p *Proposal) read(log *PriceLog, name string, data []byte) ([]pricebook.Fact, error) {
	if book, ok := tracker.Detect(data); ok {
		reading, err := tracker.Read(book, data)
		p.Book, p.Skipped = string(book), reading.Skipped
		return reading.Facts, err
	}
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".yaml" || ext == ".yml" {
		document, err := pricebook.ReadYAML(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		p.Aliases, p.Overlays, p.Limits = document.Aliases, document.Overlays, document.Limits
		return document.Facts, p.keepTerms(log, data)
	}
	return pricebook.ReadFacts(bytes.NewReader(data))
}

// keepTerms keeps the aliases, overlays and limits of a document that the log does not have
// as they are, so that a file may come again; its facts go into the log one by one.
func (p *Proposal) keepTerms(log *PriceLog, data []byte) error {
	document := map[string]any{}
	if err := yaml.Unmarshal(data, &document); err != nil {
		return spend.Errorf(spend.KindInvalid, "import prices", "%w", err)
	}
	delete(document, "facts")
	p.Aliases = keepNew(document, "aliases", p.Aliases, log.Aliases)
	p.Overlays = keepNew(document, "overlays", p.Overlays, log.Overlays)
	for _, held := range log.Overlays {
		if was := held; !stays(&held, p.Overlays) || held != was {
			p.Replaced = append(p.Replaced, was)
		}
	}
	p.Limits = keepNew(document, "limits", p.Limits, log.Limits)
	if len(p.Aliases)+len(p.Overlays)+len(p.Limits) == 0 {
		return nil
	}
	var err error
	p.terms, err = yaml.Marshal(document)
	return err
}

// keepNew keeps what is not known of a list, in the document that it was read from too.
func keepNew[T comparable](document map[string]any, key string, all, known []T) (kept []T) {
	raw, _ := document[key].([]any)
	left := []any{}
	for i := range all {
		if !slices.Contains(known, all[i]) {
			kept, left = append(kept, all[i]), append(left, raw[i])
		}
	}
	if document[key] = left; len(left) == 0 {
		delete(document, key)
	}
	return kept
}

// Adopt puts a proposal behind the log.
func (l *PriceLog) Adopt(p *Proposal) {
	l.Add(p.Facts)
	l.Aliases = append(l.Aliases, p.Aliases...)
	l.agree(p.Overlays)
	l.Limits = append(l.Limits, p.Limits...)
}

// Empty says that there is nothing to adopt.
func (p *Proposal) Empty() bool {
	return len(p.Facts)+len(p.Aliases)+len(p.Overlays)+len(p.Limits) == 0
}

// slot is what a price is for, but for regions and service tiers: a fact may
// hold for several of those.
type slot struct{ seller, sku, meter, conditions string }

func slotOf(f *pricebook.Fact) slot {
	when := f.When
	when.Regions, when.ServiceTiers = nil, nil
	return slot{f.Seller, f.SKU, f.Meter.String(), when.Conditions()}
}

// meets says that two conditions of one kind have a value in common; none is a
// value of its own.
func meets(a, b []string) bool {
	return len(a) == 0 && len(b) == 0 || slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

func covers(f, g *pricebook.Fact) bool {
	return meets(f.When.Regions, g.When.Regions) && meets(f.When.ServiceTiers, g.When.ServiceTiers)
}

// bySlot finds the facts that the log knows now.
func (l *PriceLog) bySlot() map[slot][]*pricebook.Fact {
	found := map[slot][]*pricebook.Fact{}
	for i := range l.Facts {
		if f := &l.Facts[i]; f.Known.To.IsZero() {
			found[slotOf(f)] = append(found[slotOf(f)], f)
		}
	}
	return found
}

// differing keeps the prices of a public book that are not ours already, and
// dates them to the import. Where a book has two prices for one thing, under two
// spellings of its id, the first counts.
func (l *PriceLog) differing(facts []pricebook.Fact, all bool, now time.Time) []pricebook.Fact {
	ours := l.bySlot()
	skus := map[[2]string]bool{}
	for i := range l.Facts {
		skus[[2]string{l.Facts[i].Seller, l.Facts[i].SKU}] = true
	}
	day := now.UTC().Truncate(24 * time.Hour)
	var fresh []pricebook.Fact
	taken := map[slot][]pricebook.Fact{}
	for _, f := range facts {
		told := slices.ContainsFunc(taken[slotOf(&f)], func(g pricebook.Fact) bool { return covers(&g, &f) })
		agrees := func(held *pricebook.Fact) bool {
			return held.Valid.Contains(now) && covers(held, &f) && held.Price == f.Price && held.Per == f.Per
		}
		if told || !all && !skus[[2]string{f.Seller, f.SKU}] || !f.Valid.Contains(now) || slices.ContainsFunc(ours[slotOf(&f)], agrees) {
			continue
		}
		f.Valid.From = day
		f.ID = f.ContentID()
		fresh = append(fresh, f)
		taken[slotOf(&f)] = append(taken[slotOf(&f)], f)
	}
	return fresh
}

// unknown keeps the facts that the log does not hold, and dates what the book
// knows of them to the import unless they say it themselves.
func (l *PriceLog) unknown(facts []pricebook.Fact, now time.Time) []pricebook.Fact {
	held := map[string]bool{}
	for i := range l.Facts {
		if l.Facts[i].Known.To.IsZero() {
			held[timeless(l.Facts[i])] = true
		}
	}
	var fresh []pricebook.Fact
	for _, f := range facts {
		if f.Known == (pricebook.Span{}) {
			if held[timeless(f)] {
				continue
			}
			f.Known.From = now.UTC().Truncate(time.Second)
			f.ID = f.ContentID()
		}
		fresh = append(fresh, f)
	}
	return fresh
}

// timeless names what a fact says, whenever the book learned it.
func timeless(f pricebook.Fact) string {
	f.Known.From = time.Time{}
	return f.ContentID()
}

// superseded adds to new facts what becomes of those that they replace: the old
// fact is known until now; what is left of it, before the new ones start and for
// other regions, takes its place.
func (l *PriceLog) superseded(incoming []pricebook.Fact, now time.Time) []pricebook.Fact {
	fresh := map[slot][]*pricebook.Fact{}
	for i := range incoming {
		fresh[slotOf(&incoming[i])] = append(fresh[slotOf(&incoming[i])], &incoming[i])
	}
	at := now.UTC().Truncate(time.Second)
	out := slices.Clone(incoming)
	for i := range l.Facts {
		old := &l.Facts[i]
		if !old.Known.To.IsZero() {
			continue
		}
		by := slices.DeleteFunc(slices.Clone(fresh[slotOf(old)]), func(f *pricebook.Fact) bool {
			return f.ID == old.ID || f.Layer != old.Layer || !overlap(f.Valid, old.Valid) || !covers(f, old)
		})
		if len(by) > 0 {
			out = append(out, remains(*old, by, at)...)
		}
	}
	return out
}

// remains gives the old fact with its knowledge closed, and what is left of it.
func remains(old pricebook.Fact, by []*pricebook.Fact, at time.Time) []pricebook.Fact {
	before, beside := old, old
	old.Known.To = at
	out := []pricebook.Fact{old}
	start := by[0].Valid.From
	for _, f := range by {
		if f.Valid.From.Before(start) {
			start = f.Valid.From
		}
		beside.When.Regions = without(beside.When.Regions, f.When.Regions)
	}
	before.Known.From, beside.Known.From = at, at
	if !start.IsZero() && old.Valid.From.Before(start) {
		before.Valid.To = start
		before.ID = before.ContentID()
		out = append(out, before)
	}
	if len(beside.When.Regions) == 0 { // nothing beside, or the fact had no region
		return out
	}
	if beside.Valid.From.Before(start) {
		beside.Valid.From = start
	}
	beside.ID = beside.ContentID()
	return append(out, beside)
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(v string) bool { return slices.Contains(some, v) })
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
