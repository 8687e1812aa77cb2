package gateway

import (
	"context"
	"sync"
	"time"
)

// Running are the attempts that are under way, at any number of gateways: those of a
// configuration that was replaced end with the others, or with whoever reads answers
// that are made later.
type Running struct {
	later background

	mu  sync.Mutex // guards what follows
	cut bool
	all map[*attempt]struct{}
}

// add notes an attempt; one that comes when all were cut is ended at once.
func (r *Running) add(a *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = map[*attempt]struct{}{}
	}
	r.all[a] = struct{}{}
	if r.cut {
		a.cancel()
	}
}

func (r *Running) remove(a *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, a)
}

// Len is how many attempts are under way.
func (r *Running) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.all)
}

// Cut ends all attempts, and those that come after it: each is settled as
// interrupted, and its client sees an answer that ended early.
func (r *Running) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	for a := range r.all {
		a.cancel()
	}
}

// Wait returns when none is under way, or with the end of the context.
func (r *Running) Wait(ctx context.Context) error {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for r.Len() > 0 {
		select {
		case <-look.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
