package api

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bursarhq/bursar/spend"
)

// ringSize is how many messages the live stream keeps: a page that was away for a while resumes
// without asking everything again.
const ringSize = 1024

// Message is one thing that changed. It names no person.
type Message struct {
	Topic string          // tiles, runs, alerts, freshness, …: lower-case letters and underscores
	Scope spend.Scope     // whose it is, resolved fully; empty for the whole organisation
	Data  json.RawMessage // JSON

	pulse *Pulse // of which each reader gets the own part
}

// Live keeps the last messages in a ring and wakes the streams that read it.
// Every stream has its own place in the ring, so none can hold up another.
type Live struct {
	boot string // names this ring, so that a place in an earlier one is not taken for one in this

	last atomic.Pointer[Pulse] // nil before the first

	mu      sync.Mutex
	ring    [ringSize]Message
	next    uint64        // number of the next message, from 1
	changed chan struct{} // closed at the next message
	ended   bool
	streams int
	of      map[string]int // open streams by credential, none of 0
}

// NewLive makes an empty stream.
func NewLive() *Live {
	return &Live{boot: strings.ToLower(rand.Text()[:8]), next: 1, changed: make(chan struct{}), of: map[string]int{}}
}

var topicShape = regexp.MustCompile(`^[a-z_]{1,40}$`)

// Publish hands a message to every open stream that may see its scope. The error
// is of kind invalid.
func (l *Live) Publish(m Message) error {
	var line bytes.Buffer // compact JSON has no line break, which would end the event
	if err := json.Compact(&line, m.Data); err != nil || !topicShape.MatchString(m.Topic) || m.Topic == reset || m.Topic == pulseTopic {
		return spend.Errorf(spend.KindInvalid, "publish", "the message of topic %.40q has no such topic or no JSON", m.Topic)
	}
	m.Data = line.Bytes()
	l.add(m)
	return nil
}

func (l *Live) add(m Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring[l.next%ringSize] = m
	l.next++
	close(l.changed)
	l.changed = make(chan struct{})
}

// numbered is a message with its number.
type numbered struct {
	Message
	number uint64
}

// after gives the messages behind a number and the channel that closes when
// there are more; missed says that some have left the ring.
func (l *Live) after(number uint64) (found []numbered, missed bool, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	oldest := uint64(1)
	if l.next > ringSize {
		oldest = l.next - ringSize
	}
	if missed = number+1 < oldest; missed {
		number = oldest - 1
	}
	for n := number + 1; n < l.next; n++ {
		found = append(found, numbered{l.ring[n%ringSize], n})
	}
	return found, missed, l.changed
}

// resume reads a Last-Event-ID. A place that is not of this ring is missed; no
// place is the present.
func (l *Live) resume(id string) (number uint64, missed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	present := l.next - 1
	if id == "" {
		return present, false
	}
	boot, digits, _ := strings.Cut(id, "-")
	n, err := strconv.ParseUint(digits, 10, 64)
	if boot != l.boot || err != nil || n > present {
		return present, true
	}
	return n, false
}

func (l *Live) id(number uint64) string { return l.boot + "-" + strconv.FormatUint(number, 10) }

// ownStreams is the part of all streams that one credential may have open: one in so many.
const ownStreams = 4

// join counts a stream. The error is of kind unavailable when there are too many or the
// server ends, and of too many requests when the credential has its share open.
func (l *Live) join(who string, most int) error {
	const op = "open a stream"
	l.mu.Lock()
	defer l.mu.Unlock()
	switch own := max(most/ownStreams, 1); {
	case l.ended || l.streams >= most:
		return spend.Errorf(spend.KindUnavailable, op, "%d are open, or the server ends", l.streams).WithHint("ask every 15 seconds instead")
	case l.of[who] >= own:
		return spend.Errorf(kindPaced, op, "%d of this user or token are open, as many as one may have", own).
			WithHint("close one, or ask every 15 seconds instead")
	}
	l.streams++
	l.of[who]++
	return nil
}

func (l *Live) leave(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streams--
	if l.of[who]--; l.of[who] == 0 {
		delete(l.of, who)
	}
}

// Close ends the open streams, so that the HTTP server can shut down.
func (l *Live) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.ended = true
		close(l.changed)
		l.changed = make(chan struct{})
	}
}

func (l *Live) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}
