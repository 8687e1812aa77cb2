package statetest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func views(r *room) {
	first := state.View{Owner: "token/aaaaaaaa", Name: "risk", Page: "/explore", Query: "range=mtd"}
	second := state.View{Owner: first.Owner, Name: "agents", Page: "/agents", Query: ""}
	foreign := state.View{Owner: "token/bbbbbbbb", Name: "risk", Page: "/runs", Query: "g=run"}
	keep := func(v state.View) error {
		return r.write(func(ctx context.Context, tx *state.Tx) error { return tx.KeepView(ctx, v, 2) })
	}
	for _, v := range []state.View{first, second, foreign} {
		r.must(keep(v))
	}
	first.Query = "range=30d"
	r.must(keep(first)) // in the place of itself, also when there is no room
	r.refuses(spend.KindExhausted, keep(state.View{Owner: first.Owner, Name: "third"}))
	r.refuses(spend.KindInvalid, keep(state.View{Owner: first.Owner}))
	want := func(what, owner string, all ...state.View) {
		r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
			found, err := tx.Views(ctx, owner)
			for i := range found {
				r.same(what+": has a time", false, found[i].Saved.IsZero())
				found[i].Saved = time.Time{}
			}
			r.same(what, all, found)
			return err
		}))
	}
	want("views by name", first.Owner, second, first)
	want("of another", foreign.Owner, foreign)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		for _, name := range []string{"agents", "nosuch"} {
			done, err := tx.DropView(ctx, first.Owner, name)
			r.must(err)
			r.same("dropped "+name, name == "agents", done)
		}
		return tx.DropViews(ctx, foreign.Owner)
	}))
	want("what is left", first.Owner, first)
	want("nothing", foreign.Owner)
}
