package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/lake"
)

const (
	leastRolled = 20_000    // lines behind the roll-up that questions may read beside it
	mostRolled  = 1_000_000 // lines that one transaction adds to it
	leastFolded = 50_000    // rows that it may grow by before it is summed as a whole
)

// RollDays extends the roll-up by days to what is booked, when there is much of it, and
// makes it anew when its days are of another zone. Questions are answered alike before
// and after. Appends wait meanwhile, about a second for a million lines.
func (l *Lake) RollDays(ctx context.Context, zone *time.Location) error {
	for {
		more, err := l.rollSome(ctx, zone)
		if err != nil {
			return failed("roll up days", err)
		}
		if !more {
			return nil
		}
	}
}

// rollSome adds the lines of one transaction and says whether there are more.
func (l *Lake) rollSome(ctx context.Context, zone *time.Location) (more bool, err error) {
	w := l.writer
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return false, errClosed()
	case w.open || ctx.Err() != nil:
		return false, ctx.Err()
	}
	mark, found, err := l.rolledThrough(ctx)
	if err != nil {
		return false, err
	}
	fresh := !found || mark.Zone != zone.String()
	if fresh {
		mark = lake.Mark{Zone: zone.String(), Booking: -1}
	}
	if !fresh && w.booked-mark.Booking < l.opts.leastRolled() {
		return false, nil
	}
	through := min(max(mark.Booking, 0)+mostRolled, w.booked)
	if err := l.roll(ctx, zone, mark, through); err != nil {
		return false, err
	}
	return through < w.booked, l.fold(ctx, zone)
}

// rolledThrough says how far the roll-up goes, false when there is none.
func (l *Lake) rolledThrough(ctx context.Context) (mark lake.Mark, found bool, err error) {
	err = l.reads.QueryRowContext(ctx, "SELECT zone, booking FROM rolled WHERE name = ?", lake.DaysTable).Scan(&mark.Zone, &mark.Booking)
	if errors.Is(err, sql.ErrNoRows) {
		return mark, false, nil
	}
	return mark, err == nil, err
}

// roll adds the lines behind a mark up to a number, and moves the mark, in one
// transaction.
func (l *Lake) roll(ctx context.Context, zone *time.Location, mark lake.Mark, through int64) error {
	condition := fmt.Sprintf("%[1]s > %[2]d AND %[1]s <= %[3]d", lake.BookingColumn, mark.Booking, through)
	within, err := l.usedWithin(ctx, "charges", condition)
	if err != nil {
		return err
	}
	statements := []string{unmark(lake.DaysTable)}
	if mark.Booking < 0 {
		statements = append(statements, "DELETE FROM "+lake.DaysTable)
		l.writer.folded = 0
	}
	if !within.From.IsZero() {
		statements = append(statements, lake.RollDays(l.Dialect(), zone, within, condition))
	}
	mark.Name, mark.Booking = lake.DaysTable, through
	return l.writer.all(append(statements, remark(mark)))
}

func unmark(name string) string { return "DELETE FROM rolled WHERE name = " + quote(name) }

func remark(m lake.Mark) string {
	at := "NULL"
	if !m.RolledAt.IsZero() {
		at = literal(m.RolledAt.UTC())
	}
	return fmt.Sprintf("INSERT INTO rolled (name, zone, booking, rolled_at) VALUES (%s, %s, %d, %s)",
		quote(m.Name), quote(m.Zone), m.Booking, at)
}

// MarkAudited notes that every line up to a number of booking keeps the laws.
func (l *Lake) MarkAudited(_ context.Context, through int64, at time.Time) error {
	return l.writer.aside("note the audit", func() error {
		return l.writer.all([]string{unmark(lake.AuditMark), remark(lake.Mark{Name: lake.AuditMark, Booking: through, RolledAt: at})})
	})
}

// fold sums the roll-up as a whole when it has more than doubled since it last was.
func (l *Lake) fold(ctx context.Context, zone *time.Location) error {
	rows := int64(0)
	count := "SELECT count(*) FROM " + lake.DaysTable
	err := l.reads.QueryRowContext(ctx, count).Scan(&rows)
	if err != nil || rows <= 2*l.writer.folded+leastFolded {
		return err
	}
	within, err := l.usedWithin(ctx, lake.DaysTable, "true")
	if err != nil {
		return err
	}
	err = l.writer.all([]string{
		"CREATE TEMP TABLE folded AS " + lake.FoldDays(l.Dialect(), zone, within),
		"DELETE FROM " + lake.DaysTable, "INSERT INTO " + lake.DaysTable + " SELECT * FROM folded", "DROP TABLE folded",
	})
	if err != nil {
		return err
	}
	l.writer.rows++ // the log has something to fold in
	return l.reads.QueryRowContext(ctx, count).Scan(&l.writer.folded)
}

// usedWithin gives the window of the times of use of some rows, the zero one for none.
func (l *Lake) usedWithin(ctx context.Context, table, condition string) (within lake.Window, err error) {
	var from, to sql.NullInt64
	err = l.reads.QueryRowContext(ctx, "SELECT epoch_us(min(used_at)), epoch_us(max(used_at)) FROM "+table+" WHERE "+condition).Scan(&from, &to)
	if err == nil && from.Valid {
		within = lake.Window{From: time.UnixMicro(from.Int64).UTC(), To: time.UnixMicro(to.Int64 + 1).UTC()}
	}
	return within, err
}
