package app

import (
	"context"
	"path/filepath"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/state"
)

// Keyring keeps the tokens of a data folder. A running server sees its changes.
type Keyring struct{ store *state.Store }

// OpenKeyring opens the tokens of a data folder.
func OpenKeyring(ctx context.Context, data string, now func() time.Time) (*Keyring, error) {
	store, err := state.OpenSQLite(ctx, filepath.Join(data, "state.db"), now)
	if err != nil {
		return nil, err
	}
	return &Keyring{store}, nil
}

// Close gives the file back.
func (k *Keyring) Close() error { return k.store.Close() }

// Make makes a token; its secret is shown once and never kept.
func (k *Keyring) Make(ctx context.Context, r auth.TokenRequest) (secret auth.Secret, row auth.TokenRow, err error) {
	err = k.store.Write(ctx, func(tx *state.Tx) error {
		if secret, row, err = auth.NewToken(r, tx.Now()); err != nil {
			return err
		}
		return auth.KeepToken(ctx, tx, auth.System(), row)
	})
	return secret, row, err
}

// List gives every token, revoked ones included.
func (k *Keyring) List(ctx context.Context) (rows []auth.TokenRow, err error) {
	err = k.store.Read(ctx, func(tx *state.Tx) error { rows, err = tx.Tokens(ctx); return err })
	return rows, err
}

// Revoke ends a token, false when there is none with the prefix.
func (k *Keyring) Revoke(ctx context.Context, prefix string) (done bool, err error) {
	err = k.store.Write(ctx, func(tx *state.Tx) error {
		done, err = auth.RevokeToken(ctx, tx, auth.System(), prefix)
		return err
	})
	return done, err
}

// VerifyAudit walks the audit trail.
func (k *Keyring) VerifyAudit(ctx context.Context) (check auth.Check, err error) {
	err = k.store.Read(ctx, func(tx *state.Tx) error {
		check, err = auth.Verify(ctx, tx, auth.Head{})
		return err
	})
	return check, err
}
