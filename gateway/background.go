package gateway

import (
	"net/http"
	"sync"

	"github.com/bursarhq/bursar/wire/protocol"
)

// background are attempts whose answers the vendor makes in the background: their
// usage comes when somebody reads them. Until then they are open. Those of a process
// that ended surface as interrupted, as any others.
type background struct {
	mu   sync.Mutex
	made map[string]*attempt // by seller and response
}

// maxBackground bounds the attempts that wait, a few hundred bytes each; one beyond
// is settled without its usage.
const maxBackground = 10_000

// keep lets an attempt wait, false when it cannot.
func (b *background) keep(a *attempt, f *protocol.Facts) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !f.Pending || f.Response == "" || len(b.made) >= maxBackground {
		return false
	}
	if b.made == nil {
		b.made = map[string]*attempt{}
	}
	waits := &attempt{
		call: &call{Gateway: a.Gateway, route: a.route, caller: a.caller, who: a.who, id: a.call.id, request: a.request, course: a.course},
		door: a.door, id: a.id, model: a.model, started: a.started, hold: a.hold, opening: a.opening, unrecorded: a.unrecorded,
	}
	b.made[a.door.Seller+"/"+f.Response] = waits // without the body and the connection
	return true
}

// take gives the attempt that made a response.
func (b *background) take(seller, response string) *attempt {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.made[seller+"/"+response]
	delete(b.made, seller+"/"+response)
	return a
}

// reread settles the attempt whose answer has just been read again, to its end, and is
// ready. Who leaves in the midst of it may read it once more.
func (c *call) reread(d *door, answer *http.Response, reading *protocol.Answer) {
	_, facts := reading.Close()
	if facts.Pending || !facts.Ended || facts.Response == "" || answer.StatusCode != http.StatusOK {
		return
	}
	if a := c.Running.later.take(d.Seller, facts.Response); a != nil {
		a.settle(facts)
		a.log()
	}
}
