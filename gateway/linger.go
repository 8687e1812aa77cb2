package gateway

import (
	"io"
	"time"

	"github.com/bursarhq/bursar/wire/protocol"
)

// Many a client sends all of a body before it reads an answer, and takes a connection that
// is closed meanwhile for a failure. So the rest of a body that nobody wants is read and
// thrown away behind a refusal, within these bounds.
const (
	lingerTime   = 30 * time.Second
	lingerBodies = 4         // as large as a body may be
	unlingered   = 256 << 10 // bytes that the HTTP server throws away by itself, and keeps the connection
)

// lingers says that a client still sends a body when it is refused. One that waits to be
// told to go on, or that has failed to send, does not.
func (c *call) lingers(r *protocol.Refusal) bool {
	if c.body != nil || c.r.ProtoMajor != 1 || c.r.Header.Get("Expect") != "" || r.Reason == protocol.Unreadable {
		return false
	}
	return c.r.ContentLength > unlingered || c.r.ContentLength < 0 // of which nobody knows how much is to come
}

// refuse answers the client in its own dialect, and says that the client still sends.
func (c *call) refuse(r *protocol.Refusal) (sends bool) {
	if sends = c.lingers(r) && c.control.EnableFullDuplex() == nil; sends {
		c.w.Header().Set("Connection", "close")
	}
	c.code, c.given = refuse(c.w, r)
	return sends && c.control.Flush() == nil
}

// linger reads on until the client has sent all, or enough.
func (c *call) linger() {
	_ = c.control.SetReadDeadline(time.Now().Add(lingerTime))  // where it is not supported, nothing is slow
	_, _ = io.CopyN(io.Discard, c.r.Body, lingerBodies*c.Body) // the connection ends here anyway
}
