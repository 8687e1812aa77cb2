package config

import (
	"reflect"
	"strings"
)

// setting is one field that takes a value.
type setting struct {
	path string            // "lake.memory"
	at   any               // pointer to the field
	tag  reflect.StructTag // default and limits
}

// settings lists the fields of a configuration in the order of its struct.
func settings(c *Config) []setting { return settingsIn(reflect.ValueOf(c).Elem(), "") }

func settingsIn(section reflect.Value, path string) []setting {
	var out []setting
	for i := range section.NumField() {
		field := section.Type().Field(i)
		child := join(path, field.Tag.Get("yaml"))
		if field.Type.Kind() == reflect.Struct {
			out = append(out, settingsIn(section.Field(i), child)...)
			continue
		}
		out = append(out, setting{child, section.Field(i).Addr().Interface(), field.Tag})
	}
	return out
}

// Default gives the configuration of an empty file.
func Default() Config {
	var c Config
	for _, s := range settings(&c) {
		if text, ok := s.tag.Lookup("default"); ok {
			mustRead(s.at, text)
		}
	}
	return c
}

// mustRead reads a constant of a struct tag.
func mustRead(at any, text string) {
	if want := read(at, text); want != "" {
		panic("config: default " + text + ": want " + want)
	}
}

// names lists what may stand in each section, by the section's path; the whole
// file is "".
func names(all []setting) map[string][]string {
	out := map[string][]string{}
	seen := map[string]bool{}
	for _, s := range all {
		for path := s.path; path != "" && !seen[path]; path = parent(path) {
			seen[path] = true
			section := parent(path)
			out[section] = append(out[section], strings.TrimPrefix(path[len(section):], "."))
		}
	}
	return out
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// parent is the path of the section that holds a setting or section.
func parent(path string) string { return path[:max(0, strings.LastIndexByte(path, '.'))] }
