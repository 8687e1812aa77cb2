package queue

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Places are what so many may hold at the same time. Who finds none free waits in a fair
// line, for a bounded time. They are for any number of goroutines.
type Places struct {
	mu   sync.Mutex // guards what follows
	most int
	used int
	line Line
}

// Why somebody got no place.
var (
	ErrFull = errors.New("too many wait already")
	ErrLate = errors.New("no place came free in time")
)

// NewPlaces makes places, for which a line waits that nobody is in.
func NewPlaces(most int, line Line) *Places { return &Places{most: most, line: line} }

// Take gives a place at once, false when none is free or others wait for one.
func (p *Places) Take(who Who) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used >= p.most || p.line.hasShare(who.Caller) || p.line.Next() != nil {
		return false
	}
	p.used++
	p.line.Hold(who)
	return true
}

// Enter waits for a place. It fails with ErrFull when the line is full or has become so for
// one who waits with many, with ErrLate when the time is over, and with the context's cause
// when that ends.
func (p *Places) Enter(ctx context.Context, who Who, wait time.Duration) error {
	if p.Take(who) {
		return nil
	}
	if wait <= 0 {
		return ErrLate
	}
	told, ticket := p.join(who)
	if ticket == nil {
		return ErrFull
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case goes := <-told:
		if !goes {
			return ErrFull
		}
		return nil
	case <-timer.C:
		return p.quit(ticket, told, ErrLate)
	case <-ctx.Done():
		return p.quit(ticket, told, context.Cause(ctx))
	}
}

// join takes a ticket, none when the line is full.
func (p *Places) join(who Who) (told chan bool, ticket *Ticket) {
	told = make(chan bool, 1)
	ticket = &Ticket{Who: who, Tell: func(goes bool) { told <- goes }}
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
func (p *Places) quit(ticket *Ticket, told <-chan bool, why error) error {
	p.mu.Lock()
	p.line.Leave(ticket)
	p.mu.Unlock()
	select {
	case goes := <-told:
		if goes {
			p.Leave(ticket.Who)
		}
	default:
	}
	return why
}

// Leave gives a place back.
func (p *Places) Leave(who Who) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used--
	p.line.Give(who)
	p.serve()
}

// serve gives free places to those whose turn it is; mu is held.
func (p *Places) serve() {
	for p.used < p.most {
		t := p.line.Next()
		if t == nil {
			return
		}
		p.line.Serve(t)
		p.line.Hold(t.Who)
		p.used++
		t.Tell(true)
	}
}

// Taken is how many are held.
func (p *Places) Taken() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.used
}

// Resize changes how many there are; who holds one keeps it.
func (p *Places) Resize(most int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.most = most
	p.serve()
}

// Waiting is how many wait for one.
func (p *Places) Waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.line.Len()
}
