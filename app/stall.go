package app

import (
	"fmt"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/spend"
)

// stall says why calls are refused while the journal does not answer in time, nil when
// it does. Where they pass all the same, only what is asked of the journal must not wait
// for it.
func (s *Server) stall() error {
	since := s.stalls.Since()
	calls := s.calling.Load()
	if since.IsZero() || calls == nil {
		return nil
	}
	if calls.Stalled == gateway.Pass && !s.stalls.Writes() {
		return nil
	}
	return spend.Errorf(spend.KindUnavailable, "use journal", "it has not answered in time since %s", since.UTC().Format(time.RFC3339)).
		WithHint(mendStall)
}

const mendStall = "look at the data folder's disk: it takes seconds to write or to sync; what was accepted is safe, and all goes on by itself when the disk answers"

// stalled says whether the journal holds up calls, and what passed meanwhile.
func (s *Server) stalled() api.Finding {
	const name = "stalls"
	c := &s.passed
	past := fmt.Sprintf("since the start %d attempts passed without a record of their own, and %d before it was on disk", c.Unrecorded.Load(), c.Unsynced.Load())
	if since := s.stalls.Since(); !since.IsZero() {
		policy := gateway.Refuse
		if calls := s.calling.Load(); calls != nil {
			policy = calls.Stalled
		}
		return unwell(name, api.Broken, fmt.Sprintf("the journal stalls since %s, calls: %s; %s", since.UTC().Format(time.RFC3339), policy, past), mendStall)
	}
	return look(name, when(c.Unrecorded.Load() > 0, "bursar spend --where source=gateway --measures calls,exposure shows them as exposure; the vendor's export tells what they cost"),
		"the journal answers in time; "+past)
}

// journalStats are the figures of the journal: the last ones that it gave while it does
// not answer.
func (s *Server) journalStats() (now journal.Stats) {
	if s.stalls.Writes() {
		if last := s.figures.Load(); last != nil {
			now = *last
		}
		return now
	}
	now = s.Journal.Stats()
	s.figures.Store(&now)
	return now
}
