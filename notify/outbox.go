package notify

import (
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Delivery is one message on its way to one channel.
type Delivery struct {
	Message Message   `json:"message"`
	Channel string    `json:"channel"` // the name of where it goes, never an address
	Tries   int       `json:"tries"`
	Next    time.Time `json:"next"` // not to be tried before
	State   State     `json:"state"`
	Why     string    `json:"why,omitempty"` // it failed the last time

	Scope spend.Scope `json:"scope"` // whose calls it tells of, for who may see it; sent to nobody
}

// State is how far a delivery has come.
type State string

// The states. What was given up stays, for somebody to see.
const (
	Waiting   State = "waiting"
	Delivered State = "delivered"
	GivenUp   State = "given_up"
)

// Outbox keeps deliveries. It is a value: who keeps it stores All, and makes it
// again of what was stored. The zero value is empty.
type Outbox struct {
	all map[place]*Delivery
}

type place struct {
	message string
	channel string
}

// NewOutbox makes an outbox of what was stored. Of two of one message and channel
// the one that has come further stands.
func NewOutbox(stored []Delivery) *Outbox {
	o := &Outbox{}
	for _, d := range stored {
		at := place{d.Message.ID, d.Channel}
		if old := o.all[at]; old == nil || old.State == Waiting && (d.State != Waiting || d.Tries > old.Tries) {
			o.put(at, d)
		}
	}
	return o
}

func (o *Outbox) put(at place, d Delivery) {
	if o.all == nil {
		o.all = map[place]*Delivery{}
	}
	o.all[at] = &d
}

// Add puts a message on its way to channels, once to each: false says that it was
// on its way to all of them before.
func (o *Outbox) Add(m Message, at time.Time, channels ...string) (added bool) {
	for _, channel := range channels {
		if _, known := o.all[place{m.ID, channel}]; !known {
			o.put(place{m.ID, channel}, Delivery{Message: m, Channel: channel, Next: at, State: Waiting})
			added = true
		}
	}
	return added
}

// Due lists what is to be tried at an instant, the longest waiting first.
func (o *Outbox) Due(at time.Time) []Delivery {
	var due []Delivery
	for _, d := range o.All() {
		if d.State == Waiting && !d.Next.After(at) {
			due = append(due, d)
		}
	}
	slices.SortStableFunc(due, func(a, b Delivery) int { return a.Next.Compare(b.Next) })
	return due
}

// pauses are those between tries, as Standard Webhooks recommends them. Behind
// the last one a delivery is given up: after a day and a half.
func pauses() []time.Duration {
	return []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour}
}

// Outcome is what came of one try.
type Outcome struct {
	Message string
	Channel string
	At      time.Time
	Why     string // it failed, "" when it did not
	Final   bool   // it will never succeed, as when the channel is gone
}

// Tried notes what came of a try. Of what is not waiting nothing is noted.
func (o *Outbox) Tried(x *Outcome) {
	d := o.all[place{x.Message, x.Channel}]
	if d == nil || d.State != Waiting {
		return
	}
	d.Tries++
	d.Why = cut(oneLine(x.Why), 200)
	switch pause := pauses(); {
	case x.Why == "":
		d.State = Delivered
	case x.Final || d.Tries > len(pause):
		d.State = GivenUp
	default:
		d.Next = x.At.Add(pause[d.Tries-1])
	}
}

// Forget drops what was delivered to channels of messages from before an instant.
// Keep them as long as their windows last: what is forgotten can be told again.
func (o *Outbox) Forget(before time.Time) {
	for at, d := range o.all {
		if d.State == Delivered && d.Message.At.Before(before) {
			delete(o.all, at)
		}
	}
}

// All lists every delivery, by message and channel.
func (o *Outbox) All() []Delivery {
	all := make([]Delivery, 0, len(o.all))
	for _, d := range o.all {
		all = append(all, *d)
	}
	slices.SortFunc(all, func(a, b Delivery) int {
		return cmp.Or(a.Message.At.Compare(b.Message.At), cmp.Compare(a.Message.ID, b.Message.ID), cmp.Compare(a.Channel, b.Channel))
	})
	return all
}
