package app

import (
	"context"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Runs lists runs, a page at a time.
func (a *App) Runs(ctx context.Context, l lake.RunListing) (lake.RunPage, error) {
	return lake.Runs(ctx, a.Lake, l)
}

// RunOf gives one run with all that stands below it.
func (a *App) RunOf(ctx context.Context, q lake.RunQuestion) (lake.RunTree, error) {
	return lake.RunOf(ctx, a.Lake, q)
}

// PerRun says what one run takes, by the only dimension of a question.
func (a *App) PerRun(ctx context.Context, q *spend.Query) ([]lake.PerRun, error) {
	return lake.PerRunOf(ctx, a.Lake, q)
}
