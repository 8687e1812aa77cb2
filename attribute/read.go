package attribute

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

// MaxBytes bounds a file of rules or of cases.
const MaxBytes = 4 << 20

// Schema is what a file of rules says first.
const Schema = "bursar/1"

// Read reads a rules file (YAML, unknown keys refused). All errors come at once,
// each with its line.
func Read(r io.Reader) (*Rules, error) {
	const op = "read attribution rules"
	top, err := root(r, op)
	if err != nil {
		return nil, err
	}
	in := reading{op: op}
	var schema string
	var rules []Rule
	in.mapping(top, map[string]func(*yaml.Node){
		"attribution": func(n *yaml.Node) { schema = in.text(n) },
		"rules":       func(n *yaml.Node) { in.list(n, func(n *yaml.Node) { rules = append(rules, in.rule(n)) }) },
	})
	if len(in.errs) == 0 && schema != Schema {
		in.fail(top, "attribution: %.40q, want %s", schema, Schema)
	}
	set, err := New(rules)
	if err != nil {
		in.errs = append(in.errs, errors.Unwrap(err))
	}
	return set, in.err()
}

// root reads the one document of a file.
func root(r io.Reader, op string) (*yaml.Node, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, spend.Errorf(spend.KindUnavailable, op, "%w", err)
	}
	if len(raw) > MaxBytes {
		return nil, spend.Errorf(spend.KindInvalid, op, "the file is larger than 4 MiB")
	}
	top, err := document.Root(raw)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, op, "%w", err).WithHint("write all in one document, in the order in which it is tried")
	}
	return top, nil
}

// reading gathers what is wrong with a file.
type reading struct {
	op   string
	errs []error
}

func (in *reading) fail(n *yaml.Node, format string, args ...any) {
	in.errs = append(in.errs, fmt.Errorf("line %d: %w", max(n.Line, 1), fmt.Errorf(format, args...)))
}

func (in *reading) err() error {
	if len(in.errs) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, in.op, "%w", errors.Join(in.errs...)).WithHint("the language of rules is in docs/attribution.md")
}

// mapping hands the value of each key to its reader.
func (in *reading) mapping(n *yaml.Node, fields map[string]func(*yaml.Node)) {
	in.entries(n, func(key, value *yaml.Node) {
		read, known := fields[key.Value]
		if !known {
			in.fail(key, "field %.60q is not known here", key.Value)
			return
		}
		read(value)
	})
}

// entries calls f for each key of a mapping once.
func (in *reading) entries(n *yaml.Node, f func(key, value *yaml.Node)) {
	if n = plain(n); n.Kind != yaml.MappingNode {
		in.fail(n, "want keys with values")
		return
	}
	var seen []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := plain(n.Content[i])
		switch {
		case key.Kind != yaml.ScalarNode:
			in.fail(key, "want a name before the colon")
			continue
		case slices.Contains(seen, key.Value):
			in.fail(key, "%.60q stands here twice", key.Value)
			continue
		}
		seen = append(seen, key.Value)
		f(key, plain(n.Content[i+1]))
	}
}

func (in *reading) list(n *yaml.Node, f func(*yaml.Node)) {
	switch {
	case isNull(n):
	case n.Kind != yaml.SequenceNode:
		in.fail(n, "want a list")
	default:
		for _, one := range n.Content {
			f(plain(one))
		}
	}
}

// text reads a text, or a number as it is written.
func (in *reading) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		in.fail(n, `want a text; write "" for none`)
		return ""
	}
	return n.Value
}

func (in *reading) texts(n *yaml.Node) map[string]string {
	all := map[string]string{}
	in.entries(n, func(key, value *yaml.Node) { all[key.Value] = in.text(value) })
	return all
}

// plain follows an alias.
func plain(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func (in *reading) rule(n *yaml.Node) (r Rule) {
	r.Line = n.Line
	in.mapping(n, map[string]func(*yaml.Node){
		"id":      func(n *yaml.Node) { r.ID = in.text(n) },
		"from":    func(n *yaml.Node) { r.From = in.text(n) },
		"until":   func(n *yaml.Node) { r.Until = in.text(n) },
		"when":    func(n *yaml.Node) { r.When = in.conditions(n) },
		"set":     func(n *yaml.Node) { r.Set = in.texts(n) },
		"refine":  func(n *yaml.Node) { r.Refine = in.texts(n) },
		"default": func(n *yaml.Node) { r.Default = in.yes(n) },
	})
	return r
}

func (in *reading) yes(n *yaml.Node) bool {
	if n.Tag != "!!bool" {
		in.fail(n, "%.40q is neither true nor false", n.Value)
	}
	return n.Value == "true"
}

func (in *reading) conditions(n *yaml.Node) map[string]Patterns {
	all := map[string]Patterns{}
	in.entries(n, func(key, value *yaml.Node) {
		if value.Kind != yaml.SequenceNode {
			all[key.Value] = Patterns{in.text(value)}
			return
		}
		all[key.Value] = Patterns{}
		in.list(value, func(one *yaml.Node) { all[key.Value] = append(all[key.Value], in.text(one)) })
	})
	return all
}
