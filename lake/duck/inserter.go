package duck

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/bursarhq/bursar/lake"
)

// chunkRows is the capacity of a data chunk, fixed when DuckDB is built.
const chunkRows = 2048

// inserter writes rows of one table, column by column. It keeps one chunk.
type inserter[T any] struct {
	name    string
	columns []lake.Column[T] // in the order of the file
	chunk   mapping.DataChunk
}

func (in *inserter[T]) init(db *sql.DB, t lake.Table[T]) error {
	positions, err := columnsOf(db, t.Name)
	if err != nil {
		return err
	}
	if len(positions) != len(t.Columns) {
		return fmt.Errorf("table %s has %d columns, not %d", t.Name, len(positions), len(t.Columns))
	}
	in.name, in.columns = t.Name, make([]lake.Column[T], len(positions))
	for _, c := range t.Columns {
		in.columns[positions[c.Name]] = c
	}
	return nil
}

func (in *inserter[T]) close() {
	if in.chunk.Ptr != nil {
		mapping.DestroyDataChunk(&in.chunk)
	}
}

// insert appends within the connection's transaction.
func (in *inserter[T]) insert(conn mapping.Connection, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	var appender mapping.Appender
	defer mapping.AppenderDestroy(&appender)
	if mapping.AppenderCreate(conn, "main", in.name, &appender) == mapping.StateError {
		return appenderError(appender)
	}
	if in.chunk.Ptr == nil {
		in.chunk = newChunk(appender, len(in.columns))
	}
	for start := 0; start < len(rows); start += chunkRows {
		if err := in.fill(rows[start:min(start+chunkRows, len(rows))]); err != nil {
			mapping.AppenderClear(appender)
			return err
		}
		if mapping.AppendDataChunk(appender, in.chunk) == mapping.StateError {
			return appenderError(appender)
		}
	}
	if mapping.AppenderFlush(appender) == mapping.StateError {
		return appenderError(appender)
	}
	return nil
}

func newChunk(appender mapping.Appender, columns int) mapping.DataChunk {
	types := make([]mapping.LogicalType, columns)
	for i := range types {
		types[i] = mapping.AppenderColumnType(appender, mapping.IdxT(i))
		defer mapping.DestroyLogicalType(&types[i])
	}
	return mapping.CreateDataChunk(types)
}

func appenderError(appender mapping.Appender) error {
	return errors.New(mapping.AppenderError(appender))
}

func (in *inserter[T]) fill(rows []T) error {
	mapping.DataChunkReset(in.chunk)
	for i := range in.columns {
		v := vectorOf(mapping.DataChunkGetVector(in.chunk, mapping.IdxT(i)))
		if err := fillColumn(&v, &in.columns[i], rows); err != nil {
			return fmt.Errorf("column %s: %w", in.columns[i].Name, err)
		}
	}
	mapping.DataChunkSetSize(in.chunk, mapping.IdxT(len(rows)))
	return nil
}

func fillColumn[T any](v *vector, c *lake.Column[T], rows []T) error {
	if c.Nullable {
		v.allowNull()
	}
	var value lake.Value
	for i := range rows {
		if err := c.Get(&rows[i], &value); err != nil {
			return err
		}
		if c.Nullable && !value.Known {
			v.setNull(i)
			continue
		}
		if err := v.put(c.Type, i, &value); err != nil {
			return err
		}
	}
	return nil
}
