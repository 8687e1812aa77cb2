package bursar_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// A proof is a small module and what one rule finds in it. A file begins with
// a line `-- path --`. Each line of want is part of one finding; an empty want
// is a module that keeps the rule.
type proof struct {
	rule   string
	module string
	want   string
}

func TestEachRuleCanFail(t *testing.T) {
	t.Parallel()
	byName := map[string]func(*tree) []string{}
	for _, r := range rules() {
		byName[r.name] = r.check
	}
	kept, broken := map[string]bool{}, map[string]bool{}
	for _, p := range append(proofsOfHouse(), append(proofsOfSource(), proofsOfSurface()...)...) {
		check, ok := byName[p.rule]
		if !ok {
			t.Fatalf("proof of %q, which is no rule", p.rule)
		}
		compareFindings(t, p, check(parse(t, p.module)))
		if p.want == "" {
			kept[p.rule] = true
		} else {
			broken[p.rule] = true
		}
	}
	for name := range byName {
		if !kept[name] || !broken[name] {
			t.Errorf("rule %s needs a proof with a module that keeps it and one with a module that breaks it", name)
		}
	}
}

func TestSizeExceptions(t *testing.T) {
	t.Parallel()
	module := parse(t, "-- lake/lake.go --\npackage lake\n\nfunc Long() {\n"+strings.Repeat("\tstep()\n", maxFuncLines)+"}\n"+
		"-- spend/long.go --\npackage spend\n"+strings.Repeat("\n", maxFileLines))
	exceptions := map[string]string{
		"lake/lake.go:Long": "one step after the other, nothing to name",
		"spend/long.go":     "",
		"spend/gone.go":     "was a table",
	}
	compareFindings(t, proof{
		rule: "sizes with exceptions",
		want: "lists spend/gone.go, which is gone\nlists spend/long.go without a reason",
	}, sizes(module, exceptions))
}

func TestCodeThatDoesNotParseIsNamed(t *testing.T) {
	t.Parallel()
	_, err := loadTree(archive("-- lake/lake.go --\npackage lake\nfunc {\n"))
	if err == nil || !strings.Contains(err.Error(), "lake/lake.go:2") {
		t.Errorf("want an error that names lake/lake.go:2, got %v", err)
	}
}

func TestForeignFoldersAreLeftOut(t *testing.T) {
	t.Parallel()
	module := parse(t, "-- doc.go --\npackage bursar\n-- .cache/a.go --\nbroken\n-- ui/web/node_modules/x/a.go --\nbroken\n"+
		"-- cmd/bursar/testdata/a.go --\nbroken\n-- tool/go.mod --\nmodule tool\n-- tool/a.go --\nbroken\n-- bin/a.go --\nbroken\n")
	if len(module.files) != 1 {
		t.Errorf("want doc.go alone, got %d files", len(module.files))
	}
}

func compareFindings(t *testing.T, p proof, got []string) {
	t.Helper()
	var want []string
	if p.want != "" {
		want = strings.Split(p.want, "\n")
	}
	matches := len(got) == len(want)
	for i := 0; matches && i < len(want); i++ {
		matches = strings.Contains(got[i], want[i])
	}
	if !matches {
		t.Errorf("%s in\n%s\nwant findings with\n  %s\ngot\n  %s", p.rule, shortened(p.module),
			strings.Join(want, "\n  "), strings.Join(got, "\n  "))
	}
}

func shortened(module string) string {
	const enough = 600
	if len(module) <= enough {
		return module
	}
	return fmt.Sprintf("%s… (%d bytes more)", module[:enough], len(module)-enough)
}

func parse(t *testing.T, module string) *tree {
	t.Helper()
	out, err := loadTree(archive(module))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func archive(text string) fstest.MapFS {
	files := fstest.MapFS{}
	header := regexp.MustCompile(`(?m)^-- (\S+) --\n`)
	marks := header.FindAllStringSubmatchIndex(text, -1)
	for i, mark := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		files[text[mark[2]:mark[3]]] = &fstest.MapFile{Data: []byte(text[mark[1]:end])}
	}
	return files
}

// imports writes a file of a package that imports the paths given.
func importing(file, pkg string, paths ...string) string {
	return fmt.Sprintf("-- %s --\npackage %s\nimport (\n\t_ \"%s\"\n)\n", file, pkg, strings.Join(paths, "\"\n\t_ \""))
}

// function writes one function of lake with that many statements in it.
func function(file string, statements int) string {
	return "-- " + file + " --\npackage lake\n\nfunc (s *Store[T]) Fill() {\n" + strings.Repeat("\tstep()\n", statements) + "}\n"
}

func proofsOfHouse() []proof {
	const house = modulePath + "/"
	return []proof{
		{"floors", importing("ingest/a.go", "ingest", house+"spend", house+"pricebook", "context"), ""},
		{"floors", importing("plan/a.go", "plan", house+"forecast", house+"internal/clock"), ""},
		{"floors", importing("lake/duck/a.go", "duck", house+"lake"), ""},
		{"floors", importing("lake/laketest/a.go", "laketest", house+"lake", "testing"), ""},
		{"floors", importing("lake/duck/a_test.go", "duck", house+"lake/laketest"), ""},
		{"floors", importing("spend/a_test.go", "spend_test", house+"app", house+"lake/laketest"), ""},
		{"floors", importing("money/a.go", "money", house+"spend"), "money/a.go:3: money imports upwards (spend)"},
		{"floors", importing("spend/a_test.go", "spend", house+"app"), "spend imports upwards (app)"},
		{"floors", importing("budget/a.go", "budget", house+"forecast"), "budget and forecast stand on one floor"},
		{"floors", importing("app/a.go", "app", house+"lake/laketest"), "lake/laketest is there for tests"},
		{"floors", importing("helping/a.go", "helping", "fmt") + importing("app/a.go", "app", house+"helping"), "helping has no floor: give it a floor"},
		{"floors", importing("lake/parquet/a.go", "parquet", "fmt"), "lake/parquet has no floor"},

		{"purity", importing("forecast/a.go", "forecast", "math", "embed", "strings"), ""},
		{"purity", importing("forecast/a_test.go", "forecast_test", "os"), ""},
		{"purity", importing("lake/a.go", "lake", "os", "context"), ""},
		{"purity", importing("money/a.go", "money", "database/sql/driver"), ""},
		{"purity", "-- spend/a.go --\npackage spend\nimport \"time\"\nfunc Later(now time.Time) time.Time { return now.Add(time.Hour) }\n", ""},
		{"purity", importing("money/a.go", "money", "database/sql"), "money/a.go:3: money is pure and must not import database/sql"},
		{"purity", importing("spend/a.go", "spend", "database/sql/driver"), "must not import database/sql/driver"},
		{"purity", importing("wire/a.go", "wire", "context", "log/slog", "net/http", "os"), "import context\nimport log/slog\nimport net/http\nimport os"},
		{"purity", "-- budget/a.go --\npackage budget\nimport clock \"time\"\nfunc now() clock.Time { return clock.Now() }\n", "budget/a.go:3: budget is pure and must not call time.Now"},

		{"sizes", function("lake/a.go", maxFuncLines-2), ""},
		{"sizes", function("lake/a_test.go", maxTestFuncLines-2), ""},
		{"sizes", function("lake/a.go", maxFuncLines-1), "lake/a.go:3: Store.Fill has 81 lines"},
		{"sizes", function("lake/a_test.go", maxTestFuncLines-1), "lake/a_test.go:3: Store.Fill has 151 lines"},
		{"sizes", "-- lake/a_test.go --\npackage lake\n" + strings.Repeat("\n", maxFileLines), "lake/a_test.go has 601 lines"},
		{"sizes", "-- lake/a.go --\npackage lake\nfunc f(ctx context.Context, a, b int, c string, d ...int) { g(func(a, b, c, d, e int) {}) }\n", ""},
		{"sizes", "-- lake/a_test.go --\npackage lake\nfunc f(a, b, c, d, e int) { for { if x { for { if y { } } } } }\n", ""},
		{"sizes", "-- lake/a.go --\npackage lake\nfunc f(a, b int, c string, d, e bool) {}\n", "f takes 5 parameters"},
		{"sizes", "-- lake/a.go --\npackage lake\nfunc f() { for { switch { case a: if x { } else if y { } else { } } } }\n", ""},
		{"sizes", "-- lake/a.go --\npackage lake\nfunc f() { for { if x { } else { select { default: if y { } } } } }\n", "f nests 4 deep"},
		{"sizes", "-- lake/a.go --\npackage lake\nfunc f() { go func() { for range a { switch b.(type) { case int: if x { } } } }() }\n", "f nests 4 deep"},

		{"spend", "-- spend/a.go --\npackage spend\ntype Scope struct{ Any any }\n-- spend/a_test.go --\npackage spend\ntype I interface{}\n", ""},
		{"spend", "-- spend/a.go --\npackage spend\ntype Pricer interface{ Price() }\n", "spend/a.go:2: spend holds nouns, no interfaces"},
		{"spend", "-- spend/a.go --\npackage spend\n" + strings.Repeat("\n", 1000) + "-- spend/b.go --\npackage spend\n" + strings.Repeat("\n", 1000), "spend has 2002 lines"},
	}
}
