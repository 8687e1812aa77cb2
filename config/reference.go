package config

import (
	_ "embed" // the page is written from the comments of the structs
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
)

//go:embed config.go
var source string

const opening = `# Configuration

One YAML file says how a server runs. Every setting has a default: an empty file is
a complete one. This page is written from the source, from the comments beside the
settings.

` + "```yaml" + `
data: /srv/bursar
hosts: [bursar.example.com]
log:
  format: json
tls:
  certificate: ${TLS_FOLDER}/certificate.pem
  key: ${TLS_FOLDER}/key.pem
privacy:
  retention:
    quarantine: 30d
` + "```" + `

The file is read strictly. Unknown settings, settings that stand twice, values out of
their limits and a second document are errors; all are reported at once, with their
lines. Aliases (` + "`*name`" + `), tags (` + "`!name`" + `) and files beyond 256 KiB are refused. A section
without anything below keeps its defaults.

` + "`${NAME}`" + ` in a value becomes the environment variable of that name; one that is not set
is an error. ` + "`$$`" + ` is a dollar sign. Nothing is replaced in the names of settings, and
what a variable holds is never read as YAML. In ` + "`[…]`" + ` put such a value in quotes.

Durations are numbers with a unit: ` + "`500ms`, `90s`, `15m`, `12h`, `400d`, `1d12h`" + `; a day has
24 hours.
`

// Reference gives the page of all settings in Markdown: meaning, default, limits.
func Reference() string {
	c := Default()
	comments := commentsByPath()
	var b strings.Builder
	b.WriteString(opening)
	heading(&b, "The server", "Where it listens, and what it reads.")
	section := ""
	for _, s := range settings(&c) {
		if top, _, nested := strings.Cut(s.path, "."); nested && top != section {
			heading(&b, "`"+top+"`", comments[top])
			section = top
		}
		row(&b, s, comments[s.path])
	}
	b.WriteString("\n## The whole file, with its defaults\n\n```yaml\n")
	_ = Print(&b, c) // a Builder takes everything
	b.WriteString("```\n")
	return b.String()
}

func heading(b *strings.Builder, name, about string) {
	b.WriteString("\n## " + name + "\n\n" + about + "\n\n| Setting | Default | Allowed | Meaning |\n|---|---|---|---|\n")
}

func row(b *strings.Builder, s setting, about string) {
	cells := []string{"`" + s.path + "`", "`" + literal(s.at) + "`", s.limits(), about}
	if _, truth := s.at.(*bool); truth {
		cells[2] = "true or false"
	}
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// commentsByPath reads the comments above the fields out of the source.
func commentsByPath() map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil // it was compiled, so it parses
	}
	types := map[string]*ast.StructType{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			types[spec.Name.Name], _ = spec.Type.(*ast.StructType)
		}
		return true
	})
	out := map[string]string{}
	collect(out, types, "Config", "")
	return out
}

func collect(out map[string]string, types map[string]*ast.StructType, name, path string) {
	for _, field := range types[name].Fields.List {
		tag, _ := strconv.Unquote(field.Tag.Value)
		child := join(path, reflect.StructTag(tag).Get("yaml"))
		out[child] = strings.Join(strings.Fields(field.Doc.Text()), " ")
		if ident, ok := field.Type.(*ast.Ident); ok && types[ident.Name] != nil {
			collect(out, types, ident.Name, child)
		}
	}
}
