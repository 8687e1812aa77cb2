package history_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect/history"
)

// members are the records of a fixture, each by its columns.
func members(t testing.TB, text string) (rows []map[string]json.RawMessage, columns []string) {
	t.Helper()
	known := map[string]bool{}
	for line := range strings.Lines(text) {
		var row map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
		for name := range row {
			known[name] = true
		}
	}
	return rows, slices.Sorted(maps.Keys(known))
}

// plain is a value as a cell of a table holds it; false for null.
func plain(raw json.RawMessage) (string, bool) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, raw != nil && string(raw) != "null"
	}
	return string(raw), raw != nil
}

func asCSV(t testing.TB, text string) string {
	t.Helper()
	rows, columns := members(t, text)
	var b strings.Builder
	w := csv.NewWriter(&b)
	lines := [][]string{columns}
	for _, row := range rows {
		var cells []string
		for _, name := range columns {
			value, _ := plain(row[name])
			cells = append(cells, value)
		}
		lines = append(lines, cells)
	}
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// asDump writes the table as pg_dump does, between tables of others.
func asDump(t testing.TB, table, text string) string {
	t.Helper()
	rows, columns := members(t, text)
	var b strings.Builder
	fmt.Fprintf(&b, "--\n-- PostgreSQL database dump; it's one\n--\n\\restrict x\n\nSET client_encoding = 'UTF8';\n"+
		"CREATE FUNCTION public.f() RETURNS trigger\n    AS $_$ BEGIN; COPY public.%q (a) FROM stdin; END; $_$;\n"+
		"COPY public.\"Other\" (request_id, model) FROM stdin;\n"+marker+"\t;'\n\\.\n\nCOPY public.%[1]q (\"%s\") FROM stdin;\n", table, strings.Join(columns, `", "`))
	escape := strings.NewReplacer("\\", `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`)
	for _, row := range rows {
		var cells []string
		for _, name := range columns {
			value, given := plain(row[name])
			if value = escape.Replace(value); !given {
				value = `\N`
			}
			cells = append(cells, value)
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	b.WriteString("\\.\n\nSELECT pg_catalog.setval('public.x', 1, false);\n")
	return b.String()
}

// asInserts writes the table as pg_dump --inserts does: the definition alone names the columns.
func asInserts(t testing.TB, table, text string) string {
	t.Helper()
	rows, columns := members(t, text)
	var b strings.Builder
	fmt.Fprintf(&b, "--\n-- Name; it's a comment\n--\n\nCREATE TABLE public.%q (\n", table)
	for _, name := range columns {
		fmt.Fprintf(&b, "    %q text DEFAULT 'a;b'::text NOT NULL,\n", name)
	}
	b.WriteString("    CONSTRAINT x PRIMARY KEY (request_id, model)\n);\nINSERT INTO public.\"Other\" VALUES ('it''s; (INSERT INTO ', 1);\n")
	for i, row := range rows {
		var cells []string
		for _, name := range columns {
			value, given := plain(row[name])
			switch {
			case !given:
				value = "NULL"
			case row[name][0] != '"' && row[name][0] != '{' && row[name][0] != '[':
			case i%2 == 0:
				value = "'" + strings.ReplaceAll(value, "'", "''") + "'::text"
			default:
				value = "E'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`).Replace(value) + "'"
			}
			cells = append(cells, value)
		}
		fmt.Fprintf(&b, "INSERT INTO public.%q VALUES (%s);\n", table, strings.Join(cells, ", "))
	}
	return b.String()
}

// forms are the ways in which a product writes the same records.
func forms(t testing.TB, p *history.Product) map[string]string {
	t.Helper()
	lines := fixture(t, p.Name)
	list := strings.Join(strings.Split(strings.TrimSpace(lines), "\n"), ",\n  ")
	first, rest, _ := strings.Cut(strings.TrimSpace(lines), "\n")
	found := map[string]string{
		"lines": lines, "windows lines": "\xef\xbb\xbf" + strings.ReplaceAll(lines, "\n", "\r\n"), "array": "[" + list + "]", "csv": asCSV(t, lines),
		"page":  `{"data":[` + list + `],"meta":{"page":1,"next":["` + marker + `"]}}`,
		"pages": `{"total":9,"data":[` + first + `]}` + "\n" + `{"data":[` + strings.ReplaceAll(rest, "\n", ",") + `]}`,
		"one":   `{"data":` + first + `}` + "\n" + rest,
	}
	if p.Table != "" {
		found["dump"], found["inserts"] = asDump(t, p.Table, lines), asInserts(t, p.Table, lines)
	}
	return found
}

func TestEveryFormTellsTheSame(t *testing.T) {
	t.Parallel()
	for _, p := range history.Products() {
		want := told(all(t, &p, fixture(t, p.Name)))
		for name, text := range forms(t, &p) {
			t.Run(p.Name+" "+name, func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff(want, told(all(t, &p, text))); diff != "" {
					t.Errorf("(-lines +%s)\n%s", name, diff)
				}
				slow, err := read(iotest.OneByteReader(strings.NewReader(text)), &p, history.Options{})
				if diff := cmp.Diff(want, told(slow)); diff != "" || err != nil {
					t.Errorf("byte by byte: %v\n%s", err, diff)
				}
			})
		}
	}
}
