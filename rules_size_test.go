package bursar_test

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
)

// The limits of a page. They are outer bounds; the aim is files of about 120
// lines and functions of about 10.
const (
	maxFileLines     = 600
	maxFuncLines     = 80
	maxTestFuncLines = 150
	maxNesting       = 3
	maxParameters    = 4
	maxSpendLines    = 1500
)

// sizeExceptions lists what may be larger, each with the reason why the code
// is better that way. The key is "path" for the length of a file and
// "path:Func" or "path:Type.Method" for anything about a function. An entry
// that is no longer needed fails.
func sizeExceptions() map[string]string {
	return map[string]string{}
}

// An oversize is one thing that is past a limit.
type oversize struct {
	key     string
	finding string
}

// sizes holds files and functions to the limits, but for the exceptions.
func sizes(t *tree, exceptions map[string]string) []string {
	var found []string
	needed := map[string]bool{}
	for _, s := range t.files {
		for _, o := range oversizes(t, s) {
			needed[o.key] = true
			if _, listed := exceptions[o.key]; !listed {
				found = append(found, o.finding)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(exceptions)) {
		if exceptions[key] == "" {
			found = append(found, fmt.Sprintf("sizeExceptions lists %s without a reason: write why it is better large", key))
		}
		if !needed[key] {
			found = append(found, fmt.Sprintf("sizeExceptions lists %s, which is gone or within the limits: remove the entry", key))
		}
	}
	return found
}

func oversizes(t *tree, s *source) []oversize {
	var out []oversize
	if s.lines > maxFileLines {
		out = append(out, oversize{s.path, fmt.Sprintf("%s has %d lines, more than %d: split it by noun, "+
			"or list it in sizeExceptions (rules_size_test.go) with a reason", s.path, s.lines, maxFileLines)})
	}
	for _, decl := range s.syntax.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		for _, complaint := range complaints(t, s, fn) {
			key := s.path + ":" + funcName(fn)
			out = append(out, oversize{key, t.at(fn, "%s %s", funcName(fn), complaint)})
		}
	}
	return out
}

// complaints says what is too large about one function. Tests are held to
// their length only: a table may be long and a closure deep.
func complaints(t *tree, s *source, fn *ast.FuncDecl) []string {
	var out []string
	limit := maxFuncLines
	if s.test {
		limit = maxTestFuncLines
	}
	if n := t.fset.Position(fn.End()).Line - t.fset.Position(fn.Pos()).Line + 1; n > limit {
		out = append(out, fmt.Sprintf("has %d lines, more than %d: name its steps and make them functions", n, limit))
	}
	if s.test {
		return out
	}
	if n := nesting(fn); n > maxNesting {
		out = append(out, fmt.Sprintf("nests %d deep, more than %d: return early or give the inner block a name", n, maxNesting))
	}
	if n := parameters(fn.Type); n > maxParameters {
		out = append(out, fmt.Sprintf("takes %d parameters, more than %d: make an input struct with Validate", n, maxParameters))
	}
	return out
}

// nesting is how many blocks deep a function goes: if, for, switch, select
// and function literals add one each; cases and else-if add none.
func nesting(fn *ast.FuncDecl) int {
	deepest := 0
	if fn.Body != nil {
		ast.Walk(nest{deepest: &deepest}, fn.Body)
	}
	return deepest
}

type nest struct {
	level   int
	deepest *int
}

func (v nest) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.IfStmt:
		v.visitIf(n)
		return nil
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.FuncLit:
		return v.deeper()
	}
	return v
}

func (v nest) visitIf(n *ast.IfStmt) {
	if n.Init != nil {
		ast.Walk(v, n.Init)
	}
	ast.Walk(v, n.Cond)
	ast.Walk(v.deeper(), n.Body)
	switch other := n.Else.(type) {
	case *ast.IfStmt:
		ast.Walk(v, other)
	case *ast.BlockStmt:
		ast.Walk(v.deeper(), other)
	}
}

func (v nest) deeper() nest {
	v.level++
	*v.deepest = max(*v.deepest, v.level)
	return v
}

// parameters counts what a caller has to pass, without a context.
func parameters(fn *ast.FuncType) int {
	n := 0
	for _, field := range fn.Params.List {
		if sel, ok := field.Type.(*ast.SelectorExpr); ok && isIdent(sel.X, "context") && sel.Sel.Name == "Context" {
			continue
		}
		n += max(1, len(field.Names))
	}
	return n
}

// spendStaysSmall keeps the vocabulary a vocabulary: nouns on a few pages.
func spendStaysSmall(t *tree) []string {
	var found []string
	lines := 0
	for _, s := range t.code() {
		if s.folder != "spend" {
			continue
		}
		lines += s.lines
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if i, ok := n.(*ast.InterfaceType); ok {
				found = append(found, t.at(i, "spend holds nouns, no interfaces: declare it in the package that calls it"))
			}
			return true
		})
	}
	if lines > maxSpendLines {
		found = append(found, fmt.Sprintf("spend has %d lines without its tests, more than %d: "+
			"what acts on the nouns belongs on floor 2", lines, maxSpendLines))
	}
	return found
}
