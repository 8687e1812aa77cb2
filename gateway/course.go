package gateway

import (
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/spend"
)

// course is what a call has come to, for figures and the access log.
type course struct {
	admitted time.Time     // its key was known
	took     time.Duration // for its body to come
	owner    owner         // under whom it is booked, as far as is known
	verdict  budget.Action // the last word of budgets
	code     int           // the HTTP status that the client got, 0 for none
	given    int64         // bytes of the answer that the client took
}

// owner is what figures tell calls apart by.
type owner struct{ workflow, agent string }

func ownerOf(s *spend.Scope) owner { return owner{s.Workflow, s.Agent} }

// times are when an attempt got how far, zero where it did not.
type times struct {
	since  time.Time     // the request came, or the next attempt of it began
	upload time.Duration // of this it took for the client's body to come
	queued time.Duration // and for a place at the upstream, or for a rate

	called   time.Time // it goes to the upstream
	answered time.Time // the head of the answer is here
	passed   time.Time // and goes on to the client
	came     time.Time // the answer's last byte is here
	ended    time.Time // its end is recorded
}

// added is what the gateway itself took of an attempt. The head of an answer waits
// for the journal; its bytes go on as they come.
//
// Worked example: a body that takes 30 ms is whole at 31 ms, the attempt goes out at
// 32 ms, its head is back at 92 ms and on its way at 92.5 ms, its last byte comes at
// 400 ms and its end is recorded at 400.2 ms: 32 − 30 + 0.5 + 0.2 = 2.7 ms.
func (t *times) added() time.Duration {
	added := t.called.Sub(t.since) - t.upload - t.queued
	if !t.passed.IsZero() {
		added += t.passed.Sub(t.answered)
	}
	if !t.came.IsZero() {
		added += t.ended.Sub(t.came)
	}
	return max(added, 0)
}
