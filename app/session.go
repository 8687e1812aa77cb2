package app

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/state"
)

// sessions is the state as the API asks it for sessions of the page.
type sessions struct{ store *state.Store }

func (s sessions) OpenSession(ctx context.Context, presented auth.Secret, lifetime time.Duration) (session auth.Secret, admission auth.Admission, err error) {
	err = s.store.Write(ctx, func(tx *state.Tx) error {
		session, admission, err = auth.Exchange(ctx, tx, presented, lifetime)
		return err
	})
	return session, admission, err
}

func (s sessions) EndSession(ctx context.Context, presented auth.Secret) error {
	return s.store.Write(ctx, func(tx *state.Tx) error { return auth.EndSession(ctx, tx, presented) })
}
