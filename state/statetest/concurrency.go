package statetest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/state"
)

func (r *room) note(s *state.Store) error {
	return s.Write(r.Context(), func(tx *state.Tx) error {
		_, err := auth.Append(r.Context(), tx, auth.Note{Who: auth.System(), Action: auth.SettingChange, Target: "settings"})
		return err
	})
}

func (r *room) wantSound(entries int64) {
	r.Helper()
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		check, err := auth.Verify(ctx, tx, auth.Head{})
		r.same("entries", entries, check.Entries)
		r.same("broken", int64(0), check.Broken)
		return err
	}))
}

// undone shows that a failed write leaves nothing, and that a read sees one
// snapshot and cannot write.
func undone(r *room) {
	stop := errors.New("stop")
	err := r.write(func(ctx context.Context, tx *state.Tx) error {
		if err := tx.AddSession(ctx, state.Session{Hash: "half"}); err != nil {
			return err
		}
		return stop
	})
	r.same("the function's own error", true, errors.Is(err, stop))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		_, before, err := tx.Session(ctx, "half")
		r.must(err)
		r.must(r.store.Write(ctx, func(tx *state.Tx) error { return tx.AddSession(ctx, state.Session{Hash: "half"}) }))
		_, after, err := tx.Session(ctx, "half")
		r.same("in one snapshot", []bool{false, false}, []bool{before, after})
		return err
	}))
	if err := r.read(func(ctx context.Context, tx *state.Tx) error { return tx.EndSession(ctx, "half") }); err == nil {
		r.Error("a read transaction wrote")
	}
}

// writers shows that entries of many goroutines in two stores on one database
// make one chain, while readers walk it.
func writers(r *room) {
	const hands, each = 8, 10
	second := r.open(func() time.Time { return r.now })
	var work sync.WaitGroup
	for hand := range hands {
		store := []*state.Store{r.store, second}[hand%2]
		work.Go(func() { r.notes(store, each) })
		work.Go(func() { r.walk(store) })
	}
	work.Wait()
	r.wantSound(hands * each)
}

func (r *room) notes(store *state.Store, n int) {
	for range n {
		if err := r.note(store); err != nil {
			r.Error(err)
		}
	}
}

func (r *room) walk(store *state.Store) {
	err := store.Read(r.Context(), func(tx *state.Tx) error {
		check, err := auth.Verify(r.Context(), tx, auth.Head{})
		if check.Broken != 0 {
			r.Errorf("a reader saw entry %d broken: %s", check.Broken, check.Why)
		}
		return err
	})
	if err != nil {
		r.Error(err)
	}
}

// openers shows that stores opened at once agree on one schema.
func openers(r *room) {
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			store := r.open(func() time.Time { return r.now })
			if store == nil {
				return // open has said why
			}
			if err := r.note(store); err != nil {
				r.Error(err)
			}
		})
	}
	work.Wait()
	r.wantSound(4)
}
