package gateway

import (
	"io"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/wire/protocol"
)

// Many a client sends all of a body before it reads an answer, and takes a connection that
// is closed meanwhile for a failure. So the rest of a body that nobody wants is read and
// thrown away behind a refusal, within these bounds.
const (
	LingerTime   = 30 * time.Second
	lingerBodies = 4         // as large as a body may be
	unlingered   = 256 << 10 // bytes that the HTTP server throws away by itself, and keeps the connection
)

// Lingers says that a client may still send the body of a request when it is answered. One
// that waits to be told to go on does not; of one without a length nobody knows how much is
// to come.
func Lingers(r *http.Request) bool {
	return r.ProtoMajor == 1 && r.Header.Get("Expect") == "" && (r.ContentLength > unlingered || r.ContentLength < 0)
}

// lingers says that a client still sends a body when it is refused. One that has failed to
// send does not.
func (c *call) lingers(r *protocol.Refusal) bool {
	return c.body == nil && r.Reason != protocol.Unreadable && Lingers(c.r)
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
	_ = c.control.SetReadDeadline(time.Now().Add(LingerTime))  // where it is not supported, nothing is slow
	_, _ = io.CopyN(io.Discard, c.r.Body, lingerBodies*c.Body) // the connection ends here anyway
}
