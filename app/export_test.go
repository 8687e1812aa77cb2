package app

import (
	"context"
	"errors"
)

// KeepHouse does every chore once.
func (s *Server) KeepHouse(ctx context.Context) error {
	var errs []error
	for _, c := range s.chores() {
		errs = append(errs, c.do(ctx))
	}
	return errors.Join(errs...)
}
