package lake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Newest gives the last time of use of all usage, zero when there is none: what is
// paid ahead reaches into the future.
func Newest(ctx context.Context, r Reader) (newest time.Time, err error) {
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		if err := a.daysMark(ctx); err != nil {
			return err
		}
		return ask(ctx, a.newest(), func(cells []*string) error {
			micros, err := wholeOf(cells[0])
			if err == nil && cells[0] != nil {
				newest = time.UnixMicro(micros).UTC()
			}
			return err
		})
	})
	return newest, err
}

// newest reads the roll-up where there is one.
func (a *answer) newest() Statement {
	c, used := a.rolled(&compiler{dialect: a.dialect, query: &spend.Query{}}), "used_at"
	if c.days != nil {
		used = "last_used"
	}
	d := a.dialect
	return Statement{Text: "SELECT " + d.AsText(d.Micros("max("+used+")")) + " FROM " + c.source() + " WHERE category = 'usage'"}
}

// Late gives the number of the last line that is booked, that which is given when there is none behind it, and says
// whether some line behind a number was used before an instant.
func Late(ctx context.Context, r Reader, before time.Time, behind int64) (newest int64, late bool, err error) {
	d := r.Dialect()
	earlier := "CASE WHEN used_at < " + d.Moment(micros(before)) + " THEN 1 ELSE 0 END"
	text := fmt.Sprintf("SELECT %s, %s FROM charges WHERE %s > %d",
		d.AsText(fmt.Sprintf("coalesce(max(%s), %d)", BookingColumn, behind)), d.AsText("coalesce(max("+earlier+"), 0)"), BookingColumn, behind)
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, Statement{Text: text}, func(cells []*string) error {
			n, err := wholeOf(cells[0])
			some, errSome := wholeOf(cells[1])
			newest, late = n, some > 0
			return errors.Join(err, errSome)
		})
	})
	return newest, late, err
}
