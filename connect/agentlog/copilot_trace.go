package agentlog

import (
	"time"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

// telling is how a line tells of usage, the least preferred first.
type telling int

const (
	noTelling    telling = iota
	agentSpan            // the sum of everything that an agent did
	turnLog              // one turn of it
	inferenceLog         // one call
	chatSpan             // one call
)

// Bounds of what is remembered of one file: traces, at about 200 bytes each, and calls
// of lesser tellings, at about 400.
const (
	maxTraces = 1 << 16
	maxTold   = 1 << 14
)

// traces keep one telling of each trace: the best one that the file holds.
//
// A better telling than those before takes them back: under their keys come buckets of
// no calls and no usage, so that the sums are those of the best telling whatever the
// order of lines. A call that is told twice under one key needs none of this, its
// better telling has the higher revision.
//
// Example: an agent's span of 113 tokens in and 11 out comes before its two chats of
// 56/5 and 57/6. The first chat takes the span back; two calls of 113/11 together stay.
type traces struct {
	known map[string]*trace
	order []string // the oldest first
	held  int      // calls to take back
}

type trace struct {
	best telling
	told []told
}

// told is a call that a better telling would take back.
type told struct {
	how           telling
	key, response string
	at            time.Time
	seller, model string
	scope         spend.Scope
}

// tell emits a call unless its trace is told better already.
func (s *traces) tell(id string, how telling, rec *connect.Record, emit func(*connect.Record)) {
	rec.Event.Revision = 2 * int64(how)
	if id == "" {
		emit(rec)
		return
	}
	t := s.at(id)
	if how < t.best {
		return
	}
	if how > t.best {
		s.takeBack(t, rec.Event.SourceKey, emit)
		t.best = how
	}
	emit(rec)
	if how < chatSpan && s.held <= maxTold {
		t.told = append(t.told, told{how, rec.Event.SourceKey, rec.Event.Response, rec.Event.UsedAt, rec.Event.Seller, rec.Event.RequestedModel, rec.Event.Scope})
		s.held++
	}
}

// takeBack emits nothing in the place of what was told less well, but for the call
// that is at hand.
func (s *traces) takeBack(t *trace, key string, emit func(*connect.Record)) {
	for _, c := range t.told {
		if c.key == key {
			continue
		}
		emit(&connect.Record{Event: spend.Event{
			SourceKey: c.key, Response: c.response, Revision: 2*int64(c.how) + 1, UsedAt: c.at, Seller: c.seller, RequestedModel: c.model,
			Scope: c.scope, Bucket: true, UsageSource: spend.UsageNone,
		}})
	}
	s.held -= len(t.told)
	t.told = nil
}

// at gives a trace. When there are too many, the oldest is believed to be over.
func (s *traces) at(id string) *trace {
	t := s.known[id]
	if t == nil {
		t = &trace{}
		s.known[id], s.order = t, append(s.order, id)
	}
	for s.order[0] != id && (len(s.order) > maxTraces || s.held > maxTold) {
		s.held -= len(s.known[s.order[0]].told)
		delete(s.known, s.order[0])
		s.order = s.order[1:]
	}
	return t
}
