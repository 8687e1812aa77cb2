package protocol

import (
	"strconv"
	"strings"
	"time"
)

// Trial is whether and when a failed attempt may be made again.
type Trial string

// The trials.
const (
	Never Trial = "never" // the same request fails again
	Soon  Trial = "soon"  // after a backoff of the caller's own
	After Trial = "after" // not before the wait that the vendor names
)

// Failure is what an upstream answered instead of an answer. Code is the error's
// code from Facts, or its type where it has none; Header finds a field by name.
type Failure struct {
	Status int
	Code   string
	Header func(name string) string
}

// longestWait bounds what a vendor may ask for.
const longestWait = 24 * time.Hour

// Again classifies a failure. The vendor's own word comes first (X-Should-Retry),
// then an exhausted account, which no wait mends though it comes as 429, then the
// status: 408, 409, 429 and from 500 on may be tried again. The wait is that of
// Retry-After-Ms or Retry-After, in seconds or as a date, at most a day.
func Again(f Failure, now time.Time) (Trial, time.Duration) {
	retryable := f.Status == 408 || f.Status == 409 || f.Status == 429 || f.Status >= 500
	switch said := f.Header(ShouldRetry); {
	case said == "false", f.Status < 400:
		return Never, 0
	case said == "true":
	case exhausted(f.Code), !retryable:
		return Never, 0
	}
	if wait, told := waiting(f, now); told {
		return After, min(wait, longestWait)
	}
	return Soon, 0
}

// Cause is at whose door a failure lies. A circuit breaker counts Throttled,
// Broken and TimedOut; an operator hears of Denied and Exhausted.
type Cause string

// The causes.
const (
	Rejected  Cause = "rejected"  // the request itself
	Denied    Cause = "denied"    // the gateway's own credential: 401, 403
	Exhausted Cause = "exhausted" // the account has nothing left to spend
	Throttled Cause = "throttled" // too many calls, or an upstream that is overloaded: 429, 503, 529
	Broken    Cause = "broken"    // the upstream itself: any other from 500 on
	TimedOut  Cause = "timed_out" // somebody on the way: 408, 499, 504, 524
)

// Cause says at whose door the failure lies.
func (f Failure) Cause() Cause {
	switch {
	case exhausted(f.Code):
		return Exhausted
	case timedOut(f.Status):
		return TimedOut
	case f.Status == 429 || f.Status == 503 || f.Status == 529 || f.Code == "overloaded_error":
		return Throttled
	case f.Status >= 500:
		return Broken
	case f.Status == 401 || f.Status == 403:
		return Denied
	}
	return Rejected
}

// exhausted says that an account has nothing left to spend.
func exhausted(code string) bool {
	switch code {
	case "insufficient_quota", "billing_error", "billing_hard_limit_reached", "credit_balance_too_low", "budget_exceeded":
		return true
	}
	return false
}

func waiting(f Failure, now time.Time) (time.Duration, bool) {
	if ms, err := strconv.ParseFloat(f.Header(RetryAfterMS), 64); err == nil && ms >= 0 {
		return fit(ms / 1000), true
	}
	said := strings.TrimSpace(f.Header(RetryAfter))
	if seconds, err := strconv.ParseFloat(said, 64); err == nil && seconds >= 0 {
		return fit(seconds), true
	}
	if at, err := time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", said); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}

// fit makes a duration of seconds, at most longestWait.
func fit(seconds float64) time.Duration {
	return time.Duration(min(seconds, longestWait.Seconds()) * float64(time.Second))
}
