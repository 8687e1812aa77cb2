package pricebook

import (
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Canonical reads the canonical identity "developer/name" of a fact. The
// version is the date at the end of the name; the family is the name without
// version, numbers and stage, so that releases of one product line share it.
//
//	anthropic/claude-sonnet-4-5-20250929 = claude-sonnet, claude-sonnet-4-5, 20250929
//	openai/gpt-5.6-sol                   = gpt-sol, gpt-5.6-sol
func Canonical(model string) spend.Model {
	developer, name, ok := strings.Cut(model, "/")
	if !ok {
		developer, name = "", model
	}
	m := spend.Model{Developer: developer, Name: name}
	if undated, ok := cutDate(name); ok {
		m.Name, m.Version = undated, strings.TrimLeft(name[len(undated):], "-@")
	}
	m.Family = family(m.Name)
	return m
}

func family(name string) string {
	var kept []string
	for token := range strings.SplitSeq(name, "-") {
		if token == "" || '0' <= token[0] && token[0] <= '9' || token == "preview" || token == "latest" || token == "exp" {
			continue
		}
		kept = append(kept, token)
	}
	if len(kept) == 0 {
		return name
	}
	return strings.Join(kept, "-")
}
