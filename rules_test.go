// The house rules as tests. Each rule is a function from the parsed module to
// findings, and each finding says where it is and what to do about it. Run one
// rule with `go test -run TestRules/floors .`; rules_proof_test.go shows for
// each of them a module that keeps it and one that breaks it.
package bursar_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "github.com/bursarhq/bursar"

// A rule is one thing that must hold for the whole module.
type rule struct {
	name    string
	subject string // the folder the rule is about; until it exists there is nothing to check
	check   func(*tree) []string
}

func rules() []rule {
	return []rule{
		{name: "package-docs", check: packageDocs},
		{name: "exported-docs", check: exportedDocs},
		{name: "names", check: packageNames},
		{name: "floors", check: floors},
		{name: "purity", check: purity},
		{name: "sizes", check: func(t *tree) []string { return sizes(t, sizeExceptions()) }},
		{name: "spend", subject: "spend", check: spendStaysSmall},
		{name: "init", check: noInit},
		{name: "globals", check: noGlobals},
		{name: "panics", check: noPanics},
		{name: "printing", check: noPrinting},
		{name: "leftovers", check: noLeftovers},
		{name: "replace", check: noReplace},
		{name: "dependencies", check: dependenciesHaveAPrice},
		{name: "command-scripts", subject: "cmd/bursar", check: commandsHaveScripts},
		{name: "config-fields", subject: "config", check: configFieldsDocumented},
		{name: "api-routes", subject: "api", check: routesDocumented},
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	module, err := loadTree(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if r.subject != "" && !module.has(r.subject) {
				t.Logf("nothing to check yet: there is no folder %s", r.subject)
				return
			}
			for _, finding := range r.check(module) {
				t.Error(finding)
			}
		})
	}
}

// A tree is the module: every Go file of it, read and parsed once, and the
// file system for the few rules that look at other files.
type tree struct {
	root  fs.FS
	fset  *token.FileSet
	files []*source
}

// A source is one Go file.
type source struct {
	path   string // from the root, with slashes
	folder string
	test   bool // a _test.go file
	text   []byte
	lines  int
	syntax *ast.File
}

// loadTree reads the module under root. Folders that hold no code of ours are
// left out: hidden ones, testdata, build output, Node's modules and nested
// Go modules.
func loadTree(root fs.FS) (*tree, error) {
	t := &tree{root: root, fset: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && t.foreign(name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		return t.add(name)
	})
	return t, err
}

func (t *tree) foreign(folder string) bool {
	if folder == "." {
		return false
	}
	base := path.Base(folder)
	switch base {
	case "testdata", "node_modules", "bin", "dist", "vendor":
		return true
	}
	return base[0] == '.' || base[0] == '_' || t.has(path.Join(folder, "go.mod"))
}

func (t *tree) add(name string) error {
	text, err := fs.ReadFile(t.root, name)
	if err != nil {
		return err
	}
	syntax, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("the rules can only be checked on code that parses: %w", err)
	}
	lines := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		lines++
	}
	t.files = append(t.files, &source{
		path:   name,
		folder: path.Dir(name),
		test:   strings.HasSuffix(name, "_test.go"),
		text:   text,
		lines:  lines,
		syntax: syntax,
	})
	return nil
}

func (t *tree) has(name string) bool {
	_, err := fs.Stat(t.root, name)
	return err == nil
}

// code is the tree without its test files.
func (t *tree) code() []*source {
	var out []*source
	for _, s := range t.files {
		if !s.test {
			out = append(out, s)
		}
	}
	return out
}

// at words a finding: the place, then what is wrong and what to do.
func (t *tree) at(n ast.Node, format string, args ...any) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...))
}

// imports lists the import paths of a file.
func (s *source) imports() map[string]*ast.ImportSpec {
	out := map[string]*ast.ImportSpec{}
	for _, spec := range s.syntax.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			out[p] = spec
		}
	}
	return out
}

// selections finds every pkg.Name of an imported package in a file, under
// whatever name the file imports it.
func (s *source) selections(importPath string) []*ast.SelectorExpr {
	spec, ok := s.imports()[importPath]
	if !ok {
		return nil
	}
	local := path.Base(importPath)
	if spec.Name != nil {
		local = spec.Name.Name
	}
	var out []*ast.SelectorExpr
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if ok && isIdent(sel.X, local) {
			out = append(out, sel)
		}
		return true
	})
	return out
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// funcName is Name, or Type.Name for a method.
func funcName(fn *ast.FuncDecl) string {
	if owner := receiver(fn); owner != "" {
		return owner + "." + fn.Name.Name
	}
	return fn.Name.Name
}

// receiver names the type a method belongs to; it is empty for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	e := fn.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
