package app

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/state"
)

// tokens is the state as the API asks it for tokens.
type tokens struct{ store *state.Store }

func (t tokens) Tokens(ctx context.Context) (rows []auth.TokenRow, err error) {
	err = t.store.Read(ctx, func(tx *state.Tx) error { rows, err = tx.Tokens(ctx); return err })
	return rows, err
}

func (t tokens) Issue(ctx context.Context, by auth.Identity, r auth.TokenRequest) (secret auth.Secret, row auth.TokenRow, err error) {
	err = t.store.Write(ctx, func(tx *state.Tx) error {
		if secret, row, err = auth.NewToken(r, tx.Now()); err != nil {
			return err
		}
		return auth.KeepToken(ctx, tx, by, row)
	})
	return secret, row, err
}

func (t tokens) Rotate(ctx context.Context, by auth.Identity, r auth.Rotation) (secret auth.Secret, row auth.TokenRow, err error) {
	err = t.store.Write(ctx, func(tx *state.Tx) error {
		secret, row, err = auth.RotateToken(ctx, tx, by, r)
		return err
	})
	return secret, row, err
}

func (t tokens) Revoke(ctx context.Context, by auth.Identity, prefix string) (done bool, err error) {
	err = t.store.Write(ctx, func(tx *state.Tx) error {
		done, err = auth.RevokeToken(ctx, tx, by, prefix)
		return err
	})
	return done, err
}

// memory is the state as the API asks it for answers that it gave before.
type memory struct{ store *state.Store }

// remembered is how long an answer is kept for its repetition.
const remembered = 48 * time.Hour

func (m memory) Recall(ctx context.Context, r api.Request) (answer string, found bool, err error) {
	err = m.store.Read(ctx, func(tx *state.Tx) error {
		answer, found, err = tx.Recall(ctx, asState(r, tx.Now()))
		return err
	})
	return answer, found, err
}

func (m memory) Remember(ctx context.Context, r api.Request, answer string) error {
	return m.store.Write(ctx, func(tx *state.Tx) error { return tx.Remember(ctx, asState(r, tx.Now()), answer) })
}

func asState(r api.Request, now time.Time) state.Request {
	return state.Request{Scope: r.Scope, Key: r.Key, Digest: r.Digest, Expires: now.Add(remembered)}
}

// trail is the audit trail as the API adds to it and checks it.
type trail struct{ store *state.Store }

func (t trail) Note(ctx context.Context, n auth.Note) error {
	return t.store.Write(ctx, func(tx *state.Tx) error {
		_, err := auth.Append(ctx, tx, n)
		return err
	})
}

func (t trail) Entries(ctx context.Context, before int64, limit int) (all []auth.Entry, err error) {
	err = t.store.Read(ctx, func(tx *state.Tx) error {
		rows, err := tx.AuditBefore(ctx, before, limit)
		for i := range rows {
			e, err := auth.ReadEntry(rows[i])
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		return err
	})
	return all, err
}

func (t trail) Verify(ctx context.Context) (check auth.Check, err error) {
	err = t.store.Read(ctx, func(tx *state.Tx) error {
		check, err = auth.Verify(ctx, tx, auth.Head{})
		return err
	})
	return check, err
}

// History lists every price of a seller's model, none when it is unknown.
func (s *Server) History(_ context.Context, seller, model string) ([]pricebook.Row, error) {
	log, err := ReadPrices(s.Data)
	if err != nil {
		return nil, err
	}
	return pricebook.History(log.Facts, log.Aliases, pricebook.Seller(seller), model), nil
}

// Offers finds models in the book that is in force.
func (s *Server) Offers(_ context.Context, q pricebook.Search) ([]pricebook.Offer, error) {
	return s.Book().Offers(q), nil
}
