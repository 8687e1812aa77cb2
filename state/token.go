package state

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Token is a token without its secret. It is an alias of a plain struct, so
// that it is the row that package auth declares, which stands on this floor.
type Token = struct {
	Prefix    string
	Hash      string
	Kind      string
	Name      string
	Role      string
	Scope     spend.Scope
	Created   time.Time
	Expires   time.Time
	LastUsed  string
	Exchanged time.Time
	Revoked   time.Time
	Bounds    string
}

const selectTokens = `SELECT t.prefix, t.hash, t.kind, t.name, r.role, r.business_unit, r.team, r.application,
	t.created_at, t.expires_at, t.last_used_day, t.exchanged_at, t.revoked_at, t.bounds
FROM tokens t JOIN roles r ON r.subject_kind = 'token' AND r.subject = t.prefix `

func scanToken(scan scanner) (t Token, err error) {
	err = scan(&t.Prefix, &t.Hash, &t.Kind, &t.Name, &t.Role, &t.Scope.BusinessUnit, &t.Scope.Team, &t.Scope.Application,
		instant{&t.Created}, instant{&t.Expires}, &t.LastUsed, instant{&t.Exchanged}, instant{&t.Revoked}, &t.Bounds)
	return t, err
}

// Token gives the token with a prefix, false when there is none.
func (tx *Tx) Token(ctx context.Context, prefix string) (Token, bool, error) {
	return first(ctx, tx, ask(selectTokens+`WHERE t.prefix = ?`, prefix), scanToken)
}

// Tokens lists every token, ended ones too, oldest first.
func (tx *Tx) Tokens(ctx context.Context) ([]Token, error) {
	return list(ctx, tx, ask(selectTokens+`ORDER BY t.created_at, t.prefix`), scanToken)
}

// AddToken keeps a new token and its role. The error is of kind conflict when
// the prefix or the hash is taken.
func (tx *Tx) AddToken(ctx context.Context, t Token) error {
	err := tx.retell(ctx, ask(`INSERT INTO tokens
(prefix, hash, kind, name, created_at, expires_at, last_used_day, exchanged_at, revoked_at, bounds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.Prefix, t.Hash, t.Kind, t.Name, micros(t.Created), micros(t.Expires), t.LastUsed, micros(t.Exchanged), micros(t.Revoked), t.Bounds))
	if err != nil {
		return err
	}
	return tx.addRole(ctx, "token", t.Prefix, Grant{t.Role, t.Scope})
}

// retell changes a token.
func (tx *Tx) retell(ctx context.Context, q question) error {
	tx.retold = true
	return tx.exec(ctx, q)
}

// RevokeToken ends a token and its sessions, false when there is none or it has
// ended before.
func (tx *Tx) RevokeToken(ctx context.Context, prefix string) (bool, error) {
	tx.retold = true
	n, err := tx.change(ctx, ask(`UPDATE tokens SET revoked_at = ? WHERE prefix = ? AND revoked_at = 0`, micros(tx.now), prefix))
	if err != nil || n == 0 {
		return false, err
	}
	err = tx.exec(ctx, ask(`DELETE FROM sessions WHERE token_prefix = ?`, prefix))
	return err == nil, err
}

// ExpireToken ends a token at an instant, or when it would have ended before.
func (tx *Tx) ExpireToken(ctx context.Context, prefix string, at time.Time) error {
	return tx.retell(ctx, ask(`UPDATE tokens SET expires_at = ? WHERE prefix = ? AND (expires_at = 0 OR expires_at > ?)`, micros(at), prefix, micros(at)))
}

// UseToken sets a token's day of last use.
func (tx *Tx) UseToken(ctx context.Context, prefix, day string) error {
	return tx.retell(ctx, ask(`UPDATE tokens SET last_used_day = ? WHERE prefix = ? AND last_used_day < ?`, day, prefix, day))
}

// ExchangeToken adds a session and notes at its token when that was.
func (tx *Tx) ExchangeToken(ctx context.Context, s Session) error {
	if err := tx.retell(ctx, ask(`UPDATE tokens SET exchanged_at = ? WHERE prefix = ?`, micros(tx.now), s.Token)); err != nil {
		return err
	}
	return tx.AddSession(ctx, s)
}
