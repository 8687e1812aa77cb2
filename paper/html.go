package paper

import (
	_ "embed" // the page
	"html/template"
	"io"

	"github.com/bursarhq/bursar/board"
)

//go:embed page.html
var page string

// HTML writes a report as one page that loads nothing and prints well.
func HTML(w io.Writer, r *board.Pack) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"head": func() []string { return head(r) },
		"heading": func(c board.Column) string {
			return heading(r, c)
		},
		"sources": func(t board.Table) []cited { return sourcesOf(r, &t) },
		"number":  func(i int) int { return i + 1 },
		"bars":    bars,
		"place":   place,
		"class": func(u board.Unit) string {
			if u == board.Text {
				return "name"
			}
			return "figure"
		},
	}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, r)
}
