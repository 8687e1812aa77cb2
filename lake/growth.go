package lake

import (
	"context"
	"errors"
	"time"
)

// Used is the window in which all lines were used, false when there are none.
func Used(ctx context.Context, r Reader) (w Window, found bool, err error) {
	c := compiler{dialect: r.Dialect()}
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, c.bounds(), func(cells []*string) error {
			first, err := wholeOf(cells[0])
			last, errLast := wholeOf(cells[1])
			found = cells[0] != nil
			w = Window{From: time.UnixMicro(first).UTC(), To: time.UnixMicro(last + 1).UTC()}
			return errors.Join(err, errLast)
		})
	})
	return w, found, err
}

// Growth says how a ledger grows.
type Growth struct {
	Lines  int64     // all of them
	Recent int64     // booked since the instant that was asked for
	Last   time.Time // when the last one was booked, zero when there is none
}

// GrowthOf counts the lines of a ledger, and those booked since an instant.
func GrowthOf(ctx context.Context, r Reader, since time.Time) (g Growth, err error) {
	d := r.Dialect()
	s := Statement{Text: "SELECT " + d.AsText("count(*)") + ", " +
		d.AsText("count(CASE WHEN booked_at >= "+d.Moment(since.UnixMicro())+" THEN 1 END)") + ", " +
		d.AsText(d.Micros("max(booked_at)")) + " FROM charges"}
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, s, func(cells []*string) error {
			var err error
			if g.Lines, err = wholeOf(cells[0]); err != nil {
				return err
			}
			if g.Recent, err = wholeOf(cells[1]); err != nil || cells[2] == nil {
				return err
			}
			micros, err := wholeOf(cells[2])
			g.Last = time.UnixMicro(micros).UTC()
			return err
		})
	})
	return g, err
}
