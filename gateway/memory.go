package gateway

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// memory bounds the bytes of all bodies that are held at once.
type memory struct {
	most atomic.Int64
	used atomic.Int64
}

// take reserves bytes, false when there is no room for them.
func (m *memory) take(n int64) bool {
	if m.used.Add(n) <= m.most.Load() {
		return true
	}
	m.used.Add(-n)
	return false
}

func (m *memory) give(n int64) { m.used.Add(-n) }

var (
	errTooLarge = errors.New("the body is too large")
	errNoRoom   = errors.New("there is no room for the body")
)

// mostAtFirst is how much room a body is given before anything of it has come.
const mostAtFirst = 64 << 10

// readBody reads the client's body whole. It grows by what has come, so that a
// length that is only claimed takes little. The caller gives back len(body).
func (c *call) readBody() (body []byte, err error) {
	if c.r.ContentLength > c.Body {
		return nil, errTooLarge
	}
	first := int64(mostAtFirst)
	if c.r.ContentLength >= 0 {
		first = min(first, c.r.ContentLength+1) // the one more finds the end
	}
	for size := first; ; size = min(4*size, 4<<20) {
		if !c.held.take(size) {
			c.held.give(int64(len(body)))
			return nil, errNoRoom
		}
		_ = c.control.SetReadDeadline(time.Now().Add(c.Client)) // where it is not supported, nothing is slow
		grown, n := append(body, make([]byte, size)...), 0
		n, err = io.ReadFull(c.r.Body, grown[len(body):])
		c.held.give(size - int64(n))
		body = grown[:len(body)+n]
		switch {
		case int64(len(body)) > c.Body:
			err = errTooLarge
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && c.whole(body):
			return body, c.untimed()
		}
		if err != nil {
			c.held.give(int64(len(body)))
			return nil, err
		}
	}
}

// untimed ends the time that the client has to send: from now on it waits for us.
func (c *call) untimed() error {
	err := c.control.SetReadDeadline(time.Time{})
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// whole says that a body has all the bytes that were announced.
func (c *call) whole(body []byte) bool {
	return c.r.ContentLength < 0 || c.r.ContentLength == int64(len(body))
}
