package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// admission lets a few questions run at once and a few more wait. Turns are fair by who
// asks: whoever asks much waits behind what he asked himself, and never has every slot or
// keeps others out of the queue. Events do not pass here, so no question can keep them
// waiting.
type admission struct {
	slots   int
	share   int // of the slots, for one asker
	queue   int
	patient time.Duration

	mu      sync.Mutex
	running int
	waiting int
	asked   int64
	askers  map[string]*asker // who runs or waits: never more than slots and queue
}

// asker is one of those who ask, by the name of the credential.
type asker struct {
	running int
	line    []*turn // that wait, the longest waiting first
}

// turn is one question that waits.
type turn struct {
	number int64      // in the order of asking
	come   chan error // what became of it, once: nil when it may run
}

func newAdmission(l *Limits) *admission {
	return &admission{
		slots: l.Queries, share: max(l.Queries-1, 1), queue: l.Queue, patient: l.QueueTime,
		askers: map[string]*asker{},
	}
}

// enter waits for a turn of a question; leave has to be called after it. The error is of
// kind unavailable when too many wait or the turn did not come.
func (a *admission) enter(ctx context.Context, who string) error {
	t, err := a.ask(who)
	if t == nil {
		return err
	}
	patience := time.NewTimer(a.patient)
	defer patience.Stop()
	select {
	case err := <-t.come:
		return err
	case <-patience.C:
		err = busy("no turn came within %s", a.patient)
	case <-ctx.Done():
		err = busy("the caller left")
	}
	if a.withdraw(who, t) {
		return err
	}
	return <-t.come
}

// ask takes a slot, or gives the turn that waits for one. Where the queue is full, the
// newest turn of whoever has the most of them makes room for one who has fewer.
func (a *admission) ask(who string) (*turn, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	own := a.askers[who]
	if own == nil {
		own = &asker{}
	}
	if a.running < a.slots && own.running < a.share {
		a.askers[who] = own
		a.run(own)
		return nil, nil
	}
	if a.waiting >= a.queue && !a.yield(len(own.line)+1) {
		return nil, busy("%d questions wait already", a.queue)
	}
	a.asked++
	a.waiting++
	t := &turn{number: a.asked, come: make(chan error, 1)}
	own.line = append(own.line, t)
	a.askers[who] = own
	return t, nil
}

func (a *admission) run(of *asker) {
	of.running++
	a.running++
}

// yield sends the newest turn of the longest line away, false when no line is longer
// than this.
func (a *admission) yield(than int) bool {
	var longest *asker
	for _, other := range a.askers {
		if len(other.line) > than {
			longest, than = other, len(other.line)
		}
	}
	if longest == nil {
		return false
	}
	last := len(longest.line) - 1
	longest.line[last].come <- busy("others wait too, and %d of your questions before this one", last)
	longest.line = longest.line[:last]
	a.waiting--
	return true
}

// withdraw takes a turn out of its line, false when it has come already.
func (a *admission) withdraw(who string, t *turn) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	own := a.askers[who]
	if own == nil {
		return false
	}
	at := slices.Index(own.line, t)
	if at < 0 {
		return false
	}
	own.line = slices.Delete(own.line, at, at+1)
	a.waiting--
	a.forget(who)
	return true
}

// leave gives a slot back, to the next in turn.
func (a *admission) leave(who string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.askers[who].running--
	a.running--
	a.forget(who)
	for next := a.next(); next != nil; next = a.next() {
		next.line[0].come <- nil
		next.line = next.line[1:]
		a.waiting--
		a.run(next)
	}
}

// next is whose turn it is: who runs the fewest, and of them who waits the longest.
func (a *admission) next() *asker {
	if a.running >= a.slots {
		return nil
	}
	var first *asker
	for _, other := range a.askers {
		if len(other.line) > 0 && other.running < a.share && (first == nil || other.before(first)) {
			first = other
		}
	}
	return first
}

func (k *asker) before(other *asker) bool {
	if k.running != other.running {
		return k.running < other.running
	}
	return k.line[0].number < other.line[0].number
}

func (a *admission) forget(who string) {
	if own := a.askers[who]; own.running == 0 && len(own.line) == 0 {
		delete(a.askers, who)
	}
}

// load is how many questions run and wait.
func (a *admission) load() (running, waiting int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running, a.waiting
}

func busy(format string, args ...any) error {
	return spend.Errorf(spend.KindUnavailable, "ask the ledger", format, args...).WithHint("ask again in a moment")
}

// enter waits for the turn of a question of whoever calls; leave has to be called after it.
func (c *call) enter() error { return c.turns.enter(c.request.Context(), c.who.Actor()) }

func (c *call) leave() { c.turns.leave(c.who.Actor()) }
