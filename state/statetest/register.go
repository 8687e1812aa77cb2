package statetest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

const somebody = "token/abcdefgh"

func (r *room) register(d register.Declared) error {
	r.now = r.now.Add(time.Minute)
	return r.write(func(ctx context.Context, tx *state.Tx) error { return tx.PutRegister(ctx, somebody, d) })
}

func registered(r *room) {
	id := r.somebody()
	desk := register.Entry{Kind: register.Agent, Name: "desk", Team: "claims", Contact: id, Purpose: "sorts letters"}
	store := register.Entry{Kind: register.Application, Name: "store", Retired: true}
	helper := register.Alias{Kind: register.Agent, Name: "helper", Of: "desk", From: register.Beginning, To: "2026-07-01"}
	later := register.Alias{Kind: register.Agent, Name: "helper", Of: "triage", From: "2026-07-01"}
	both := register.Declared{Entries: []register.Entry{desk, store}, Aliases: []register.Alias{helper, later}}
	moved := desk
	moved.Team = "sales"
	for _, want := range []register.Declared{
		both, both, // again
		{Entries: []register.Entry{moved}, Aliases: []register.Alias{later}},
		{},
		both,
	} {
		r.must(r.register(want))
		r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
			kept, err := tx.Register(ctx)
			r.same("register", want, kept)
			return err
		}))
	}
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		history, err := tx.RegisterHistory(ctx, register.Agent, "desk")
		var said []string
		for _, c := range history {
			r.same("who", somebody, c.By)
			if c.Entry != nil {
				said = append(said, "team "+c.Entry.Team)
			} else {
				said = append(said, c.Alias.From+" "+c.Alias.Of)
			}
		}
		r.same("history", []string{
			"team claims", "0001-01-01 desk", "2026-07-01 triage", "team sales", "0001-01-01 ", "team ", "2026-07-01 ",
			"team claims", "0001-01-01 desk", "2026-07-01 triage",
		}, said)
		return err
	}))
	unknown := desk
	unknown.Contact = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	r.refuses(spend.KindNotFound, r.register(register.Declared{Entries: []register.Entry{unknown}}))
	r.refuses(spend.KindInvalid, r.register(register.Declared{Entries: []register.Entry{desk, desk}}))
	r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.PutRegister(ctx, "", both) }))
}

func namesSeen(r *room) {
	at := func(hour int) time.Time { return time.Date(2026, 11, 20, hour, 0, 0, 0, time.UTC) }
	see := func(most int, names ...state.Seen) (beyond int) {
		r.must(r.write(func(ctx context.Context, tx *state.Tx) (err error) {
			beyond, err = tx.See(ctx, names, most)
			return err
		}))
		return beyond
	}
	r.same("beyond", 0, see(2, state.Seen{Kind: register.Agent, Name: "a", First: at(9), Last: at(10)}, state.Seen{Kind: register.Workflow, Name: "a", First: at(9), Last: at(9)}))
	r.same("beyond", 0, see(2, state.Seen{Kind: register.Agent, Name: "a", First: at(8), Last: at(9)}, state.Seen{Kind: register.Agent, Name: "b", First: at(11), Last: at(12)}))
	r.same("beyond", 1, see(2, state.Seen{Kind: register.Agent, Name: "c", First: at(8), Last: at(9)}, state.Seen{Kind: register.Agent, Name: "b", First: at(12), Last: at(13)}))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		seen, err := tx.Seen(ctx)
		r.same("seen", []state.Seen{
			{Kind: register.Agent, Name: "a", First: at(8), Last: at(10)}, {Kind: register.Agent, Name: "b", First: at(11), Last: at(13)},
			{Kind: register.Workflow, Name: "a", First: at(9), Last: at(9)},
		}, seen)
		r.must(err)
		through, err := tx.SeenThrough(ctx)
		r.same("through at first", time.Time{}, through)
		return err
	}))
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error { return tx.SetSeenThrough(ctx, at(13)) }))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		through, err := tx.SeenThrough(ctx)
		r.same("through", at(13), through)
		return err
	}))
}
