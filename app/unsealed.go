package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
	"github.com/bursarhq/bursar/vault"
)

// unsealed is a box and what is in it.
type unsealed struct {
	box    string
	secret auth.Secret
}

// environment is where routes find the keys of vendors: variables, files, and what is
// sealed in the state, as it is at each call.
func (s *Server) environment() gateway.Environment {
	from := gateway.System()
	from.Sealed = func(name string) auth.Secret {
		if opened := s.unsealed.Load(); opened != nil {
			return (*opened)[name].secret
		}
		return auth.Secret{}
	}
	return from
}

// ring reads the master keys. Their file must lie where no copy of the data folder
// takes it along.
func (s *Server) ring() (vault.Ring, error) {
	path := os.Getenv(vault.FileVariable)
	if path == "" {
		return vault.ReadRing(vault.System())
	}
	data, errData := filepath.Abs(s.Data)
	file, errFile := filepath.Abs(path)
	within, err := filepath.Rel(data, file)
	if errData == nil && errFile == nil && err == nil && within != ".." && !strings.HasPrefix(within, "../") {
		return vault.Ring{}, spend.Errorf(spend.KindInvalid, "read the master key", "its file lies in the data folder").
			WithHint("keep it elsewhere, so that nothing that holds the boxes holds their key")
	}
	return vault.ReadRing(vault.System())
}

// unseal opens the vendors' keys for the calls that follow. What does not open is as it
// was while its box is, else missing; the error says why, and what to do.
func (s *Server) unseal(ctx context.Context) error {
	s.sealing.Lock()
	defer s.sealing.Unlock()
	return s.reopenKeys(ctx)
}

// reopenKeys is for whoever holds sealing.
func (s *Server) reopenKeys(ctx context.Context) (err error) {
	var kept []state.UpstreamKey
	if err := s.State.Read(ctx, func(tx *state.Tx) error { kept, err = tx.UpstreamKeys(ctx); return err }); err != nil {
		return err
	}
	var before map[string]unsealed
	if opened := s.unsealed.Load(); opened != nil {
		before = *opened
	}
	ring, err := s.ring()
	errs := []error{err}
	opened := map[string]unsealed{}
	for _, k := range kept {
		if was := before[k.Name]; was.box == k.Box {
			opened[k.Name] = was
		}
		secret, err := ring.Open(k.Name, k.Box)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		opened[k.Name] = unsealed{k.Box, secret}
	}
	s.unsealed.Store(&opened)
	return errors.Join(errs...)
}

// warnOfSealed opens the vendors' keys, and logs which stay shut, and what to do.
func (s *Server) warnOfSealed(ctx context.Context) {
	err := s.unseal(ctx)
	if err == nil {
		return
	}
	hint := spend.HintOf(err)
	if hint == "" {
		hint = "bursar upstream-key list says what to do about each"
	}
	s.log.Error("a vendor's key cannot be opened: calls that need it are refused", "error", err, "hint", hint)
}
