package app

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// mostMoves bounds the moves of a preview, in memory and in its answer.
const mostMoves = 20_000

// Preview says what it would change to attribute a window anew, by what is in force
// or by it with rules or documents in the place of those that are. Nothing is booked,
// and nothing is kept.
func (s *Server) Preview(ctx context.Context, by auth.Identity, o api.Proposal) (ingest.Moves, error) {
	due, err := s.proposed(ctx, by, &o)
	if err != nil {
		return ingest.Moves{}, err
	}
	v := ingest.Preview{Order: due.Order, Window: o.Window, By: o.By, Most: mostMoves}
	if err := v.Validate(); err != nil {
		return ingest.Moves{}, err
	}
	within, found, err := s.used(ctx, v.Window)
	if err != nil || !found {
		return ingest.Moves{Moves: []ingest.Move{}}, err
	}
	v.Window = within
	return s.Ingest.Pipeline.Preview(ctx, s.Lake, v)
}

// proposed is the order that a preview is about.
func (s *Server) proposed(ctx context.Context, by auth.Identity, o *api.Proposal) (*order, error) {
	s.applying.Lock()
	defer s.applying.Unlock()
	switch {
	case len(o.Documents) > 0:
		_, due, err := s.declare(ctx, by, api.Declaration{Documents: o.Documents, Dry: true})
		return due, err
	case o.Rules != nil:
		return s.withFile(ctx, o)
	}
	return s.order.Load(), nil
}

// withFile sets rules in the place of those of the operator's file.
func (s *Server) withFile(ctx context.Context, o *api.Proposal) (*order, error) {
	var applied *policy.Set
	err := s.State.Read(ctx, func(tx *state.Tx) error {
		found, err := appliedTo(ctx, tx)
		applied = found.Set
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.orderWith(applied, o.Rules)
}

// used is a window as far as there are lines in it, false when there are none.
func (s *Server) used(ctx context.Context, w lake.Window) (lake.Window, bool, error) {
	all, found, err := lake.Used(ctx, s.Lake)
	if w.From.Before(all.From) {
		w.From = all.From
	}
	if w.To.After(all.To) {
		w.To = all.To
	}
	return w, found && w.From.Before(w.To), err
}

// Explain says how the call of a record comes to its scope by what is in force.
func (s *Server) Explain(ctx context.Context, record string) (ingest.Explained, error) {
	const op = "explain the attribution"
	if record == "" {
		return ingest.Explained{}, spend.Errorf(spend.KindInvalid, op, "no attempt is named").WithHint("name one by its attempt id, source key or response id")
	}
	named, err := s.Lake.Find(ctx, record, maxUnfolded)
	if err != nil {
		return ingest.Explained{}, err
	}
	var attempts []spend.ID
	for i := range named {
		if id := named[i].AttemptID; !slices.Contains(attempts, id) {
			attempts = append(attempts, id)
		}
	}
	if len(attempts) > 1 {
		return ingest.Explained{}, spend.Errorf(spend.KindConflict, op, "%d attempts are called %.60q", len(attempts), record).
			WithHint("name one by its id, for instance %s", attempts[0])
	}
	lines, err := s.Lake.Lines(ctx, attempts)
	if err != nil {
		return ingest.Explained{}, err
	}
	for i := range lines {
		if lines[i].Book == spend.Metered {
			return s.Ingest.Pipeline.Explain(&lines[i])
		}
	}
	return ingest.Explained{}, spend.Errorf(spend.KindNotFound, op, "no call that is booked is called %.60q", record).
		WithHint("name one by its attempt id, source key, the vendor's response id or the gateway's attempt id; bursar unfold shows them")
}

// Restate attributes a window anew by what is in force and books what changes. Who
// asked is noted first: what is interrupted has changed something already.
func (s *Server) Restate(ctx context.Context, by auth.Identity, w lake.Window) (ingest.Reattribution, error) {
	note := auth.Note{Who: by, Action: auth.PastRestate, Target: "charges/" + noted(w.From) + "/" + noted(w.To)}
	if err := (trail{s.State}).Note(ctx, note); err != nil {
		return ingest.Reattribution{}, err
	}
	within, found, err := s.used(ctx, w)
	if err != nil || !found {
		return ingest.Reattribution{}, err
	}
	done, err := s.Ingest.Pipeline.Reattribute(ctx, s.Lake, within)
	if done.Moved.Lines == 0 {
		return done, err
	}
	s.log.Info("attributed lines anew", "lines", done.Moved.Lines)
	so := ingest.Result{Corrections: done.Moved.Lines}
	s.whenBooked(context.WithoutCancel(ctx), so)
	return done, err
}

// noted writes an instant as the audit trail takes it.
func noted(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
