package gateway

import (
	"net/http"
	"time"

	"github.com/bursarhq/bursar/wire/protocol"
)

// said is what an upstream answered to an attempt behind which another was to be made.
type said struct {
	to   *attempt
	head *http.Response
	body []byte
}

// hear keeps such an answer, if it is whole.
func (a *attempt) hear(answer *http.Response, body []byte, err error) {
	a.said = nil
	if err == nil && len(body) < errorBody {
		a.said = &said{a, answer, body}
	}
}

// unmade is for the client of an attempt that cannot be made. If none follows, it gets
// what an upstream said last; where none said anything, it is refused.
func (a *attempt) unmade(message string) *protocol.Refusal {
	if !a.last || a.said == nil {
		return a.unavailable(message)
	}
	if a.said.to.synced() != nil {
		return a.unavailable("the call cannot be recorded at the moment")
	}
	a.repeat(a.said)
	return nil
}

// repeat gives the client an answer that was kept.
func (c *call) repeat(s *said) {
	incoming(c.w.Header(), s.head)
	c.w.Header().Set("X-Bursar-Operation", c.id)
	c.w.Header().Set("X-Bursar-Attempt", s.to.id)
	_ = c.control.SetWriteDeadline(time.Now().Add(c.Client)) // where it is not supported, nothing is slow
	c.w.WriteHeader(s.head.StatusCode)
	n, _ := c.w.Write(s.body) // a client that is gone needs no answer
	c.code, c.given = s.head.StatusCode, int64(n)
	c.trail(s.head)
	_ = c.control.Flush()
	_ = c.control.SetWriteDeadline(time.Time{}) // the connection may take another request
}
