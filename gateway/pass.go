package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/wire/protocol"
)

// pass hands through what is not metered: it costs nothing, or nobody knows how to
// count it. It is told apart in the figures. An answer that was made in the background
// is settled by whoever reads it.
func (c *call) pass() *protocol.Refusal {
	c.counts.Unmetered.Add(1)
	d := c.to[0]
	ctx, cancel := context.WithTimeout(c.r.Context(), d.times.Call)
	defer cancel()
	watch := time.AfterFunc(d.times.Head, cancel) // begins anew with each piece of the body
	defer watch.Stop()
	_ = c.control.EnableFullDuplex() // an answer may come before all of the body has; where it is not supported, it waits
	body := &upload{ReadCloser: c.r.Body, call: c, came: func() { watch.Reset(d.times.Head) }}
	out := &http.Request{
		Method: c.r.Method, URL: c.address(d), Header: c.outgoing(d), Body: body,
		ContentLength: c.r.ContentLength, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if c.r.ContentLength == 0 {
		out.Body = http.NoBody
	}
	if c.request.Reread {
		out.Header.Set("Accept-Encoding", "identity")
	}
	c.owner = ownerOf(&c.caller.Scope)
	defer c.unmetered(d)
	before := &hints{call: c, ready: func() bool { return true }}
	answer, err := c.Transport.RoundTrip(out.WithContext(before.hears(ctx)))
	before.end()
	if c.r.ProtoMajor == 1 && out.Body != http.NoBody && !body.ended.Load() {
		c.w.Header().Set("Connection", "close") // what still comes is no other request
	}
	if failed := body.failed.Load(); err != nil && failed != nil {
		return c.unread(*failed)
	}
	if err != nil {
		return c.unavailable("the upstream cannot be reached")
	}
	defer answer.Body.Close() //nolint:errcheck // it has been read, or is given up
	incoming(c.w.Header(), answer)
	c.code = answer.StatusCode
	c.w.WriteHeader(answer.StatusCode)
	c.hand(d, answer, watch)
	return nil
}

// upload is a body that passes, of which the client has a time to send the next bytes.
type upload struct {
	io.ReadCloser
	call   *call
	came   func()                // hears of each piece
	ended  atomic.Bool           // all of it has come
	failed atomic.Pointer[error] // why the client's bytes ended early
}

func (u *upload) Read(p []byte) (int, error) {
	_ = u.call.control.SetReadDeadline(time.Now().Add(u.call.Client)) // where it is not supported, nothing is slow
	n, err := u.ReadCloser.Read(p)
	if n > 0 { // its end may be found when the answer has come, whose time is another
		u.came()
	}
	switch {
	case errors.Is(err, io.EOF):
		u.ended.Store(true)
		_ = u.call.untimed() // where it is not supported, it was not set
	case err != nil:
		u.failed.Store(&err)
	}
	return n, err
}

// hand copies an answer as it comes. The watch gives up one that falls silent.
func (c *call) hand(d *door, answer *http.Response, watch *time.Timer) {
	flush := isStream(answer.Header)
	buf := make([]byte, copySize)
	var reading *protocol.Answer
	if c.request.Reread {
		reading = c.request.Answer(c.head(d, answer))
		defer c.reread(d, answer, reading)
	}
	for {
		watch.Reset(d.times.Idle)
		n, err := answer.Body.Read(buf)
		if reading != nil {
			reading.Write(buf[:n])
		}
		_ = c.control.SetWriteDeadline(time.Now().Add(c.Client)) // where it is not supported, nothing is slow
		taken, failed := c.w.Write(buf[:n])
		c.given += int64(taken)
		if failed != nil {
			return
		}
		if flush {
			_ = c.control.Flush() // the next write tells
		}
		if errors.Is(err, io.EOF) {
			c.trail(answer)
			_ = c.control.SetWriteDeadline(time.Time{}) // the connection may take another request
			return
		}
		if err != nil {
			c.tear()
			return
		}
	}
}

// trail gives the client the fields that came behind an answer, all of which it has.
func (c *call) trail(answer *http.Response) {
	fields, head := behind(answer), c.w.Header()
	if len(fields) == 0 {
		return
	}
	_ = c.control.Flush() // else it is given a length, and nothing can come behind it
	for name, values := range fields {
		if !named(head["Trailer"], name) {
			name = http.TrailerPrefix + name
		}
		head[name] = values
	}
}

// tear sends what has come and lets nothing more through to the client, so that it
// sees an answer that ended early, as from the vendor itself.
func (c *call) tear() {
	_ = c.control.SetWriteDeadline(time.Now().Add(c.Client)) // where it is not supported, nothing is slow
	_ = c.control.Flush()                                    // a client that is gone needs nothing
	_ = c.control.SetWriteDeadline(time.Unix(1, 0))
}

func isStream(h http.Header) bool {
	return strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "text/event-stream")
}
