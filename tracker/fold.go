package tracker

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
)

// folding maps names of a seller to the SKU that they mean.
type folding struct {
	to    map[listing]string
	notes map[listing]pricebook.Alias
}

func (f folding) of(seller, name string) string {
	if sku, ok := f.to[listing{seller, name}]; ok {
		return sku
	}
	return name
}

var (
	versionMark = regexp.MustCompile(`(-v?\d+:\d+|-v\d+|@default)$`)
	dateMark    = regexp.MustCompile(`[-@]20\d{2}-?\d{2}-?\d{2}$`)
)

// foldNames finds the names that mean one SKU: those of the written table, and
// on sellers whose undated name is the same model as its only dated snapshot,
// the two; on Bedrock also the forms with and without version mark.
func foldNames(books map[Book][]pricebook.Fact) folding {
	f := folding{to: map[listing]string{}, notes: map[listing]pricebook.Alias{}}
	for _, a := range aliasTable() {
		f.to[listing{a.Seller, a.Match}] = a.SKU
		f.notes[listing{a.Seller, a.Match}] = a
	}
	known := names{carriers: map[listing]map[Book]bool{}, groups: map[listing][]string{}}
	for b, facts := range books {
		for i := range facts {
			if name := (listing{facts[i].Seller, facts[i].SKU}); f.of(name.seller, name.id) == name.id {
				known.add(b, name)
			}
		}
	}
	for stem := range known.groups {
		f.foldGroup(stem, known)
	}
	for from, to := range f.to {
		f.to[from] = f.of(from.seller, to) // a table entry may point at a folded name
	}
	return f
}

// names are the ids of all books: who carries each, and which share a stem.
type names struct {
	carriers map[listing]map[Book]bool
	groups   map[listing][]string
}

func (n *names) add(b Book, name listing) {
	if n.carriers[name] == nil {
		n.carriers[name] = map[Book]bool{}
		if stem := stemOf(name); stem != "" {
			group := listing{name.seller, stem}
			n.groups[group] = append(n.groups[group], name.id)
		}
	}
	n.carriers[name][b] = true
}

// stemOf gives the name without version and date; "" for sellers whose undated
// names move.
func stemOf(name listing) string {
	switch name.seller {
	case "anthropic", "bedrock", "vertex", "openai", "azure":
		return dateMark.ReplaceAllString(versionMark.ReplaceAllString(name.id, ""), "")
	}
	return ""
}

// foldGroup folds the names of one stem when they hold one snapshot at most and
// one version at most.
func (f *folding) foldGroup(stem listing, known names) {
	group := known.groups[stem]
	snapshots, versions, histories := map[string]bool{}, map[string]bool{}, 0
	for _, name := range group {
		version := versionMark.FindString(name)
		if snapshot := dateMark.FindString(strings.TrimSuffix(name, version)); snapshot != "" {
			snapshots[strings.ReplaceAll(snapshot[1:], "-", "")] = true
		}
		if v, _, _ := strings.Cut(strings.Trim(version, "-v@"), ":"); v != "" && v != "default" {
			versions[v] = true
		}
		if known.carriers[listing{stem.seller, name}][History] {
			histories++
		}
	}
	if len(snapshots) > 1 || len(versions) > 1 || histories > 1 {
		return
	}
	main := slices.MaxFunc(group, func(a, b string) int { return known.prefer(stem.seller, a, b) })
	for _, name := range append(slices.Clone(group), stem.id) {
		if name != main && (stem.seller == "bedrock" || slices.Contains(group, name)) {
			f.to[listing{stem.seller, name}] = main
		}
	}
}

// prefer orders names of one SKU, the seller's canonical one last: the one with
// a history; at OpenAI and Azure the undated one, under which they reprice; the
// one that more books carry, genai-prices aside, whose ids are its own; the
// longest.
func (n *names) prefer(seller, a, b string) int {
	carried := func(name string) (by int) {
		books := n.carriers[listing{seller, name}]
		switch {
		case books[History]:
			return 100
		case books[GenAI]:
			return len(books) - 1
		}
		return len(books)
	}
	length := cmp.Compare(len(a), len(b))
	if seller == "openai" || seller == "azure" {
		return cmp.Or(cmp.Compare(carried(a)/100, carried(b)/100), -length, cmp.Compare(a, b))
	}
	return cmp.Or(cmp.Compare(carried(a), carried(b)), length, cmp.Compare(a, b))
}

// aliases lists the folded names of SKUs that have facts.
func (f folding) aliases(facts []pricebook.Fact) (all []pricebook.Alias) {
	priced := map[listing]bool{}
	for i := range facts {
		priced[listing{facts[i].Seller, facts[i].SKU}] = true
	}
	for name, sku := range f.to {
		if priced[listing{name.seller, sku}] && !priced[name] && name.id != sku {
			a := f.notes[name]
			a.Seller, a.Match, a.SKU = name.seller, name.id, sku
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b pricebook.Alias) int {
		return cmp.Or(cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.Match, b.Match))
	})
	return all
}

// aliasTable lists the names that no rule finds.
func aliasTable() (table []pricebook.Alias) {
	for _, line := range []struct{ seller, match, sku, from, note string }{
		{"openai", "gpt-5.6", "gpt-5.6-sol", "2026-07-09", ""},
		{"azure", "gpt-5.6", "gpt-5.6-sol", "2026-07-10", ""},
		{"anthropic", "claude-3-5-haiku-latest", "claude-3-5-haiku-20241022", "", ""},
		{"anthropic", "claude-3-5-haiku", "claude-3-5-haiku-20241022", "", ""},
		{"anthropic", "claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022", "2024-10-22", ""},
		{"anthropic", "claude-3-5-sonnet", "claude-3-5-sonnet-20241022", "2024-10-22", "both snapshots have one price"},
		{"anthropic", "claude-3-7-sonnet-latest", "claude-3-7-sonnet-20250219", "", ""},
		{"anthropic", "claude-3-opus-latest", "claude-3-opus-20240229", "", ""},
		{"anthropic", "claude-sonnet-4-0", "claude-sonnet-4-20250514", "", ""},
		{"anthropic", "claude-sonnet-4", "claude-sonnet-4-20250514", "", ""},
		{"anthropic", "claude-4-sonnet-20250514", "claude-sonnet-4-20250514", "", ""},
		{"anthropic", "claude-opus-4-0", "claude-opus-4-20250514", "", ""},
		{"anthropic", "claude-opus-4", "claude-opus-4-20250514", "", ""},
		{"anthropic", "claude-4-opus-20250514", "claude-opus-4-20250514", "", ""},
		{"anthropic", "claude-opus-4-1", "claude-opus-4-1-20250805", "", ""},
		{"anthropic", "claude-opus-4-5", "claude-opus-4-5-20251101", "", ""},
		{"anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929", "", ""},
		{"anthropic", "claude-haiku-4-5", "claude-haiku-4-5-20251001", "", ""},
		{"xai", "grok-3-latest", "grok-3", "", ""},
		{"xai", "grok-4-0709", "grok-4", "", ""},
		{"xai", "grok-4-latest", "grok-4", "", ""},
		{"xai", "grok-4.3-latest", "grok-4.3", "", ""},
		{"xai", "grok-4.5-latest", "grok-4.5", "", ""},
		{"xai", "grok-4-fast-reasoning", "grok-4-fast", "", "one price for both modes"},
		{"xai", "grok-4-fast-non-reasoning", "grok-4-fast", "", "one price for both modes"},
	} {
		table = append(table, pricebook.Alias{Seller: line.seller, Match: line.match, SKU: line.sku,
			Valid: pricebook.Span{From: day(line.from)}, Note: line.note})
	}
	return table
}
