package ingest

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"

	"github.com/bursarhq/bursar/spend"
)

// recents is what the pipeline remembers of recent keys, in about 40 bytes a key, a third
// of what a map takes: the keys in the order in which they came, and where each of them is.
type recents struct {
	all    []recent
	known  []known  // of the keys: those that came one after the other for one attempt share it
	places []uint32 // of keys in all, counted from one, 0 where free: open addressing, a power of two long
	seed   uint64   // odd: nobody can choose keys that belong to one place
}

type recent struct {
	key spend.ID
	at  uint32 // in known
}

// put remembers a key, in the place of what was known of it before.
func (r *recents) put(key spend.ID, k known) {
	if 4*len(r.all) >= 3*len(r.places) {
		r.grow()
	}
	place := r.find(key)
	if *place == 0 {
		r.all = append(r.all, recent{key: key})
		*place = uint32(len(r.all)) //nolint:gosec // far fewer fit into memory
	}
	r.all[*place-1].at = r.share(k)
}

// share gives the place of what is known of the last key, if that is known of this one too,
// or of its own.
func (r *recents) share(k known) uint32 {
	if last := len(r.known) - 1; last < 0 || r.known[last] != k {
		r.known = append(r.known, k)
	}
	return uint32(len(r.known) - 1) //nolint:gosec // far fewer fit into memory
}

func (r *recents) get(key spend.ID) (known, bool) {
	if len(r.all) == 0 {
		return known{}, false
	}
	place := *r.find(key)
	if place == 0 {
		return known{}, false
	}
	return r.known[r.all[place-1].at], true
}

// size is the number of keys, or of what was known of them when that changes often.
func (r *recents) size() int { return max(len(r.all), len(r.known)) }

// clear forgets all and keeps the room, unless a large transaction made it.
func (r *recents) clear() {
	if max(cap(r.all), cap(r.known)) > 2*recentKeys {
		*r = recents{}
		return
	}
	r.all, r.known = r.all[:0], r.known[:0]
	clear(r.places)
}

func (r *recents) grow() {
	r.places, r.seed = make([]uint32, max(2*len(r.places), 1024)), rand.Uint64()|1 //nolint:gosec // the system seeds it
	for i := range r.all {
		*r.find(r.all[i].key) = uint32(i + 1) //nolint:gosec // as in put
	}
}

// find gives the place of a key, or the free one where it belongs.
func (r *recents) find(key spend.ID) *uint32 {
	size := uint64(len(r.places))
	for at, _ := bits.Mul64(binary.LittleEndian.Uint64(key[:])*r.seed, size); ; at++ {
		place := &r.places[at&(size-1)]
		if *place == 0 || r.all[*place-1].key == key {
			return place
		}
	}
}
