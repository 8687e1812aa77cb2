package auth

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// The rows are aliases of plain structs. A store on the same floor, which may
// not import this package, fits by spelling the same fields; a test assigns it
// to these interfaces, so the two cannot drift apart.

// TokenRow is a token as a store keeps it, without the secret. Zero times mean
// never.
type TokenRow = struct {
	Prefix    string // the first 8 random characters, unique: its name in public
	Hash      string // SHA-256 of the whole token, hexadecimal
	Kind      string
	Name      string // what the owner calls it
	Role      string
	Scope     spend.Scope // business unit, team and application at most
	Created   time.Time
	Expires   time.Time
	LastUsed  string    // day in UTC, "2026-11-25", "" for never
	Exchanged time.Time // for a session of the page, the last time
	Revoked   time.Time
	Bounds    string // of a key for models, JSON, "" for none
}

// SessionRow is a session of the page as a store keeps it. It belongs to a
// person or to the token that it was exchanged for.
type SessionRow = struct {
	Hash      string // SHA-256 of the cookie's value, hexadecimal
	Principal string
	Token     string // prefix
	Created   time.Time
	Expires   time.Time
}

// GrantRow is one role of a person as a store keeps it.
type GrantRow = struct {
	Role  string
	Scope spend.Scope
}

// AuditRow is one entry of the trail: the canonical bytes and their hash.
type AuditRow = struct {
	Seq   int64  // 1, 2, 3, …
	Entry string // canonical bytes, JSON
	Hash  string // SHA-256 of Entry, hexadecimal
}

// Trail is a write transaction that an audit entry is appended in.
type Trail interface {
	// Now is the fixed instant of the transaction.
	Now() time.Time
	// LastAudit gives the newest entry, false when there is none.
	LastAudit(ctx context.Context) (AuditRow, bool, error)
	// AddAudit keeps an entry; a sequence number that is taken is an error.
	AddAudit(ctx context.Context, entry AuditRow) error
}

// AuditReader reads the trail in one snapshot.
type AuditReader interface {
	// AuditAfter gives up to limit entries above a sequence number, in order.
	AuditAfter(ctx context.Context, seq int64, limit int) ([]AuditRow, error)
}

// TokenFinder reads tokens.
type TokenFinder interface {
	// Now is the fixed instant of the transaction.
	Now() time.Time
	// Token gives the token with a prefix, false when there is none.
	Token(ctx context.Context, prefix string) (TokenRow, bool, error)
}

// TokenUser notes that a token was used.
type TokenUser interface {
	// Now is the fixed instant of the transaction.
	Now() time.Time
	// UseToken sets the day of last use.
	UseToken(ctx context.Context, prefix, day string) error
}

// TokenKeeper adds and revokes tokens.
type TokenKeeper interface {
	Trail
	// AddToken keeps a new token.
	AddToken(ctx context.Context, token TokenRow) error
	// RevokeToken ends a token, false when there is none or it has ended before.
	RevokeToken(ctx context.Context, prefix string) (bool, error)
	// Token gives the token with a prefix, false when there is none.
	Token(ctx context.Context, prefix string) (TokenRow, bool, error)
	// ExpireToken ends a token at an instant, or when it would have ended before.
	ExpireToken(ctx context.Context, prefix string, at time.Time) error
}

// Exchanger turns the token of a person into a session.
type Exchanger interface {
	Trail
	// Token gives the token with a prefix, false when there is none.
	Token(ctx context.Context, prefix string) (TokenRow, bool, error)
	// ExchangeToken adds the session and notes at its token when that was.
	ExchangeToken(ctx context.Context, session SessionRow) error
}

// SessionFinder reads a session and the rights behind it.
type SessionFinder interface {
	TokenFinder
	// Session gives the session with a hash, false when there is none.
	Session(ctx context.Context, hash string) (SessionRow, bool, error)
	// GrantsOf gives the roles of a person, none when erased or unknown.
	GrantsOf(ctx context.Context, principal string) ([]GrantRow, error)
}

// SessionEnder removes sessions.
type SessionEnder interface {
	// EndSession removes the session with a hash, if there is one.
	EndSession(ctx context.Context, hash string) error
}

// GrantKeeper gives people roles and takes them.
type GrantKeeper interface {
	Trail
	// GrantsOf gives the roles of a person, none when erased or unknown.
	GrantsOf(ctx context.Context, principal string) ([]GrantRow, error)
	// AddGrant gives a person a role; one that the person has already changes
	// nothing. The error is of kind notfound when nobody known has that id.
	AddGrant(ctx context.Context, principal string, grant GrantRow) error
	// DropGrant takes a role, false when the person did not have it.
	DropGrant(ctx context.Context, principal string, grant GrantRow) (bool, error)
}

// PersonEraser forgets who a principal was.
type PersonEraser interface {
	Trail
	// ErasePerson removes name, e-mail, external ids, roles and sessions, and
	// says false when there is no such principal or it was erased before.
	ErasePerson(ctx context.Context, principal string) (bool, error)
}
