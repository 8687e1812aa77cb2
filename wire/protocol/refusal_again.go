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
// code or type from Facts; Header finds a field by name.
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
