package pricebook

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Book is a compiled set of price facts. It never changes and may be used by
// many goroutines at once.
type Book struct {
	hash     string
	facts    []rate // in canonical order
	shops    map[string]*shop
	ceilings map[ceilingKey][]step
	limits   map[[2]string]Limit // by seller and SKU
	lineage  []Lineage
	lines    map[string]string // product lines by canonical model, without version
	families map[string]string // product lines by developer and family

	byID       func() map[string]*rate       // made once, when asked for
	candidates func() map[string][]candidate // by seller, made once, when asked for
}

// shop is what one seller sells.
type shop struct {
	name    string
	sheets  map[string]*sheet // by SKU as the seller writes it
	folded  map[string]*sheet // by SKU in lower case; nil where two SKUs share one
	aliases map[string][]Alias
	dated   map[string][]*sheet // snapshots by their name without the date
}

// Compile makes a book of the facts known at an instant, or of those that are
// known now (their Known has no end) when asKnown is zero. Facts may be
// scheduled (Valid.From in the future) and revoked (Known.To set).
//
// The error, of kind invalid, lists everything that is wrong: incomplete facts,
// ids used twice, and ties, that is two facts or overlays between which some
// call could not choose. Facts that differ in layer never tie: a contract price
// beats a promotion, a promotion the list, an override all.
//
// Example: Claude Sonnet 5 cost 2 per million and was to cost 3 from
// 2026-09-01; the rise was revoked on 2026-08-10. A book as known on 07-15
// prices a call of 09-02 at 3, the book as known now at 2.
func Compile(facts []Fact, aliases []Alias, overlays []Overlay, asKnown time.Time) (*Book, error) {
	b := &Book{shops: map[string]*shop{}}
	problems := checkAll(facts, aliases, overlays)
	aliases, overlays = sortedAliases(aliases), sortedOverlays(overlays)
	problems = append(problems, b.addFacts(known(facts, asKnown), overlays)...)
	problems = append(problems, b.addAliases(aliases, facts)...)
	if len(problems) > 0 {
		return nil, spend.Errorf(spend.KindInvalid, "compile price book", "%w", listed(problems)).
			WithHint("correct these facts, aliases or overlays; nothing was loaded")
	}
	b.hash = digest(b.facts, aliases, overlays)
	b.ceilings = ceilings(b.facts)
	b.byID = sync.OnceValue(b.indexIDs)
	b.candidates = sync.OnceValue(func() map[string][]candidate { return candidatesOf(b.shops) })
	return b, nil
}

// Hash identifies what the book prices: 16 hexadecimal digits of the SHA-256
// of its facts, aliases and overlays in canonical order.
func (b *Book) Hash() string { return b.hash }

// Len is the number of facts in the book.
func (b *Book) Len() int { return len(b.facts) }

// Facts gives a copy of the facts of the book, sorted by seller, SKU, meter and id.
func (b *Book) Facts() []Fact {
	all := make([]Fact, len(b.facts))
	for i := range b.facts {
		all[i] = b.facts[i].fact()
	}
	return all
}

// Fact looks a fact up by the id that a charge names.
func (b *Book) Fact(id string) (Fact, bool) {
	r, ok := b.byID()[id]
	if !ok {
		return Fact{}, false
	}
	return r.fact(), true
}

func (b *Book) indexIDs() map[string]*rate {
	all := make(map[string]*rate, len(b.facts))
	for i := range b.facts {
		all[b.facts[i].id] = &b.facts[i]
	}
	return all
}

// Sellers lists who sells something in the book, sorted.
func (b *Book) Sellers() []string { return slices.Sorted(maps.Keys(b.shops)) }

// SKUs lists the model ids of one seller, sorted; none for an unknown seller.
func (b *Book) SKUs(seller string) []string {
	s := b.shop(seller)
	if s == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(s.sheets))
}

func checkAll(facts []Fact, aliases []Alias, overlays []Overlay) (found []string) {
	ids := make(map[string]bool, len(facts))
	for i := range facts {
		f := &facts[i]
		found = append(found, f.problems()...)
		if ids[f.ID] {
			found = append(found, fmt.Sprintf("fact %s: its id is used twice", f))
		}
		ids[f.ID] = true
	}
	for i := range aliases {
		found = append(found, aliases[i].problems()...)
	}
	for i := range overlays {
		found = append(found, overlays[i].problems()...)
	}
	return append(found, overlayTwins(overlays)...)
}

// overlayTwins names the ids that two overlays have at one time. One after the other is
// one that was changed.
func overlayTwins(overlays []Overlay) (found []string) {
	held := map[string][]Span{}
	for _, o := range overlays {
		if slices.ContainsFunc(held[o.ID], o.Valid.meets) {
			found = append(found, fmt.Sprintf("overlay %q: its id is used twice at one time", o.ID))
		}
		held[o.ID] = append(held[o.ID], o.Valid)
	}
	return found
}

// known selects the facts and puts them in the canonical order.
func known(facts []Fact, asKnown time.Time) []*Fact {
	order := make([]*Fact, 0, len(facts))
	for i := range facts {
		f := &facts[i]
		if asKnown.IsZero() && f.Known.To.IsZero() || !asKnown.IsZero() && f.Known.Contains(asKnown) {
			order = append(order, f)
		}
	}
	slices.SortFunc(order, func(a, b *Fact) int {
		return cmp.Or(strings.Compare(a.Seller, b.Seller), strings.Compare(a.SKU, b.SKU),
			cmp.Compare(a.Meter, b.Meter), strings.Compare(a.ID, b.ID))
	})
	return order
}

func (b *Book) addFacts(facts []*Fact, overlays []Overlay) (found []string) {
	b.facts = make([]rate, 0, len(facts))
	shared := newDeals()
	for rest := facts; len(rest) > 0; {
		first, n := rest[0], 1
		for n < len(rest) && rest[n].Seller == first.Seller && rest[n].SKU == first.SKU {
			n++
		}
		at := len(b.facts)
		if b.facts = shared.append(b.facts, rest[:n]); len(b.facts) > at {
			s, problems := compileSheet(b.facts[at:], overlays)
			found = append(found, problems...)
			b.open(first.Seller).add(s)
		}
		rest = rest[n:]
	}
	return found
}

func (b *Book) open(seller string) *shop {
	s := b.shops[seller]
	if s == nil {
		s = &shop{name: seller, sheets: map[string]*sheet{}, folded: map[string]*sheet{},
			aliases: map[string][]Alias{}, dated: map[string][]*sheet{}}
		b.shops[seller] = s
	}
	return s
}

func (s *shop) add(sh *sheet) {
	s.sheets[sh.sku] = sh
	folded := strings.ToLower(sh.sku)
	if _, taken := s.folded[folded]; taken {
		sh = nil // two SKUs differ in case alone: neither may be guessed
	}
	s.folded[folded] = sh
	if undated, ok := cutDate(cutVersion(folded)); ok && sh != nil {
		s.dated[undated] = append(s.dated[undated], sh)
	}
}

func (b *Book) addAliases(aliases []Alias, facts []Fact) (found []string) {
	if len(aliases) == 0 {
		return nil
	}
	sold := make(map[[2]string]bool, len(facts))
	for i := range facts {
		sold[[2]string{facts[i].Seller, facts[i].SKU}] = true
	}
	for _, a := range aliases {
		if !sold[[2]string{a.Seller, a.SKU}] {
			found = append(found, fmt.Sprintf("alias %s/%s: there is no fact of its SKU %s", a.Seller, a.Match, a.SKU))
			continue
		}
		found = append(found, b.open(a.Seller).alias(a)...)
	}
	return found
}

// alias files an alias under its name and under that in lower case.
func (s *shop) alias(a Alias) (found []string) {
	for _, other := range s.aliases[a.Match] {
		if other.Match == a.Match && other.Valid.overlaps(a.Valid) {
			found = append(found, fmt.Sprintf("alias %s/%s means %s and %s at one time: end one", a.Seller, a.Match, other.SKU, a.SKU))
		}
	}
	s.aliases[a.Match] = append(s.aliases[a.Match], a)
	if folded := strings.ToLower(a.Match); folded != a.Match {
		s.aliases[folded] = append(s.aliases[folded], a)
	}
	return found
}

func (s Span) overlaps(o Span) bool {
	from, to := s.micros()
	otherFrom, otherTo := o.micros()
	return from < otherTo && otherFrom < to
}
