package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder puts a YAML tree into a configuration. It goes by the settings that
// exist, so what it visits is as deep as they are; aliases are never followed.
type decoder struct {
	settings map[string]setting  // by path
	names    map[string][]string // what may stand in each section
	getenv   func(string) (string, bool)
	lines    map[string]int // where each path stands in the text
	problems []Problem
}

func newDecoder(c *Config, getenv func(string) (string, bool)) *decoder {
	all := settings(c)
	d := &decoder{settings: map[string]setting{}, names: names(all), getenv: getenv, lines: map[string]int{}}
	for _, s := range all {
		d.settings[s.path] = s
	}
	return d
}

// section reads a mapping; without content it leaves the defaults.
func (d *decoder) section(n *yaml.Node, path string) {
	switch {
	case !d.plain(n, path), n.Tag == "!!null":
		return
	case n.Kind != yaml.MappingNode:
		d.add(n, path, "want settings below: %s", strings.Join(d.names[path], ", "))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		d.entry(n.Content[i], n.Content[i+1], path)
	}
}

func (d *decoder) entry(key, value *yaml.Node, section string) {
	path := join(section, short(key.Value))
	if key.Kind != yaml.ScalarNode || !slices.Contains(d.names[section], key.Value) {
		d.add(key, path, "is unknown: here may stand %s", strings.Join(d.names[section], ", "))
		return
	}
	if line, twice := d.lines[path]; twice {
		d.add(key, path, "is set twice, in line %d for the first time: keep one", line)
		return
	}
	d.lines[path] = key.Line
	if s, ok := d.settings[path]; ok {
		d.setting(value, s)
		return
	}
	d.section(value, path)
}

func (d *decoder) setting(n *yaml.Node, s setting) {
	if list, ok := s.at.(*[]string); ok {
		d.list(n, s.path, list)
		return
	}
	d.scalar(n, s.path, s.at)
}

func (d *decoder) list(n *yaml.Node, path string, list *[]string) {
	if !d.plain(n, path) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.add(n, path, "want a list: one value a line after a dash, or [] for none")
		return
	}
	for i, item := range n.Content {
		var text string
		at := itemPath(path, i)
		d.lines[at] = item.Line
		d.scalar(item, at, &text)
		*list = append(*list, text)
	}
}

// scalar reads one value. Messages show it as it is written, never what a
// variable held.
func (d *decoder) scalar(n *yaml.Node, path string, at any) {
	switch {
	case !d.plain(n, path):
		return
	case n.Tag == "!!null":
		d.add(n, path, `has no value: write one, "" for an empty text, or leave the line out for the default`)
		return
	case n.Kind != yaml.ScalarNode:
		d.add(n, path, "want one value, not a list or settings below")
		return
	}
	text, problems := expand(n.Value, d.getenv)
	for _, msg := range problems {
		d.add(n, path, "%s", msg)
	}
	if len(problems) > 0 {
		return
	}
	if want := read(at, text); want != "" {
		d.add(n, path, "want %s, not %s", want, d.shown(n.Value, at))
	}
}

// shown is a written value for a message.
func (d *decoder) shown(value string, at any) string {
	if _, secret := at.(*Secret); secret {
		return stars
	}
	return short(value)
}

// plain refuses the parts of YAML that a configuration does without.
func (d *decoder) plain(n *yaml.Node, path string) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		d.add(n, path, "aliases are not read: write the value out")
	case n.Style&yaml.TaggedStyle != 0:
		d.add(n, path, "tags like %s are not read: write the value alone", short(n.Tag))
	default:
		return true
	}
	return false
}

func (d *decoder) add(n *yaml.Node, path, format string, args ...any) {
	d.problems = append(d.problems, Problem{n.Line, path, fmt.Sprintf(format, args...)})
}

// addInvalid adds a problem of Validate with its line, unless the value could not
// be read in the first place.
func (d *decoder) addInvalid(p Problem) {
	if slices.ContainsFunc(d.problems, func(known Problem) bool { return known.Field == p.Field }) {
		return
	}
	for path := p.Field; path != "" && p.Line == 0; path = parent(path) {
		p.Line = d.lines[path]
	}
	d.problems = append(d.problems, p)
}

func itemPath(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

var simple = regexp.MustCompile(`^[A-Za-z0-9_!${}.:/-]{1,60}$`)

// short gives a text of the file for a message: as it is when it is simple,
// otherwise quoted and cut.
func short(text string) string {
	if simple.MatchString(text) {
		return text
	}
	return fmt.Sprintf("%.60q", text)
}
