package queue_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/queue"
)

// join adds tickets of "caller/part" and gives which were taken.
func join(l *queue.Line, all ...string) (taken []bool) {
	for _, who := range all {
		joined, _ := l.Join(&queue.Ticket{Who: named(who)})
		taken = append(taken, joined)
	}
	return taken
}

func named(who string) queue.Who {
	caller, part, _ := strings.Cut(who, "/")
	return queue.Who{Caller: caller, Part: part}
}

// served lets n go, who hold what they got, and gives who they were.
func served(l *queue.Line, n int) string {
	var all []string
	for range n {
		t := l.Next()
		if t == nil {
			break
		}
		l.Serve(t)
		l.Hold(t.Who)
		all = append(all, strings.TrimSuffix(t.Caller+"/"+t.Part, "/"))
	}
	return strings.Join(all, " ")
}

func TestWhoGoesNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		held, waits, want string
	}{
		"nobody":               {"", "", ""},
		"first come":           {"", "a a b", "a b a"},
		"each in turn":         {"", "a a a a b b c", "a b c a b a a"},
		"who holds least":      {"a a b", "a a b b", "b a b a"},
		"the example":          {"a a b", "a b c", "c b a"},
		"parts of a caller":    {"", "a/x a/x a/x a/y b/z b/z", "a/x b/z a/y b/z a/x a/x"},
		"parts gain nothing":   {"", "a/1 a/2 a/3 a/4 b b b b", "a/1 b a/2 b a/3 b a/4 b"},
		"a part that holds":    {"a/x", "a/x a/y", "a/y a/x"},
		"a caller holds whole": {"a/x a/y", "a/z b", "b a/z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &queue.Line{Most: 100}
			for _, who := range strings.Fields(c.held) {
				l.Hold(named(who))
			}
			join(l, strings.Fields(c.waits)...)
			if got := served(l, 100); got != c.want {
				t.Errorf("%s go, want %s", got, c.want)
			}
		})
	}
}

// TestAFullLine lets a caller in that waits with less than the one that waits with most.
func TestAFullLine(t *testing.T) {
	t.Parallel()
	l := &queue.Line{Most: 4, Each: 3}
	if diff := cmp.Diff([]bool{true, true, true, false, true, true, false}, join(l, "a", "a", "a", "a", "b", "b", "b")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	joined, displaced := l.Join(&queue.Ticket{Who: named("c")})
	if !joined || displaced == nil || displaced.Caller != "a" && displaced.Caller != "b" || l.Len() != 4 {
		t.Errorf("joined %v, displaced %+v, and %d wait", joined, displaced, l.Len())
	}
	if (&queue.Line{}).Next() != nil {
		t.Error("somebody is next where nobody waits")
	}
	if joined, _ := (&queue.Line{}).Join(&queue.Ticket{}); joined {
		t.Error("a line without room took a ticket")
	}
}

// TestANewcomerDoesNotJumpTheTurn comes back each time that it went: it is served as
// often as those who wait all the time, not more.
func TestANewcomerDoesNotJumpTheTurn(t *testing.T) {
	t.Parallel()
	l := &queue.Line{Most: 1000}
	got := map[string]int{}
	for range 300 {
		join(l, "a")
	}
	join(l, "b")
	for range 200 {
		next := l.Next()
		l.Serve(next)
		if got[next.Caller]++; next.Caller == "b" {
			join(l, "b")
		}
	}
	if got["a"] != 100 || got["b"] != 100 {
		t.Errorf("served %v, want 100 each", got)
	}
}

// TestEverybodyGetsAFairShare of places for calls of any length, while one caller sends a
// hundred times as much as each of the others: none gets less than its share while it
// waits, none starves, and no place is lost.
func TestEverybodyGetsAFairShare(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		callers, places := 2+random.IntN(8), 1+random.IntN(12)
		l := &queue.Line{Most: 4096, Each: 2048}
		w := world{t: t, line: l, free: places, held: map[string]int{}, waits: map[string]int{}, went: map[string]int{}}
		for range 3000 {
			w.step(random, callers)
			w.share(places)
		}
		w.end()
		for caller, sent := range w.went {
			if sent == 0 {
				t.Errorf("seed %d: %s starves", seed, caller)
			}
		}
	}
}

// world is places with those who hold them.
type world struct {
	t     *testing.T
	line  *queue.Line
	free  int
	in    []queue.Who
	all   []*queue.Ticket
	held  map[string]int
	waits map[string]int
	went  map[string]int
}

// step lets somebody come, leave the line, or end.
func (w *world) step(random *rand.Rand, callers int) {
	switch n := random.IntN(10); {
	case n < 4:
		caller := "noisy"
		if n := random.IntN(100 + callers); n < callers {
			caller = strconv.Itoa(n)
		}
		t := &queue.Ticket{Who: queue.Who{Caller: caller, Part: strconv.Itoa(random.IntN(3))}}
		if joined, _ := w.line.Join(t); joined {
			w.all, w.waits[caller] = append(w.all, t), w.waits[caller]+1
			w.went[caller] += 0
		}
	case n == 4 && len(w.all) > 0:
		w.drop(w.all[random.IntN(len(w.all))], w.line.Leave)
	case len(w.in) > 0:
		i := random.IntN(len(w.in))
		who := w.in[i]
		w.in = append(w.in[:i], w.in[i+1:]...)
		w.line.Give(who)
		w.held[who.Caller]--
		w.free++
	}
	w.fill()
}

func (w *world) fill() {
	for w.free > 0 && w.line.Len() > 0 {
		t := w.line.Next()
		for other, n := range w.waits {
			if n > 0 && w.held[other] < w.held[t.Caller] {
				w.t.Fatalf("%s goes with %d places before %s with %d", t.Caller, w.held[t.Caller], other, w.held[other])
			}
		}
		w.drop(t, w.line.Serve)
		w.line.Hold(t.Who)
		w.in = append(w.in, t.Who)
		w.held[t.Caller]++
		w.went[t.Caller]++
		w.free--
	}
}

func (w *world) drop(t *queue.Ticket, how func(*queue.Ticket)) {
	how(t)
	w.waits[t.Caller]--
	for i := range w.all {
		if w.all[i] == t {
			w.all = append(w.all[:i], w.all[i+1:]...)
			return
		}
	}
}

// share checks that places and people are all there.
func (w *world) share(places int) {
	if w.free+len(w.in) != places || w.free > 0 && w.line.Len() > 0 || w.line.Len() != len(w.all) {
		w.t.Fatalf("%d of %d places are free, %d held, and %d wait (%d known)", w.free, places, len(w.in), w.line.Len(), len(w.all))
	}
}

// end lets everybody go who waits.
func (w *world) end() {
	for len(w.in) > 0 {
		w.line.Give(w.in[0])
		w.held[w.in[0].Caller]--
		w.in, w.free = w.in[1:], w.free+1
		w.fill()
	}
	if w.line.Len() != 0 {
		w.t.Fatalf("%d wait and nobody holds a place", w.line.Len())
	}
}
