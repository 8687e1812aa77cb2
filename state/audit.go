package state

import "context"

// AuditEntry is an entry of the audit trail: its bytes and their hash. Like
// Token it is the row that package auth declares, which also writes the bytes.
type AuditEntry = struct {
	Seq   int64
	Entry string
	Hash  string
}

func scanAudit(scan scanner) (a AuditEntry, err error) { return a, scan(&a.Seq, &a.Entry, &a.Hash) }

// LastAudit gives the newest entry, false when there is none.
func (tx *Tx) LastAudit(ctx context.Context) (AuditEntry, bool, error) {
	return first(ctx, tx, ask(`SELECT seq, entry, hash FROM audit ORDER BY seq DESC LIMIT 1`), scanAudit)
}

// AddAudit keeps an entry. The error is of kind conflict when its number is taken.
func (tx *Tx) AddAudit(ctx context.Context, a AuditEntry) error {
	return tx.exec(ctx, ask(`INSERT INTO audit (seq, entry, hash) VALUES (?, ?, ?)`, a.Seq, a.Entry, a.Hash))
}

// AuditBefore gives up to limit entries below a sequence number, the newest first.
func (tx *Tx) AuditBefore(ctx context.Context, seq int64, limit int) ([]AuditEntry, error) {
	return list(ctx, tx, ask(`SELECT seq, entry, hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?`, seq, limit), scanAudit)
}

// AuditAfter gives up to limit entries above a sequence number, in order.
func (tx *Tx) AuditAfter(ctx context.Context, seq int64, limit int) ([]AuditEntry, error) {
	return list(ctx, tx, ask(`SELECT seq, entry, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit), scanAudit)
}
