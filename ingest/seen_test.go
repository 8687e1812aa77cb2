package ingest

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/spend"
)

// TestOneGenerationOfKeysIsForgotten fills three: what is not of the last two is
// claimed by its fingerprint alone, and before its time nothing is forgotten.
func TestOneGenerationOfKeysIsForgotten(t *testing.T) {
	t.Parallel()
	s := newSeen()
	key := func(i uint32) (id spend.ID) {
		binary.LittleEndian.PutUint32(id[:], i)
		return id
	}
	const some = recentKeys + 10 // a transaction is booked whole
	for generation := range uint32(3) {
		s.age()
		for i := range uint32(some) {
			if i == some/2 {
				s.age() // too early
			}
			s.add(key(generation<<24+i), known{attempt: key(i)})
		}
	}
	for generation, recent := range []bool{false, true, true} {
		for _, i := range []uint32{0, some - 1} {
			k, ok := s.get(key(uint32(generation)<<24 + i))
			if ok != recent || ok && k.attempt != key(i) {
				t.Errorf("key %d of generation %d is recent: %t, as %v", i, generation, ok, k.attempt)
			}
			if !s.maybe(key(uint32(generation)<<24 + i)) {
				t.Errorf("key %d of generation %d is denied", i, generation)
			}
		}
	}
}

// TestRecentsAgeWhenWhatIsKnownChanges corrects one call again and again.
func TestRecentsAgeWhenWhatIsKnownChanges(t *testing.T) {
	t.Parallel()
	s := newSeen()
	for i := range uint32(3 * recentKeys) {
		var content spend.ID
		binary.LittleEndian.PutUint32(content[:], i)
		s.age()
		s.add(spend.ID{1}, known{content: content})
		if k, ok := s.get(spend.ID{1}); !ok || k.content != content {
			t.Fatalf("correction %d is not remembered", i)
		}
	}
	if kept := len(s.recent.known) + len(s.before.known); kept > 2*recentKeys {
		t.Errorf("%d contents of one key are kept", kept)
	}
}

// TestRecentsRememberAsAMapDoes draws keys of which hundreds belong to the same place,
// and of which some in a row are of one attempt.
func TestRecentsRememberAsAMapDoes(t *testing.T) {
	t.Parallel()
	id := func(n uint16) (id spend.ID) {
		binary.LittleEndian.PutUint64(id[:], []uint64{0, 1, 1023, 2047, 1<<64 - 1}[n%5])
		binary.LittleEndian.PutUint16(id[8:], n)
		return id
	}
	rapid.Check(t, func(t *rapid.T) {
		var r recents
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)) //nolint:gosec // a test
		for range 2 {                                                    // the second in the room of the first
			r.clear()
			want := map[spend.ID]known{}
			for range rapid.IntRange(0, 4000).Draw(t, "keys") {
				n, k := uint16(dice.IntN(2001)), known{attempt: id(uint16(dice.IntN(3)))} //nolint:gosec // they fit
				r.put(id(n), k)
				want[id(n)] = k
			}
			for n := range uint16(2001) {
				k, there := r.get(id(n))
				if should, is := want[id(n)]; there != is || k != should {
					t.Fatalf("key %d is %v, %t; want %v, %t", n, k, there, should, is)
				}
			}
			if len(r.all) != len(want) {
				t.Fatalf("%d keys are remembered; want %d", len(r.all), len(want))
			}
		}
	})
}
