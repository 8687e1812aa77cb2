package gateway

import "time"

// steppers make the steps of a ledger apart from who waits for them. One that has made a
// step waits for the next, for its stack has grown by then to what a step needs, and a new
// one would grow it again for every call.
type steppers struct {
	next chan func()
}

// lingers is how long a stepper waits for its next step, and twice that at most.
const lingers = 10 * time.Second

func newSteppers() *steppers { return &steppers{make(chan func())} }

// do has a step made by who waits for one, else by a new one.
func (s *steppers) do(step func()) {
	select {
	case s.next <- step:
	default:
		go s.work(step)
	}
}

func (s *steppers) work(step func()) {
	rest := time.NewTimer(lingers)
	defer rest.Stop()
	step()
	for worked := true; ; {
		select {
		case step = <-s.next:
			step()
			worked = true
		case <-rest.C:
			if !worked {
				return
			}
			worked = false
			rest.Reset(lingers)
		}
	}
}
