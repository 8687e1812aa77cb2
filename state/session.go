package state

import (
	"context"
	"time"
)

// Session is a session of the page, of a person or of a token. Like Token it is
// the row that package auth declares.
type Session = struct {
	Hash      string
	Principal string
	Token     string
	Created   time.Time
	Expires   time.Time
}

// AddSession keeps a session.
func (tx *Tx) AddSession(ctx context.Context, s Session) error {
	return tx.exec(ctx, ask(`INSERT INTO sessions (hash, principal, token_prefix, created_at, expires_at) VALUES (?, ?, ?, ?, ?)`,
		s.Hash, s.Principal, s.Token, micros(s.Created), micros(s.Expires)))
}

// Session gives the session with a hash, false when there is none.
func (tx *Tx) Session(ctx context.Context, hash string) (Session, bool, error) {
	return first(ctx, tx, ask(`SELECT hash, principal, token_prefix, created_at, expires_at FROM sessions WHERE hash = ?`, hash),
		func(scan scanner) (s Session, err error) {
			return s, scan(&s.Hash, &s.Principal, &s.Token, instant{&s.Created}, instant{&s.Expires})
		})
}

// EndSession removes the session with a hash, if there is one.
func (tx *Tx) EndSession(ctx context.Context, hash string) error {
	return tx.exec(ctx, ask(`DELETE FROM sessions WHERE hash = ?`, hash))
}

// DropOldSessions removes those that are over and gives their number.
func (tx *Tx) DropOldSessions(ctx context.Context) (int64, error) {
	return tx.change(ctx, ask(`DELETE FROM sessions WHERE expires_at <= ?`, micros(tx.now)))
}
