package state

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// View is a named view of the dashboard.
type View struct {
	Owner string // as the audit trail names who keeps it
	Name  string
	Page  string // a path
	Query string // what stands behind the question mark
	Saved time.Time
}

// KeepView keeps a view in the place of its owner's one of the same name. The error is of
// kind exhausted when a new one would be more than most.
func (tx *Tx) KeepView(ctx context.Context, v View, most int) error {
	if v.Owner == "" || v.Name == "" {
		return spend.Errorf(spend.KindInvalid, "keep a view", "an owner and a name are needed")
	}
	n, err := tx.change(ctx, ask(`UPDATE views SET page = ?, query = ?, saved_at = ? WHERE owner = ? AND name = ?`, v.Page, v.Query, micros(tx.now), v.Owner, v.Name))
	if err != nil || n > 0 {
		return err
	}
	all, err := tx.Views(ctx, v.Owner)
	if err != nil {
		return err
	}
	if len(all) >= most {
		return spend.Errorf(spend.KindExhausted, "keep a view", "there are %d already", len(all)).WithHint("delete one that nobody needs")
	}
	return tx.exec(ctx, ask(`INSERT INTO views (owner, name, page, query, saved_at) VALUES (?, ?, ?, ?, ?)`, v.Owner, v.Name, v.Page, v.Query, micros(tx.now)))
}

// Views lists the views of an owner by name.
func (tx *Tx) Views(ctx context.Context, owner string) ([]View, error) {
	return list(ctx, tx, ask(`SELECT owner, name, page, query, saved_at FROM views WHERE owner = ? ORDER BY name`, owner), func(scan scanner) (v View, err error) {
		return v, scan(&v.Owner, &v.Name, &v.Page, &v.Query, instant{&v.Saved})
	})
}

// DropView drops a view, false when there is none.
func (tx *Tx) DropView(ctx context.Context, owner, name string) (bool, error) {
	n, err := tx.change(ctx, ask(`DELETE FROM views WHERE owner = ? AND name = ?`, owner, name))
	return n > 0, err
}

// DropViews drops all views of an owner.
func (tx *Tx) DropViews(ctx context.Context, owner string) error {
	return tx.exec(ctx, ask(`DELETE FROM views WHERE owner = ?`, owner))
}
