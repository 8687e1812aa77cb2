package paper

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bursarhq/bursar/board"
)

// Markdown writes a report as text with tables. Names are escaped, so that none can
// break a table or set a link.
func Markdown(w io.Writer, r *board.Pack) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", escaped(r.Title))
	for _, line := range head(r) {
		fmt.Fprintf(&b, "%s  \n", escaped(line))
	}
	for i := range r.Sections {
		s := &r.Sections[i]
		fmt.Fprintf(&b, "\n## %s\n", escaped(s.Title))
		for _, sentence := range s.Text {
			fmt.Fprintf(&b, "\n%s\n", escaped(sentence.Text))
		}
		for k := range s.Tables {
			t := s.Tables[k].Folded()
			markdownTable(&b, r, &t)
		}
	}
	markdownEnd(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

// head tells what the report is about, in lines.
func head(r *board.Pack) []string {
	lines := []string{
		fmt.Sprintf("%s, compared with %s", r.Period.Name, r.Before.Name),
		fmt.Sprintf("Amounts in %s, days in %s, as the ledger stood on %s", r.Currency, r.Zone, r.AsOf.UTC().Format(time.RFC3339)),
	}
	if r.Demo {
		lines = append(lines, "DEMO: the figures are of a simulated company")
	}
	return lines
}

func markdownTable(b *strings.Builder, r *board.Pack, t *board.Table) {
	fmt.Fprintf(b, "\n### %s\n\n|", escaped(t.Title))
	for _, c := range t.Columns {
		fmt.Fprintf(b, " %s |", escaped(heading(r, c)))
	}
	b.WriteString("\n|")
	for _, c := range t.Columns {
		if c.Unit == board.Text {
			b.WriteString("---|")
			continue
		}
		b.WriteString("---:|")
	}
	b.WriteString("\n")
	for _, row := range t.Rows {
		markdownRow(b, row, "")
	}
	if t.Total != nil {
		markdownRow(b, t.Total, "**")
	}
	if t.Note != "" {
		fmt.Fprintf(b, "\n%s\n", escaped(t.Note))
	}
	var sources []string
	for _, s := range sourcesOf(r, t) {
		sources = append(sources, fmt.Sprintf("[%d] %s", s.Number, s.Finality))
	}
	fmt.Fprintf(b, "\nSources: %s\n", strings.Join(sources, ", "))
}

func markdownRow(b *strings.Builder, row []board.Cell, mark string) {
	b.WriteString("|")
	for _, c := range row {
		text := escaped(c.Shown)
		if text != "" {
			text = mark + text + mark
		}
		fmt.Fprintf(b, " %s |", text)
	}
	b.WriteString("\n")
}

// markdownEnd lists the sources, and what the report leaves out.
func markdownEnd(b *strings.Builder, r *board.Pack) {
	b.WriteString("\n## Sources\n\n")
	for i, s := range r.Sources {
		question := code(s.Question)
		if absolute(s.Link) {
			question = fmt.Sprintf("[%s](<%s>)", question, s.Link)
		}
		fmt.Fprintf(b, "%d. %s: %s\n", i+1, s.Finality, question)
	}
	b.WriteString("\n## What is not there yet\n\n")
	for _, m := range r.Missing {
		fmt.Fprintf(b, "- %s: %s\n", escaped(m.Part), escaped(m.Why))
	}
}

// heading names a column and its currency.
func heading(r *board.Pack, c board.Column) string {
	if c.Unit == board.Money || c.Unit == board.Each {
		return c.Name + " " + string(r.Currency)
	}
	return c.Name
}

// cited is a source with its number in the list of them.
type cited struct {
	Number int // from 1
	board.Origin
}

// sourcesOf are the sources that a table's figures answer.
func sourcesOf(r *board.Pack, t *board.Table) []cited {
	asked := map[string]bool{}
	for _, row := range t.Rows {
		for _, c := range row {
			asked[c.Source] = c.Amount.Valid || asked[c.Source]
		}
	}
	var found []cited
	for i, s := range r.Sources {
		if asked[s.ID] {
			found = append(found, cited{i + 1, s})
		}
	}
	return found
}

// escaped keeps what is written from being markup.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case strings.ContainsRune("\\`*_[]<>|#~&", r):
			b.WriteByte('\\')
		case r < ' ' || r == 0x7f:
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code sets a text that has no backquote and no line break of its own.
func code(text string) string {
	return "`" + strings.Map(func(r rune) rune {
		if r == '`' || r < ' ' {
			return ' '
		}
		return r
	}, text) + "`"
}
