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

// RetryNotice makes a notice that was given up wait for its first try again; one that was
// for nobody goes to the channels that its owner has by now, and is given for each.
func (t heralds) RetryNotice(ctx context.Context, by auth.Identity, o api.NoticeOrder) (all []api.Notice, err error) {
	err = t.State.Write(ctx, func(tx *state.Tx) error {
		kept, err := tx.Notice(ctx, o.Message, o.Channel)
		if err != nil {
			return err
		}
		d, err := deliveryOf(&kept)
		if err != nil {
			return err
		}
		if d.State != notify.GivenUp {
			return spend.Errorf(spend.KindConflict, "retry a notice", "it is %s, to channel %.60q", d.State, d.Channel).
				WithHint("only what was given up is tried again")
		}
		again, err := t.again(&d)
		if err != nil {
			return err
		}
		note := auth.Note{Who: by, Action: auth.BudgetChange, Target: "notice/" + d.Message.ID}
		if _, err := auth.Append(ctx, tx, note); err != nil {
			return err
		}
		for i := range again {
			all = append(all, asNotice(&again[i]))
		}
		return resend(ctx, tx, &d, again)
	})
	return all, err
}

// again are the deliveries in the place of one that was given up, one or more. The error
// is of kind conflict when it was for nobody and still is.
func (t heralds) again(d *notify.Delivery) ([]notify.Delivery, error) {
	channels := []string{d.Channel}
	if d.Channel == "" {
		channels = t.couriers.Load().For(d.Message.Owner)
	}
	if len(channels) == 0 {
		return nil, spend.Errorf(spend.KindConflict, "retry a notice", "no channel is named for its owner %.60q, and none for everybody", d.Message.Owner).
			WithHint("name one in the file of channels (notices.channels), have the server read it (SIGHUP), and retry")
	}
	var box notify.Outbox
	box.Add(d.Message, t.Now(), channels...)
	all := box.All()
	for i := range all {
		all[i].Scope, all[i].Why = d.Scope, d.Why
	}
	return all, nil
}

// resend keeps deliveries in the place of one that was given up.
func resend(ctx context.Context, tx *state.Tx, given *notify.Delivery, again []notify.Delivery) error {
	if err := tx.DropNotice(ctx, given.Message.ID, given.Channel); err != nil {
		return err
	}
	for i := range again {
		n, err := noticeOf(&again[i])
		if err == nil {
			err = tx.AddNotice(ctx, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
