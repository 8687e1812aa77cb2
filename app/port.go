package app

import (
	"net"
	"sync"
)

// port hands the connections of one listener to one server after another: a server
// that stops closes its lease, and the address stays ours.
type port struct {
	net.Listener
	conns  chan net.Conn
	failed chan struct{} // closed when err is set
	err    error
	once   sync.Once
	closed chan struct{}
}

// share begins to accept on a listener; closing it ends that.
func share(l net.Listener) *port {
	p := &port{Listener: l, conns: make(chan net.Conn), failed: make(chan struct{}), closed: make(chan struct{})}
	go func() {
		defer close(p.failed)
		for {
			conn, err := l.Accept()
			if err != nil {
				p.err = err
				return
			}
			select {
			case p.conns <- conn:
			case <-p.closed:
				_ = conn.Close() // nobody will serve it
			}
		}
	}()
	return p
}

// Close ends the port.
func (p *port) Close() error {
	p.once.Do(func() { close(p.closed) })
	return p.Listener.Close()
}

// lease is a listener over the port for as long as it is not closed.
func (p *port) lease() net.Listener { return &lease{port: p, closed: make(chan struct{})} }

type lease struct {
	*port
	closed chan struct{}
	once   sync.Once
}

// Accept gives the next connection.
func (l *lease) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.failed:
		return nil, l.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the lease and leaves the port open.
func (l *lease) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}
