package lake

import (
	"context"
	"strings"
)

// Figures counts what a lake holds, by name: the rows of every table, and of each
// book and billing currency the calls and the sums of its amounts. Two lakes that
// hold the same have the same figures. A table that the lake is too old for has
// none.
func Figures(ctx context.Context, r Reader) (map[string]string, error) {
	figures := map[string]string{}
	err := r.Snapshot(ctx, func(ask Ask) error {
		there := map[string]bool{}
		err := ask(ctx, Statement{Text: "SELECT table_name FROM information_schema.tables"}, func(cells []*string) error {
			there[*cells[0]] = true
			return nil
		})
		for _, t := range figureTables() {
			if err == nil && there[t.name] {
				err = ask(ctx, t.statement(r.Dialect()), t.into(figures))
			}
		}
		return err
	})
	return figures, err
}

// figureTable says what is counted in a table.
type figureTable struct {
	name   string
	groups []string // columns whose values become part of a figure's name
	sums   []string // columns that are added up in each group
}

func figureTables() []figureTable {
	tables := []figureTable{
		{"charges", []string{"book", "currency"}, []string{"calls", "list", "contracted", "effective", "billed", "reporting", "exposure"}},
		{"open_calls", nil, []string{"calls", "exposure"}},
		{"outcomes", nil, []string{"items"}},
	}
	for _, name := range []string{Sightings().Name, Keys().Name, Rejections().Name, Resolutions().Name, OutcomeLinks().Name, Offsets().Name} {
		tables = append(tables, figureTable{name: name})
	}
	return tables
}

func (t figureTable) statement(d Dialect) Statement {
	columns := append([]string{}, t.groups...)
	columns = append(columns, d.AsText("count(*)"))
	for _, c := range t.sums {
		columns = append(columns, d.AsText("sum("+c+")"))
	}
	text := "SELECT " + strings.Join(columns, ", ") + " FROM " + t.name
	if len(t.groups) > 0 {
		text += " GROUP BY " + strings.Join(t.groups, ", ")
	}
	return Statement{Text: text}
}

// into names the cells of a group: "charges.metered.USD.calls".
func (t figureTable) into(figures map[string]string) func(cells []*string) error {
	return func(cells []*string) error {
		name := t.name
		for i := range t.groups {
			name += "." + orNone(cells[i])
		}
		for i, what := range append([]string{"rows"}, t.sums...) {
			figures[name+"."+what] = orNone(cells[len(t.groups)+i])
		}
		return nil
	}
}

func orNone(cell *string) string {
	if cell == nil || *cell == "" {
		return "none"
	}
	return *cell
}
