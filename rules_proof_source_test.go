package bursar_test

// Sources that hold a word which the rules look for in plain text are put
// together from halves, so that this file does not break the rule itself.

func proofsOfSource() []proof {
	return []proof{
		{"package-docs", "-- lake/a.go --\n// Package lake keeps charges.\npackage lake\n-- lake/b.go --\npackage lake\n-- lake/a_test.go --\npackage lake_test\n", ""},
		{"package-docs", "-- cmd/bursar/main.go --\n// Command bursar keeps the accounts.\npackage main\n", ""},
		{"package-docs", "-- lake/a.go --\npackage lake\n", "lake has no package doc"},
		{"package-docs", "-- lake/a.go --\n// Package lake is one.\npackage lake\n-- lake/b.go --\n// Package lake is two.\npackage lake\n", "lake/b.go:1: lake has its package doc in 2 files, lake/a.go is the first"},
		{"package-docs", "-- lake/a.go --\n// Keeps charges.\npackage lake\n", "must begin with \"Package lake \""},
		{"package-docs", "-- cmd/bursar/main.go --\n// Package main is it.\npackage main\n", "must begin with \"Command bursar \""},

		{"exported-docs", `-- lake/a.go --
package lake

// Kinds of line.
const (
	Usage = "usage"
	Tax   = "tax"
)

// Store keeps charges.
type Store struct{ Open bool }

// Len counts them.
func (s *Store) Len() int { return 0 }

type order []int

func (o order) Less(i, j int) bool { return i < j }

var ErrClosed = errors.New("closed") // ErrClosed says that it is closed.
`, ""},
		{"exported-docs", "-- cmd/bursar/a.go --\npackage main\nfunc Run() {}\n-- lake/a_test.go --\npackage lake\nfunc TestX() {}\n", ""},
		{"exported-docs", `-- lake/a.go --
package lake

const Usage, tax = "usage", "tax"

// Types of the lake.
type (
	Store struct{}
)

func (s *Store[T]) Len() int { return 0 }

//go:noinline
func Open() {}
`, "lake/a.go:3: Usage has no doc\nStore has no doc\nLen has no doc\nOpen has no doc"},

		{"names", "-- budget/a.go --\npackage budget\n-- budget/a_test.go --\npackage budget_test\n", ""},
		{"names", "-- internal/util/a.go --\npackage util\n-- budget/a.go --\npackage helpers\n", "budget says nothing about\ninternal/util says nothing about"},

		{"init", "-- lake/a.go --\npackage lake\nfunc (s *Store) init() {}\nfunc initial() {}\n", ""},
		{"init", "-- lake/a.go --\npackage lake\nfunc init() {}\n", "lake/a.go:2: no init"},

		{"globals", `-- lake/a.go --
package lake

//go:embed schema.sql
var schema string

var (
	//go:embed *.json
	files embed.FS

	ErrClosed = errors.New("closed")
	digits    = regexp.MustCompile("[0-9]+")
	names     = map[string]int{"a": 1}
	_ Reader  = (*Store)(nil)
)

func f() { var local int; _ = local }
`, ""},
		{"globals", `-- lake/a.go --
package lake

var count int

var (
	mu    = sync.Mutex{}
	cache = make(map[string]int)
	once  = &sync.Once{}
	at    = new(int)
)
`, "variable count\nvariable mu\nvariable cache\nvariable once\nvariable at"},

		{"panics", "-- money/a.go --\npackage money\nfunc MustParse() { panic(1) }\nfunc (a Amount) mustFit() { panic(1) }\n-- money/a_test.go --\npackage money\nfunc f() { panic(1) }\n", ""},
		{"panics", "-- money/a.go --\npackage money\nfunc Parse() { panic(1) }\nvar f = func() { panic(2) }\n", "money/a.go:2: panic outside\nmoney/a.go:3: panic outside"},

		{"printing", "-- cmd/bursar/a.go --\npackage main\nimport \"fmt\"\nfunc f() { fmt.Println() }\n", ""},
		{"printing", "-- lake/example_test.go --\npackage lake\nimport \"fmt\"\nfunc f() { fmt.Println() }\n", ""},
		{"printing", `-- lake/a.go --
package lake

import (
	"fmt"
	"log/slog"
)

func f(w io.Writer, log *slog.Logger) {
	fmt.Fprintln(w, fmt.Sprint(1))
	log.Info("opened", slog.String("path", "x"))
	g(slog.New(nil), slog.LevelInfo)
}
`, ""},
		{"printing", `-- lake/a.go --
package lake

import (
	"fmt"
	"log"
	logs "log/slog"
)

func f() {
	fmt.Printf("x")
	log.Fatal("y")
	logs.InfoContext(nil, "z")
	logs.Default()
}
`, "a.go:10: fmt.Printf outside\nlog.Fatal outside\nslog.InfoContext outside\nslog.Default outside"},

		{"leftovers", "-- lake/a_test.go --\npackage lake\n// An amount to do sums with.\nfunc f(in decoder) { in.Skip(4) }\n", ""},
		{"leftovers", "-- lake/a_test.go --\npackage lake\n// TO" + "DO: later\nfunc f(t *testing.T) { t." + "Skip(\"slow\") }\nvar x = 1 // FIX" + "ME\n// XX" + "X\n",
			"a_test.go:2: TO" + "DO: do it now\na_test.go:3: t." + "Skip() hides\na_test.go:4: FIX" + "ME\na_test.go:5: XX" + "X"},
		{"leftovers", "-- lake/a_test.go --\npackage lake\nfunc f(tb testing.TB) { tb." + "SkipNow() }\n", "tb." + "SkipNow() hides"},
	}
}

func proofsOfSurface() []proof {
	const mod = `-- go.mod --
module example.org/m

go 1.26

require example.org/direct v1.0.0

require (
	example.org/other/v2 v2.0.0
	example.org/below v1.0.0 // indirect
)
`
	const replacing = "\nreplace example.org/direct => ../direct\n\nreplace (\n\texample.org/below => ../below\n)\n"
	const scripts = "-- cmd/bursar/testdata/script/price.txtar --\n"
	const commands = `-- cmd/bursar/main.go --
package main

var root = cobra.Command{Use: "bursar"}
var price = cobra.Command{Use: "price"}
var show = cobra.Command{Use: "show MODEL " + more}
`
	const api = `-- api/a.go --
package api

func routes(m *http.ServeMux) {
	m.HandleFunc("GET /api/v1/budgets/{id}", get)
	m.HandleFunc("POST /api/v1/budgets", post)
	m.HandleFunc("GET /api/v1/files/{path...}", get)
	m.HandleFunc("GET /healthz", get)
}
`
	const document = `-- api/openapi.yaml --
openapi: 3.1.0
paths:
  # budgets
  /api/v1/budgets/{id}:
    parameters:
      - name: id
    get:
      responses:
        "200":
          description: |
            post:
  "/budgets": # without the prefix
    post:
      summary: make one
  /api/v1/files/{path}:
    get:
      summary: one file
components:
  schemas:
    /api/v1/nothing:
      get:
`
	return []proof{
		{"replace", mod, ""},
		{"replace", mod + replacing, "go.mod replaces example.org/direct\ngo.mod replaces example.org/below"},
		{"replace", "-- doc.go --\npackage bursar\n", "go.mod"},

		{"dependencies", mod + "-- DEPENDENCIES.md --\n| Module | MB |\n|---|---|\n| `example.org/direct` | 1 |\n| `example.org/other/v2` | 2 |\n| `example.org/below` | 3 |\n", ""},
		{"dependencies", mod + "-- DEPENDENCIES.md --\n| `example.org/direct` | 1 |\n| `example.org/direct` | 1 |\n| `example.org/gone` | 1 |\n",
			"lists example.org/direct twice\nlists example.org/gone, which\nno row for example.org/other/v2"},
		{"dependencies", mod, "DEPENDENCIES.md is missing"},

		{"command-scripts", commands + scripts + "exec bursar price show gpt\n", ""},
		{"command-scripts", commands + scripts + "exec bursar --data . price\n# bursar price show\n", "main.go:5: no script runs `bursar show`"},
		{"command-scripts", commands, "runs `bursar price`\nruns `bursar show`"},
		{"command-scripts", "-- cmd/bursar/a.go --\npackage main\nvar c = cobra.Command{Use: name}\n", "begin Use with a string literal"},

		{"config-fields", "-- config/a.go --\npackage config\ntype Config struct {\n\t// Listen is the address.\n\tListen string `yaml:\"listen\"`\n\tpath string\n\tRaw []byte `yaml:\"-\"`\n}\n", ""},
		{"config-fields", "-- config/a.go --\npackage config\ntype Config struct {\n\tListen string `json:\"x\" yaml:\"listen\"`\n}\n", "config/a.go:3: config field"},

		{"api-routes", api + document, ""},
		{"api-routes", api + document + "-- api/b.go --\npackage api\nconst extra = \"DELETE /api/v1/budgets/{id}\"\n", "api/b.go:2: DELETE /api/v1/budgets/{id} is not in api/openapi.yaml"},
		{"api-routes", document, "describes GET /api/v1/budgets/{id}\ndescribes GET /api/v1/files/{path}\ndescribes POST /api/v1/budgets"},
		{"api-routes", api, "api/openapi.yaml is missing"},
	}
}
