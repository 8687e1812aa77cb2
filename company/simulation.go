package company

import (
	"iter"
	"time"
)

// microseconds in an hour; instants are microseconds since 1970.
const perHour = 3_600_000_000

func instant(at int64) time.Time { return time.UnixMicro(at).UTC() }

// simulation replays a history: hour by hour it starts the runs that are due,
// then takes their moments in order of time.
type simulation struct {
	*Company
	progress []progress // by desk
	live     queue
	runs     uint64 // started so far
}

// progress is how far a desk has come.
type progress struct {
	weight int64 // of the hours so far
	issued int64 // events of the runs started so far
}

// moments yields each run at each of its steps and once more at its end, in
// order of time. The run is only good until the next one is asked for.
func (c *Company) moments() iter.Seq[*run] {
	return func(yield func(*run) bool) {
		s := simulation{Company: c, progress: make([]progress, len(c.desks))}
		for hour := c.from; hour < c.until; hour++ {
			s.open(clockAt(hour))
			if !s.play((hour+1)*perHour, yield) {
				return
			}
		}
		s.play((c.until+1)*perHour, yield) // runs that end with the window
	}
}

// open starts the runs that fall due in an hour: as many as the desk's part of
// the hours so far asks for beyond what its earlier runs already hold.
func (s *simulation) open(at clock) {
	for i := range s.desks {
		d, p := &s.desks[i], &s.progress[i]
		p.weight += s.weight(d, at)
		if d.weight == 0 {
			continue
		}
		if at.hour == max(s.loop.from, s.from) && s.loop.covers(d.Name, at.hour) {
			s.startLoop(d, at)
		}
		for p.issued < mulDiv(d.events, p.weight, d.weight) {
			s.start(d, at.hour*perHour, nil)
		}
	}
}

// play takes all moments before an instant, false when the reader has enough.
func (s *simulation) play(before int64, yield func(*run) bool) bool {
	for len(s.live) > 0 && s.live[0].next < before {
		r := s.live[0]
		if !yield(r) {
			return false
		}
		s.advance(r)
	}
	return true
}

// advance moves the earliest run to its next moment; some steps hand a part of
// the work to a sub-agent.
func (s *simulation) advance(r *run) {
	if r.ended() {
		s.live.pop()
		return
	}
	delegating := r.delegates()
	at := r.next
	r.step++
	r.next = r.moment()
	s.live.sink()
	if delegating && s.left(r.desk) > 0 && at < s.until*perHour-perHour/60 {
		s.start(r.desk, at, r)
	}
}

// left is how many events of a desk no run holds yet.
func (s *simulation) left(d *desk) int64 { return d.events - s.progress[d.place].issued }

// queue is a binary heap of live runs, the one with the earliest moment first.
type queue []*run

func (q *queue) push(r *run) {
	*q = append(*q, r)
	h := *q
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if h[parent].next <= h[i].next {
			return
		}
		h[parent], h[i] = h[i], h[parent]
		i = parent
	}
}

func (q *queue) pop() {
	h := *q
	last := len(h) - 1
	h[0], h[last] = h[last], nil
	*q = h[:last]
	q.sink()
}

// sink restores the order after the first run has moved later.
func (q queue) sink() {
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < len(q) && q[child+1].next < q[child].next {
			child++
		}
		if child >= len(q) || q[i].next <= q[child].next {
			return
		}
		q[i], q[child] = q[child], q[i]
		i = child
	}
}
