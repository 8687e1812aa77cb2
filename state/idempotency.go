package state

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Request is one that its client may send twice under one key.
type Request struct {
	Scope   string    // the action that the key belongs to, with who asks
	Key     string    // the client's, 1 to 256 bytes
	Digest  string    // SHA-256 of what was asked, hexadecimal
	Expires time.Time // when the answer may be forgotten
}

const maxKey = 256

// Validate refuses an empty scope, key or digest and a key that is too long.
func (r *Request) Validate() error {
	if r.Scope == "" || r.Digest == "" || r.Key == "" || len(r.Key) > maxKey {
		return spend.Errorf(spend.KindInvalid, "remember a request", "scope, digest and a key of 1 to %d bytes are needed", maxKey)
	}
	return nil
}

// Recall gives the answer that a request got before, false when it is new or its
// answer was forgotten. The error is of kind conflict when the key was used for
// something else. Call it at the start of the write transaction that ends with
// Remember, so that the effect and the answer are kept together.
func (tx *Tx) Recall(ctx context.Context, r Request) (response string, found bool, err error) {
	if err := r.Validate(); err != nil {
		return "", false, err
	}
	type answer struct{ digest, response string }
	a, found, err := first(ctx, tx, ask(`SELECT digest, response FROM idempotency WHERE scope = ? AND key = ? AND expires_at > ?`,
		r.Scope, r.Key, micros(tx.now)), func(scan scanner) (a answer, err error) { return a, scan(&a.digest, &a.response) })
	if err != nil || !found {
		return "", false, err
	}
	if a.digest != r.Digest {
		return "", false, spend.Errorf(spend.KindConflict, "recall a request", "the key was used for another request").
			WithHint("send a new key with a new request, and the same one only to repeat it")
	}
	return a.response, true, nil
}

// Remember keeps the answer to a request. Keep no secret in it: the answer that
// shows a new token is not one to repeat.
func (tx *Tx) Remember(ctx context.Context, r Request, response string) error {
	if err := r.Validate(); err != nil {
		return err
	}
	n, err := tx.change(ctx, ask(`INSERT INTO idempotency (scope, key, digest, response, expires_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (scope, key) DO UPDATE SET digest = excluded.digest, response = excluded.response, expires_at = excluded.expires_at
WHERE idempotency.expires_at <= ?`, r.Scope, r.Key, r.Digest, response, micros(r.Expires), micros(tx.now)))
	if err == nil && n == 0 {
		return spend.Errorf(spend.KindConflict, "remember a request", "the key has an answer already").WithHint("recall it first")
	}
	return err
}

// ForgetRequests removes the answers that have expired and gives their number.
func (tx *Tx) ForgetRequests(ctx context.Context) (int64, error) {
	return tx.change(ctx, ask(`DELETE FROM idempotency WHERE expires_at <= ?`, micros(tx.now)))
}
