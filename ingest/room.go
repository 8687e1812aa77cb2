package ingest

import "github.com/bursarhq/bursar/spend"

// room is what the lines of a batch stand in, some 1.4 KB each: the ledger keeps nothing
// of it, so that the next batch may have it when they are appended.
type room struct {
	free, sent []spend.Charge // of no batch; of the append under way
}

// of gives room for lines.
func (r *room) of(lines int) []spend.Charge {
	free := r.free
	r.free = nil
	if cap(free) < lines {
		return make([]spend.Charge, 0, lines+lines/8)
	}
	return free
}

// back takes what was sent, unless it is less than there is or more than a batch of calls
// needs.
func (r *room) back() {
	sent := r.sent
	r.sent = nil
	if cap(sent) > cap(r.free) && cap(sent) <= 2*enough {
		clear(sent)
		r.free = sent[:0]
	}
}
