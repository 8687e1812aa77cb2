package app

import (
	"context"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/spend"
)

// Export writes the lines of a query's book and window to a Parquet file and
// gives their number.
func (a *App) Export(ctx context.Context, q *spend.Query, path string) (int64, error) {
	return a.Lake.ExportParquet(ctx, duck.Export{Window: lake.Window{From: q.From, To: q.To}, Book: q.Book, Path: path})
}
