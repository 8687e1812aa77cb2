package duck_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

const batchRows = 10_000

// BenchmarkAppend commits batches of 10,000 lines through the lake.
func BenchmarkAppend(b *testing.B) {
	rows := laketest.NewSteadyGenerator(1, time.Second).Charges(batchRows)
	l := open(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Append(b.Context(), lake.Batch{Charges: rows}); err != nil {
			b.Fatal(err)
		}
	}
	reportRows(b)
}

// BenchmarkAppendRaw commits the same rows with the driver's own AppendRow, the
// values made beforehand: what the engine does alone.
func BenchmarkAppendRaw(b *testing.B) {
	rows := driverRows(b, laketest.NewSteadyGenerator(1, time.Second).Charges(batchRows))
	connector, err := duckdb.NewConnector(filepath.Join(b.TempDir(), "raw.duckdb"), nil)
	if err != nil {
		b.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	for _, text := range []string{lake.Charges().DDL(lake.DuckDB()), "SET GLOBAL checkpoint_threshold = '1GB'"} {
		if _, err := db.Exec(text); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := appendRaw(b.Context(), db, rows); err != nil {
			b.Fatal(err)
		}
	}
	reportRows(b)
}

func reportRows(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(batchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func appendRaw(ctx context.Context, db *sql.DB, rows [][]driver.Value) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := conn.Raw(func(raw any) error { return appendRows(raw.(driver.Conn), rows) }); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

func appendRows(conn driver.Conn, rows [][]driver.Value) error {
	appender, err := duckdb.NewAppenderFromConn(conn, "", "charges")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := appender.AppendRow(row...); err != nil {
			return err
		}
	}
	return appender.Close()
}

func driverRows(b *testing.B, charges []spend.Charge) [][]driver.Value {
	b.Helper()
	columns := lake.Charges().Columns
	rows := make([][]driver.Value, len(charges))
	for i := range charges {
		rows[i] = make([]driver.Value, len(columns))
		for j, c := range columns {
			var v lake.Value
			if err := c.Get(&charges[i], &v); err != nil {
				b.Fatal(err)
			}
			if !c.Nullable || v.Known {
				rows[i][j] = driverValue(c.Type, v)
			}
		}
	}
	return rows
}

func driverValue(t lake.Type, v lake.Value) driver.Value {
	switch t {
	case lake.Text:
		return v.Text
	case lake.Flag:
		return v.Int != 0
	case lake.Small:
		return int16(v.Int)
	case lake.Moment:
		return time.UnixMicro(v.Int).UTC()
	case lake.Ident:
		return duckdb.UUID(v.ID)
	case lake.Labels:
		m := duckdb.Map{}
		for key, value := range v.Labels {
			m[key] = value
		}
		return m
	case lake.Quantities:
		m := duckdb.Map{}
		for _, x := range v.Extra {
			m[x.Meter.String()] = duckdb.Decimal{Width: 38, Scale: 12, Value: new(big.Int).Set(x.Quantity.Big())}
		}
		return m
	}
	return v.Int
}
