package app

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/courier"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// readChannels reads the operator's file of channels, nil without one.
func readChannels(path string) (*courier.Book, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // without channels nobody is told, and the notices say so
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unopened("read the channels", err)
	}
	defer f.Close() //nolint:errcheck // only read
	book, err := courier.Read(f, courier.System())
	return book, inFile(path, err)
}

// told lists the crossings that are kept, of windows that still count after an instant.
func (s *Server) told(ctx context.Context, after time.Time) (all []budget.Crossing, err error) {
	var kept []state.Told
	err = s.State.Read(ctx, func(tx *state.Tx) error {
		kept, err = tx.Told(ctx, after)
		return err
	})
	for i := range kept {
		var c budget.Crossing
		if err := json.Unmarshal([]byte(kept[i].Text), &c); err != nil {
			return nil, spend.Errorf(spend.KindInternal, "read a crossing", "%w", err)
		}
		all = append(all, c)
	}
	return all, err
}

// tell keeps the thresholds that were reached, each with a notice for every channel of
// the owner, and tries what is due.
func (s *Server) tell(ctx context.Context) error {
	s.Budgets.Book(s.Now()) // a window may have begun since the last line
	return errors.Join(s.keepCrossings(ctx, s.Budgets.Due(), s.notices), s.deliver(ctx))
}

// keepCrossings keeps crossings with what is to be told of each, in one transaction:
// killed before, they are noticed again; killed after, they are kept.
func (s *Server) keepCrossings(ctx context.Context, due []budget.Crossing, tell func(*budget.Crossing) []notify.Delivery) error {
	if len(due) == 0 {
		return nil
	}
	err := s.State.Write(ctx, func(tx *state.Tx) error {
		for i := range due {
			if err := keepCrossing(ctx, tx, &due[i], tell(&due[i])); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range due {
		s.Budgets.Told(due[i].ID())
	}
	return nil
}

func keepCrossing(ctx context.Context, tx *state.Tx, c *budget.Crossing, told []notify.Delivery) error {
	text, err := json.Marshal(c)
	if err != nil {
		return spend.Errorf(spend.KindInternal, "keep a crossing", "%w", err)
	}
	if err := tx.Tell(ctx, state.Told{ID: c.ID().String(), Text: string(text), Ends: c.To, At: c.At}); err != nil {
		return err
	}
	for i := range told {
		n, err := noticeOf(&told[i])
		if err == nil {
			err = tx.AddNotice(ctx, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// notices are the messages about a crossing, one for each channel of the owner: whom
// the budget names, or else the team whose calls it counts. Without a channel one
// stays that says so.
func (s *Server) notices(c *budget.Crossing) []notify.Delivery {
	link := ""
	if s.Public != "" {
		link = s.Public + "/budgets"
	}
	m, scope := notify.Reached(c, link), s.scopeOfLimit(c.Budget, c.Each, c.At)
	if m.Owner == "" {
		m.Owner = scope.Team
	}
	channels := s.couriers.Load().For(m.Owner)
	if len(channels) == 0 {
		return []notify.Delivery{{Message: m, Scope: scope, State: notify.GivenUp, Next: m.At, Why: "no channel is named for this owner, and none for everybody"}}
	}
	var box notify.Outbox
	box.Add(m, s.Now(), channels...)
	all := box.All()
	for i := range all {
		all[i].Scope = scope
	}
	return all
}

// scopeOfLimit is the scope in which all calls lie that a limit counts under the
// values that it counts apart; that of everything when no limit of this id is in force.
func (s *Server) scopeOfLimit(id string, each []string, at time.Time) spend.Scope {
	in := s.order.Load().limits
	if i := slices.IndexFunc(in.Budgets, func(b budget.Budget) bool { return b.ID == id }); i >= 0 {
		return limits{s}.scopeOf(&in.Budgets[i], each, at)
	}
	if i := slices.IndexFunc(in.Rates, func(r budget.Rate) bool { return r.ID == id }); i >= 0 {
		return limits{s}.scopeOf(&budget.Budget{Scope: in.Rates[i].Scope, Each: in.Rates[i].Each}, each, at)
	}
	return spend.Scope{}
}

// atOnce bounds the notices that one round tries at a channel.
const atOnce = 100

// deliver tries the notices that are due, and keeps how each went: each channel beside
// the others, so that one that hangs holds up nobody else.
func (s *Server) deliver(ctx context.Context) error {
	var due []state.Notice
	err := s.State.Read(ctx, func(tx *state.Tx) (err error) {
		due, err = tx.DueNotices(ctx, string(notify.Waiting), s.Now(), atOnce)
		return err
	})
	var trying sync.WaitGroup
	failed := make([]error, len(due))
	for begin := 0; begin < len(due); {
		end := begin + 1
		for end < len(due) && due[end].Channel == due[begin].Channel {
			end++
		}
		of, failed := due[begin:end], &failed[begin]
		trying.Go(func() { *failed = s.deliverTo(ctx, of) })
		begin = end
	}
	trying.Wait()
	return errors.Join(append(failed, err)...)
}

// deliverTo tries the notices of one channel, up to the first that does not arrive: the
// rest would wait as long for the same, and comes in the next round.
func (s *Server) deliverTo(ctx context.Context, due []state.Notice) error {
	for i := range due {
		if arrived, err := s.attempt(ctx, &due[i]); err != nil || !arrived {
			return err
		}
	}
	return nil
}

// attempt tries one notice. Killed before its end is kept it is tried again, under the
// same id, by which a receiver knows it.
func (s *Server) attempt(ctx context.Context, n *state.Notice) (arrived bool, err error) {
	d, err := deliveryOf(n)
	if err != nil {
		return false, err
	}
	why, final := s.couriers.Load().Send(ctx, d.Channel, &d.Message, s.Now())
	if ctx.Err() != nil {
		return false, ctx.Err() // the server stops: that was no try
	}
	box := notify.NewOutbox([]notify.Delivery{d})
	box.Tried(&notify.Outcome{Message: d.Message.ID, Channel: d.Channel, At: s.Now(), Why: why, Final: final})
	after := box.All()[0]
	if after.State == notify.GivenUp {
		s.log.Error("a notice is given up", "notice", d.Message.ID, "channel", d.Channel, "why", why)
	}
	return why == "", s.setNotice(ctx, &after)
}

func (s *Server) setNotice(ctx context.Context, d *notify.Delivery) error {
	n, err := noticeOf(d)
	if err != nil {
		return err
	}
	return s.State.Write(context.WithoutCancel(ctx), func(tx *state.Tx) error { return tx.SetNotice(ctx, n) })
}

func noticeOf(d *notify.Delivery) (state.Notice, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return state.Notice{}, spend.Errorf(spend.KindInternal, "keep a notice", "%w", err)
	}
	return state.Notice{Message: d.Message.ID, Channel: d.Channel, State: string(d.State), Text: string(text), Made: d.Message.At, Next: d.Next}, nil
}

func deliveryOf(n *state.Notice) (d notify.Delivery, err error) {
	if err := json.Unmarshal([]byte(n.Text), &d); err != nil {
		return d, spend.Errorf(spend.KindInternal, "read a notice", "%w", err)
	}
	return d, nil
}

// hush keeps crossings of windows that are over, and of runs, without telling them:
// they were reached before the limit was there. Those that were due before stay so.
func (s *Server) hush(ctx context.Context, before []budget.Crossing) error {
	now := s.Now()
	due := slices.DeleteFunc(s.Budgets.Due(), func(c budget.Crossing) bool {
		over := c.To.IsZero() && !c.Rolling || !c.To.IsZero() && !c.To.After(now)
		return !over || slices.ContainsFunc(before, func(b budget.Crossing) bool { return b.ID() == c.ID() })
	})
	return s.keepCrossings(ctx, due, func(*budget.Crossing) []notify.Delivery { return nil })
}

// hushGone does the same at the start, of windows that were counted in part alone,
// since they ended before all that still counts.
func (s *Server) hushGone(ctx context.Context) error {
	horizon := s.Now().Add(-keepCounters)
	gone := slices.DeleteFunc(s.Budgets.Due(), func(c budget.Crossing) bool { return c.To.IsZero() || c.To.After(horizon) })
	return s.keepCrossings(ctx, gone, func(*budget.Crossing) []notify.Delivery { return nil })
}

// forgetNotices drops what nothing needs any more: notices that arrived, and what was
// told of windows that no longer count.
func (s *Server) forgetNotices(ctx context.Context) error {
	return s.State.Write(ctx, func(tx *state.Tx) error {
		return tx.ForgetNotices(ctx, string(notify.Delivered), s.Now().Add(-keepNotices))
	})
}

// keepNotices is longer than any rolling window, of which one is told again when its
// length has passed.
const keepNotices = 400 * 24 * time.Hour
