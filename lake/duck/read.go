package duck

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// all reads rows of a table into values: the stored columns, by a condition.
func all[T any](ctx context.Context, l *Lake, t lake.Table[T], where string, args ...any) (found []T, err error) {
	t = t.Stored()
	text := fmt.Sprintf("SELECT %s FROM %s WHERE %s", strings.Join(t.Names(), ", "), t.Name, where)
	err = l.rows(ctx, text, args, func(rows *sql.Rows) error {
		return scanAll(rows, t, func(row *T) { found = append(found, *row) })
	})
	return found, err
}

// rows runs a query on a reading connection and closes it.
func (l *Lake) rows(ctx context.Context, text string, args []any, read func(*sql.Rows) error) error {
	rows, err := l.reads.QueryContext(ctx, text, args...)
	if err != nil {
		return failed("read lake", err)
	}
	defer rows.Close()
	if err := read(rows); err != nil {
		return failed("read lake", err)
	}
	if err := rows.Err(); err != nil {
		return failed("read lake", err)
	}
	return nil
}

func scanAll[T any](rows *sql.Rows, t lake.Table[T], f func(*T)) error {
	cells := make([]any, len(t.Columns))
	into := make([]any, len(cells))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		var row T
		if err := setAll(&row, t.Columns, cells); err != nil {
			return err
		}
		f(&row)
	}
	return nil
}

func setAll[T any](row *T, columns []lake.Column[T], cells []any) error {
	for i, c := range columns {
		value, err := valueOf(cells[i])
		if err == nil {
			err = c.Set(row, &value)
		}
		if err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	return nil
}

// valueOf reads what the driver gives for a cell of any column type.
func valueOf(cell any) (v lake.Value, err error) {
	v.Known = cell != nil
	switch c := cell.(type) {
	case nil:
	case string:
		v.Text = c
	case bool:
		if c {
			v.Int = 1
		}
	case int16:
		v.Int = int64(c)
	case int64:
		v.Int = c
	case time.Time:
		v.Int = c.UnixMicro()
	case []byte:
		v.ID = spend.ID(c)
	case duckdb.Decimal:
		v.Int = c.Value.Int64() // of the narrow decimals; a total is read in full
		v.Amount, err = money.FromBig(c.Value)
	case duckdb.OrderedMap:
		err = readMap(&v, c)
	default:
		err = fmt.Errorf("the engine gave a %T", cell)
	}
	return v, err
}

func readMap(v *lake.Value, m duckdb.OrderedMap) error {
	keys, values := m.Keys(), m.Values()
	for i, key := range keys {
		name, _ := key.(string)
		switch value := values[i].(type) {
		case string:
			if v.Labels == nil {
				v.Labels = make(map[string]string, len(keys))
			}
			v.Labels[name] = value
		case duckdb.Decimal:
			x, err := extraOf(name, value)
			if err != nil {
				return err
			}
			v.Extra = append(v.Extra, x)
		default:
			return fmt.Errorf("map entry %.40q holds a %T", name, value)
		}
	}
	slices.SortFunc(v.Extra, func(a, b spend.Extra) int { return int(a.Meter) - int(b.Meter) })
	return nil
}

func extraOf(name string, d duckdb.Decimal) (spend.Extra, error) {
	m, err := spend.ParseMeter(name)
	if err != nil {
		return spend.Extra{}, err
	}
	q, err := money.FromBig(d.Value)
	return spend.Extra{Meter: m, Quantity: q}, err
}
