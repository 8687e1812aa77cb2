package bursar_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// packageDocs wants one package doc for each package, in one place.
func packageDocs(t *tree) []string {
	docs := map[string][]*source{}
	for _, s := range t.code() {
		if _, seen := docs[s.folder]; !seen {
			docs[s.folder] = nil
		}
		if s.syntax.Doc.Text() != "" {
			docs[s.folder] = append(docs[s.folder], s)
		}
	}
	var found []string
	for _, folder := range slices.Sorted(maps.Keys(docs)) {
		in := docs[folder]
		switch {
		case len(in) == 0:
			found = append(found, fmt.Sprintf("%s has no package doc: say above a package clause what it is for, "+
				"what it refuses to do and where to start reading", folder))
		case len(in) > 1:
			found = append(found, t.at(in[1].syntax.Doc, "%s has its package doc in %d files, %s is the first: keep one",
				folder, len(in), in[0].path))
		case !strings.HasPrefix(in[0].syntax.Doc.Text(), docOpening(in[0])):
			found = append(found, t.at(in[0].syntax.Doc, "the package doc of %s must begin with %q", folder, docOpening(in[0])))
		}
	}
	return found
}

func docOpening(s *source) string {
	if s.syntax.Name.Name == "main" {
		return "Command " + path.Base(s.folder) + " "
	}
	return "Package " + s.syntax.Name.Name + " "
}

// exportedDocs wants a comment on everything that another package can name.
func exportedDocs(t *tree) []string {
	var found []string
	for _, s := range t.code() {
		if s.syntax.Name.Name == "main" {
			continue
		}
		for _, decl := range s.syntax.Decls {
			for _, name := range undocumented(decl) {
				found = append(found, t.at(name, "%s has no doc comment: one full sentence, with unit, range and errors where it has them", name.Name))
			}
		}
	}
	return found
}

func undocumented(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		owner := receiver(d)
		if d.Name.IsExported() && (owner == "" || ast.IsExported(owner)) && d.Doc.Text() == "" {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var out []*ast.Ident
		for _, spec := range d.Specs {
			out = append(out, undocumentedSpec(d, spec)...)
		}
		return out
	}
	return nil
}

// undocumentedSpec lets one comment speak for a group of constants or
// variables, or a comment at the end of the line; types need their own.
func undocumentedSpec(d *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	var out []*ast.Ident
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Doc.Text() == "" && (d.Lparen.IsValid() || d.Doc.Text() == "") && s.Name.IsExported() {
			out = append(out, s.Name)
		}
	case *ast.ValueSpec:
		if s.Doc.Text()+s.Comment.Text()+d.Doc.Text() != "" {
			return nil
		}
		for _, name := range s.Names {
			if name.IsExported() {
				out = append(out, name)
			}
		}
	}
	return out
}

// packageNames refuses names that say nothing about what is inside.
func packageNames(t *tree) []string {
	banned := regexp.MustCompile(`^(utils?|common|helpers?|base|models?|types?|shared|misc|managers?)$`)
	var found []string
	seen := map[string]bool{}
	for _, s := range t.files {
		name := strings.TrimSuffix(s.syntax.Name.Name, "_test")
		if (banned.MatchString(name) || banned.MatchString(path.Base(s.folder))) && !seen[s.folder] {
			seen[s.folder] = true
			found = append(found, t.at(s.syntax.Name, "%s says nothing about what is inside: name the folder and package by their noun", s.folder))
		}
	}
	return found
}

func noInit(t *tree) []string {
	var found []string
	for _, s := range t.files {
		for _, decl := range s.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				found = append(found, t.at(fn, "no init: make it a function that the constructor calls"))
			}
		}
	}
	return found
}

// noGlobals refuses package variables that are there to be written: those
// without a value (unless embedded) and those that start as an empty container
// or a lock. Errors, patterns, lookup tables and `var _ I = T{}` are values.
func noGlobals(t *tree) []string {
	var found []string
	for _, s := range t.files {
		for _, decl := range s.syntax.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				v := spec.(*ast.ValueSpec)
				if changeable(v) && !embedded(d.Doc) && !embedded(v.Doc) {
					found = append(found, t.at(v, "package variable %s can only be there to change: "+
						"make it a field of what owns it, or return it from a function (sync.OnceValue for work done once; "+
						"`for b.Loop()` keeps a benchmark's result alive without a variable)", v.Names[0].Name))
				}
			}
		}
	}
	return found
}

func changeable(v *ast.ValueSpec) bool {
	if len(v.Values) == 0 {
		return true
	}
	for _, value := range v.Values {
		if u, ok := value.(*ast.UnaryExpr); ok {
			value = u.X
		}
		switch x := value.(type) {
		case *ast.CallExpr:
			if isIdent(x.Fun, "make") || isIdent(x.Fun, "new") {
				return true
			}
		case *ast.CompositeLit:
			sel, ok := x.Type.(*ast.SelectorExpr)
			if ok && (isIdent(sel.X, "sync") || isIdent(sel.X, "atomic")) {
				return true
			}
		}
	}
	return false
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:embed ")
	})
}

// noPanics leaves panic to functions that say so in their name.
func noPanics(t *tree) []string {
	var found []string
	for _, s := range t.code() {
		for _, decl := range s.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && (strings.HasPrefix(fn.Name.Name, "Must") || strings.HasPrefix(fn.Name.Name, "must")) {
				continue
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && isIdent(call.Fun, "panic") {
					found = append(found, t.at(call, "panic outside a Must function: return an error that says what was tried and what to do"))
				}
				return true
			})
		}
	}
	return found
}

// noPrinting keeps standard output, the log package and slog's default logger
// to the commands: everyone else is handed a writer or a logger.
func noPrinting(t *tree) []string {
	var found []string
	for _, s := range t.code() {
		if strings.HasPrefix(s.folder, "cmd/") {
			continue
		}
		for _, sel := range s.selections("fmt") {
			if strings.HasPrefix(sel.Sel.Name, "Print") {
				found = append(found, t.at(sel, "fmt.%s outside cmd: write to an io.Writer that the caller passes in", sel.Sel.Name))
			}
		}
		for _, sel := range s.selections("log") {
			found = append(found, t.at(sel, "log.%s outside cmd: return the error, or log to the *slog.Logger that was passed in", sel.Sel.Name))
		}
		for _, sel := range s.selections("log/slog") {
			if usesDefaultLogger(sel.Sel.Name) {
				found = append(found, t.at(sel, "slog.%s outside cmd uses the default logger: log to the *slog.Logger that was passed in", sel.Sel.Name))
			}
		}
	}
	return found
}

func usesDefaultLogger(name string) bool {
	switch strings.TrimSuffix(name, "Context") {
	case "Debug", "Info", "Warn", "Error", "Log", "LogAttrs", "With", "Default", "SetDefault", "SetLogLoggerLevel":
		return true
	}
	return false
}

// noLeftovers refuses notes to self and tests that pass without running. The
// words are put together here so that this file does not find itself.
func noLeftovers(t *tree) []string {
	note := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)
	skip := regexp.MustCompile(`\b(t|b|tb)\.Skip(f|Now)?\(`)
	var found []string
	for _, s := range t.files {
		for i, line := range strings.Split(string(s.text), "\n") {
			if word := note.FindString(line); word != "" {
				found = append(found, fmt.Sprintf("%s:%d: %s: do it now, or open an issue and leave the code clean", s.path, i+1, word))
			}
			if call := skip.FindString(line); call != "" {
				found = append(found, fmt.Sprintf("%s:%d: %s) hides a test that did not run: fail when something is missing, "+
					"or put it behind the build tag data", s.path, i+1, call))
			}
		}
	}
	return found
}
