package lake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Kin are lines that differ in nothing by which they are attributed but their
// time of use: what is decided of one is decided of all.
type Kin struct {
	Name   string    // of the kin, as long as the program runs; two may share one, by chance
	Sample spend.ID  // a line of them, or its reversal
	First  time.Time // of their uses
	Last   time.Time
	Sums   // of those that stand
}

// Kinship asks for the kin among the lines of a question, whose conditions it
// leaves out.
type Kinship struct {
	Query *spend.Query
	Runs  bool // runs and steps matter: something is decided by them
	Gone  bool // kin of which no line stands are told too
}

// runFields are as many as there are calls, so that they are left out where
// nothing is decided by them.
func runFields() []string { return []string{"run", "parent_run", "step"} }

// columns lists all that attribution may look at, as SQL.
func (k *Kinship) columns() (columns []string) {
	for _, c := range scopeColumns() {
		switch {
		case slices.Contains(runFields(), c.Name) && !k.Runs:
		case c.Name == "claims" && !k.Runs:
			columns = append(columns, claimsWithoutRuns())
		default:
			columns = append(columns, c.Name)
		}
	}
	return append(columns, "source", "account", "seller", "host", "requested_model", "served_model", "requested_tier", "served_tier",
		"region", "kind", "image_size", "image_quality", "status", "category", "rule")
}

// claimsWithoutRuns takes out of the claims what the columns of runs repeat. A
// run that JSON writes in another way stays: then there are more kin than need be.
func claimsWithoutRuns() string {
	text := "claims"
	for _, field := range runFields() {
		text = fmt.Sprintf(`replace(%s, '"%s":"' || %[2]s || '"', '')`, text, field)
	}
	return text
}

// name is the SQL of a kin's name.
func (k *Kinship) name(d Dialect) string { return d.AsText(d.Hash(k.columns())) }

// compiler makes statements about all lines of a window.
func (k *Kinship) compiler(d Dialect) *compiler {
	q := *k.Query
	q.Where = nil
	return &compiler{dialect: d, query: &q, from: q.From, to: q.To}
}

func (k *Kinship) statement(d Dialect) Statement {
	c := k.compiler(d)
	columns := append([]string{
		k.name(d), d.AsText("min(id)"), d.AsText(d.Micros("min(used_at)")), d.AsText(d.Micros("max(used_at)")),
	}, sumColumns(d, signOfLine)...)
	text := fmt.Sprintf("SELECT %s\nFROM charges\nWHERE %s\nGROUP BY %s",
		strings.Join(columns, ", "), strings.Join(c.conditions(), " AND "), strings.Join(k.columns(), ", "))
	if !k.Gone {
		text += "\nHAVING sum(" + signOfLine + ") <> 0"
	}
	return c.finish(text)
}

// EachKin calls f for all kin among the charges; an error of f ends it.
func EachKin(ctx context.Context, r Reader, k Kinship, f func(*Kin) error) error {
	if err := k.Query.Validate(); err != nil {
		return err
	}
	return r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, k.statement(r.Dialect()), func(cells []*string) error {
			kin, err := readKin(cells)
			if err != nil {
				return err
			}
			return f(&kin)
		})
	})
}

func readKin(cells []*string) (k Kin, err error) {
	first, err := wholeOf(cells[2])
	last, errLast := wholeOf(cells[3])
	sample, errSample := idOf(cells[1])
	sums, errSums := readSumsOf(cells[4:])
	k = Kin{Name: textOf(cells[0]), Sample: sample, First: time.UnixMicro(first).UTC(), Last: time.UnixMicro(last).UTC(), Sums: sums}
	return k, errors.Join(err, errLast, errSample, errSums)
}

// idOf reads an identifier, with or without its dashes.
func idOf(cell *string) (spend.ID, error) {
	return spend.ParseID(strings.ReplaceAll(textOf(cell), "-", ""))
}

// Members gives attempts with a line of one of the kin that stands, in the order
// of their ids, behind an id, at most limit.
type Members struct {
	Kinship
	Names []string // of the kin
	After spend.ID
	Limit int
}

func (m *Members) statement(d Dialect) Statement {
	c := m.compiler(d)
	conditions := c.conditions()
	conditions = append(conditions, m.name(d)+" IN ("+c.list(m.Names)+")", "attempt_id > "+d.Ident(c.argument(m.After.String())))
	return c.finish(fmt.Sprintf("SELECT %s\nFROM charges\nWHERE %s\nGROUP BY attempt_id\nHAVING sum(%s) > 0\nORDER BY attempt_id\nLIMIT %d",
		d.AsText("attempt_id"), strings.Join(conditions, " AND "), signOfLine, m.Limit))
}

// MembersOf finds the attempts of kin.
func MembersOf(ctx context.Context, r Reader, m Members) (attempts []spend.ID, err error) {
	if len(m.Names) == 0 {
		return nil, nil
	}
	if err := m.Query.Validate(); err != nil {
		return nil, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, m.statement(r.Dialect()), func(cells []*string) error {
			id, err := idOf(cells[0])
			attempts = append(attempts, id)
			return err
		})
	})
	return attempts, err
}
