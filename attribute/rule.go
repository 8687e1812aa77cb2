package attribute

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/spend"
)

// Rule sets scope fields on the events that match all its conditions.
type Rule struct {
	ID      string              `yaml:"id"`                // unique: 1 to 80 letters, digits, - _ and .
	From    string              `yaml:"from,omitempty"`    // first day of use, like 2026-10-01; "" for always
	Until   string              `yaml:"until,omitempty"`   // day behind the last; "" for ever
	When    map[string]Patterns `yaml:"when,omitempty"`    // event or scope field to what it may be
	Set     map[string]string   `yaml:"set,omitempty"`     // scope field to the value that fills it
	Refine  map[string]string   `yaml:"refine,omitempty"`  // scope field to the value that stands over what was claimed
	Default bool                `yaml:"default,omitempty"` // tried when all others and the organisation have decided
	Line    int                 `yaml:"-"`                 // in its file, 0 when it stands in none
}

// Patterns are what a field may be: one of those without a ! when there are any,
// and none of those with one.
//
// Example: [gpt-*, "!gpt-4*"] holds for gpt-5 and not for gpt-4o.
type Patterns []string

// MarshalYAML writes a single pattern as a text.
func (p Patterns) MarshalYAML() (any, error) {
	if len(p) == 1 {
		return p[0], nil
	}
	return []string(p), nil
}

// DefaultMark stands before the id of a default rule on the lines that it decided.
const DefaultMark = "default:"

// Version digests all that the rule does, in eight digits. Its place and its name
// are no part of it.
func (r *Rule) Version() string {
	parts := []string{r.From, r.Until}
	if r.Default {
		parts = append(parts, "default")
	}
	when := map[string]Patterns{}
	for field, patterns := range r.When {
		when[canonical(field)] = patterns
	}
	for _, field := range slices.Sorted(maps.Keys(when)) {
		parts = append(append(append(parts, "when", field), when[field]...), "")
	}
	for _, act := range []map[string]string{r.Set, r.Refine} {
		parts = append(parts, "act")
		for _, field := range slices.Sorted(maps.Keys(act)) {
			parts = append(parts, field, act[field])
		}
	}
	return spend.Digest(parts...).String()[:8]
}

// Ref names the rule and its version, as a line that it decided keeps it.
func (r *Rule) Ref() string {
	ref := r.ID + "@" + r.Version()
	if r.Default {
		ref = DefaultMark + ref
	}
	return ref
}

// IsDefault says that the rule of a line is a default: nobody claimed anything, no
// rule matched, and the organisation did not know better.
func IsDefault(ref string) bool { return strings.HasPrefix(ref, DefaultMark) }

// IDOf gives the id of a rule as a line keeps it, with the mark of a default.
func IDOf(ref string) string {
	id, _, _ := strings.Cut(ref, "@")
	return id
}

// YAML writes rules as they stand below rules: in a file.
func YAML(rules ...Rule) (string, error) {
	text, err := yaml.Marshal(rules)
	if err != nil {
		return "", spend.Errorf(spend.KindInternal, "write attribution rules", "%w", err)
	}
	return string(text), nil
}
