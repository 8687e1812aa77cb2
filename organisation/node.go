package organisation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

// problem is a mistake in a document, at a line of it.
type problem struct {
	line int
	text string
}

// reader walks the nodes of a document and notes every mistake with its line.
type reader struct {
	doc      Document
	lines    []int // of the units, in their order
	problems []problem
}

func (r *reader) refuse(line int, format string, args ...any) {
	r.problems = append(r.problems, problem{line, fmt.Sprintf(format, args...)})
}

// err gives all mistakes as one error of kind invalid, by their lines.
func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	texts := make([]string, len(r.problems))
	for i, p := range r.problems {
		texts[i] = fmt.Sprintf("line %d: %s", p.line, p.text)
	}
	return spend.Errorf(spend.KindInvalid, "read the organisation", "%s", strings.Join(texts, "; ")).
		WithHint("the shape of the document is in docs/organisation.md")
}

// root gives the only node of a text.
func root(text []byte) (*yaml.Node, error) {
	top, err := document.Root(text)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "read the organisation", "%w", err)
	}
	return top, nil
}

// fields are what reads the values of a mapping, by their keys.
type fields map[string]func(*yaml.Node)

// mapping reads a mapping whose keys are known ones, each once.
func (r *reader) mapping(n *yaml.Node, what string, known fields) {
	if n.Kind != yaml.MappingNode {
		r.refuse(n.Line, "%s: want keys and values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch {
		case !ok:
			r.refuse(key.Line, "%s: %.40q is not known; one of %s", what, key.Value, strings.Join(known.names(), ", "))
		case seen[key.Value]:
			r.refuse(key.Line, "%s: %s is said twice", what, key.Value)
		default:
			read(value)
		}
		seen[key.Value] = true
	}
}

func (f fields) names() []string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// text reads a text of at most 200 bytes.
func (r *reader) text(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		switch {
		case n.Kind != yaml.ScalarNode:
			r.refuse(n.Line, "want a text here, written out")
		case len(n.Value) > 200:
			r.refuse(n.Line, "%.40q… is longer than 200 bytes", n.Value)
		case strings.ContainsFunc(n.Value, func(c rune) bool { return c < ' ' || c == 0x7f }):
			r.refuse(n.Line, "%.40q holds control characters", n.Value)
		case n.Tag != "!!null":
			*into = strings.TrimSpace(n.Value)
		}
	}
}

// each reads every item of a list.
func (r *reader) each(what string, read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Tag == "!!null" {
			return
		}
		if n.Kind != yaml.SequenceNode {
			r.refuse(n.Line, "%s: want a list", what)
			return
		}
		for _, item := range n.Content {
			read(item)
		}
	}
}
