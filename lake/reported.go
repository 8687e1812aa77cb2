package lake

import (
	"context"
	"fmt"

	"github.com/bursarhq/bursar/spend"
)

// ReportedLines is the condition of metered usage for which a source says a cost of its
// own, and beside it what such a source says no cost of. What our gateway saw has no cost
// but ours.
func ReportedLines() string {
	return fmt.Sprintf(`book = 'metered' AND category = 'usage' AND (reported IS NOT NULL OR rank <> %[1]d AND source IN
	(SELECT DISTINCT source FROM charges WHERE reported IS NOT NULL AND rank <> %[1]d AND category = 'usage'))`, int(spend.RankGateway))
}

// ReportedVersion names the set of the lines of a window that a source says a cost of, or
// that such a source may say none of: what is made of them stays what it is while the
// name does. Lines are only added, or removed when they are old.
func ReportedVersion(ctx context.Context, r Reader, within Window) (name string, err error) {
	c := &compiler{dialect: r.Dialect(), query: &spend.Query{From: within.From, To: within.To}}
	text := fmt.Sprintf("SELECT %s, %s FROM charges WHERE %s",
		c.dialect.AsText("count(*)"), c.dialect.AsText("coalesce(max("+BookingColumn+"), 0)"), ReportedLines())
	for _, condition := range c.window() {
		text += " AND " + condition
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, c.finish(text), func(cells []*string) error {
			name = textOf(cells[0]) + " through " + textOf(cells[1])
			return nil
		})
	})
	return name, err
}
