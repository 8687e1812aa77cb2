package state

import (
	"context"
	"time"
)

// UpstreamKey is a vendor's key as it is kept: sealed.
type UpstreamKey struct {
	Name string
	Box  string
	Set  time.Time
}

// UpstreamKeys lists them by name.
func (tx *Tx) UpstreamKeys(ctx context.Context) ([]UpstreamKey, error) {
	return list(ctx, tx, ask(`SELECT name, box, set_at FROM upstream_keys ORDER BY name`), func(scan scanner) (k UpstreamKey, err error) {
		return k, scan(&k.Name, &k.Box, instant{&k.Set})
	})
}

// PutUpstreamKey keeps a box in the place of the one before.
func (tx *Tx) PutUpstreamKey(ctx context.Context, k UpstreamKey) error {
	return tx.exec(ctx, ask(`INSERT INTO upstream_keys (name, box, set_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET box = excluded.box, set_at = excluded.set_at`, k.Name, k.Box, micros(k.Set)))
}

// DropUpstreamKey removes a box, false when there is none of the name.
func (tx *Tx) DropUpstreamKey(ctx context.Context, name string) (bool, error) {
	n, err := tx.change(ctx, ask(`DELETE FROM upstream_keys WHERE name = ?`, name))
	return n > 0, err
}
