package gateway

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/queue"
)

// lines are the calls that wait for rates, in one fair line for each counter of a rate.
// In each, one at a time tries whether there is room.
type lines struct {
	waiting atomic.Int64

	mu  sync.Mutex // guards what follows
	all map[string]*rateLine
}

type rateLine struct {
	queue.Line
	timer  *time.Timer   // until the next one tries, nil when nobody is to
	trying *queue.Ticket // whose turn it is, nil when nobody's
}

// waiter is a call in a line.
type waiter struct {
	*lines
	at     *rateLine
	key    string
	ticket *queue.Ticket
	told   chan bool
}

// has says that somebody waits for a rate.
func (l *lines) has(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all[key] != nil
}

// join enters the line of a rate, nil when it is full.
func (l *lines) join(key string, who queue.Who) *waiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.all[key]
	if at == nil {
		at = &rateLine{Line: waiters()}
	}
	w := &waiter{lines: l, at: at, key: key, told: make(chan bool, 1)}
	w.ticket = &queue.Ticket{Who: who, Tell: func(goes bool) { w.told <- goes }}
	joined, displaced := at.Join(w.ticket)
	if !joined {
		return nil
	}
	if displaced != nil && displaced != at.trying {
		displaced.Tell(false)
	}
	if l.all == nil {
		l.all = map[string]*rateLine{}
	}
	l.all[key] = at
	l.waiting.Add(1)
	return w
}

// await returns when it is this call's turn to try. Room is when that may be of use; it
// fails when the time that is left ends first, or the line has no place for it any more.
func (w *waiter) await(ctx context.Context, room, left time.Duration) error {
	w.mu.Lock()
	if w.at.trying == w.ticket {
		w.at.trying = nil
	}
	w.arm(w.at, room)
	w.mu.Unlock()
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case goes := <-w.told:
		if !goes {
			return queue.ErrFull
		}
		return nil
	case <-timer.C:
		return queue.ErrLate
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// done leaves the line, and lets the next one try. Went says that the call has had its
// turn.
func (w *waiter) done(went bool) {
	w.waiting.Add(-1)
	w.mu.Lock()
	defer w.mu.Unlock()
	mine := w.at.trying == w.ticket
	if went {
		w.at.Serve(w.ticket)
	} else {
		w.at.Leave(w.ticket)
	}
	if mine {
		w.at.trying = nil
		w.arm(w.at, 0)
	}
	if w.at.Len() == 0 && w.all[w.key] == w.at {
		delete(w.all, w.key)
	}
}

// arm lets the next one try after a wait, unless somebody does or one is set; mu is held.
func (l *lines) arm(at *rateLine, wait time.Duration) {
	if at.trying != nil || at.timer != nil || at.Len() == 0 {
		return
	}
	if wait <= 0 {
		at.next()
		return
	}
	at.timer = time.AfterFunc(max(wait, time.Millisecond), func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		at.timer = nil
		at.next()
	})
}

// next tells whose turn it is; mu is held.
func (at *rateLine) next() {
	if at.trying != nil || at.Len() == 0 {
		return
	}
	at.trying = at.Next()
	at.trying.Tell(true)
}

// stir lets one of each line try at once: a call has ended, and given back what it did
// not use.
func (l *lines) stir() {
	if l.waiting.Load() == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, at := range l.all {
		at.next()
	}
}
