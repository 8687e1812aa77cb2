package api

import (
	"sync"
	"time"
)

// rates holds one token bucket for each credential. Full buckets say nothing and
// are dropped, so that the map stays as small as what is in use.
type rates struct {
	every time.Duration // for one request to come back
	burst int

	mu      sync.Mutex
	buckets map[string]time.Time // when the bucket will be full again
	swept   time.Time
}

func newRates(l *Limits) *rates {
	return &rates{every: time.Second / time.Duration(l.Rate), burst: l.Burst, buckets: map[string]time.Time{}}
}

// take lets a request through, or says how long to wait.
//
// Example: at 50 a second and a burst of 100, request 101 of one instant waits
// 20 ms.
func (r *rates) take(who string, now time.Time) (wait time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep(now)
	full := r.buckets[who]
	if full.Before(now) {
		full = now
	}
	full = full.Add(r.every)
	if wait = full.Sub(now) - time.Duration(r.burst)*r.every; wait > 0 {
		return wait, false
	}
	r.buckets[who] = full
	return 0, true
}

// sweep forgets full buckets once a minute; mu is held.
func (r *rates) sweep(now time.Time) {
	if now.Sub(r.swept) < time.Minute {
		return
	}
	r.swept = now
	for who, full := range r.buckets {
		if !full.After(now) {
			delete(r.buckets, who)
		}
	}
}
