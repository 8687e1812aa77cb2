package budget

import (
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

// Subject is what limits look at in a call or in a line.
type Subject struct {
	spend.Scope
	Seller string
	Model  string // as it is priced
	Region string
	Kind   string // chat, embeddings, …
}

// SubjectOf gives what limits look at in an event.
func SubjectOf(e *spend.Event) Subject {
	return Subject{Scope: e.Scope, Seller: e.Seller, Model: e.Model(), Region: e.Region, Kind: e.Kind}
}

// Selector says which calls a limit is for: those that have one of the values in
// every dimension. The empty value means unattributed; an empty selector is for
// all calls. Dimensions are the fields of a scope, seller, model, region, kind
// and tags, the latter as "tags.project".
type Selector map[string][]string

const (
	scopeFields = len(values{}) - 4
	tagPrefix   = "tags."
)

// values are those of a subject by dimension, but for the tags.
type values [19]string

func (s *Subject) values() (all values) {
	for i, field := range s.Fields() {
		all[i] = *field
	}
	all[scopeFields], all[scopeFields+1], all[scopeFields+2], all[scopeFields+3] = s.Seller, s.Model, s.Region, s.Kind
	return all
}

// dimension is the place of a name in values, or the name of a tag.
type dimension struct {
	place int
	tag   string
}

func dimensions() []string { return append(spend.ScopeFields(), "seller", "model", "region", "kind") }

func dimensionOf(name string) (dimension, bool) {
	if tag, isTag := strings.CutPrefix(name, tagPrefix); isTag {
		return dimension{-1, tag}, tag != ""
	}
	place := slices.Index(dimensions(), name)
	return dimension{place: place}, place >= 0
}

// of gives the value of a subject in the dimension.
func (d dimension) of(all *values, s *Subject) string {
	if d.place < 0 {
		return s.Tags[d.tag]
	}
	return all[d.place]
}

// condition is one dimension of a selector, ready to be tried.
type condition struct {
	dimension
	wants []string
}

// conditions are those of a selector whose dimensions are known, in a fixed order.
func (s Selector) conditions() []condition {
	var all []condition
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if d, known := dimensionOf(name); known {
			all = append(all, condition{d, s[name]})
		}
	}
	return all
}

func matches(all []condition, v *values, s *Subject) bool {
	for i := range all {
		if !slices.Contains(all[i].wants, all[i].of(v, s)) {
			return false
		}
	}
	return true
}

// Within says that every call that s is for t is for as well.
func (s Selector) Within(t Selector) bool {
	for name, wants := range t {
		mine, said := s[name]
		if !said || slices.ContainsFunc(mine, func(v string) bool { return !slices.Contains(wants, v) }) {
			return false
		}
	}
	return true
}

// check refuses dimensions that are none and those without a value.
func (s Selector) check(at string, found *document.Problems) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		_, known := dimensionOf(name)
		found.Add(!known, at, "there is no dimension %.40q; one of %s or tags.NAME", name, strings.Join(dimensions(), ", "))
		found.Add(len(s[name]) == 0, at+"."+clip(name), "needs a value; write \"\" for unattributed calls")
		for _, value := range s[name] {
			found.Add(name == "principal" && isAddress(value), at+".principal", "is an address: people go by their principal ids")
			found.Add(len(value) > maxText, at+"."+clip(name), "a value is longer than %d bytes", maxText)
		}
	}
}
