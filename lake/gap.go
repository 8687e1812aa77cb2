package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Gap is lines that lack a value in some dimension, with what is known of them.
type Gap struct {
	Known []string // values of the fields that were asked for
	Lacks []bool   // of the dimensions that were asked for
	Sums
}

// Gaps asks for what lacks a value in some of its dimensions.
type Gaps struct {
	Query  *spend.Query
	Lacks  []spend.Dimension
	Fields []spend.Dimension // by which the lines are told apart
	Most   int               // gaps, the largest amounts first
	Now    time.Time         // what lies in days before its own is asked apart, and remembered
}

// mostPartGaps bounds what is read of a part of a window, the largest amounts first.
const mostPartGaps = 20_000

// GapsOf finds the largest gaps of a window, and the figures of all of them.
func GapsOf(ctx context.Context, r Reader, g Gaps) (found []Gap, all Sums, err error) {
	if err := validateAll(g.Query, slices.Concat(g.Lacks, g.Fields)); err != nil {
		return nil, all, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		if err := a.daysMark(ctx); err != nil {
			return err
		}
		for _, part := range a.days.parts(g.Query) {
			if err := a.gaps(ctx, &g, &part, &all); err != nil {
				return err
			}
		}
		found, err = a.largest(ctx, &g)
		return err
	})
	return found, all, err
}

// gaps adds the figures of all gaps of a part of a window.
func (a *answer) gaps(ctx context.Context, g *Gaps, part *spend.Query, all *Sums) error {
	part.By = g.Lacks
	c := a.rolled(&compiler{dialect: a.dialect, query: part, from: part.From, to: part.To})
	return a.ask(ctx, g.figures(c), func(cells []*string) error {
		sums, err := readSumsOf(cells)
		return errors.Join(err, all.Add(&sums))
	})
}

// largest gathers the gaps of each part of a window. What lies in days gone by is one of
// them, which is the same question all day long.
func (a *answer) largest(ctx context.Context, g *Gaps) ([]Gap, error) {
	parts, at := []spend.Query{*g.Query}, map[string]*Gap{}
	if g.Query.Axis == spend.ByUse {
		parts = apart(g.Query, zoneOf(g.Query), g.Now)
	}
	for i := range parts {
		parts[i].By = slices.Concat(g.Fields, g.Lacks)
		c := &compiler{dialect: a.dialect, query: &parts[i], from: parts[i].From, to: parts[i].To}
		err := a.ask(ctx, g.each(c), func(cells []*string) error {
			gap, err := g.read(cells)
			key := strings.Join(gap.Known, "\x00") + fmt.Sprint(gap.Lacks)
			if at[key] == nil {
				at[key] = &Gap{Known: gap.Known, Lacks: gap.Lacks}
			}
			return errors.Join(err, at[key].Add(&gap.Sums))
		})
		if err != nil {
			return nil, err
		}
	}
	found := make([]Gap, 0, len(at))
	for _, gap := range at {
		found = append(found, *gap)
	}
	slices.SortFunc(found, func(a, b Gap) int {
		return cmp.Or(b.Cost.Cmp(a.Cost), cmp.Compare(b.Tokens(), a.Tokens()), slices.Compare(a.Known, b.Known), slices.CompareFunc(a.Lacks, b.Lacks, lackFirst))
	})
	return found[:min(g.Most, len(found))], nil
}

// lackFirst sorts what is there before what is not.
func lackFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (g *Gaps) read(cells []*string) (gap Gap, err error) {
	gap.Known, cells = texts(cells[:len(g.Fields)]), cells[len(g.Fields):]
	for i := range g.Lacks {
		gap.Lacks = append(gap.Lacks, textOf(cells[i]) == "1")
	}
	gap.Sums, err = readSumsOf(cells[len(g.Lacks):])
	return gap, err
}

// lines is the head of a statement, the columns by which gaps are told apart, and the
// condition of a gap.
func (g *Gaps) lines(c *compiler) (text string, columns []string, where string) {
	fields := len(c.query.By) - len(g.Lacks)
	text, columns = c.lines(false), numbered("g", fields)
	var lacks []string
	for i := range g.Lacks {
		lack := fmt.Sprintf("g%d = ''", fields+i)
		lacks = append(lacks, lack)
		columns = append(columns, c.dialect.AsText("CASE WHEN "+lack+" THEN 1 ELSE 0 END"))
	}
	return text, columns, strings.Join(lacks, " OR ")
}

// figures sums all gaps together.
func (g *Gaps) figures(c *compiler) Statement {
	text, _, where := g.lines(c)
	return c.finish(text + "SELECT " + strings.Join(sumColumns(c.dialect, c.sign()), ", ") + "\nFROM lines\nWHERE " + where)
}

// each is about the largest gaps.
func (g *Gaps) each(c *compiler) Statement {
	text, columns, where := g.lines(c)
	sums := strings.Join(sumColumns(c.dialect, c.sign()), ", ")
	return c.finish(fmt.Sprintf("%sSELECT %s, %s\nFROM lines\nWHERE %s\nGROUP BY %s\nHAVING sum(%s) <> 0\nORDER BY coalesce(sum(reporting), 0) DESC, sum(prompt_tokens + completion_tokens) DESC, %[5]s\nLIMIT %[7]d",
		text, strings.Join(columns, ", "), sums, where, ordinals(len(columns)), c.sign(), mostPartGaps))
}
