package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
	"github.com/bursarhq/bursar/vault"
)

// UpstreamKeys lists what is kept, and says of each whether it opens.
func (s *Server) UpstreamKeys(ctx context.Context) (all []api.UpstreamKey, err error) {
	var kept []state.UpstreamKey
	if err := s.State.Read(ctx, func(tx *state.Tx) error { kept, err = tx.UpstreamKeys(ctx); return err }); err != nil {
		return nil, err
	}
	ring, unread := s.ring()
	for _, k := range kept {
		why := unread
		if why == nil {
			_, why = ring.Open(k.Name, k.Box)
		}
		all = append(all, shownUpstreamKey(k, why))
	}
	return all, nil
}

func shownUpstreamKey(k state.UpstreamKey, why error) api.UpstreamKey {
	shown := api.UpstreamKey{Name: k.Name, Set: k.Set, Master: vault.SealedUnder(k.Box), Opens: why == nil}
	if why != nil {
		shown.Why, shown.Mend = why.Error(), spend.HintOf(why)
	}
	return shown
}

// SetUpstreamKey seals a key in the place of the one before.
func (s *Server) SetUpstreamKey(ctx context.Context, by auth.Identity, o api.UpstreamKeyOrder) (api.UpstreamKey, error) {
	secret := auth.NewSecret(o.Secret)
	switch name, key := vault.CheckName(o.Name), vault.CheckSecret(secret); {
	case name != nil && key != nil:
		return api.UpstreamKey{}, errors.Join(name, key)
	case name != nil || key != nil:
		return api.UpstreamKey{}, cmp.Or(name, key)
	}
	ring, err := s.ring()
	if err != nil {
		return api.UpstreamKey{}, err
	}
	box, err := ring.Seal(o.Name, secret)
	if err != nil {
		return api.UpstreamKey{}, err
	}
	kept := state.UpstreamKey{Name: o.Name, Box: box}
	err = s.changeKeys(ctx, func(tx *state.Tx) error {
		kept.Set = tx.Now()
		if err := tx.PutUpstreamKey(ctx, kept); err != nil {
			return err
		}
		return noteKey(ctx, tx, by, kept)
	})
	return shownUpstreamKey(kept, nil), err
}

// RemoveUpstreamKey drops one.
func (s *Server) RemoveUpstreamKey(ctx context.Context, by auth.Identity, name string) error {
	return s.changeKeys(ctx, func(tx *state.Tx) error {
		dropped, err := tx.DropUpstreamKey(ctx, name)
		if err == nil && !dropped {
			err = spend.Errorf(spend.KindNotFound, "remove a key of an upstream", "there is none named %.70q", name).WithHint("bursar upstream-key list has them")
		}
		if err != nil {
			return err
		}
		return noteKey(ctx, tx, by, state.UpstreamKey{Name: name, Box: "removed"})
	})
}

// ResealUpstreamKeys seals all of them under the newest master key, or none.
func (s *Server) ResealUpstreamKeys(ctx context.Context, by auth.Identity) (all []api.UpstreamKey, err error) {
	ring, err := s.ring()
	if err != nil {
		return nil, err
	}
	err = s.changeKeys(ctx, func(tx *state.Tx) error {
		kept, err := tx.UpstreamKeys(ctx)
		if err != nil {
			return err
		}
		for _, k := range kept {
			secret, err := ring.Open(k.Name, k.Box)
			if err != nil {
				return err
			}
			if k.Box, err = ring.Seal(k.Name, secret); err != nil {
				return err
			}
			if err := errors.Join(tx.PutUpstreamKey(ctx, k), noteKey(ctx, tx, by, k)); err != nil {
				return err
			}
			all = append(all, shownUpstreamKey(k, nil))
		}
		return nil
	})
	return all, err
}

// changeKeys changes what is kept, and opens it for the calls that follow. What does
// not open is told by the list and the doctor, not by a change that is done.
func (s *Server) changeKeys(ctx context.Context, change func(*state.Tx) error) error {
	s.sealing.Lock()
	defer s.sealing.Unlock()
	if err := s.State.Write(ctx, change); err != nil {
		return err
	}
	if err := s.reopenKeys(context.WithoutCancel(ctx)); err != nil {
		s.log.Error("a vendor's key cannot be opened: calls that need it are refused", "error", err)
	}
	return nil
}

// noteKey notes who changed a key; of a box it tells the digest alone.
func noteKey(ctx context.Context, tx *state.Tx, by auth.Identity, k state.UpstreamKey) error {
	_, err := auth.Append(ctx, tx, auth.Note{Who: by, Action: auth.UpstreamKeyManage, Target: "upstream_key/" + k.Name, After: auth.DigestOf(k.Box)})
	return err
}

// sealed says whether the vendors' keys that are kept can be opened.
func (s *Server) sealed(ctx context.Context) (api.Finding, error) {
	all, err := s.UpstreamKeys(ctx)
	if err != nil {
		return api.Finding{}, err
	}
	for _, k := range all {
		if !k.Opens {
			return unwell("keys of vendors", api.Attention, k.Why, k.Mend), nil
		}
	}
	if len(all) == 0 {
		return look("keys of vendors", "", "none is kept sealed"), nil
	}
	return look("keys of vendors", "", fmt.Sprintf("%d of them are kept sealed, and all open", len(all))), nil
}
