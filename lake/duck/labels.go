package duck

import (
	"context"
	"database/sql"
	"time"
)

// EachLabel streams the label values that lines booked since an instant have, by
// credential: those of workflow, agent, feature, customer and environment, keys
// of tags under "tags", and the values of each under "tag:" and its key.
func (l *Lake) EachLabel(ctx context.Context, since time.Time, f func(credential, label, value string)) error {
	const text = `WITH recent AS MATERIALIZED (
	SELECT DISTINCT credential, workflow, agent, feature, customer, environment, tags FROM charges WHERE booked_at >= ?
)
SELECT DISTINCT credential, 'workflow', workflow FROM recent
UNION ALL SELECT DISTINCT credential, 'agent', agent FROM recent
UNION ALL SELECT DISTINCT credential, 'feature', feature FROM recent
UNION ALL SELECT DISTINCT credential, 'customer', customer FROM recent
UNION ALL SELECT DISTINCT credential, 'environment', environment FROM recent
UNION ALL SELECT DISTINCT credential, 'tags', unnest(map_keys(tags)) FROM recent
UNION ALL SELECT DISTINCT credential, 'tag:' || unnest(map_keys(tags)), unnest(map_values(tags)) FROM recent`
	return l.rows(ctx, text, []any{since.UTC()}, func(rows *sql.Rows) error {
		var credential, label, value string
		for rows.Next() {
			if err := rows.Scan(&credential, &label, &value); err != nil {
				return err
			}
			f(credential, label, value)
		}
		return nil
	})
}
