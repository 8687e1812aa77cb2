package connect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder walks the nodes of a mapping text and collects every mistake.
type decoder struct {
	found []string
}

func (d *decoder) badf(n *yaml.Node, format string, args ...any) {
	d.found = append(d.found, fmt.Sprintf("line %d: ", n.Line)+fmt.Sprintf(format, args...))
}

// document gives the one top node of a text, nil when there is none.
func (d *decoder) document(text []byte) *yaml.Node {
	var doc, more yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(text))
	switch err := in.Decode(&doc); {
	case errors.Is(err, io.EOF):
		d.found = append(d.found, "line 1: the mapping is empty")
		return nil
	case err != nil:
		d.found = append(d.found, strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	if err := in.Decode(&more); !errors.Is(err, io.EOF) {
		d.found = append(d.found, fmt.Sprintf("line %d: a mapping is one document", max(more.Line, 1)))
	}
	return doc.Content[0]
}

// keys are the known keys of an object and what reads their values.
type keys map[string]func(*yaml.Node)

// object hands each value to its key's function and refuses unknown and
// repeated keys. other, when given, takes the keys that are not listed and says
// whether it knew one.
func (d *decoder) object(n *yaml.Node, what string, known keys, other func(key, value *yaml.Node) bool) {
	if n.Kind != yaml.MappingNode {
		d.badf(n, "%s must be an object with keys", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read := known[key.Value]
		switch {
		case seen[key.Value]:
			d.badf(key, "%s: key %.60q appears twice", what, key.Value)
		case value.Kind == yaml.AliasNode || value.Anchor != "":
			d.badf(key, "%s: anchors and aliases are not read; write the value out", what)
		case read != nil:
			read(value)
		case other == nil || !other(key, value):
			d.badf(key, "%s: unknown key %.60q; known are %s", what, key.Value, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		seen[key.Value] = true
	}
}

// text reads a scalar as it is written: 007 stays 007.
func (d *decoder) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.badf(n, "%s must be a text", what)
		return ""
	}
	return n.Value
}

// name reads a text that must not be empty.
func (d *decoder) name(n *yaml.Node, what string) string {
	s := strings.TrimSpace(d.text(n, what))
	if s == "" && n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		d.badf(n, "%s is empty", what)
	}
	return s
}

func (d *decoder) texts(n *yaml.Node, what string) []string {
	if n.Kind != yaml.SequenceNode {
		return []string{d.text(n, what)}
	}
	all := make([]string, 0, len(n.Content))
	for _, c := range n.Content {
		all = append(all, d.text(c, what))
	}
	return all
}

func (d *decoder) boolean(n *yaml.Node, what string) bool {
	b, err := strconv.ParseBool(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || err != nil {
		d.badf(n, "%s must be true or false", what)
	}
	return b
}

func (d *decoder) whole(n *yaml.Node, what string) int64 {
	i, err := strconv.ParseInt(n.Value, 10, 64)
	if n.Kind != yaml.ScalarNode || err != nil || i < 1 {
		d.badf(n, "%s must be a whole number of 1 or more", what)
		return 1
	}
	return i
}

// oneOf reads a word out of a short list.
func (d *decoder) oneOf(n *yaml.Node, what string, words ...string) string {
	s := d.text(n, what)
	if !slices.Contains(words, s) {
		d.badf(n, "%s is %.40q; want %s", what, s, strings.Join(words, ", "))
	}
	return s
}
