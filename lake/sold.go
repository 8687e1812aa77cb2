package lake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Sold is a model under the name that priced it, with its first and last use.
type Sold struct {
	Seller      string
	Model       string // that served, or else that was asked for
	First, Last time.Time
}

// SoldName is the SQL of the name of a line that is priced.
const SoldName = "CASE WHEN served_model <> '' THEN served_model ELSE requested_model END"

// SoldIn lists what the metered usage of a window was sold as, in no order.
func SoldIn(ctx context.Context, r Reader, within Window) (found []Sold, err error) {
	d := r.Dialect()
	c := &compiler{dialect: d, query: &spend.Query{From: within.From, To: within.To}}
	where := append([]string{"book = 'metered'", "category = 'usage'"}, c.window()...)
	text := fmt.Sprintf("SELECT seller, %[1]s, %[2]s, %[3]s FROM charges WHERE %[4]s GROUP BY seller, %[1]s",
		SoldName, d.AsText(d.Micros("min(used_at)")), d.AsText(d.Micros("max(used_at)")), strings.Join(where, " AND "))
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, c.finish(text), func(cells []*string) error {
			first, errFirst := wholeOf(cells[2])
			last, errLast := wholeOf(cells[3])
			found = append(found, Sold{textOf(cells[0]), textOf(cells[1]), time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()})
			return errors.Join(errFirst, errLast)
		})
	})
	return found, err
}
