package duck

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// soldAtOnce bounds the names of one statement.
const soldAtOnce = 500

// SoldIn lists what the metered usage of a window was sold as.
func (l *Lake) SoldIn(ctx context.Context, within lake.Window) ([]lake.Sold, error) {
	return lake.SoldIn(ctx, l, within)
}

// EachSold streams the metered usage of a window that was sold under some names,
// reversals included, in no order. An error of f ends it.
func (l *Lake) EachSold(ctx context.Context, within lake.Window, names []lake.Sold, f func(*spend.Charge) error) error {
	for some := range slices.Chunk(names, soldAtOnce) {
		if err := l.eachSold(ctx, within, some, f); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lake) eachSold(ctx context.Context, within lake.Window, names []lake.Sold, f func(*spend.Charge) error) error {
	args := []any{within.From.UTC(), within.To.UTC()}
	for _, n := range names {
		args = append(args, n.Seller, n.Model)
	}
	t := lake.Charges().Stored()
	text := fmt.Sprintf(`SELECT %s FROM charges WHERE book = 'metered' AND category = 'usage' AND used_at >= ? AND used_at < ?
	AND (seller, %s) IN ((?, ?)%s)`, strings.Join(t.Names(), ", "), lake.SoldName, strings.Repeat(", (?, ?)", len(names)-1))
	return l.eachCharge(ctx, text, args, f)
}
