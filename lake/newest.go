package lake

import (
	"context"
	"time"
)

// Newest gives the last time of use of all usage, zero when there is none: what is
// paid ahead reaches into the future.
func Newest(ctx context.Context, r Reader) (newest time.Time, err error) {
	d := r.Dialect()
	s := Statement{Text: "SELECT " + d.AsText(d.Micros("max(used_at)")) + " FROM charges WHERE category = 'usage'"}
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, s, func(cells []*string) error {
			micros, err := wholeOf(cells[0])
			if err == nil && cells[0] != nil {
				newest = time.UnixMicro(micros).UTC()
			}
			return err
		})
	})
	return newest, err
}
