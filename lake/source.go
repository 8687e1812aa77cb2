package lake

import "context"

// Tells says whether a source has told of any line.
func Tells(ctx context.Context, r Reader, source string) (found bool, err error) {
	c := compiler{dialect: r.Dialect()}
	text := "SELECT source FROM charges WHERE source = " + c.argument(source) + " LIMIT 1"
	s := c.finish(text)
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, s, func([]*string) error {
			found = true
			return nil
		})
	})
	return found, err
}
