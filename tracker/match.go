package tracker

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// matchSpec is the match logic of genai-prices: exactly one field is set.
type matchSpec struct {
	Equals     string            `json:"equals"`
	StartsWith string            `json:"starts_with"`
	EndsWith   string            `json:"ends_with"`
	Contains   string            `json:"contains"`
	Regex      string            `json:"regex"`
	Or         []json.RawMessage `json:"or"`
	And        []json.RawMessage `json:"and"`
}

// parseMatch gives the match logic as a function, and the ids that it spells
// out exactly.
func parseMatch(raw json.RawMessage) (matches func(string) bool, exact []string, err error) {
	var m matchSpec
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, nil, spend.Errorf(spend.KindInvalid, "read match", "%w", err)
	}
	lower := func(s string) string { return strings.ToLower(s) }
	switch {
	case m.Equals != "":
		return func(id string) bool { return id == lower(m.Equals) }, []string{m.Equals}, nil
	case m.StartsWith != "":
		return func(id string) bool { return strings.HasPrefix(id, lower(m.StartsWith)) }, nil, nil
	case m.EndsWith != "":
		return func(id string) bool { return strings.HasSuffix(id, lower(m.EndsWith)) }, nil, nil
	case m.Contains != "":
		return func(id string) bool { return strings.Contains(id, lower(m.Contains)) }, nil, nil
	case m.Regex != "":
		pattern, err := regexp.Compile("(?i)" + m.Regex)
		if err != nil {
			return nil, nil, err
		}
		return pattern.MatchString, nil, nil
	}
	return parseMatches(m)
}

// parseMatches joins the alternatives of an "or" or the parts of an "and".
// Only alternatives spell out ids.
func parseMatches(m matchSpec) (matches func(string) bool, exact []string, err error) {
	var parts []func(string) bool
	for _, raw := range slices.Concat(m.Or, m.And) {
		part, ids, err := parseMatch(raw)
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, part)
		if len(m.And) == 0 {
			exact = append(exact, ids...)
		}
	}
	if len(parts) == 0 {
		return nil, nil, spend.Errorf(spend.KindInvalid, "read match", "unknown logic")
	}
	all := len(m.And) > 0
	return func(id string) bool {
		for _, part := range parts {
			if part(id) != all {
				return !all
			}
		}
		return all
	}, exact, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
