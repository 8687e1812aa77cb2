package statetest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func notices(r *room) {
	at := func(hour int) time.Time { return time.Date(2026, 11, 20, hour, 0, 0, 0, time.UTC) }
	month := state.Told{ID: "a", Text: "{1}", Ends: at(20), At: at(1)}
	run := state.Told{ID: "b", Text: "{2}", At: at(2)}
	other := month
	other.Text = "{3}"
	room1 := state.Notice{Message: "a", Channel: "room", State: "waiting", Text: "{4}", Made: at(1), Next: at(1)}
	mail := state.Notice{Message: "a", Channel: "mail", State: "waiting", Text: "{5}", Made: at(2), Next: at(3)}
	again := room1
	again.Text = "{6}"
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		for _, t := range []state.Told{month, run, other} {
			r.must(tx.Tell(ctx, t))
		}
		for _, n := range []state.Notice{room1, mail, again} {
			r.must(tx.AddNotice(ctx, n))
		}
		return nil
	}))
	sent := room1
	sent.State, sent.Text, sent.Next = "delivered", "{7}", at(4)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error { return tx.SetNotice(ctx, sent) }))
	r.refuses(spend.KindNotFound, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.SetNotice(ctx, state.Notice{Message: "z"}) }))
	r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.Tell(ctx, state.Told{}) }))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		for _, look := range []struct {
			what string
			want []state.Told
			at   time.Time
		}{{"told", []state.Told{month, run}, at(0)}, {"told of what counts", []state.Told{month}, at(3)}, {"told of the past", nil, at(20)}} {
			told, err := tx.Told(ctx, look.at)
			r.must(err)
			r.same(look.what, look.want, told)
		}
		all, err := tx.Notices(ctx, "", 9)
		r.must(err)
		r.same("notices", []state.Notice{mail, sent}, all)
		newest, err := tx.Notices(ctx, "waiting", 1)
		r.must(err)
		r.same("those that wait", []state.Notice{mail}, newest)
		early, err := tx.DueNotices(ctx, "waiting", at(2), 9)
		r.must(err)
		r.same("due early", []state.Notice(nil), early)
		due, err := tx.DueNotices(ctx, "waiting", at(3), 9)
		r.must(err)
		r.same("due", []state.Notice{mail}, due)
		one, err := tx.Notice(ctx, "a", "mail")
		r.must(err)
		r.same("one", mail, one)
		_, err = tx.Notice(ctx, "a", "nowhere")
		r.refuses(spend.KindNotFound, err)
		return nil
	}))
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error { return tx.ForgetNotices(ctx, "delivered", at(3)) }))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		told, err := tx.Told(ctx, at(0))
		r.must(err)
		r.same("what is left of the told", []state.Told{month}, told)
		all, err := tx.Notices(ctx, "", 9)
		r.same("what is left of the notices", []state.Notice{mail}, all)
		return err
	}))
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		r.must(tx.DropNotice(ctx, "a", "nowhere"))
		return tx.DropNotice(ctx, "a", "mail")
	}))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		all, err := tx.Notices(ctx, "", 9)
		r.same("what is left behind the last", []state.Notice(nil), all)
		return err
	}))
}
