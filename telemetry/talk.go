package telemetry

import (
	"slices"
	"time"
)

const (
	mostTalks = 1 << 12 // conversations that are remembered, in each of two generations
	mostTurns = 32      // of one
)

// turn is the sum that an agent told of one run in a conversation.
type turn struct {
	trace, span    string
	started, ended time.Time
	whole          rest
}

// talks are conversations of agents whose sums may go on with those of the runs before:
// by the conversation, its turns in the order in which they ended.
type talks struct{ now, earlier map[string][]turn }

// hear notes what an agent's span tells, and gives the traces of the turns that come next.
func (k *talks) hear(talk string, n turn) (next []string) {
	if len(k.now) >= mostTalks {
		k.earlier, k.now = k.now, map[string][]turn{}
	}
	turns, fresh := k.now[talk], true
	if turns == nil {
		turns = k.earlier[talk]
	}
	turns = slices.DeleteFunc(slices.Clone(turns), func(t turn) bool { return t.trace == n.trace && t.span == n.span })
	at, _ := slices.BinarySearchFunc(turns, n, func(a, b turn) int { return a.ended.Compare(b.ended) })
	turns = slices.Insert(turns, at, n)
	if len(turns) > mostTurns {
		turns, fresh = turns[1:], at > 0
	}
	k.now[talk] = turns
	for i := range turns {
		if t := &turns[i]; fresh && t.trace != n.trace && !t.started.Before(n.ended) {
			next = append(next, t.trace)
		}
	}
	return next
}

// before gives the sum of the run that had ended last when another one began, and how many
// turns there are.
func (k *talks) before(talk string, started time.Time) (r rest, of int) {
	turns := k.now[talk]
	if turns == nil {
		turns = k.earlier[talk]
	}
	for i := range turns {
		if !turns[i].ended.After(started) {
			r = turns[i].whole
		}
	}
	return r, len(turns)
}

// carries says that a sum goes on with that of the run before: what it has beyond the calls
// below it holds all of that. Two that differ by 2 in 100 are the same.
//
// Example: the second run tells 300 tokens over calls of 200, and the first told 100; over
// calls of 290 it does not go on, and over calls of 150, 50 are told by nobody.
func (r rest) carries(below, before rest) bool {
	left := before.less(rest{prompt: max(r.prompt-below.prompt, 0), read: before.read, write: before.write, completion: max(r.completion-below.completion, 0)})
	return before != (rest{}) && 100*(left.prompt+left.completion) <= 2*(before.prompt+before.completion)
}
