package attribute

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValue is the length of a scope field or a tag in bytes.
const maxValue = 512

// template is the value of a set or refine: text, with ${name} for a group of an
// expression of the rule or for a field that the rule reads.
//
// Example: of repository acme/Shop.git, ${repository|base|lower} is shop.
type template []piece

type piece struct {
	text string // as it stands, when there is no name
	name string
	how  []string // transforms, in order
}

var errTemplate = errors.New("write ${name}, ${name|lower} or ${name|base}; the name is a group (?P<name>…) of the rule's expressions or a field of its when")

// parseTemplate reads a value. Only ${ begins something: a $ alone is a $.
func parseTemplate(text string) (t template, err error) {
	if text == "" || len(text) > maxValue {
		return nil, fmt.Errorf("the value is %d bytes long; want 1 to %d", len(text), maxValue)
	}
	if !isLabel(text) {
		return nil, errors.New("the value is no UTF-8, or holds a control character")
	}
	for {
		before, rest, found := strings.Cut(text, "${")
		if before != "" {
			t = append(t, piece{text: before})
		}
		if !found {
			return t, nil
		}
		inner, after, closed := strings.Cut(rest, "}")
		names := strings.Split(inner, "|")
		if !closed || names[0] == "" || slices.ContainsFunc(names[1:], func(how string) bool { return how != "lower" && how != "base" }) {
			return nil, errTemplate
		}
		t, text = append(t, piece{name: names[0], how: names[1:]}), after
	}
}

// fixed gives the value when it is the same for every event.
func (t template) fixed() (string, bool) {
	if len(t) == 1 && t[0].name == "" {
		return t[0].text, true
	}
	return "", false
}

// isLabel says that a text may stand in the ledger.
func isLabel(text string) bool {
	return len(text) <= maxValue && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// names lists what the template takes from an event.
func (t template) names() (names []string) {
	for _, p := range t {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	return names
}

// expand fills the template. A name without a value leaves all of it empty: half a
// name is nobody's.
func (t template) expand(value func(name string) string) string {
	if text, fixed := t.fixed(); fixed {
		return text
	}
	var b strings.Builder
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		text := transformed(value(p.name), p.how)
		if text == "" {
			return ""
		}
		b.WriteString(text)
	}
	if b.Len() > maxValue {
		return ""
	}
	return b.String()
}

func transformed(text string, how []string) string {
	for _, one := range how {
		if one == "lower" {
			text = strings.ToLower(text)
		} else {
			text = base(text)
		}
	}
	return text
}

// base is the last part of a repository or a path, without .git.
func base(text string) string {
	text = strings.TrimSuffix(strings.TrimRight(text, `/\`), ".git")
	return text[strings.LastIndexAny(text, `/\:`)+1:]
}
