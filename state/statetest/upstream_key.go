package statetest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/state"
)

func upstreamKeys(r *room) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	openai, azure := state.UpstreamKey{Name: "openai", Box: "1", Set: at}, state.UpstreamKey{Name: "azure", Box: "2", Set: at}
	again := state.UpstreamKey{Name: "openai", Box: "3", Set: at.Add(time.Hour)}
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		for _, k := range []state.UpstreamKey{openai, azure, again} {
			r.must(tx.PutUpstreamKey(ctx, k))
		}
		return nil
	}))
	for _, want := range []bool{true, false} {
		r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
			kept, err := tx.UpstreamKeys(ctx)
			r.must(err)
			left := []state.UpstreamKey{again}
			if want {
				left = []state.UpstreamKey{azure, again}
			}
			r.same("keys of upstreams", left, kept)
			dropped, err := tx.DropUpstreamKey(ctx, "azure")
			r.same("dropped", want, dropped)
			return err
		}))
	}
}
