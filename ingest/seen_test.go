package ingest

import (
	"encoding/binary"
	"testing"

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
