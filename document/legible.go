package document

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// legible says what the parser says as a writer of the file understands it: each mistake
// with its line, and what may stand there in the place of the names of our types. No
// value is repeated, since it may be secret.
func legible(err error, into reflect.Type) error {
	var of *yaml.TypeError
	if !errors.As(err, &of) {
		return errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	texts := make([]string, len(of.Errors))
	for i, text := range of.Errors {
		texts[i] = plain(text, into)
	}
	return errors.New(strings.Join(texts, "; "))
}

func plain(text string, into reflect.Type) string {
	if key, name, found := strings.Cut(text, " not found in type "); found {
		text = key + " is not known here"
		if keys := keysOf(typeNamed(into, name)); len(keys) > 0 {
			text += "; one of " + strings.Join(keys, ", ")
		}
		return text
	}
	if line, wrong, found := strings.Cut(text, ": cannot unmarshal "); found {
		name := wrong[strings.LastIndex(wrong, " into ")+len(" into "):]
		return line + ": want " + wanted(typeNamed(into, name))
	}
	return text
}

// typeNamed finds a type by its name in what a document is read into, nil when it is not
// there.
func typeNamed(in reflect.Type, name string) reflect.Type {
	switch {
	case in == nil || in.String() == name:
		return in
	case in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice || in.Kind() == reflect.Map:
		return typeNamed(in.Elem(), name)
	case in.Kind() != reflect.Struct || in == reflect.TypeFor[time.Time]():
		return nil
	}
	for field := range in.Fields() {
		if found := typeNamed(field.Type, name); found != nil {
			return found
		}
	}
	return nil
}

// keysOf are those that a mapping may have.
func keysOf(t reflect.Type) (keys []string) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	for field := range t.Fields() {
		if key, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

// wanted says what a value of a type is written as.
func wanted(t reflect.Type) string {
	switch {
	case t == nil:
		return "another kind of value"
	case t == reflect.TypeFor[time.Duration]():
		return "a length of time such as 30s"
	case t.Kind() == reflect.Pointer:
		return wanted(t.Elem())
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64:
		return "a whole number"
	case reflect.String:
		return "a text"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "keys with values"
	}
	return "another kind of value"
}

// Line gives the line on which the value of a path stands, each step of which is a key or
// a place in a list, from 0; of what is not there the line of what it would stand in.
func Line(top *yaml.Node, path ...string) int {
	line := max(top.Line, 1)
	for _, step := range path {
		for top.Kind == yaml.AliasNode {
			top = top.Alias
		}
		next := child(top, step)
		if next == nil {
			break
		}
		top, line = next, next.Line
	}
	return line
}

func child(n *yaml.Node, step string) *yaml.Node {
	if n.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i]
		}
		return nil
	}
	i := slices.IndexFunc(n.Content, func(key *yaml.Node) bool { return key.Value == step })
	if n.Kind != yaml.MappingNode || i < 0 || i%2 != 0 {
		return nil
	}
	return n.Content[i+1]
}
