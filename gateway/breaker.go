package gateway

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/bursarhq/bursar/wire/protocol"
)

// breaker keeps calls from an upstream that fails, until a few of them get through.
type breaker = gobreaker.TwoStepCircuitBreaker[struct{}]

var (
	errFailed = errors.New("the upstream fails")
	errUnmade = errors.New("the attempt was not made") // it says nothing of the upstream
)

// newBreaker opens when half of at least twenty attempts of half a minute failed, and
// tries again after ten seconds.
func newBreaker(name string) *breaker {
	return gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name: name, MaxRequests: 3, Interval: 30 * time.Second, BucketPeriod: 3 * time.Second, Timeout: 10 * time.Second,
		IsExcluded: func(err error) bool { return errors.Is(err, errUnmade) },
		ReadyToTrip: func(c gobreaker.Counts) bool {
			known := c.TotalSuccesses + c.TotalFailures // neither those under way nor those that were not made
			return known >= 20 && 2*c.TotalFailures >= known
		},
	})
}

// allow lets an attempt at the upstream, and gives where to tell how that answered. The
// first word counts.
func (d *door) allow() (tell func(error), err error) {
	report, err := d.breaker.Allow()
	var once sync.Once
	return func(failed error) { once.Do(func() { report(failed) }) }, err
}

// fault says that an answer is a failure of its upstream: neither of the request nor
// of the account.
func fault(answer *http.Response) error {
	f := protocol.Failure{Status: answer.StatusCode, Header: answer.Header.Get}
	if answer.StatusCode < 400 {
		return nil
	}
	switch f.Cause() {
	case protocol.Throttled, protocol.Broken, protocol.TimedOut:
		return errFailed
	}
	return nil
}

// retries bounds what is tried again at the same upstream to a tenth of the calls, and ten
// at first: more would keep an upstream down that is.
type retries struct{ tenths atomic.Int64 }

const (
	retryCost = 10
	retryRoom = 100 * retryCost
)

func newRetries() *retries {
	r := &retries{}
	r.tenths.Store(10 * retryCost)
	return r
}

// call earns a tenth of a retry.
func (r *retries) call() {
	if r.tenths.Add(1) > retryRoom {
		r.tenths.Add(-1)
	}
}

// take spends a retry, false when none is left.
func (r *retries) take() bool {
	if r.tenths.Add(-retryCost) >= 0 {
		return true
	}
	r.tenths.Add(retryCost)
	return false
}
