package bursar_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A module file, as far as the rules look into it.
type modFile struct {
	required map[string]bool // by path; true when required directly
	replaced []string
}

func readModFile(t *tree) (modFile, error) {
	text, err := fs.ReadFile(t.root, "go.mod")
	if err != nil {
		return modFile{}, err
	}
	m := modFile{required: map[string]bool{}}
	block := ""
	for line := range strings.Lines(string(text)) {
		code, comment, _ := strings.Cut(line, "//")
		words := strings.Fields(code)
		switch {
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = ""
			continue
		case len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		case block != "":
			words = append([]string{block}, words...)
		}
		switch words[0] {
		case "replace":
			m.replaced = append(m.replaced, words[1])
		case "require":
			m.required[words[1]] = !strings.HasPrefix(strings.TrimSpace(comment), "indirect")
		}
	}
	return m, nil
}

// noReplace keeps `go install module@version` working, which refuses a
// module that replaces others.
func noReplace(t *tree) []string {
	m, err := readModFile(t)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, name := range m.replaced {
		found = append(found, fmt.Sprintf("go.mod replaces %s: require a version that works as it is", name))
	}
	return found
}

// dependenciesHaveAPrice compares the rows of DEPENDENCIES.md with go.mod.
func dependenciesHaveAPrice(t *tree) []string {
	m, err := readModFile(t)
	if err != nil {
		return []string{err.Error()}
	}
	text, err := fs.ReadFile(t.root, "DEPENDENCIES.md")
	if err != nil {
		return []string{"DEPENDENCIES.md is missing: one row for each direct dependency, with its price"}
	}
	var found []string
	rows := map[string]bool{}
	for _, match := range regexp.MustCompile("(?m)^\\| *`([^`]+)`").FindAllStringSubmatch(string(text), -1) {
		name := match[1]
		if _, required := m.required[name]; !required {
			found = append(found, fmt.Sprintf("DEPENDENCIES.md lists %s, which go.mod does not require: remove the row", name))
		}
		if rows[name] {
			found = append(found, fmt.Sprintf("DEPENDENCIES.md lists %s twice: keep one row", name))
		}
		rows[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(m.required)) {
		if m.required[name] && !rows[name] {
			found = append(found, fmt.Sprintf("DEPENDENCIES.md has no row for %s: what for, megabytes, modules, last release, "+
				"what we would write instead", name))
		}
	}
	return found
}

const scriptFolder = "cmd/bursar/testdata/script"

// commandsHaveScripts wants at least one script in which the real binary runs
// each command.
func commandsHaveScripts(t *tree) []string {
	scripts, err := scriptLines(t)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, s := range t.code() {
		if s.folder != "cmd/bursar" {
			continue
		}
		for _, use := range keyedValues(s.syntax, "Use") {
			name, ok := firstWord(use)
			if !ok {
				found = append(found, t.at(use, "begin Use with a string literal, so that the rules can read the command's name"))
				continue
			}
			runs := regexp.MustCompile(`(?m)^[^#\n]*\bbursar\s([^\n]*\s)?` + regexp.QuoteMeta(name) + `(\s|$)`)
			if name != "bursar" && !runs.MatchString(scripts) {
				found = append(found, t.at(use, "no script runs `bursar %s`: add one under %s", name, scriptFolder))
			}
		}
	}
	return found
}

func scriptLines(t *tree) (string, error) {
	var all strings.Builder
	if !t.has(scriptFolder) {
		return "", nil
	}
	err := fs.WalkDir(t.root, scriptFolder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(t.root, name)
		all.Write(text)
		all.WriteByte('\n')
		return err
	})
	return all.String(), err
}

// keyedValues finds the values given to a field of that name in composite
// literals.
func keyedValues(file *ast.File, field string) []ast.Expr {
	var out []ast.Expr
	ast.Inspect(file, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok && isIdent(kv.Key, field) {
			out = append(out, kv.Value)
		}
		return true
	})
	return out
}

func firstWord(e ast.Expr) (string, bool) {
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			break
		}
		e = sum.X
	}
	words := strings.Fields(stringLiteral(e))
	if len(words) == 0 {
		return "", false
	}
	return words[0], true
}

func stringLiteral(e ast.Node) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

// configFieldsDocumented wants a comment above each field that a user can
// set: the reference page is written from these comments.
func configFieldsDocumented(t *tree) []string {
	var found []string
	for _, s := range t.code() {
		if s.folder != "config" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			f, ok := n.(*ast.Field)
			if ok && f.Tag != nil && f.Doc.Text() == "" && settable(f.Tag) {
				found = append(found, t.at(f, "config field %s has no comment above it: what it does, its unit and its default", f.Tag.Value))
			}
			return true
		})
	}
	return found
}

func settable(tag *ast.BasicLit) bool {
	name, tagged := reflect.StructTag(stringLiteral(tag)).Lookup("yaml")
	return tagged && name != "-"
}

// routesDocumented compares the routes in api with the paths in its OpenAPI
// document, both ways.
func routesDocumented(t *tree) []string {
	text, err := fs.ReadFile(t.root, "api/openapi.yaml")
	if err != nil {
		return []string{"api/openapi.yaml is missing: it describes every route under " + apiPrefix}
	}
	served := servedRoutes(t)
	documented := documentedRoutes(string(text))
	var found []string
	for _, route := range slices.Sorted(maps.Keys(served)) {
		if !documented[route] {
			found = append(found, t.at(served[route], "%s is not in api/openapi.yaml: describe it there", route))
		}
	}
	for _, route := range slices.Sorted(maps.Keys(documented)) {
		if served[route] == nil {
			found = append(found, fmt.Sprintf("api/openapi.yaml describes %s, which no code in api serves: "+
				"write the route as one literal \"METHOD /path\", or remove it from the document", route))
		}
	}
	return found
}

const apiPrefix = "/api/v1/"

// servedRoutes collects the literals "METHOD /api/v1/…" in package api.
func servedRoutes(t *tree) map[string]ast.Node {
	pattern := regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/api/v1/\S*)$`)
	out := map[string]ast.Node{}
	for _, s := range t.code() {
		if s.folder != "api" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if match := pattern.FindStringSubmatch(stringLiteral(n)); match != nil {
				wildcards := strings.NewReplacer("...}", "}", "{$}", "")
				out[match[1]+" "+wildcards.Replace(match[2])] = n
			}
			return true
		})
	}
	return out
}

// documentedRoutes reads methods and paths from the block style of YAML in
// which the document is written; a path may leave out the prefix.
func documentedRoutes(document string) map[string]bool {
	out := map[string]bool{}
	inPaths, methodIndent, current := false, 0, ""
	for line := range strings.Lines(document) {
		key, indent := yamlKey(line)
		switch {
		case key == "":
			continue
		case indent == 0:
			inPaths = key == "paths"
		case inPaths && strings.HasPrefix(key, "/"):
			current, methodIndent = key, 0
			if !strings.HasPrefix(current, apiPrefix) {
				current = strings.TrimSuffix(apiPrefix, "/") + current
			}
		case inPaths && current != "":
			if methodIndent == 0 {
				methodIndent = indent
			}
			if indent == methodIndent && isMethod(key) {
				out[strings.ToUpper(key)+" "+current] = true
			}
		}
	}
	return out
}

// yamlKey is the key that opens a block on this line, and how far it is
// indented; lines with a value have no such key.
func yamlKey(line string) (key string, indent int) {
	trimmed := strings.TrimSpace(line)
	indent = len(line) - len(strings.TrimLeft(line, " "))
	if before, _, commented := strings.Cut(trimmed, " #"); commented {
		trimmed = strings.TrimSpace(before)
	}
	key, opens := strings.CutSuffix(trimmed, ":")
	if !opens {
		return "", indent
	}
	return strings.Trim(key, `"'`), indent
}

func isMethod(key string) bool {
	return slices.Contains([]string{"get", "head", "post", "put", "patch", "delete", "options"}, key)
}
