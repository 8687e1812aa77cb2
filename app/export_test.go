package app

import (
	"context"
	"errors"

	"github.com/bursarhq/bursar/api"
)

// KeepHouse does every chore once.
func (s *Server) KeepHouse(ctx context.Context) error {
	var errs []error
	for _, c := range s.chores() {
		errs = append(errs, c.do(ctx))
	}
	return errors.Join(errs...)
}

// Tell keeps and sends what is due.
func (s *Server) Tell(ctx context.Context) error { return s.tell(ctx) }

// Foresee forecasts the budgets.
func (s *Server) Foresee(ctx context.Context) error { return s.foresee(ctx) }

// Recount counts the budgets anew.
func (s *Server) Recount(ctx context.Context) error { return s.recount(ctx) }

// Heralds answers questions about notices.
func Heralds(s *Server) api.Notices { return heralds{s} }
