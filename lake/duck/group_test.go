package duck_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
)

// TestACheckpointPacksFewRows: whatever a file holds, and after it was opened again, the
// rows that were packed are packed again 16,384 at a time.
func TestACheckpointPacksFewRows(t *testing.T) {
	t.Parallel()
	dir, lines := t.TempDir(), laketest.NewSteadyGenerator(1, time.Second)
	for range 2 {
		l, err := duck.Open(dir, duck.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			if err := l.Append(t.Context(), lake.Batch{Charges: lines.Charges(5000)}); err != nil {
				t.Fatal(err)
			}
			if err := l.Checkpoint(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("duckdb", filepath.Join(dir, "lake.duckdb")+"?access_mode=READ_ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var groups, largest, rows int
	err = db.QueryRowContext(t.Context(), `SELECT count(*), max(n), sum(n)::BIGINT FROM (
		SELECT sum(count) AS n FROM pragma_storage_info('charges') WHERE column_name = 'id' AND segment_type = 'UUID' GROUP BY row_group_id)`).Scan(&groups, &largest, &rows)
	if err != nil {
		t.Fatal(err)
	}
	if rows != 40_000 || largest > 16_384 || groups > 4 {
		t.Errorf("%d rows in %d groups of up to %d; want 40,000 in at most 4 of up to 16,384", rows, groups, largest)
	}
}
