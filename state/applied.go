package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Applied is a declarative document as it was applied.
type Applied struct {
	Seq    int64  // order of application, over all documents
	Name   string // the document's own name, not its path
	Digest string // SHA-256 of YAML, hexadecimal
	YAML   string
	At     time.Time
	By     string // as the audit trail names who did it
}

const selectApplied = `SELECT seq, name, digest, yaml, applied_at, applied_by FROM applied `

func scanApplied(scan scanner) (a Applied, err error) {
	return a, scan(&a.Seq, &a.Name, &a.Digest, &a.YAML, instant{&a.At}, &a.By)
}

// Apply keeps a document of a name, and says false when the same bytes were
// the last ones applied. Seq, Digest and At are set here.
func (tx *Tx) Apply(ctx context.Context, a Applied) (bool, error) {
	if a.Name == "" || a.By == "" {
		return false, spend.Errorf(spend.KindInvalid, "apply a document", "a name and who applies it are needed")
	}
	sum := sha256.Sum256([]byte(a.YAML))
	a.Digest = hex.EncodeToString(sum[:])
	last, found, err := tx.Document(ctx, a.Name)
	if err != nil || found && last.Digest == a.Digest {
		return false, err
	}
	newest, _, err := first(ctx, tx, ask(selectApplied+`ORDER BY seq DESC LIMIT 1`), scanApplied)
	if err != nil {
		return false, err
	}
	err = tx.exec(ctx, ask(`INSERT INTO applied (seq, name, digest, yaml, applied_at, applied_by) VALUES (?, ?, ?, ?, ?, ?)`,
		newest.Seq+1, a.Name, a.Digest, a.YAML, micros(tx.now), a.By))
	return err == nil, err
}

// Document gives the last applied document of a name, false when there is none.
func (tx *Tx) Document(ctx context.Context, name string) (Applied, bool, error) {
	return first(ctx, tx, ask(selectApplied+`WHERE name = ? ORDER BY seq DESC LIMIT 1`, name), scanApplied)
}

// Documents lists the last applied document of each name.
func (tx *Tx) Documents(ctx context.Context) ([]Applied, error) {
	return list(ctx, tx, ask(selectApplied+`WHERE seq IN (SELECT MAX(seq) FROM applied GROUP BY name) ORDER BY name`), scanApplied)
}

// DocumentHistory lists what was applied under a name, oldest first.
func (tx *Tx) DocumentHistory(ctx context.Context, name string) ([]Applied, error) {
	return list(ctx, tx, ask(selectApplied+`WHERE name = ? ORDER BY seq`, name), scanApplied)
}
