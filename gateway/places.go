package gateway

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bursarhq/bursar/queue"
)

// places are the attempts that an upstream takes at the same time. Who finds none free
// waits in a fair line, for a bounded time.
type places struct {
	mu   sync.Mutex // guards what follows
	most int
	used int
	line queue.Line
}

// The bounds of a line: those who wait hold their requests in memory.
const (
	lineMost = 4096
	lineEach = 1024
)

var errBusy = errors.New("no place came free in time")

func newPlaces(most int) *places {
	return &places{most: most, line: queue.Line{Most: lineMost, Each: lineEach}}
}

// take gives a place at once, false when none is free or others wait for one.
func (p *places) take(who queue.Who) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used >= p.most || p.line.Len() > 0 {
		return false
	}
	p.used++
	p.line.Hold(who)
	return true
}

// enter waits for a place. It fails with errBusy when the line is full or the time is
// over, and with the context's cause when that ends.
func (p *places) enter(ctx context.Context, who queue.Who, wait time.Duration) error {
	if p.take(who) {
		return nil
	}
	if wait <= 0 {
		return errBusy
	}
	told, ticket := p.join(who)
	if ticket == nil {
		return errBusy
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case goes := <-told:
		if !goes {
			return errBusy
		}
		return nil
	case <-timer.C:
		return p.quit(ticket, told, errBusy)
	case <-ctx.Done():
		return p.quit(ticket, told, context.Cause(ctx))
	}
}

// join takes a ticket, none when the line is full.
func (p *places) join(who queue.Who) (told chan bool, ticket *queue.Ticket) {
	told = make(chan bool, 1)
	ticket = &queue.Ticket{Who: who, Tell: func(goes bool) { told <- goes }}
	p.mu.Lock()
	defer p.mu.Unlock()
	joined, displaced := p.line.Join(ticket)
	if displaced != nil {
		displaced.Tell(false)
	}
	if !joined {
		return nil, nil
	}
	p.serve() // a place may have come free in the meantime
	return told, ticket
}

// quit leaves the line, unless a place has just been given, which goes to the next.
func (p *places) quit(ticket *queue.Ticket, told <-chan bool, why error) error {
	p.mu.Lock()
	p.line.Leave(ticket)
	p.mu.Unlock()
	select {
	case goes := <-told:
		if goes {
			p.leave(ticket.Who)
		}
	default:
	}
	return why
}

// leave gives a place back.
func (p *places) leave(who queue.Who) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used--
	p.line.Give(who)
	p.serve()
}

// serve gives free places to those whose turn it is; mu is held.
func (p *places) serve() {
	for p.used < p.most && p.line.Len() > 0 {
		t := p.line.Next()
		p.line.Serve(t)
		p.line.Hold(t.Who)
		p.used++
		t.Tell(true)
	}
}

// taken is how many are.
func (p *places) taken() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.used
}

// resize changes how many there are; who holds one keeps it.
func (p *places) resize(most int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.most = most
	p.serve()
}
