package state_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/state"
)

// TestRevokedAtOnce revokes tokens that many ask for at the same time: whoever asks after
// the write has returned is not admitted, whatever was being looked up meanwhile.
func TestRevokedAtOnce(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "state.db"), noon)
	for range 20 {
		secret, token, err := auth.NewToken(auth.TokenRequest{Kind: auth.GatewayToken, Name: "load"}, noon())
		if err != nil {
			t.Fatal(err)
		}
		write(t, store, func(tx *state.Tx) error { return tx.AddToken(t.Context(), token) })
		admitted := func() bool {
			a, err := auth.Authenticate(t.Context(), store.Known(), secret)
			if err != nil {
				t.Error(err)
			}
			return a.Admitted
		}
		if !admitted() {
			t.Fatal("a new token is not admitted")
		}
		revoked := make(chan struct{})
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for over := false; ; {
					admits := admitted()
					if over && admits {
						t.Error("a token is admitted that was revoked before")
					}
					if over {
						return
					}
					select {
					case <-revoked:
						over = true
					default:
					}
				}
			})
		}
		write(t, store, func(tx *state.Tx) error { _, err := tx.RevokeToken(t.Context(), token.Prefix); return err })
		close(revoked)
		all.Wait()
		if admitted() {
			t.Error("a revoked token is admitted")
		}
	}
}
