package config

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Print writes a whole configuration, defaults included, as a file that Parse
// reads; secrets are stars.
func Print(w io.Writer, c Config) error {
	var b strings.Builder
	section := ""
	for _, s := range settings(&c) {
		if in := parent(s.path); in != section {
			openSection(&b, section, in)
			section = in
		}
		line(&b, s.path, " "+literal(s.at))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// openSection writes the names of a section and those around it, unless they are
// open already.
func openSection(b *strings.Builder, open, path string) {
	if path == "" || open == path || strings.HasPrefix(open, path+".") {
		return
	}
	openSection(b, open, parent(path))
	line(b, path, "")
}

func line(b *strings.Builder, path, value string) {
	depth := strings.Count(path, ".")
	name := path[strings.LastIndexByte(path, '.')+1:]
	fmt.Fprintf(b, "%s%s:%s\n", strings.Repeat("  ", depth), name, value)
}

// literal is a value as YAML: texts are quoted and their dollar signs doubled.
func literal(at any) string {
	switch field := at.(type) {
	case *string, *Secret:
		return quoted(write(field))
	case *[]string:
		items := make([]string, len(*field))
		for i, item := range *field {
			items[i] = quoted(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return write(at)
}

func quoted(text string) string { return strconv.Quote(escape(text)) }
