package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// relay passes an answer through, and settles the attempt before the client can
// know that the answer has ended.
func (a *attempt) relay(answer *http.Response) *protocol.Refusal {
	if err := a.synced(); err != nil {
		return a.unsynced(err)
	}
	out := a.client()
	defer out.forget()
	a.passed = a.Now()
	out.head(answer, a.edited.UsageAdded)
	reading := a.request.AnswerIn(a.answers.Get().(*protocol.Answer), a.head(answer)) //nolint:forcetypeassert // nothing else is in it
	err := a.copy(out, answer, reading)
	a.came = a.Now()
	rest, facts := reading.Close()
	if !a.Running.later.keep(a, &facts) {
		a.settle(out.judged(facts, err))
	}
	out.end(answer, rest, err)
	a.answers.Put(reading)
	return nil
}

// unsynced ends an attempt whose beginning is not safe, or whose client did not wait for
// that.
func (a *attempt) unsynced(err error) *protocol.Refusal {
	if !a.gone.Load() && !errors.Is(err, errStalled) && !errors.Is(err, errLate) { // a stall is logged once
		a.Log.Error("sync a call", "error", err)
	}
	a.cancel()
	a.settle(a.lost())
	return a.unavailable("the call cannot be recorded at the moment")
}

// copy reads the answer to its end.
func (a *attempt) copy(out *client, answer *http.Response, reading *protocol.Answer) error {
	idle := time.AfterFunc(a.door.times.Idle, a.cancel)
	defer idle.Stop()
	for {
		n, err := answer.Body.Read(out.room())
		idle.Reset(a.door.times.Idle)
		if n > 0 {
			shown := reading.Write(out.room()[:n])
			if a.first.IsZero() && reading.Began() {
				a.first = a.Now()
			}
			out.send(shown)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// client is who the answer goes to, as long as it is there.
type client struct {
	*attempt
	stop   func() bool
	stream bool
	cut    bool // it did not get all of the answer
	torn   bool // its connection ends with this answer

	rooms *rooms
	turn  int    // whose room is read into
	last  []byte // held back until more comes, so that nothing ends before it is settled
}

const copySize = 16 << 10

// rooms are for copying: one is read into while the other waits to be sent.
type rooms [2][copySize]byte

// spareRooms are those of answers that have ended, which the next ones take. A pool would
// give them up with every collection of garbage.
type spareRooms chan *rooms

// mostSpare is about how many short answers come at the same time.
const mostSpare = 8

func (s spareRooms) take() *rooms {
	select {
	case r := <-s:
		return r
	default:
		return new(rooms)
	}
}

func (s spareRooms) give(r *rooms) {
	select {
	case s <- r:
	default:
	}
}

// client begins to look whether the client is still there.
func (a *attempt) client() *client {
	out := &client{attempt: a, rooms: a.spare.take()}
	out.stop = context.AfterFunc(a.r.Context(), a.leave)
	return out
}

// forget ends the look.
func (c *client) forget() {
	c.stop()
	if !c.torn {
		_ = c.control.SetWriteDeadline(time.Time{}) // the connection may take another request
	}
	c.spare.give(c.rooms)
}

// room is where the next bytes are read into.
func (c *client) room() []byte { return c.rooms[c.turn][:] }

// head sends the head of the answer. Without its length, a stream may be shorter.
func (c *client) head(answer *http.Response, edited bool) {
	c.stream = isStream(answer.Header)
	var but []string
	if edited && c.stream {
		but = append(but, "Content-Length")
	}
	incoming(c.w.Header(), answer, but...)
	c.w.Header().Set("X-Bursar-Operation", c.call.id)
	c.w.Header().Set("X-Bursar-Attempt", c.id)
	c.deadline()
	c.call.code = answer.StatusCode
	c.w.WriteHeader(answer.StatusCode)
	if c.stream {
		c.failed(c.control.Flush())
	}
}

// send passes bytes on: those of a stream at once, others when more have come.
func (c *client) send(p []byte) {
	if c.stream {
		c.write(p)
		return
	}
	c.write(c.last)
	c.last, c.turn = p, 1-c.turn
}

// write gives bytes to the client if it is there.
func (c *client) write(p []byte) {
	if len(p) == 0 {
		return
	}
	if c.gone.Load() {
		c.cut = true
		return
	}
	c.deadline()
	n, err := c.w.Write(p)
	c.given += int64(n)
	if err == nil && c.stream {
		err = c.control.Flush()
	}
	c.failed(err)
}

// failed notes that the client did not take what it was sent.
func (c *client) failed(err error) {
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		c.cut = true
		c.leave()
	}
}

// deadline gives the client time to take the next bytes.
func (c *client) deadline() {
	_ = c.control.SetWriteDeadline(time.Now().Add(c.Patience.Client)) // where it is not supported, nothing is slow
}

// judged is how the attempt ended as the client saw it.
func (c *client) judged(f protocol.Facts, err error) protocol.Facts {
	switch {
	case f.Status == spend.StatusError:
	case c.cut || err != nil && c.gone.Load():
		f.Status = spend.StatusAborted
	case err != nil && !f.Ended:
		f.Status = spend.StatusInterrupted
	}
	return f
}

// end sends what was held back. An answer that ended early ends early for the
// client too.
func (c *client) end(answer *http.Response, rest []byte, err error) {
	c.write(c.last)
	c.write(rest)
	if err != nil {
		c.torn = true
		c.tear()
		return
	}
	c.trail(answer)
}
