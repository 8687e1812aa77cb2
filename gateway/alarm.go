package gateway

import (
	"sync"
	"time"
)

// alarm tells who waits for a step when it takes longer than a stall may. One timer serves
// all of them, for a step takes microseconds, and a timer of its own would wake a thread of
// the runtime for each.
type alarm struct {
	after time.Duration

	mu      sync.Mutex // guards what follows
	waiting map[chan news]time.Time
	set     bool // the timer runs
}

// news is what a waiter is told.
type news bool

const (
	ended   news = true
	overdue news = false
)

func newAlarm(after time.Duration) *alarm {
	return &alarm{after: after, waiting: map[chan news]time.Time{}}
}

// wait gives the channel by which a step's end is told, and once that it is overdue. There
// is room in it for both, so that nobody waits to tell.
func (a *alarm) wait() chan news {
	told, now := make(chan news, 2), time.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting[told] = now
	if !a.set {
		a.set = true
		time.AfterFunc(a.after, a.ring)
	}
	return told
}

// leave ends a wait.
func (a *alarm) leave(told chan news) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, told)
}

// ring tells those who have waited for too long, and comes again for the others: at most
// an eighth later than their time.
func (a *alarm) ring() {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	next := a.after
	for told, since := range a.waiting {
		left := a.after - now.Sub(since)
		if left > 0 {
			next = min(next, left)
			continue
		}
		told <- overdue
		delete(a.waiting, told)
	}
	if a.set = len(a.waiting) > 0; a.set {
		time.AfterFunc(max(next, a.after/8), a.ring)
	}
}
