package queue

import "slices"

// Who is somebody who waits or holds: a part of a caller.
type Who struct{ Caller, Part string }

// Ticket is one place in a line.
type Ticket struct {
	Who
	Tell func(goes bool) // how who waits is told that it goes, or was displaced; it is its user's to call
}

// Line is who waits, in the order in which they go. It is not for several goroutines.
//
// Example: of three places, a holds two and b holds one. While a and b wait, b goes
// next, and holds two; then a, who has waited longer for its turn. When c comes, it
// goes before both.
type Line struct {
	Most  int // tickets in all; none when 0
	Each  int // tickets of one caller; Most when 0
	Share int // that one caller may hold, who waits with that many although others go; no bound when 0

	held  map[string]int // of callers
	parts map[Who]int
	lanes []*lane
	size  int
	turn  uint64
}

// lane is a caller that waits.
type lane struct {
	name string
	turn uint64 // in which it went last, or came
	size int
	ways []*way
}

// way is a part of a caller that waits.
type way struct {
	name    string
	turn    uint64
	tickets []*Ticket // first come first
}

// Len is how many wait.
func (l *Line) Len() int { return l.size }

// Join adds a ticket, false when the line is full. One that is full for a caller that
// waits with fewer than another takes the last place of the one that waits with most,
// whose ticket is given.
func (l *Line) Join(t *Ticket) (joined bool, displaced *Ticket) {
	mine := 0
	if at := l.lane(t.Caller); at != nil {
		mine = at.size
	}
	if l.Each > 0 && mine >= l.Each {
		return false, nil
	}
	if l.size >= l.Most {
		longest := l.longest()
		if longest == nil || longest.size <= mine+1 {
			return false, nil
		}
		displaced = longest.last()
		l.Leave(displaced)
	}
	l.add(t)
	return true, displaced
}

func (l *Line) add(t *Ticket) {
	at := l.lane(t.Caller)
	if at == nil {
		l.turn++
		at = &lane{name: t.Caller, turn: l.turn}
		l.lanes = append(l.lanes, at)
	}
	w := at.way(t.Part)
	if w == nil {
		l.turn++
		w = &way{name: t.Part, turn: l.turn}
		at.ways = append(at.ways, w)
	}
	w.tickets = append(w.tickets, t)
	at.size++
	l.size++
}

// Leave takes a ticket out; one that is in the line no more changes nothing.
func (l *Line) Leave(t *Ticket) {
	at := l.lane(t.Caller)
	if at == nil {
		return
	}
	w := at.way(t.Part)
	if w == nil {
		return
	}
	i := slices.Index(w.tickets, t)
	if i < 0 {
		return
	}
	w.tickets = slices.Delete(w.tickets, i, i+1)
	at.size--
	l.size--
	if len(w.tickets) == 0 {
		at.ways = slices.DeleteFunc(at.ways, func(o *way) bool { return o == w })
	}
	if at.size == 0 {
		l.lanes = slices.DeleteFunc(l.lanes, func(o *lane) bool { return o == at })
	}
}

// hasShare says that a caller holds as much as one may.
func (l *Line) hasShare(caller string) bool { return l.Share > 0 && l.held[caller] >= l.Share }

// Next is whose turn it is, nil when nobody waits who may hold more. It stays in the line.
func (l *Line) Next() *Ticket {
	var first *lane
	for _, at := range l.lanes {
		if l.hasShare(at.name) {
			continue
		}
		if first == nil || before(l.held[at.name], at.turn, l.held[first.name], first.turn) {
			first = at
		}
	}
	if first == nil {
		return nil
	}
	var w *way
	for _, at := range first.ways {
		if w == nil || before(l.parts[Who{first.name, at.name}], at.turn, l.parts[Who{first.name, w.name}], w.turn) {
			w = at
		}
	}
	return w.tickets[0]
}

// before says that who holds less goes first, and among equals who waits longer.
func before(held int, turn uint64, otherHeld int, otherTurn uint64) bool {
	return held < otherHeld || held == otherHeld && turn < otherTurn
}

// Serve takes the ticket out whose turn it was: its caller and its part have had it.
func (l *Line) Serve(t *Ticket) {
	l.turn++
	if at := l.lane(t.Caller); at != nil {
		at.turn = l.turn
		if w := at.way(t.Part); w != nil {
			w.turn = l.turn
		}
	}
	l.Leave(t)
}

// Hold notes that somebody has one of what is waited for.
func (l *Line) Hold(who Who) {
	if l.held == nil {
		l.held, l.parts = map[string]int{}, map[Who]int{}
	}
	l.held[who.Caller]++
	l.parts[who]++
}

// Give notes that somebody gave back one.
func (l *Line) Give(who Who) {
	if l.held[who.Caller]--; l.held[who.Caller] <= 0 {
		delete(l.held, who.Caller)
	}
	if l.parts[who]--; l.parts[who] <= 0 {
		delete(l.parts, who)
	}
}

func (l *Line) lane(name string) *lane {
	for _, at := range l.lanes {
		if at.name == name {
			return at
		}
	}
	return nil
}

// longest is the caller that waits with most tickets.
func (l *Line) longest() (most *lane) {
	for _, at := range l.lanes {
		if most == nil || at.size > most.size {
			most = at
		}
	}
	return most
}

func (at *lane) way(name string) *way {
	for _, w := range at.ways {
		if w.name == name {
			return w
		}
	}
	return nil
}

// last is the newest ticket of the part that waits with most.
func (at *lane) last() *Ticket {
	most := at.ways[0]
	for _, w := range at.ways {
		if len(w.tickets) > len(most.tickets) {
			most = w
		}
	}
	return most.tickets[len(most.tickets)-1]
}
