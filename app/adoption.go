package app

import (
	"context"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Adoption says how many people use what is paid for, of groups that are large enough.
func (a *App) Adoption(ctx context.Context, q *spend.Query) (adoption.Statement, error) {
	asked := *q
	asked.Fewest = max(a.Privacy.MinimumGroup, 1)
	t, err := lake.Adoption(ctx, a.Lake, &asked)
	if err != nil {
		return adoption.Statement{}, err
	}
	return adoption.Show(&t)
}
