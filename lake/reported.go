package lake

import (
	"context"
	"fmt"

	"github.com/bursarhq/bursar/spend"
)

// ReportedVersion names the set of the lines of a window that a source says a cost of, or
// that such a source may say none of: what is made of them stays what it is while the
// name does. Lines are only added, or removed when they are old.
func ReportedVersion(ctx context.Context, r Reader, within Window) (name string, err error) {
	c := &compiler{dialect: r.Dialect(), query: &spend.Query{From: within.From, To: within.To}}
	text := fmt.Sprintf("SELECT %s, %s FROM charges WHERE book = 'metered' AND category = 'usage' AND (reported IS NOT NULL OR rank <> %d)",
		c.dialect.AsText("count(*)"), c.dialect.AsText("coalesce(max("+BookingColumn+"), 0)"), int(spend.RankGateway))
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
