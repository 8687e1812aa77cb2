package pricebook

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// suggestions is how many candidates are offered for an id without a price.
const suggestions = 3

// Suggest offers up to three ids that may have been meant, for a person to
// choose from: those of the seller first, as "sku", then others as "seller/sku".
// What has no price at the instant is offered only when nothing else is near.
func (b *Book) Suggest(seller, model string, at time.Time) []string {
	now := at.UnixMicro()
	all := b.suggest(seller, model, func(s *sheet) bool { return s.inForce(now) })
	if len(all) == 0 {
		all = b.suggest(seller, model, func(*sheet) bool { return true })
	}
	return all
}

func (b *Book) suggest(seller, model string, usable func(*sheet) bool) []string {
	own := b.shop(seller)
	wanted := newProfile(model)
	all := []string{}
	if own != nil {
		for _, c := range near(wanted, b.candidates()[own.name], usable) {
			all = append(all, c.sku)
		}
	}
	if len(all) >= suggestions {
		return all
	}
	var others []candidate
	for name, sold := range b.candidates() {
		if own == nil || name != own.name {
			others = append(others, near(wanted, sold, usable)...)
		}
	}
	for _, c := range near(wanted, others, usable) {
		all = append(all, c.seller+"/"+c.sku)
	}
	return all[:min(len(all), suggestions)]
}

// near gives the likest of the candidates, the likest first.
func near(wanted profile, all []candidate, usable func(*sheet) bool) []candidate {
	type hit struct {
		candidate
		likeness int
	}
	var hits []hit
	for i := range all {
		if l := wanted.likeness(&all[i].profile); l >= leastLikeness && usable(all[i].sheet) {
			hits = append(hits, hit{all[i], l})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.likeness, a.likeness), cmp.Compare(a.seller, b.seller), cmp.Compare(a.sku, b.sku))
	})
	best := make([]candidate, min(len(hits), suggestions))
	for i := range best {
		best[i] = hits[i].candidate
	}
	return best
}

// candidate is a SKU with its name ready for comparison.
type candidate struct {
	*sheet
	profile profile
}

// candidatesOf prepares the names of a book, by seller. It is done when the
// first suggestion is asked for, as most books never need one.
func candidatesOf(shops map[string]*shop) map[string][]candidate {
	all := make(map[string][]candidate, len(shops))
	for seller, s := range shops {
		for sku, sh := range s.sheets {
			all[seller] = append(all[seller], candidate{sh, newProfile(sku)})
		}
	}
	return all
}

// leastLikeness is the likeness, of 200, below which a name is no candidate.
const leastLikeness = 70

// profile is a name made ready for comparison.
type profile struct {
	text   string
	tokens []string
}

// newProfile leaves a developer or path before the name out.
func newProfile(name string) profile {
	text := strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])
	return profile{text, strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-_./:@ ", r) })}
}

// likeness is 0 to 200: a hundredth for each part of the letters that need no
// edit, and one for each part of the words that both share.
func (p *profile) likeness(q *profile) int {
	shared := 0
	for _, token := range p.tokens {
		if slices.Contains(q.tokens, token) {
			shared++
		}
	}
	words := max(len(p.tokens), len(q.tokens), 1)
	if shared == 0 && p.text[:min(2, len(p.text))] != q.text[:min(2, len(q.text))] {
		return 0 // not worth the table
	}
	longest := max(len(p.text), len(q.text), 1)
	return 100*shared/words + 100*(longest-edits(p.text, q.text))/longest
}

// edits counts the letters to insert, delete or replace that lead from a to b.
func edits(a, b string) int {
	a, b = a[:min(len(a), 128)], b[:min(len(b), 128)]
	var room [129]int
	row := room[:len(b)+1]
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
