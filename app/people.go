package app

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/state"
)

// veilKey names the key of veiled source keys among the settings.
const veilKey = "veil_key"

// maxKnown bounds the claims that a directory keeps in memory.
const maxKnown = 1 << 17

// directory is the state as the pipeline asks it for people.
type directory struct {
	store *state.Store
	veil  []byte

	mu    sync.Mutex // held over look-ups too, so that no erased claim is remembered
	known map[string]string
}

func openDirectory(ctx context.Context, store *state.Store) (*directory, error) {
	d := &directory{store: store, known: map[string]string{}}
	return d, store.Write(ctx, func(tx *state.Tx) error {
		key, err := tx.KeepOnce(ctx, veilKey, rand.Text())
		d.veil = []byte(key)
		return err
	})
}

// Principals gives the principal id of each claim; whoever is new gets one.
func (d *directory) Principals(ctx context.Context, claims []string) (map[string]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := make(map[string]string, len(claims))
	var missing []string
	for _, claim := range claims {
		if principal, ok := d.known[claim]; ok {
			found[claim] = principal
		} else {
			missing = append(missing, claim)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	looked, err := d.lookUp(ctx, missing)
	if err != nil {
		return nil, err
	}
	maps.Copy(found, looked)
	if len(d.known)+len(looked) > maxKnown {
		d.known = map[string]string{}
	}
	maps.Copy(d.known, looked)
	return found, nil
}

func (d *directory) lookUp(ctx context.Context, claims []string) (found map[string]string, err error) {
	err = d.store.Read(ctx, func(tx *state.Tx) error {
		found, err = tx.PrincipalsOf(ctx, claims)
		return err
	})
	if err != nil || len(found) == len(claims) {
		return found, err
	}
	err = d.store.Write(ctx, func(tx *state.Tx) error {
		for _, claim := range claims {
			if found[claim] != "" {
				continue
			}
			found[claim] = auth.NewPrincipal()
			if err := tx.PutPerson(ctx, state.Person{Principal: found[claim], ExternalIDs: []string{claim}}); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// Erased says which of some principals are erased.
func (d *directory) Erased(ctx context.Context, principals []string) (erased map[string]bool, err error) {
	err = d.store.Read(ctx, func(tx *state.Tx) error {
		erased, err = tx.ErasedAmong(ctx, principals)
		return err
	})
	return erased, err
}

// Veil gives a digest under this installation's own key.
func (d *directory) Veil(text string) string {
	mac := hmac.New(sha256.New, d.veil)
	mac.Write([]byte(text))
	return "veiled-" + hex.EncodeToString(mac.Sum(nil)[:16])
}

// erase forgets a person in the store and in memory.
func (d *directory) erase(ctx context.Context, by auth.Identity, principal string) (done bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err = d.store.Write(ctx, func(tx *state.Tx) error {
		if done, err = auth.Erase(ctx, tx, by, principal); err != nil {
			return err
		}
		return tx.DropViews(ctx, auth.Identity{Principal: principal}.Actor())
	})
	maps.DeleteFunc(d.known, func(_, known string) bool { return known == principal })
	if err != nil || !done {
		return done, err
	}
	return true, d.store.Scrub(ctx)
}
