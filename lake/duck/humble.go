package duck

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// humble is a thread that lets others go first. The engine works for tens of milliseconds
// at a time, and a call that passes a gateway shall not wait for that; the threads that
// the engine starts from it are as humble.
type humble struct {
	work  chan func()
	ended chan struct{}
}

// niceness is how far it steps back, of 19: it is interrupted at once, and has a third of
// what another thread has of a machine that is busy.
const niceness = 5

func newHumble() *humble {
	h := &humble{work: make(chan func()), ended: make(chan struct{})}
	go h.run()
	return h
}

func (h *humble) run() {
	runtime.LockOSThread() // and it ends with the goroutine
	if runtime.GOOS == "linux" {
		_ = unix.Setpriority(unix.PRIO_PROCESS, 0, niceness) // of this thread; elsewhere it would be of the process
	}
	for {
		select {
		case f := <-h.work:
			f()
		case <-h.ended:
			return
		}
	}
}

// do has something done, and returns when it is. After the end it is done by who asks. What
// is done takes no lock that who asks may hold: another one may wait for the thread with it.
func (h *humble) do(f func()) {
	done := make(chan struct{})
	select {
	case h.work <- func() { defer close(done); f() }:
		<-done
	case <-h.ended:
		f()
	}
}

func (h *humble) end() { close(h.ended) }
