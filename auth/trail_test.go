package auth_test

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
)

// memory is a store in memory: one map or list for each noun.
type memory struct {
	now      time.Time
	tokens   map[string]auth.TokenRow
	sessions map[string]auth.SessionRow
	grants   map[string][]auth.GrantRow
	trail    []auth.AuditRow
	failure  error
}

func newMemory() *memory {
	return &memory{
		now:    time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC),
		tokens: map[string]auth.TokenRow{}, sessions: map[string]auth.SessionRow{}, grants: map[string][]auth.GrantRow{},
	}
}

func (m *memory) Now() time.Time { return m.now }

func (m *memory) LastAudit(context.Context) (auth.AuditRow, bool, error) {
	if len(m.trail) == 0 {
		return auth.AuditRow{}, false, m.failure
	}
	return m.trail[len(m.trail)-1], true, m.failure
}

func (m *memory) AddAudit(_ context.Context, row auth.AuditRow) error {
	m.trail = append(m.trail, row)
	return m.failure
}

func (m *memory) AuditAfter(_ context.Context, seq int64, limit int) (page []auth.AuditRow, err error) {
	for _, row := range m.trail {
		if row.Seq > seq && len(page) < limit {
			page = append(page, row)
		}
	}
	return page, m.failure
}

func (m *memory) Token(_ context.Context, prefix string) (auth.TokenRow, bool, error) {
	row, ok := m.tokens[prefix]
	return row, ok, m.failure
}

func (m *memory) AddToken(_ context.Context, row auth.TokenRow) error {
	m.tokens[row.Prefix] = row
	return m.failure
}

func (m *memory) RevokeToken(_ context.Context, prefix string) (bool, error) {
	row, ok := m.tokens[prefix]
	row.Revoked = m.now
	if ok {
		m.tokens[prefix] = row
	}
	return ok, m.failure
}

func (m *memory) ExpireToken(_ context.Context, prefix string, at time.Time) error {
	row := m.tokens[prefix]
	if row.Expires.IsZero() || row.Expires.After(at) {
		row.Expires = at
	}
	m.tokens[prefix] = row
	return nil
}

func (m *memory) ExchangeToken(_ context.Context, s auth.SessionRow) error {
	row := m.tokens[s.Token]
	row.Exchanged = m.now
	m.tokens[s.Token], m.sessions[s.Hash] = row, s
	return m.failure
}

func (m *memory) Session(_ context.Context, hash string) (auth.SessionRow, bool, error) {
	row, ok := m.sessions[hash]
	return row, ok, m.failure
}

func (m *memory) GrantsOf(_ context.Context, principal string) ([]auth.GrantRow, error) {
	return m.grants[principal], m.failure
}

func (m *memory) AddGrant(ctx context.Context, principal string, g auth.GrantRow) error {
	_, err := m.DropGrant(ctx, principal, g)
	m.grants[principal] = append(m.grants[principal], g)
	return err
}

func (m *memory) DropGrant(_ context.Context, principal string, g auth.GrantRow) (bool, error) {
	same := func(other auth.GrantRow) bool { return other.Role == g.Role && other.Scope.Equal(&g.Scope) }
	before := len(m.grants[principal])
	m.grants[principal] = slices.DeleteFunc(m.grants[principal], same)
	return len(m.grants[principal]) < before, m.failure
}
