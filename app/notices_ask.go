package app

import (
	"context"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// heralds answers questions about notices.
type heralds struct{ *Server }

// lookedAt bounds the notices that are looked at for those that may be shown.
const lookedAt = 10_000

// Notices lists notices, the newest first: of the newest 10,000 those that may be shown.
func (t heralds) Notices(ctx context.Context, w api.NoticesWanted) (all []api.Notice, err error) {
	var kept []state.Notice
	err = t.State.Read(ctx, func(tx *state.Tx) error {
		kept, err = tx.Notices(ctx, string(w.State), lookedAt)
		return err
	})
	for i := range kept {
		if len(all) == w.Limit {
			break
		}
		d, err := deliveryOf(&kept[i])
		if err != nil {
			return nil, err
		}
		if w.Shown(&d.Scope) {
			all = append(all, asNotice(&d))
		}
	}
	return all, err
}

func asNotice(d *notify.Delivery) api.Notice {
	n := api.Notice{
		Message: d.Message.ID, Channel: d.Channel, State: d.State, Title: d.Message.Title, Facts: append([]notify.Fact{}, d.Message.Facts...),
		Owner: d.Message.Owner, Scope: d.Scope, At: d.Message.At, Tries: d.Tries, Why: d.Why,
	}
	if d.State == notify.Waiting {
		n.Next = &d.Next
	}
	return n
}

// RetryNotice makes a notice that was given up wait for its first try again.
func (t heralds) RetryNotice(ctx context.Context, by auth.Identity, o api.NoticeOrder) (found api.Notice, err error) {
	err = t.State.Write(ctx, func(tx *state.Tx) error {
		kept, err := tx.Notice(ctx, o.Message, o.Channel)
		if err != nil {
			return err
		}
		d, err := deliveryOf(&kept)
		if err != nil {
			return err
		}
		if d.State != notify.GivenUp || d.Channel == "" {
			return spend.Errorf(spend.KindConflict, "retry a notice", "it is %s, to channel %.60q", d.State, d.Channel).
				WithHint("only what was given up is tried again; name a channel for its owner in the file of channels for what follows")
		}
		d.State, d.Tries, d.Next = notify.Waiting, 0, t.Now()
		note := auth.Note{Who: by, Action: auth.BudgetChange, Target: "notice/" + d.Message.ID}
		if _, err := auth.Append(ctx, tx, note); err != nil {
			return err
		}
		found = asNotice(&d)
		again, err := noticeOf(&d)
		if err != nil {
			return err
		}
		return tx.SetNotice(ctx, again)
	})
	return found, err
}

// undelivered says which notices of the last 30 days did not arrive.
func (s *Server) undelivered(ctx context.Context) (api.Finding, error) {
	const most = 1000
	all := func(*spend.Scope) bool { return true }
	lost, err := heralds{s}.Notices(ctx, api.NoticesWanted{State: notify.GivenUp, Limit: most, Shown: all})
	if err != nil {
		return api.Finding{}, err
	}
	waiting, err := heralds{s}.Notices(ctx, api.NoticesWanted{State: notify.Waiting, Limit: most, Shown: all})
	if err != nil {
		return api.Finding{}, err
	}
	since, n, failing, why := s.Now().Add(-30*24*time.Hour), 0, 0, ""
	for i := range lost {
		if lost[i].At.After(since) {
			if n == 0 {
				why = lost[i].Why
			}
			n++
		}
	}
	for i := range waiting {
		if waiting[i].Tries > 0 {
			failing++
		}
	}
	msg := fmt.Sprintf("%d of the last 30 days did not arrive, %d wait for another try", n, failing)
	if why != "" {
		msg += "; the newest: " + why
	}
	return look("notices", when(n+failing > 0, "bursar notice list names them; mend the file of channels (notices.channels), and bursar notice retry"), msg), nil
}
