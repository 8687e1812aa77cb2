package lake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

var update = flag.Bool("update", false, "rewrite the statements in testdata")

// TestStatements compares every statement that an answer needs with the one in
// the archive. In it "query.json" is the question (with its zone), and
// "duckdb.sql" what the engine is asked, with the arguments as comments.
func TestStatements(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives in testdata, error %v", err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := statements(t, archive.Files[0].Data)
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "duckdb.sql", Data: []byte(got)})
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(archive.Files) != 2 {
				t.Fatal("want query.json and duckdb.sql; write it with -update")
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("statements differ (-want +got):\n%s", diff)
			}
		})
	}
}

func statements(t *testing.T, query []byte) string {
	t.Helper()
	asked := struct {
		spend.Query
		Zone   string       `json:"zone"`
		Fiscal spend.Fiscal `json:"fiscal"`
	}{}
	decoder := json.NewDecoder(bytes.NewReader(query))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(asked.Zone)
	if err != nil {
		t.Fatal(err)
	}
	asked.Query.Zone, asked.Query.Fiscal = zone, asked.Fiscal
	var r recorder
	if _, err := lake.Answer(t.Context(), &r, &asked.Query); err != nil {
		t.Fatal(err)
	}
	return r.String()
}

// recorder is an engine that notes what it is asked. It knows lines of October
// 2026 and, when asked to rank groups, names more than any limit.
type recorder struct{ strings.Builder }

func (r *recorder) Dialect() lake.Dialect { return lake.DuckDB() }

func (r *recorder) Snapshot(_ context.Context, f func(lake.Ask) error) error {
	return f(func(_ context.Context, s lake.Statement, row func([]*string) error) error {
		_, _ = fmt.Fprintf(r, "%s;\n", s.Text)
		for i, arg := range s.Args {
			if at, ok := arg.(time.Time); ok {
				arg = at.Format(time.RFC3339)
			}
			_, _ = fmt.Fprintf(r, "-- %d: %v\n", i+1, arg)
		}
		r.WriteString("\n")
		switch {
		case strings.Contains(s.Text, "min(used_at)"):
			return row(cells("1790812800000000", "1793491199000000"))
		case strings.Contains(s.Text, "LIMIT 3"):
			keys := strings.Count(s.Text, " AS g")
			for _, name := range []string{"first", "second", "third"} {
				if err := row(cells(strings.Split(strings.Repeat(name+" ", keys), " ")[:keys]...)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func cells(texts ...string) []*string {
	all := make([]*string, len(texts))
	for i := range texts {
		all[i] = &texts[i]
	}
	return all
}

func TestCompileRefusesUnknownNames(t *testing.T) {
	t.Parallel()
	for _, q := range []spend.Query{
		{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{"calls; DROP TABLE charges"}},
		{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Calls}, By: []spend.Dimension{"team, book"}},
		{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Calls}, Where: []spend.Filter{{By: "1=1 --"}}},
		{Book: "", Axis: spend.ByUse, Measures: []spend.Measure{spend.Calls}},
	} {
		if s, err := lake.Compile(lake.DuckDB(), &q); err == nil {
			t.Errorf("compiled to %s", s.Text)
		}
	}
}

// TestUserTextIsNeverInStatements asks with a marker in every place that holds
// a user's text.
func TestUserTextIsNeverInStatements(t *testing.T) {
	t.Parallel()
	const marker = "mark'er"
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: spend.Measures(), Grain: spend.Day,
		By:    []spend.Dimension{"tag:" + marker, "team"},
		Where: []spend.Filter{{By: "team", Values: []string{marker}}, {By: "tag:" + marker, Values: []string{marker}, Not: true}}}
	s, err := lake.Compile(lake.DuckDB(), &q)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(s.Text, "mark") {
		t.Errorf("the statement holds the user's text:\n%s", s.Text)
	}
	if got := strings.Count(fmt.Sprint(s.Args), marker); got != 4 {
		t.Errorf("%d of 4 texts are arguments: %v", got, s.Args)
	}
}
