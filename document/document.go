// Package document reads what people declare in files: one YAML document each, of known
// keys, of which every mistake is told at once.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/spend"
)

// Decode reads the document of a text; unknown keys are refused. A text without one
// leaves into as it is. The error names the line.
func Decode(text []byte, into any) error {
	in := yaml.NewDecoder(bytes.NewReader(text))
	in.KnownFields(true)
	if err := in.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return legible(err, reflect.TypeOf(into))
	}
	return last(in)
}

// Root gives the node of the document of a text, an empty mapping when there is none.
func Root(text []byte) (*yaml.Node, error) {
	in := yaml.NewDecoder(bytes.NewReader(text))
	var top yaml.Node
	if err := in.Decode(&top); err != nil && !errors.Is(err, io.EOF) {
		return nil, legible(err, nil)
	}
	if err := last(in); err != nil {
		return nil, err
	}
	if len(top.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1}, nil
	}
	return top.Content[0], nil
}

// last refuses whatever follows a document.
func last(in *yaml.Decoder) error {
	var more yaml.Node
	switch err := in.Decode(&more); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return legible(err, nil)
	}
	return fmt.Errorf("line %d: a second document begins: keep one, without ---", max(more.Line, 1))
}

// Problems are the mistakes of a document.
type Problems []spend.Problem

// Add notes a mistake where something is wrong.
func (p *Problems) Add(wrong bool, field, format string, args ...any) {
	if wrong {
		*p = append(*p, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
	}
}

// AddTwice notes what is named more than once.
func (p *Problems) AddTwice(names []string) {
	seen := map[string]bool{}
	for _, name := range names {
		p.Add(seen[name], name, "is there twice")
		seen[name] = true
	}
}

// Scope reads the dimensions whose values a kind of thing, "plan", applies to; nil is all
// of them. No kind is of single persons.
func (p *Problems) Scope(at, kind string, written map[string]string) map[spend.Dimension]string {
	var scope map[spend.Dimension]string
	for _, name := range slices.Sorted(maps.Keys(written)) {
		d, value := spend.Dimension(name), written[name]
		err := d.Validate()
		p.Add(err != nil, at, "%v", err)
		p.Add(d == "principal", at, "single persons have no %s", kind)
		p.Add(!IsTitle(value), fmt.Sprintf("%s.%.40s", at, name), "want a value of 1 to %d bytes in one line, without an e-mail address", MaxName)
		if scope == nil {
			scope = map[spend.Dimension]string{}
		}
		scope[d] = value
	}
	return scope
}

// Err gives all mistakes as one error, by what makes one of a reason; nil without any.
func (p Problems) Err(refused func(why string) error) error {
	if len(p) == 0 {
		return nil
	}
	texts := make([]string, len(p))
	for i := range p {
		texts[i] = p[i].String()
	}
	return refused(strings.Join(texts, "; "))
}

// MaxName is the most bytes of the name of what is declared.
const MaxName = 60

// IsName says that something may be called so in addresses and messages: by 1 to MaxName
// of a-z, 0-9, -, _ and more.
func IsName(s, more string) bool {
	return s != "" && len(s) <= MaxName && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-_"+more, c)
	})
}

// IsTitle says that a text names something for people: 1 to MaxName bytes in one line, and
// no e-mail address.
func IsTitle(s string) bool {
	return s != "" && len(s) <= MaxName && !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f || c == '@' })
}
