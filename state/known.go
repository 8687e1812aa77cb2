package state

import (
	"context"
	"sync"
	"time"
)

// known are tokens that were found before, in memory, for a gateway asks for the same few
// at every call. They hold hashes and no secret. Every change of a token forgets all of
// them before the write returns, so that one that is revoked opens nothing after.
type known struct {
	mu     sync.RWMutex // guards what follows
	tokens map[string]Token
	change uint64 // how often they were forgotten
}

// maxKnown bounds the tokens in memory, about half a kilobyte each.
const maxKnown = 10_000

// Known finds tokens in memory, and in the database those that are not there. It has an
// instant as a transaction has, but no snapshot: each token is as the last write left it.
type Known struct {
	store *Store
	now   time.Time
}

// Known gives the tokens of this instant.
func (s *Store) Known() Known { return Known{s, s.instant()} }

// Now is the instant.
func (k Known) Now() time.Time { return k.now }

// Token gives the token with a prefix, false when there is none.
func (k Known) Token(ctx context.Context, prefix string) (Token, bool, error) {
	t, found, change := k.store.known.get(prefix)
	if found {
		return t, true, nil
	}
	err := k.store.Read(ctx, func(tx *Tx) (err error) {
		t, found, err = tx.Token(ctx, prefix)
		return err
	})
	if err == nil && found {
		k.store.known.keep(t, change)
	}
	return t, found, err
}

func (k *known) get(prefix string) (t Token, found bool, change uint64) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	t, found = k.tokens[prefix]
	return t, found, k.change
}

// keep remembers a token, unless one was changed since it was looked for.
func (k *known) keep(t Token, change uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.change != change {
		return
	}
	if k.tokens == nil || len(k.tokens) >= maxKnown {
		k.tokens = map[string]Token{}
	}
	k.tokens[t.Prefix] = t
}

func (k *known) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.change++
	clear(k.tokens)
}
