package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// migrate makes missing tables and adds missing columns. Nothing is ever
// dropped, so an older folder opens and its rows read with defaults.
func (l *Lake) migrate() error {
	if err := l.writer.exec("CREATE TABLE IF NOT EXISTS meta (name VARCHAR, value VARCHAR)"); err != nil {
		return failed("open lake", err)
	}
	if err := l.checkSchema(); err != nil {
		return err
	}
	steps := []error{
		grow(l, lake.Charges()), grow(l, lake.Sightings()), grow(l, lake.Keys()), grow(l, lake.Rejections()), grow(l, lake.Offsets()),
		grow(l, lake.OutcomeLines()), grow(l, lake.OutcomeLinks()),
		grow(l, lake.OpenCalls()), grow(l, lake.Resolutions()),
		grow(l, lake.Rolled()), l.makeDays(), l.writer.exec(answersDDL),
	}
	for _, err := range steps {
		if err != nil {
			return failed("open lake", err)
		}
	}
	return l.markSchema()
}

func (l *Lake) checkSchema() error {
	var value string
	err := l.reads.QueryRowContext(context.Background(), "SELECT value FROM meta WHERE name = 'schema'").Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return failed("open lake", err)
	}
	n, err := strconv.Atoi(value)
	if err != nil || n > lake.Schema {
		return spend.Errorf(spend.KindConflict, "open lake", "%s has schema %s, this program knows up to %d", l.dir, value, lake.Schema).
			WithHint("use the newer Bursar that wrote it")
	}
	return nil
}

func (l *Lake) markSchema() error {
	for _, text := range []string{
		"BEGIN",
		"DELETE FROM meta WHERE name = 'schema'",
		fmt.Sprintf("INSERT INTO meta VALUES ('schema', '%d')", lake.Schema),
		"COMMIT",
	} {
		if err := l.writer.exec(text); err != nil {
			return failed("open lake", err)
		}
	}
	return nil
}

// makeDays makes the table of the roll-up by days, anew where its columns are others: it
// is made of the lines.
func (l *Lake) makeDays() error {
	if err := l.writer.exec(lake.DaysDDL(l.Dialect())); err != nil {
		return err
	}
	present, err := columnsOf(l.reads, lake.DaysTable)
	if err != nil {
		return err
	}
	names := lake.DaysNames(l.Dialect())
	same := len(present) == len(names)
	for at, name := range names {
		position, there := present[name]
		same = same && there && position == at
	}
	if same {
		return nil
	}
	return l.writer.all([]string{"DROP TABLE " + lake.DaysTable, lake.DaysDDL(l.Dialect()), unmark(lake.DaysTable)})
}

func grow[T any](l *Lake, t lake.Table[T]) error {
	if err := l.writer.exec(t.DDL(l.Dialect())); err != nil {
		return err
	}
	present, err := columnsOf(l.reads, t.Name)
	if err != nil {
		return err
	}
	for _, c := range t.Columns {
		if _, ok := present[c.Name]; ok {
			continue
		}
		if err := l.writer.define(fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s", t.Name, c.DDL(l.Dialect()))); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf gives the position of each column as the file has it.
func columnsOf(db *sql.DB, table string) (map[string]int, error) {
	rows, err := db.QueryContext(context.Background(), "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	positions := map[string]int{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		positions[name] = len(positions)
	}
	return positions, rows.Err()
}
